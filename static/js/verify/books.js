/* Re-adding the books from their records alone, on the rules of verify.py; what breaks is named as it names it. */

import { Approvals, whole, wholeOrNull } from "./approvals.js";

const NORMAL = { asset: 1, expense: 1, liability: -1, equity: -1, income: -1 };
export const NEVER = "9999-12-31";

const add = (sums, key, amount) => sums.set(key, whole((sums.get(key) ?? 0) + amount));

/* What lines move by account: column 1 is posted, column 2 set aside; two lines may cancel out. */
function sumByAccount(lines, column) {
  const sums = new Map();
  for (const line of lines) add(sums, line[0], line[column]);
  for (const [account, amount] of sums) if (!amount) sums.delete(account);
  return sums;
}

const isSameMap = (one, other) => one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);

class Account {
  constructor(number, path, kind, unit) {
    Object.assign(this, { number, path, kind, unit, parts: path.split("/"), normal: NORMAL[kind] });
    Object.assign(this, { posted: 0, pendingDebits: 0, pendingCredits: 0, moves: new Map() });
  }

  limit(floor, ceiling) { Object.assign(this, { floor, ceiling }); }

  isBeyondLimits() {
    const natural = this.normal * this.posted;
    const [coming, leaving] = this.normal > 0 ? [this.pendingDebits, this.pendingCredits] : [this.pendingCredits, this.pendingDebits];
    return (this.floor !== null && natural - leaving < this.floor) || (this.ceiling !== null && natural + coming > this.ceiling);
  }

  /* Posted debits and credits of a day and purpose, for the figures of reports. */
  move(day, purpose, amount) {
    const key = JSON.stringify([day, purpose]);
    if (!this.moves.has(key)) this.moves.set(key, { day, purpose, debits: 0, credits: 0 });
    const sides = this.moves.get(key);
    if (amount > 0) sides.debits += amount; else sides.credits -= amount;
  }
}

/* Balances at the end of a day after the last close, without zeros. */
function balancesOn(book, day) {
  const sums = new Map(book.balances);
  for (const [one, moves] of book.days) if (one <= day) for (const [account, amount] of moves) add(sums, account, amount);
  for (const [account, amount] of sums) if (!amount) sums.delete(account);
  return sums;
}

export class Books {
  /* `found` takes the name of what broke, `readRecord` the place of an earlier record. */
  constructor(found, readRecord) {
    Object.assign(this, { found, readRecord, books: new Map(), places: new Map(), holds: new Map(), pastHolds: [] });
    this.resolved = new Set();
    this.reversed = new Set();
    this.approvals = new Approvals(found);
    this.takers = {
      "ledger.book": (at, fields) => this.takeBook(at, fields),
      "ledger.account": (at, fields) => this.takeAccount(at, fields),
      "ledger.limits": (at, fields) => this.takeLimits(at, fields),
      "ledger.transaction": (at, fields) => this.takeTransaction(at, fields),
      "ledger.period": (at, fields) => this.takePeriod(at, fields),
      ...this.approvals.takers,
    };
  }

  takeBook(at, fields) {
    const number = whole(fields.book);
    if (this.books.has(number)) { this.break(at, `book ${number}`); return; }
    this.books.set(number, { number, accounts: new Map(), closedThrough: "", days: new Map(), balances: new Map(), expected: null });
  }

  takeAccount(at, fields) {
    const book = this.books.get(whole(fields.book));
    if (!book || book.accounts.has(fields.account) || !Object.hasOwn(NORMAL, String(fields.type))) {
      this.break(at, `account ${fields.account}`);
      return;
    }
    const account = new Account(fields.account, String(fields.path), fields.type, String(fields.unit));
    account.limit(wholeOrNull(fields.floor), wholeOrNull(fields.ceiling));
    book.accounts.set(fields.account, account);
  }

  takeLimits(at, fields) {
    const account = this.books.get(fields.book)?.accounts.get(fields.account);
    if (!account) { this.break(at, `account ${fields.account}`); return; }
    account.limit(wholeOrNull(fields.floor), wholeOrNull(fields.ceiling));
    this.checkLimits(at, `account ${account.number}`, [account]);
  }

  takeTransaction(at, fields) {
    const { transaction: number, act } = fields;
    const name = `transaction ${number}`;
    if (this.places.has(number)) { this.break(at, name); return; }
    this.places.set(number, at);
    const book = this.books.get(fields.book);
    if (!book) { this.break(at, name); return; }
    const touched = this.addLines(at, name, book, fields);
    if (!touched) return;
    if (act !== "post") this.act(at, name, fields);
    else if (fields.reverses !== null || fields.resolves !== null) this.break(at, name);
    this.checkLimits(at, name, touched);
    if (this.approvals.policies.has(book.number)) {
      const amount = fields.lines.reduce((sum, line) => (line[1] > 0 ? sum + line[1] : sum), 0);
      this.approvals.takeTransaction(at, fields, amount);
    }
  }

  /* Adds the lines to their accounts; gives these, or null when a line cannot be read. */
  addLines(at, name, book, fields) {
    const { effective_on: day, act, lines } = fields;
    const touched = [];
    const sums = new Map();
    if (!book.days.has(day)) book.days.set(day, new Map());
    for (const [number, posted, pending] of lines) {
      const account = book.accounts.get(number);
      if (!account) { this.break(at, name); return null; }
      touched.push(account);
      add(sums, account.unit, whole(posted));
      add(sums, `pending ${account.unit}`, whole(pending));
      if (posted) {
        account.posted = whole(account.posted + posted);
        add(book.days.get(day), number, posted);
        account.move(day, fields.purpose, posted);
      }
      if (pending && (pending > 0) === (act === "hold")) account.pendingDebits += pending;
      else if (pending) account.pendingCredits -= pending;
    }
    // What moved between residents' own accounts of one kind leaves no public line.
    const isShort = touched.length < 2 && (!("detail" in fields) || touched.length > 0);
    if (isShort || [...sums.values()].some(Boolean)) this.break(at, name);
    if (day <= book.closedThrough) this.break(at, name);
    return touched;
  }

  act(at, name, fields) {
    if (fields.act === "hold") {
      if (fields.lines.some((line) => line[1])) this.break(at, name);
      const held = sumByAccount(fields.lines, 2);
      this.holds.set(fields.transaction, { book: fields.book, held, expiresAt: whole(fields.expires_at), since: fields.effective_on, until: NEVER });
    } else if (["settle", "release", "expire"].includes(fields.act)) this.resolve(at, name, fields);
    else if (fields.act === "reverse") this.reverse(at, name, fields);
    else this.break(at, name);
  }

  resolve(at, name, fields) {
    const hold = this.holds.get(fields.resolves);
    if (!hold) { this.break(at, name); return; }
    this.holds.delete(fields.resolves);
    this.resolved.add(fields.resolves);
    this.pastHolds.push({ ...hold, until: fields.effective_on });
    const freed = sumByAccount(fields.lines, 2);
    const posted = sumByAccount(fields.lines, 1);
    const mirrored = new Map([...hold.held].map(([account, amount]) => [account, -amount]));
    if (!isSameMap(freed, mirrored)) this.break(at, name);
    if (fields.act !== "settle") {
      if (posted.size || (fields.act === "expire" && fields.recorded_at < hold.expiresAt)) this.break(at, name);
      return;
    }
    if (fields.recorded_at >= hold.expiresAt) this.break(at, name);
    // Public lines sum several residents' accounts: only the ledger itself can bound those.
    if ("detail" in fields) return;
    const isBeyond = ([account, amount]) => Math.abs(amount) > Math.abs(hold.held.get(account) ?? 0) || Math.sign(amount) !== Math.sign(hold.held.get(account) ?? 0);
    if ([...posted].some(isBeyond)) this.break(at, name);
  }

  reverse(at, name, fields) {
    if (this.reversed.has(fields.reverses) || !this.places.has(fields.reverses)) { this.break(at, name); return; }
    this.reversed.add(fields.reverses);
    const first = this.readRecord(this.places.get(fields.reverses));
    const mirrored = new Map([...sumByAccount(first.lines, 1)].map(([account, amount]) => [account, -amount]));
    if (!isSameMap(mirrored, sumByAccount(fields.lines, 1))) this.break(at, name);
    if (fields.effective_on < first.effective_on || !["post", "settle"].includes(first.act)) this.break(at, name);
  }

  checkLimits(at, name, accounts) {
    for (const account of accounts) if (account.isBeyondLimits()) this.break(at, `${name} · account ${account.number} (${account.path})`);
  }

  takePeriod(at, fields) {
    const book = this.books.get(fields.book);
    const name = `period ${fields.book}/${fields.ends_on}`;
    if (!book) { this.break(at, name); return; }
    if (fields.state !== "closed") return;
    if (book.expected === null) {
      if (fields.ends_on <= book.closedThrough) { this.break(at, name); return; }
      book.expected = balancesOn(book, fields.ends_on);
      book.balances = new Map(book.expected);
      book.closedThrough = fields.ends_on;
      for (const day of [...book.days.keys()]) if (day <= fields.ends_on) book.days.delete(day);
    }
    for (const [account, amount] of fields.balances) {
      if (amount !== (book.expected.get(account) ?? 0)) this.break(at, `${name} · account ${account}`);
      book.expected.delete(account);
    }
    if ((fields.part ?? 1) < (fields.parts ?? 1)) return;
    for (const account of book.expected.keys()) this.break(at, `${name} · account ${account}`);
    book.expected = null;
  }

  break(at, name) { this.found(`entry ${at} · ${name}`); }
}
