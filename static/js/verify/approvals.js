/* Two keys, as verify.py checks them: what needed approval had it, from distinct people, on the same content. */

const SAME_ACT = 16;
const SHANGHAI_MICROS = 8 * 3_600_000_000;

/* The Shanghai day of an instant in microseconds since 1970, as ISO text. */
export const shanghaiDay = (micros) => new Date(Math.floor((micros + SHANGHAI_MICROS) / 1000)).toISOString().slice(0, 10);

export function whole(value) {
  if (!Number.isSafeInteger(value)) throw new TypeError("not a whole number");
  return value;
}

export const wholeOrNull = (value) => (value === null || value === undefined ? null : whole(value));

export class Approvals {
  constructor(found) {
    this.found = found;
    this.policies = new Map();
    this.firstSet = new Map();
    this.proposals = new Map();
    this.wanting = new Map();
    this.takers = {
      "ledger.policy": (at, fields) => this.takePolicy(at, fields),
      "ledger.proposal": (at, fields) => this.takeProposal(at, fields),
      "ledger.approval": (at, fields) => this.takeApproval(at, fields),
      "ledger.carried_out": (at, fields) => this.takeCarriedOut(at, fields),
      "ledger.withdrawal": (at, fields) => this.takeClosing(at, fields),
      "ledger.rejection": (at, fields) => this.takeClosing(at, fields),
    };
  }

  /* Whether a transaction needs keys; the record that it had them follows it. */
  takeTransaction(at, fields, amount) {
    // Freeing money never needs a key, and what is set aside is approved when it is settled.
    if (["hold", "release", "expire"].includes(fields.act)) return;
    const policy = this.policyFor(fields.book, fields.purpose, amount, shanghaiDay(fields.recorded_at));
    if (fields.proposal !== null) this.wanting.set(fields.transaction, { at, proposal: fields.proposal, purpose: fields.purpose, policy });
    else if (policy) this.break(at, `transaction ${fields.transaction}`);
  }

  checkEnd(size) {
    for (const [number, { at }] of this.wanting) if (size - at > SAME_ACT) this.break(at, `transaction ${number}`);
  }

  /* The policy an amount must meet: the purpose's own goes before the general one. */
  policyFor(book, purpose, amount, day) {
    const policies = this.policies.get(book) ?? [];
    for (const asked of purpose ? [purpose, ""] : [""]) {
      const [policy] = policies
        .filter((one) => one.purpose === asked && one.from <= day && one.first === null)
        .sort((a, b) => (a.from === b.from ? b.number - a.number : a.from < b.from ? 1 : -1));
      if (!policy) continue;
      if (amount === null) return policy;
      if (amount <= policy.above) return null;
      const tiers = policies.filter((one) => one.first === policy.number && amount > one.above);
      return [policy, ...tiers].reduce((most, one) => (one.above > most.above ? one : most));
    }
    return null;
  }

  checkKeys(at, name, number, policy) {
    const { keys } = this.proposals.get(number);
    const role = policy ? policy.role : keys[0]?.role ?? "";
    const given = new Set(keys.filter((one) => one.role === role).map((one) => one.person)).size;
    if (given < (policy?.keys ?? 1)) this.break(at, name);
  }

  takePolicy(at, fields) {
    const book = whole(fields.book);
    const number = whole(fields.policy);
    const proposal = wholeOrNull(fields.proposal);
    if (!this.policies.has(book)) this.policies.set(book, []);
    const policies = this.policies.get(book);
    const name = `policy ${number}`;
    if (proposal === null) {
      // A book's first policies are set together, at one instant.
      if (!this.firstSet.has(book)) this.firstSet.set(book, fields.at);
      if (this.firstSet.get(book) !== fields.at) this.break(at, name);
    } else if (this.isOpen(at, name, proposal, book)) {
      const guard = this.policyFor(book, "policy_change", null, shanghaiDay(fields.at));
      const newest = policies.reduce((most, one) => (most && most.number > one.number ? most : one), null);
      this.checkKeys(at, name, proposal, guard ?? newest);
    }
    policies.push({
      number, purpose: String(fields.purpose), above: whole(fields.above), keys: whole(fields.keys),
      role: String(fields.role), from: String(fields.valid_from), first: wholeOrNull(fields.first),
    });
  }

  isOpen(at, name, number, book) {
    const proposal = this.proposals.get(number);
    if (proposal && !proposal.isClosed && proposal.book === book) return true;
    this.break(at, name);
    return false;
  }

  takeProposal(at, fields) {
    const number = whole(fields.proposal);
    if (this.proposals.has(number)) { this.break(at, `proposal ${number}`); return; }
    const { book, content_hash: hash, author, purpose } = fields;
    this.proposals.set(number, { book, hash, author, purpose, keys: [], isClosed: false });
  }

  takeApproval(at, fields) {
    const number = whole(fields.proposal);
    const person = String(fields.person);
    const name = `approval of proposal ${number}`;
    if (!this.isOpen(at, name, number, fields.book)) return;
    const proposal = this.proposals.get(number);
    if (fields.content_hash !== proposal.hash) { this.break(at, name); return; }
    if (person === proposal.author || proposal.keys.some((one) => one.person === person)) this.break(at, name);
    proposal.keys.push({ role: String(fields.role), person });
  }

  takeCarriedOut(at, fields) {
    const number = whole(fields.proposal);
    const transaction = wholeOrNull(fields.transaction);
    const name = transaction === null ? `proposal ${number}` : `transaction ${transaction}`;
    if (!this.isOpen(at, name, number, fields.book)) return;
    const proposal = this.proposals.get(number);
    proposal.isClosed = true;
    if (transaction === null) {
      this.checkKeys(at, name, number, (this.policies.get(fields.book) ?? []).find((one) => one.number === fields.policy) ?? null);
      return;
    }
    const wanting = this.wanting.get(transaction);
    this.wanting.delete(transaction);
    if (wanting?.proposal !== number || ![null, undefined, wanting.purpose].includes(proposal.purpose)) this.break(at, name);
    else this.checkKeys(at, name, number, wanting.policy);
  }

  takeClosing(at, fields) {
    const number = whole(fields.proposal);
    if (this.isOpen(at, `proposal ${number}`, number, fields.book)) this.proposals.get(number).isClosed = true;
  }

  break(at, name) { this.found(`entry ${at} · ${name}`); }
}
