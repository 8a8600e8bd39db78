"""When a month is settled, and what a settlement sheet adds up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from community.kernel.errors import N_
from community.rewards.rules.redemptions import next_month


class SheetState(StrEnum):
    """Where a monthly settlement sheet stands."""

    MADE = "made"
    PAID = "paid"
    WITHDRAWN = "withdrawn"


SHEET_TITLES = {
    SheetState.MADE: N_("待付款"),
    SheetState.PAID: N_("已付款"),
    SheetState.WITHDRAWN: N_("已撤回"),
}


@dataclass(frozen=True, slots=True)
class SheetLine:
    """An item on a sheet: how many were collected at which cost."""

    item: str
    quantity: int
    each_fen: int

    @property
    def total_fen(self) -> int:
        """Tell what the line comes to, in fen."""
        return self.quantity * self.each_fen


def add_up(lines: Iterable[SheetLine]) -> tuple[int, int]:
    """Tell a sheet's quantity and total in fen."""
    kept = tuple(lines)
    return sum(line.quantity for line in kept), sum(line.total_fen for line in kept)


def is_month_over(month: date, today: date) -> bool:
    """Tell whether a month (named by any day in it) lies wholly in the past."""
    return today >= next_month(month)
