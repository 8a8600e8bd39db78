/* What the books rest on: vouchers, receipts, bank statements and published reports, as verify.py checks them. */

import { shanghaiDay, whole } from "./approvals.js";
import { hex, sha256 } from "./hash.js";

const HASH = /^[0-9a-f]{64}$/;
const MEASURES = ["opening", "closing", "moved", "debits", "credits", "held", "limit"];

/* The first and last day of `2026`, `2026-Q4`, `2026-11` or `2026-11-01/2026-11-15`. */
function periodDays(period) {
  const [first, last] = period.split(/\/(.*)/s);
  if (last !== undefined) {
    if (first.length !== 10 || last.length !== 10 || first > last) throw new RangeError(period);
    return [first, last];
  }
  const match = /^([0-9]{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?$/.exec(period);
  if (!match) throw new RangeError(period);
  const end = match[2] ? 3 * Number(match[2]) : Number(match[3] ?? 12);
  const start = match[2] ? end - 2 : Number(match[3] ?? 1);
  const days = new Date(Date.UTC(Number(match[1]), end, 0)).getUTCDate();
  const two = (number) => String(number).padStart(2, "0");
  return [`${match[1]}-${two(start)}-01`, `${match[1]}-${two(end)}-${two(days)}`];
}

function chooseAccounts(book, asked) {
  const accounts = [...book.accounts.values()];
  if (asked.startsWith("type:")) return accounts.filter((one) => one.kind === asked.slice(5));
  const parts = asked.split("/");
  return accounts.filter((one) => parts.every((part, place) => one.parts[place] === part));
}

function measureOf(account, measure, first, last, purpose) {
  if (measure === "limit") return account.ceiling ?? 0;
  let total = 0;
  for (const { day, purpose: why, debits, credits } of account.moves.values()) {
    if (day > last || (purpose !== undefined && why !== purpose)) continue;
    const isBefore = day < first;
    if (measure === "debits") total += isBefore ? 0 : debits;
    else if (measure === "credits") total += isBefore ? 0 : credits;
    else if (measure === "closing" || isBefore === (measure === "opening")) total += account.normal * (debits - credits);
  }
  return total;
}

/* What holds still set aside at the end of a day, in the accounts' natural sign. */
function heldAt(books, book, accounts, last) {
  let total = 0;
  for (const hold of [...books.holds.values(), ...books.pastHolds]) {
    const expires = shanghaiDay(hold.expiresAt);
    const ends = hold.until < expires ? hold.until : expires;
    if (hold.book !== book.number || hold.since > last || last >= ends) continue;
    for (const account of accounts) total += account.normal * (hold.held.get(account.number) ?? 0);
  }
  return total;
}

/* A figure is named `<book> <measure> <accounts>[ <purpose>]`. */
function recompute(books, name, period) {
  const words = name.split(" ");
  const book = books.books.get(Number(words[0]));
  if (words.length < 3 || words.length > 4 || !MEASURES.includes(words[1]) || !book) throw new RangeError(name);
  const [first, last] = periodDays(period);
  const accounts = chooseAccounts(book, words[2]);
  if (words[1] === "held") return heldAt(books, book, accounts, last);
  return accounts.reduce((sum, one) => sum + measureOf(one, words[1], first, last, words[3]), 0);
}

export class Papers {
  constructor(found, books) {
    Object.assign(this, { found, books, vouchers: new Map(), gone: new Set(), twins: new Map(), receipts: new Map() });
    Object.assign(this, { voids: new Set(), statements: new Map(), reports: new Map() });
    this.takers = {
      "ledger.voucher": (at, fields) => this.takeVoucher(at, fields),
      "ledger.redaction": (at, fields) => this.takeRedaction(at, fields),
      "trust.twin": (at, fields) => this.takeTwin(at, fields),
      "trust.receipt": (at, fields) => this.takeReceipt(at, fields),
      "trust.receipt_void": (at, fields) => this.takeVoid(at, fields),
      "trust.statement": (at, fields) => this.takeStatement(at, fields),
      "trust.report": (at, fields) => this.takeReport(at, fields),
    };
  }

  takeVoucher(at, fields) {
    const number = whole(fields.voucher);
    const { sha256: original, redacted_sha256: redacted, transaction } = fields;
    const known = this.vouchers.get(number);
    const isWrong = (known && known.original !== original) || !HASH.test(String(original)) || (redacted !== null && !HASH.test(String(redacted)));
    this.vouchers.set(number, { at, original: String(original), redacted });
    if (isWrong || this.isUnknown(transaction)) this.break(at, `voucher ${number}`);
  }

  isUnknown(transaction) {
    return transaction !== null && transaction !== undefined && !this.books.places.has(transaction);
  }

  takeRedaction(at, fields) {
    const number = whole(fields.voucher);
    const known = this.vouchers.get(number);
    if (!known) this.break(at, `voucher ${number}`);
    if (fields.redacted_sha256) this.vouchers.set(number, { ...known, redacted: fields.redacted_sha256 });
    else this.gone.add(number);
  }

  takeTwin(at, fields) {
    const original = String(fields.sha256);
    const redacted = String(fields.redacted_sha256);
    if (original === redacted || !HASH.test(original) || !HASH.test(redacted)) this.break(at, "public copy");
    this.twins.set(redacted, at);
  }

  /* A receipt's series and its number in it; every fund has a series of its own. */
  seriesOf(fields) {
    const [, start, digits] = /^(.*?)([0-9]+)$/.exec(String(fields.number));
    return ["fund" in fields ? `${fields.fund}/${start}` : start, whole(Number(digits))];
  }

  takeReceipt(at, fields) {
    const [series, number] = this.seriesOf(fields);
    if (!this.receipts.has(series)) this.receipts.set(series, new Set());
    const numbers = this.receipts.get(series);
    if (numbers.has(number) || this.isUnknown(fields.transaction)) this.break(at, `receipt ${series}${number}`);
    numbers.add(number);
  }

  takeVoid(at, fields) {
    const [series, number] = this.seriesOf(fields);
    const name = `receipt ${series}${number}`;
    if (!this.receipts.get(series)?.has(number) || this.voids.has(name)) this.break(at, name);
    this.voids.add(name);
  }

  takeStatement(at, fields) {
    const account = String(fields.bank_account);
    if (!this.statements.has(account)) this.statements.set(account, []);
    this.statements.get(account).push({ at, since: String(fields.from), until: String(fields.until), opening: fields.opening, closing: fields.closing });
  }

  takeReport(at, fields) {
    if (fields.sha256) this.reports.set(String(fields.sha256), at);
    const period = String(fields.period);
    for (const [name, published] of Object.entries(fields.figures ?? {})) {
      let figure = null;
      try { figure = recompute(this.books, name, period); } catch (problem) { if (!(problem instanceof RangeError)) throw problem; }
      if (figure !== published) this.break(at, `report ${fields.report} ${period} · ${name}`);
    }
  }

  /* What only the whole log can tell: gapless numbers, statements that follow on. */
  checkEnd() {
    for (const [series, numbers] of this.receipts) {
      const last = [...numbers].reduce((most, one) => Math.max(most, one), 0);
      let named = 0;
      for (let one = 1; one < last && named < 20; one += 1) if (!numbers.has(one)) { this.found(`receipt ${series}${one}`); named += 1; }
    }
    for (const [account, statements] of this.statements) {
      const key = (one) => `${one.since} ${one.until}`;
      statements.sort((a, b) => (key(a) < key(b) ? -1 : 1));
      for (const [place, after] of statements.entries()) {
        const before = statements[place - 1];
        if (!before || after.since <= before.until || before.closing === null || after.opening === null) continue;
        if (before.closing !== after.opening) this.break(after.at, `statement of bank account ${account}, ${after.since} – ${after.until}`);
      }
    }
  }

  /* The pack's files against the hashes in their records; names begin with the hash. */
  checkFiles(files) {
    const [kept, published] = ["vouchers", "reports"].map((folder) => this.hashFiles(files, folder));
    const known = new Set(this.twins.keys());
    for (const [number, { at, original, redacted }] of this.vouchers) {
      known.add(original).add(redacted);
      if (!this.gone.has(number) && redacted && !kept.has(redacted)) this.break(at, `voucher ${number}`);
    }
    for (const [redacted, at] of this.twins) if (!kept.has(redacted)) this.break(at, "public copy");
    for (const stray of kept) if (!known.has(stray)) this.found(`vouchers/${stray}`);
    for (const [hash, at] of this.reports) if (!published.has(hash)) this.break(at, "report");
    for (const stray of published) if (!this.reports.has(stray)) this.found(`reports/${stray}`);
  }

  hashFiles(files, folder) {
    const hashes = new Set();
    for (const [name, content] of files) {
      if (!name.startsWith(`${folder}/`)) continue;
      const hash = hex(sha256(content));
      hashes.add(hash);
      if (!name.startsWith(`${folder}/${hash}`)) this.found(name);
    }
    return hashes;
  }

  break(at, name) { this.found(`entry ${at} · ${name}`); }
}
