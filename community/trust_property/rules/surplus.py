"""Sharing a year's surplus among units by area, on plain values; nothing is lost to rounding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from community import ledger
from community.kernel.errors import N_
from community.trust_property.rules.matters import Fact, yuan_text

_MONEY = ("bank", "cash")
_OWED = ("prepaid", "deposit", "agency", "payable", "unidentified")


@dataclass(frozen=True, slots=True)
class Share:
    """What a unit gets of a surplus by its area in 0.01 m²."""

    unit_id: int
    area_centiares: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class FreeMoney:
    """What may be shared: the operating money, less what is owed to others and what is approved."""

    money_fen: int
    owed_fen: int
    held_fen: int

    @property
    def free_fen(self) -> int:
        """Tell what remains; never less than nothing."""
        return max(self.money_fen - self.owed_fen - self.held_fen, 0)


def share_surplus(amount_fen: int, areas: Sequence[tuple[int, int]]) -> tuple[Share, ...]:
    """Share an amount over (unit, area) by the largest remainder; units without area get nothing.

    Source: 民法典 Art. 283 (by area where owners agreed on nothing else).
    """
    weighed = sorted((unit, area) for unit, area in areas if area > 0)
    amounts = ledger.allocate(amount_fen, [area for _, area in weighed]) if weighed else ()
    return tuple(
        Share(unit, area, amount) for (unit, area), amount in zip(weighed, amounts, strict=True)
    )


def free_money(balances: Iterable[tuple[str, int]], held_fen: int) -> FreeMoney:
    """Reckon what is free from accounts' paths and balances in their natural sign.

    What owners still owe is no money yet, so it does not count.
    """
    sums = {"money": 0, "owed": 0}
    for path, balance in balances:
        root = path.split("/")[0]
        if root in _MONEY:
            sums["money"] += balance
        elif root in _OWED:
            sums["owed"] += balance
    return FreeMoney(sums["money"], sums["owed"], held_fen)


def surplus_facts(
    year: int, amount_fen: int, shares: Sequence[Share], free: FreeMoney, vote_reference: str
) -> tuple[Fact, ...]:
    """Show a surplus as the committee signs it."""
    area = sum(each.area_centiares for each in shares)
    return (
        Fact(N_("年度"), f"{year} 年"),
        Fact(N_("分配总额"), yuan_text(amount_fen)),
        Fact(N_("分配方式"), "按专有部分面积，记入各户预缴"),
        Fact(N_("分到的房屋"), f"{len(shares)} 套，共 {area // 100}.{area % 100:02d} 平方米"),
        Fact(N_("账上现有资金"), yuan_text(free.money_fen)),
        Fact(N_("其中替别人保管或应付"), yuan_text(free.owed_fen)),
        Fact(N_("其中已批准待付"), yuan_text(free.held_fen)),
        Fact(N_("可以分配"), yuan_text(free.free_fen)),
        Fact(N_("业主决定"), vote_reference),
    )


def surplus_path(year: int) -> str:
    """Name the account of a year's surplus that was shared."""
    return f"surplus/{year}"
