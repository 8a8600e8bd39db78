"""How minutes are counted, which of them wait for a review, and which count for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from community.volunteering.rules.kinds import HoursClass
from community.volunteering.rules.rule_sets import WHOLE, HoursRule
from community.volunteering.rules.states import HoursState

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Attended:
    """Whole minutes served inside a shift (begun minutes are cut) and their part of it."""

    minutes: int
    basis_points: int


def count_attended(
    in_at: datetime, out_at: datetime, starts_at: datetime, ends_at: datetime
) -> Attended:
    """Count the time between in and out that lies inside the shift, cut to whole minutes.

    Source: 民政部令第67号 Art. 7, hours are those actually served. Basis points are cut too.
    """
    served = min(out_at, ends_at) - max(in_at, starts_at)
    minutes = max(served // MINUTE, 0)
    planned = max((ends_at - starts_at) // MINUTE, 1)
    return Attended(minutes, min(minutes * WHOLE // planned, WHOLE))


def decide_state(rule: HoursRule, minutes: int, basis_points: int, others: int) -> HoursState:
    """Decide what becomes of hours that a leader vouches for.

    `others` are the person's other minutes of the same day. Source: Yunnan, attended less than
    60 % counts for nothing; Guangdong i志愿, up to 8 hours a day at once, to 12 after a review,
    more after two (both reported).
    """
    if minutes == 0 or basis_points < rule.least_attended_bp:
        return HoursState.NOT_COUNTED
    if rule.review_above_minutes is not None and minutes + others > rule.review_above_minutes:
        return HoursState.IN_REVIEW
    return HoursState.CONFIRMED


def needs_second_review(rule: HoursRule, minutes: int, others: int) -> bool:
    """Tell whether one review does not suffice for a day's minutes."""
    limit = rule.second_review_above_minutes
    return limit is not None and minutes + others > limit


def shown_class(hours_class: HoursClass, state: HoursState) -> HoursClass:
    """Tell the class to show: pending until confirmed; back-filled and imported never hide it."""
    if hours_class in {HoursClass.BACK_FILLED, HoursClass.IMPORTED}:
        return hours_class
    return hours_class if state is HoursState.CONFIRMED else HoursClass.PENDING
