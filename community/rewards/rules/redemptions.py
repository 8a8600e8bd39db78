"""What may be redeemed, until when a code counts, and what a scan of it answers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from community.kernel import clock
from community.kernel.errors import N_

CODE_LENGTH = 16
DIGITS = 6
# Wrong codes one merchant may try in an hour; six digits cannot be guessed at that rate.
MOST_WRONG_CODES = 20


class Purse(StrEnum):
    """Whose points pay."""

    OWN = "own"
    HOUSEHOLD = "household"


class LimitPeriod(StrEnum):
    """In which time a person may have no more than the limit."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    EVER = "ever"


class ItemState(StrEnum):
    """Whether an item is in the catalogue."""

    DRAFT = "draft"
    LISTED = "listed"
    WITHDRAWN = "withdrawn"


class RedemptionState(StrEnum):
    """Where a redemption stands."""

    OPEN = "open"
    COLLECTED = "collected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUNDED = "refunded"


class ScanReason(StrEnum):
    """What a merchant's scan is answered with."""

    OK = "ok"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    ALREADY_COLLECTED = "already-collected"
    CANCELLED = "cancelled"
    OTHER_MERCHANT = "other-merchant"
    OTHER_COMMUNITY = "other-community"
    TOO_MANY_TRIES = "too-many-tries"


# The one table of allowed steps; the redemption's page is drawn from it.
STEPS: dict[RedemptionState, frozenset[RedemptionState]] = {
    RedemptionState.OPEN: frozenset(
        {RedemptionState.COLLECTED, RedemptionState.CANCELLED, RedemptionState.EXPIRED}
    ),
    RedemptionState.COLLECTED: frozenset({RedemptionState.REFUNDED}),
    RedemptionState.CANCELLED: frozenset(),
    RedemptionState.EXPIRED: frozenset(),
    RedemptionState.REFUNDED: frozenset(),
}
# What counts against a person's limit.
TAKEN = (RedemptionState.OPEN, RedemptionState.COLLECTED)

STATE_TITLES = {
    RedemptionState.OPEN: N_("待领取"),
    RedemptionState.COLLECTED: N_("已领取"),
    RedemptionState.CANCELLED: N_("已取消"),
    RedemptionState.EXPIRED: N_("已过期"),
    RedemptionState.REFUNDED: N_("已退回"),
}
PERIOD_TITLES = {
    LimitPeriod.DAY: N_("每天"),
    LimitPeriod.MONTH: N_("每月"),
    LimitPeriod.YEAR: N_("每年"),
    LimitPeriod.EVER: N_("总共"),
}
REASON_SENTENCES = {
    ScanReason.OK: N_("核销成功，请交付奖品。"),
    ScanReason.UNKNOWN: N_("没有这个兑换码。请看清楚再输一遍，或请居民打开“我的兑换”。"),
    ScanReason.EXPIRED: N_("兑换码已过期，积分已退还居民。请居民重新兑换。"),
    ScanReason.ALREADY_COLLECTED: N_("这个码已经领过了，不能再领。"),
    ScanReason.CANCELLED: N_("这笔兑换已取消，请不要交付。"),
    ScanReason.OTHER_MERCHANT: N_("这是别家商户的兑换码，请居民到兑换页写明的商户领取。"),
    ScanReason.OTHER_COMMUNITY: N_("这是别的社区的兑换码，不能在这里领取。"),
    ScanReason.TOO_MANY_TRIES: N_("一小时内输错太多次，请稍后再试，或扫描二维码由社区协助。"),
}


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """What a scan or a number pad gave: a community's slug when it was an address."""

    slug: str
    code: str


def read_scanned(text: str) -> ScannedCode:
    """Read a QR address (…/q/r/<community>/<code>), a bare code, or six typed digits."""
    parts = text.strip().partition("?")[0].partition("#")[0].rstrip("/").split("/")
    slug = parts[-2] if len(parts) >= 4 and parts[-3] == "r" else ""
    code = parts[-1].upper().replace(" ", "").replace("-", "")
    return ScannedCode(slug, code)


def state_at(state: RedemptionState, expires_at: datetime, now: datetime) -> RedemptionState:
    """Tell the true state by the clock: an open code past its end has expired."""
    if state is RedemptionState.OPEN and now >= expires_at:
        return RedemptionState.EXPIRED
    return state


def may_step(state: RedemptionState, target: RedemptionState) -> bool:
    """Tell whether a redemption may go from one state to another."""
    return target in STEPS[state]


def reason_for(state: RedemptionState) -> ScanReason:
    """Tell what a scan of a redemption in a (true) state is answered with."""
    return {
        RedemptionState.OPEN: ScanReason.OK,
        RedemptionState.COLLECTED: ScanReason.ALREADY_COLLECTED,
        RedemptionState.CANCELLED: ScanReason.CANCELLED,
        RedemptionState.EXPIRED: ScanReason.EXPIRED,
        RedemptionState.REFUNDED: ScanReason.ALREADY_COLLECTED,
    }[state]


def is_offered(state: ItemState, from_on: date, until_on: date | None, day: date) -> bool:
    """Tell whether an item may be redeemed on a day, both ends included."""
    return state is ItemState.LISTED and from_on <= day and (until_on is None or day <= until_on)


def code_expires_at(now: datetime, pickup_days: int) -> datetime:
    """Tell the end of the last day of fetching: the day of redeeming is day 0."""
    return clock.at(clock.day_of(now) + timedelta(days=pickup_days + 1))


def limit_counts_since(period: LimitPeriod, day: date) -> datetime | None:
    """Tell from which instant redemptions count against a limit; None for ever."""
    if period is LimitPeriod.EVER:
        return None
    if period is LimitPeriod.DAY:
        return clock.at(day)
    if period is LimitPeriod.MONTH:
        return clock.at(day.replace(day=1))
    return clock.at(day.replace(month=1, day=1))


def limit_begins_again(period: LimitPeriod, day: date) -> date | None:
    """Tell the day on which a used-up limit begins anew; None for never."""
    if period is LimitPeriod.EVER:
        return None
    if period is LimitPeriod.DAY:
        return day + timedelta(days=1)
    if period is LimitPeriod.MONTH:
        return next_month(day)
    return date(day.year + 1, 1, 1)


def next_month(day: date) -> date:
    """Give the first day of the month after a day's."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def source_of(code: str) -> str:
    """Name a redemption in the books; the code itself is worth goods until it is fetched."""
    return f"redemption:{hashlib.sha256(code.encode()).hexdigest()[:20]}"
