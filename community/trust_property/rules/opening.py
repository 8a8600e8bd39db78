"""Opening day on plain values: what there is, what is owed, and what remains as opening equity."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from community.kernel.errors import N_
from community.trust_property.rules.matters import Fact, yuan_text


class OpeningKind(StrEnum):
    """What an item of the opening is."""

    BANK = "bank"
    RESERVE = "reserve"
    CASH = "cash"
    ARREARS = "arrears"
    PREPAID = "prepaid"
    DEPOSIT = "deposit"
    AGENCY = "agency"
    PAYABLE = "payable"


class OpeningState(StrEnum):
    """Where an opening stands."""

    DRAFT = "draft"
    ASKED = "asked"
    OPENED = "opened"
    DROPPED = "dropped"


_S = OpeningState
STEPS: Mapping[OpeningState, frozenset[OpeningState]] = {
    _S.DRAFT: frozenset({_S.ASKED, _S.DROPPED}),
    _S.ASKED: frozenset({_S.DRAFT, _S.OPENED}),
    _S.OPENED: frozenset(),
    _S.DROPPED: frozenset(),
}

KIND_TITLES = {
    OpeningKind.BANK: N_("银行存款"),
    OpeningKind.RESERVE: N_("储备资金存款"),
    OpeningKind.CASH: N_("现金"),
    OpeningKind.ARREARS: N_("业主欠费"),
    OpeningKind.PREPAID: N_("业主预缴"),
    OpeningKind.DEPOSIT: N_("押金"),
    OpeningKind.AGENCY: N_("代收代付"),
    OpeningKind.PAYABLE: N_("应付款"),
}
STATE_TITLES = {
    _S.DRAFT: N_("正在整理"),
    _S.ASKED: N_("等业委会签字"),
    _S.OPENED: N_("已开账"),
    _S.DROPPED: N_("已放弃"),
}
OWNED = (OpeningKind.BANK, OpeningKind.CASH, OpeningKind.ARREARS)
OWED = (OpeningKind.PREPAID, OpeningKind.DEPOSIT, OpeningKind.AGENCY, OpeningKind.PAYABLE)


@dataclass(frozen=True, slots=True)
class OpeningItem:
    """One item, in fen; what its kind does not have is None or empty."""

    kind: OpeningKind
    amount_fen: int
    unit_id: int | None = None
    month: int | None = None
    label: str = ""
    payee_id: int | None = None
    bank_account_id: int | None = None


def sums(items: Iterable[OpeningItem]) -> dict[OpeningKind, int]:
    """Add up items by kind, every kind named."""
    found = dict.fromkeys(OpeningKind, 0)
    for item in items:
        found[item.kind] += item.amount_fen
    return found


def equity(totals: Mapping[OpeningKind, int]) -> int:
    """Tell what remains for all owners: what the fund has, less what it owes, reserve apart."""
    return sum(totals[kind] for kind in OWNED) - sum(totals[kind] for kind in OWED)


def items_hash(items: Iterable[OpeningItem]) -> str:
    """Name items whole, so that a key binds to every unit and month and not to sums alone."""
    rows = sorted(
        f"{item.kind.value}|{item.unit_id or 0}|{item.month or 0}|{item.label}"
        f"|{item.payee_id or 0}|{item.bank_account_id or 0}|{item.amount_fen}"
        for item in items
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def opening_facts(
    opening_on: date, totals: Mapping[OpeningKind, int], banks: Sequence[Fact], units: int
) -> tuple[Fact, ...]:
    """Show an opening as the committee signs it."""
    return (
        Fact(N_("开账日（以当天日终余额为准）"), opening_on.isoformat()),
        *banks,
        *(
            Fact(KIND_TITLES[kind], yuan_text(totals[kind]))
            for kind in OpeningKind
            if kind not in {OpeningKind.BANK, OpeningKind.RESERVE}
        ),
        Fact(N_("欠费户数"), f"{units} 户"),
        Fact(N_("全体业主期初结余"), yuan_text(equity(totals))),
    )
