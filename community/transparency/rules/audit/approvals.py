"""Two keys: that what needed approval had it, from distinct people, on the same content."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from community.transparency.rules.audit.accounts import whole, whole_or_none
from community.transparency.rules.audit.findings import Findings

POLICY_CHANGE_PURPOSE = "policy_change"
# Freeing money never needs a key, and what is set aside is approved when it is settled.
_FREE_ACTS = ("hold", "release", "expire")
# A transaction and the record of its approval are written in one act, close to each other.
_SAME_ACT = 16
_DAY_MICROS = 86_400_000_000
_SHANGHAI_MICROS = 8 * 3_600_000_000


class AuditedPolicy(NamedTuple):
    """Who must approve what, from a day on; a tier of `first` asks more above a larger amount."""

    number: int
    purpose: str
    above: int
    keys: int
    role: str
    valid_from: str
    first: int | None


class _Proposal:
    """What was proposed, by whom, and whose keys were turned on it."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.book = fields["book"]
        self.content_hash = fields["content_hash"]
        self.author = fields["author"]
        self.purpose = fields["purpose"]
        self.keys: list[tuple[str, str]] = []
        self.is_closed = False


class _Wanting(NamedTuple):
    """A transaction carried out by keys; the record that says so must still follow."""

    place: int
    proposal: int
    purpose: str
    policy: AuditedPolicy | None


def shanghai_day(micros: int) -> str:
    """Return the Shanghai day of an instant in microseconds since 1970, as ISO text."""
    days = (micros + _SHANGHAI_MICROS) // _DAY_MICROS + 719_468
    # Civil-from-days by eras of 400 years, counted from 1 March.
    era, of_era = divmod(days, 146_097)
    year_of_era = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * of_year + 2) // 153
    day = of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = era * 400 + year_of_era + (1 if month <= 2 else 0)
    return f"{year:04d}-{month:02d}-{day:02d}"


class Approvals:
    """Policies, proposals and approvals as far as their records have been read."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.policies: dict[int, list[AuditedPolicy]] = {}
        self.first_set: dict[int, int] = {}
        self.proposals: dict[int, _Proposal] = {}
        # Transactions by number whose keys are told after them, and those told already.
        self.wanting: dict[int, _Wanting] = {}
        self.takers: dict[str, Callable[[int, dict[str, Any]], None]] = {
            "ledger.policy": self._take_policy,
            "ledger.proposal": self._take_proposal,
            "ledger.approval": self._take_approval,
            "ledger.carried_out": self._take_carried_out,
            "ledger.withdrawal": self._take_closing,
            "ledger.rejection": self._take_closing,
        }

    def take_transaction(self, index: int, fields: dict[str, Any], amount: int) -> None:
        """Look whether a transaction needs keys; the record that it had them follows it."""
        if fields["act"] in _FREE_ACTS:
            return
        day = shanghai_day(fields["recorded_at"])
        policy = self._policy_for(fields["book"], fields["purpose"], amount, day)
        number, proposal = fields["transaction"], fields["proposal"]
        if proposal is not None:
            self.wanting[number] = _Wanting(index, proposal, fields["purpose"], policy)
        elif policy is not None:
            name = f"transaction {number}"
            self._break(index, name, "没有经过应有的批准", "it lacks the approval it needed")

    def check_end(self, size: int) -> None:
        """Name the transactions whose approval never came."""
        for number, wanting in sorted(self.wanting.items()):
            name = f"entry {wanting.place} · transaction {number}"
            if size - wanting.place <= _SAME_ACT:
                self.findings.tell(
                    name, "批准记录尚未入日志", "the record of its approval is not in the log yet"
                )
            else:
                self.findings.add(name, "没有它的批准记录", "no record of its approval follows it")

    def _policy_for(
        self, book: int, purpose: str, amount: int | None, day: str
    ) -> AuditedPolicy | None:
        """Find the policy an amount must meet: the purpose's own goes before the general one."""
        policies = self.policies.get(book, [])
        for asked in (purpose, "") if purpose else ("",):
            known = [
                one
                for one in policies
                if one.purpose == asked and one.valid_from <= day and one.first is None
            ]
            if not known:
                continue
            policy = max(known, key=lambda one: (one.valid_from, one.number))
            if amount is None:
                return policy
            tiers = [one for one in policies if one.first == policy.number and amount > one.above]
            if amount <= policy.above:
                return None
            return max([policy, *tiers], key=lambda one: one.above)
        return None

    def _check_keys(self, index: int, name: str, number: int, policy: AuditedPolicy | None) -> None:
        keys = self.proposals[number].keys
        role = policy.role if policy is not None else keys[0][0] if keys else ""
        needed = 1 if policy is None else policy.keys
        given = len({person for as_role, person in keys if as_role == role})
        if given < needed:
            self._break(
                index,
                name,
                f"提议 {number} 需要 {needed} 把钥匙，只有 {given} 把",
                f"proposal {number} needed {needed} keys and has {given}",
            )

    def _take_policy(self, index: int, fields: dict[str, Any]) -> None:
        number, book = whole(fields["policy"]), whole(fields["book"])
        policies = self.policies.setdefault(book, [])
        name, proposal = f"policy {number}", whole_or_none(fields["proposal"])
        if proposal is None:
            # A book's first policies are set together, at one instant.
            if self.first_set.setdefault(book, fields["at"]) != fields["at"]:
                self._break(
                    index, name, "没有经批准就改了规则", "it changes the policy without an approval"
                )
        elif self._is_open(index, name, proposal, book):
            guard = self._policy_for(book, POLICY_CHANGE_PURPOSE, None, shanghai_day(fields["at"]))
            newest = max(policies, key=lambda one: one.number, default=None)
            self._check_keys(index, name, proposal, guard or newest)
        policies.append(
            AuditedPolicy(
                number,
                str(fields["purpose"]),
                whole(fields["above"]),
                whole(fields["keys"]),
                str(fields["role"]),
                str(fields["valid_from"]),
                whole_or_none(fields.get("first")),
            )
        )

    def _is_open(self, index: int, name: str, number: int, book: int) -> bool:
        """Tell whether a proposal waits; name it when it does not."""
        proposal = self.proposals.get(number)
        if proposal is None or proposal.is_closed or proposal.book != book:
            said = f"提议 {number} 不存在、已结束或属于别的账本"
            self._break(
                index, name, said, f"proposal {number} is unknown, closed or another book's"
            )
            return False
        return True

    def _take_proposal(self, index: int, fields: dict[str, Any]) -> None:
        number = whole(fields["proposal"])
        if number in self.proposals:
            self._break(index, f"proposal {number}", "同一提议出现两次", "it appears twice")
            return
        self.proposals[number] = _Proposal(fields)

    def _take_approval(self, index: int, fields: dict[str, Any]) -> None:
        number, person = whole(fields["proposal"]), str(fields["person"])
        name = f"approval of proposal {number}"
        if not self._is_open(index, name, number, fields["book"]):
            return
        proposal = self.proposals[number]
        if fields["content_hash"] != proposal.content_hash:
            self._break(index, name, "批准的是别的内容", "it approves another content")
            return
        if person == proposal.author:
            self._break(index, name, "提议人批准了自己的提议", "the author approved it")
        if any(person == other for _, other in proposal.keys):
            self._break(index, name, "同一人批准了两次", "one person approved it twice")
        proposal.keys.append((str(fields["role"]), person))

    def _take_carried_out(self, index: int, fields: dict[str, Any]) -> None:
        number = whole(fields["proposal"])
        transaction = whole_or_none(fields["transaction"])
        name = f"proposal {number}" if transaction is None else f"transaction {transaction}"
        if not self._is_open(index, name, number, fields["book"]):
            return
        self.proposals[number].is_closed = True
        if transaction is None:
            policies = self.policies.get(fields["book"], [])
            named = [one for one in policies if one.number == fields["policy"]]
            self._check_keys(index, name, number, named[0] if named else None)
            return
        wanting = self.wanting.pop(transaction, None)
        purpose = self.proposals[number].purpose
        if wanting is None or wanting.proposal != number or purpose not in (None, wanting.purpose):
            said = f"与提议 {number} 不是同一件事"
            self._break(index, name, said, f"it is not what proposal {number} asked for")
            return
        self._check_keys(index, name, number, wanting.policy)

    def _take_closing(self, index: int, fields: dict[str, Any]) -> None:
        number = whole(fields["proposal"])
        if self._is_open(index, f"proposal {number}", number, fields["book"]):
            self.proposals[number].is_closed = True

    def _break(self, index: int, name: str, chinese: str, english: str) -> None:
        self.findings.add(f"entry {index} · {name}", chinese, english)
