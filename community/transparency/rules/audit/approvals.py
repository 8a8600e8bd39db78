"""Two keys: that what needed approval had it, from distinct people, on the same content."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from community.transparency.rules.audit.accounts import whole, whole_or_none
from community.transparency.rules.audit.findings import Findings

POLICY_CHANGE_PURPOSE = "policy_change"
# Freeing money never needs a key, and what is set aside is approved when it is settled.
_FREE_ACTS = ("hold", "release", "expire")
_DAY_MICROS = 86_400_000_000
_SHANGHAI_MICROS = 8 * 3_600_000_000


class AuditedPolicy(NamedTuple):
    """Who must approve what, from a day on."""

    number: int
    purpose: str
    above: int
    keys: int
    role: str
    valid_from: str


class _Proposal:
    """What was proposed, by whom, and whose keys were turned on it."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.book = fields["book"]
        self.content_hash = fields["content_hash"]
        self.author = fields["author"]
        self.purpose = fields.get("purpose")
        self.amount = fields.get("amount")
        self.keys: list[tuple[str, str]] = []
        self.is_used = False


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
        self.proposals: dict[int, _Proposal] = {}
        self.withdrawn: set[int] = set()
        self.takers: dict[str, Callable[[int, dict[str, Any]], None]] = {
            "ledger.policy": self._take_policy,
            "ledger.proposal": self._take_proposal,
            "ledger.approval": self._take_approval,
            "ledger.withdrawal": self._take_withdrawal,
        }

    def check_transaction(
        self, index: int, fields: dict[str, Any], purpose: str, amount: int
    ) -> None:
        """Check that a transaction in a book with a policy has the approvals it needed."""
        if fields["act"] in _FREE_ACTS:
            return
        name = f"transaction {fields['transaction']}"
        at, number = fields["recorded_at"], fields.get("proposal")
        policy = self._policy_for(fields["book"], purpose, amount, shanghai_day(at))
        if number is None:
            if policy is not None:
                self._break(index, name, "没有经过应有的批准", "it lacks the approval it needed")
            return
        proposal = self.proposals.get(number)
        if proposal is None or proposal.is_used or number in self.withdrawn:
            said = f"提议 {number} 不存在、已撤回或已用过"
            self._break(index, name, said, f"proposal {number} is unknown, withdrawn or used")
            return
        proposal.is_used = True
        if proposal.book != fields["book"] or (
            proposal.amount is not None and proposal.amount != amount
        ):
            said = f"与提议 {number} 的账本或金额不同"
            self._break(index, name, said, f"its book or amount is not proposal {number}'s")
        self._check_keys(index, name, number, proposal, policy)

    def _policy_for(
        self, book: int, purpose: str, amount: int | None, day: str
    ) -> AuditedPolicy | None:
        """Find the policy an amount must meet: the purpose's own goes before the general one."""
        for asked in (purpose, "") if purpose else ("",):
            known = [
                one
                for one in self.policies.get(book, [])
                if one.purpose == asked and one.valid_from <= day
            ]
            if known:
                policy = max(known, key=lambda one: (one.valid_from, one.number))
                return policy if amount is None or amount > policy.above else None
        return None

    def _check_keys(
        self,
        index: int,
        name: str,
        number: int,
        proposal: _Proposal,
        policy: AuditedPolicy | None,
    ) -> None:
        role = proposal.keys[0][0] if policy is None and proposal.keys else ""
        role, needed = (role, 1) if policy is None else (policy.role, policy.keys)
        given = len({person for as_role, person in proposal.keys if as_role == role})
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
        name = f"policy {number}"
        proposal_number = whole_or_none(fields.get("proposal"))
        proposal = None if proposal_number is None else self.proposals.get(proposal_number)
        if policies:
            self._check_policy_change(index, name, book, proposal_number, proposal, fields)
        policies.append(
            AuditedPolicy(
                number,
                str(fields["purpose"]),
                whole(fields["above"]),
                whole(fields["keys"]),
                str(fields["role"]),
                str(fields["valid_from"]),
            )
        )

    def _check_policy_change(
        self,
        index: int,
        name: str,
        book: int,
        number: int | None,
        proposal: _Proposal | None,
        fields: dict[str, Any],
    ) -> None:
        if proposal is None or number is None or proposal.is_used or proposal.book != book:
            self._break(
                index, name, "没有经批准就改了规则", "it changes the policy without an approval"
            )
            return
        proposal.is_used = True
        guard = self._policy_for(book, POLICY_CHANGE_PURPOSE, None, shanghai_day(fields["at"]))
        newest = max(self.policies[book], key=lambda one: one.number)
        self._check_keys(index, name, number, proposal, guard or newest)

    def _take_proposal(self, index: int, fields: dict[str, Any]) -> None:
        number = whole(fields["proposal"])
        if number in self.proposals:
            self._break(index, f"proposal {number}", "同一提议出现两次", "it appears twice")
            return
        self.proposals[number] = _Proposal(fields)

    def _take_approval(self, index: int, fields: dict[str, Any]) -> None:
        number, person = whole(fields["proposal"]), str(fields["person"])
        name = f"approval of proposal {number}"
        proposal = self.proposals.get(number)
        if proposal is None or proposal.is_used or number in self.withdrawn:
            self._break(index, name, "提议不存在或已结束", "the proposal is unknown or closed")
            return
        if fields["content_hash"] != proposal.content_hash:
            self._break(index, name, "批准的是别的内容", "it approves another content")
            return
        if person == proposal.author:
            self._break(index, name, "提议人批准了自己的提议", "the author approved it")
        if any(person == other for _, other in proposal.keys):
            self._break(index, name, "同一人批准了两次", "one person approved it twice")
        proposal.keys.append((str(fields["role"]), person))

    def _take_withdrawal(self, index: int, fields: dict[str, Any]) -> None:
        number = whole(fields["proposal"])
        if number not in self.proposals or self.proposals[number].is_used:
            name = f"withdrawal of proposal {number}"
            self._break(index, name, "提议不存在或已执行", "the proposal is unknown or carried out")
        self.withdrawn.add(number)

    def _break(self, index: int, name: str, chinese: str, english: str) -> None:
        self.findings.add(f"entry {index} · {name}", chinese, english)
