"""The days of a recurring series."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from enum import StrEnum

from community.kernel.errors import N_

LONGEST = 60


class Rhythm(StrEnum):
    """How often a shift recurs."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


RHYTHM_TITLES = {
    Rhythm.WEEKLY: N_("每周"),
    Rhythm.FORTNIGHTLY: N_("每两周"),
    Rhythm.MONTHLY: N_("每月"),
}


def days_of(rhythm: Rhythm, first: date, until: date) -> tuple[date, ...]:
    """List the days of a series, both ends included, `LONGEST` at most.

    A monthly series keeps the day of the month; a month too short has its last day instead.
    """
    found: list[date] = []
    for number in range(LONGEST):
        day = _day(rhythm, first, number)
        if day > until:
            break
        found.append(day)
    return tuple(found)


def _day(rhythm: Rhythm, first: date, number: int) -> date:
    if rhythm is Rhythm.MONTHLY:
        year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(first.day, last))
    return first + timedelta(days=number * (7 if rhythm is Rhythm.WEEKLY else 14))
