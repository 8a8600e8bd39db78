"""Billing on plain values: what a unit owes, how a payment is spread, how old arrears are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from community import ledger
from community.kernel.errors import N_

# Hundredths of a square metre times fen per square metre, so a hundredth of a fen.
PARTS_PER_FEN = 100
MOST_MONTHS = 12
# A building is shown by itself only when this many units owe: fewer would name a family.
FEWEST_SHOWN = 3


class RunState(StrEnum):
    """How far a month's bills are: counted, being entered in the books, out, or given up."""

    PREPARED = "prepared"
    POSTING = "posting"
    POSTED = "posted"
    DROPPED = "dropped"


RUN_STEPS: dict[RunState, frozenset[RunState]] = {
    RunState.PREPARED: frozenset({RunState.POSTING, RunState.DROPPED}),
    RunState.POSTING: frozenset({RunState.POSTED}),
    RunState.POSTED: frozenset(),
    RunState.DROPPED: frozenset(),
}


class BillKind(StrEnum):
    """What a bill is for: a month's fee, or what was owed on the fund's opening day."""

    FEE = "fee"
    ARREARS = "arrears"


class Channel(StrEnum):
    """How a payment came in."""

    CASH = "cash"
    TRANSFER = "transfer"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    CARD = "card"


class Age(StrEnum):
    """How long after its due day a bill is unpaid."""

    NOT_DUE = "not-due"
    DAYS_30 = "30"
    DAYS_90 = "90"
    DAYS_180 = "180"
    DAYS_365 = "365"
    OLDER = "older"


AGE_TITLES = {
    Age.NOT_DUE: N_("未到期（元）"),
    Age.DAYS_30: N_("30 天内（元）"),
    Age.DAYS_90: N_("31–90 天（元）"),
    Age.DAYS_180: N_("91–180 天（元）"),
    Age.DAYS_365: N_("181–365 天（元）"),
    Age.OLDER: N_("一年以上（元）"),
}
_AGES = ((0, Age.NOT_DUE), (30, Age.DAYS_30), (90, Age.DAYS_90), (180, Age.DAYS_180))


@dataclass(frozen=True, slots=True)
class Charge:
    """A unit to be billed: its area in 0.01 m² and the rate in fen per m² and month."""

    unit_id: int
    area_centiares: int
    rate_fen: int


@dataclass(frozen=True, slots=True)
class Due:
    """What is still owed on a bill, in fen."""

    bill_id: int
    unit_id: int
    open_fen: int


@dataclass(frozen=True, slots=True)
class Part:
    """What of a payment goes to a bill, or to a unit's prepayment when `bill_id` is None."""

    unit_id: int
    bill_id: int | None
    amount_fen: int


def monthly_amounts(charges: Sequence[Charge]) -> tuple[int, ...]:
    """Tell what each unit owes for a month, in fen.

    The whole is the exact sum of area times rate, rounded half up to the fen once; it is split
    by the largest remainder, so no unit is off by a fen or more and nothing is lost.
    """
    weights = [charge.area_centiares * charge.rate_fen for charge in charges]
    exact = sum(weights)
    if exact == 0:
        return (0,) * len(weights)
    total = (2 * exact + PARTS_PER_FEN) // (2 * PARTS_PER_FEN)
    return ledger.allocate(total, weights)


def spread_payment(amount_fen: int, dues: Sequence[Due], unit_id: int) -> tuple[Part, ...]:
    """Spread a payment over bills in the order given; the rest is prepaid for `unit_id`."""
    parts = []
    left = amount_fen
    for due in dues:
        taken = min(left, due.open_fen)
        if taken > 0:
            parts.append(Part(due.unit_id, due.bill_id, taken))
            left -= taken
    if left > 0:
        parts.append(Part(unit_id, None, left))
    return tuple(parts)


def age_of(due_on: date, today: date) -> Age:
    """Tell how old an unpaid bill is; the day it is due is not yet late."""
    days = (today - due_on).days
    for last, age in _AGES:
        if days <= last:
            return age
    return Age.DAYS_365 if days <= 365 else Age.OLDER


def month_number(day: date) -> int:
    """Write a month as the whole number YYYYMM."""
    return day.year * 100 + day.month


def month_shown(month: int) -> str:
    """Write YYYYMM as `2026-11`."""
    return f"{month // 100:04d}-{month % 100:02d}"


def first_day(month: int) -> date:
    """Give the first day of a month YYYYMM."""
    return date(month // 100, month % 100, 1)


def last_day(month: int) -> date:
    """Give the last day of a month YYYYMM."""
    return first_day(months_from(month, 2)[1]) - timedelta(days=1)


def months_from(first: int, count: int) -> tuple[int, ...]:
    """List `count` months from YYYYMM on."""
    start = (first // 100) * 12 + first % 100 - 1
    return tuple((each // 12) * 100 + each % 12 + 1 for each in range(start, start + count))


def per_cent(part: int, whole: int) -> int | None:
    """Give a share in hundredths of a percent, rounded down; None of nothing.

    Rounded down, so that 100.00 % is shown only when nothing is missing.
    """
    return None if whole == 0 else part * 10_000 // whole


def receivable_path(unit_id: int) -> str:
    """Name the account of what a unit owes."""
    return f"receivable/unit/{unit_id}"


def prepaid_path(unit_id: int) -> str:
    """Name the account of what a unit has paid ahead."""
    return f"prepaid/unit/{unit_id}"


def unit_owner(unit_id: int) -> str:
    """Name the owner of a unit's accounts; the public log hides it."""
    return f"unit:{unit_id}"


def fee_path(use: str) -> str:
    """Name the income account of fees of a use of units."""
    return f"fee/{use}"


def cash_path(fund_id: int) -> str:
    """Name the account of a fund's cash box."""
    return f"cash/{fund_id}"
