"""Arrears on plain values: instalments, whether a plan is kept, and when one may remind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from community import ledger
from community.kernel.errors import N_

# A unit is reminded once in so many days.
REMINDER_DAYS = 7
FEWEST, MOST = 2, 60


class PlanStanding(StrEnum):
    """How a plan goes."""

    KEPT = "kept"
    BROKEN = "broken"
    PAID = "paid"


STANDING_TITLES = {
    PlanStanding.KEPT: N_("按约定分期"),
    PlanStanding.BROKEN: N_("没有按约定缴"),
    PlanStanding.PAID: N_("已缴清"),
}


def instalments(owed_fen: int, count: int, first_on: date) -> tuple[tuple[date, int], ...]:
    """Split what is owed into monthly instalments, nothing lost; the last days of short months."""
    parts = ledger.allocate(owed_fen, [1] * count)
    return tuple((_months_later(first_on, place), part) for place, part in enumerate(parts) if part)


def _months_later(day: date, months: int) -> date:
    whole = day.year * 12 + day.month - 1 + months
    year, month = whole // 12, whole % 12 + 1
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), after - timedelta(days=1))


def plan_standing(due: Sequence[tuple[date, int]], paid_fen: int, today: date) -> PlanStanding:
    """Tell how a plan goes; the day an instalment is due is not yet late."""
    if paid_fen >= sum(fen for _, fen in due):
        return PlanStanding.PAID
    asked = sum(fen for on, fen in due if on < today)
    return PlanStanding.KEPT if paid_fen >= asked else PlanStanding.BROKEN
