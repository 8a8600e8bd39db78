"""Periods of reports: a month, a quarter or a year, written as the public log writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_SHAPE = re.compile(r"(20[0-9]{2})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?\Z")


@dataclass(frozen=True, slots=True)
class Period:
    """A month `2026-11`, a quarter `2026-Q4` or a year `2026`, with its first and last day."""

    name: str
    first: date
    last: date

    @property
    def months(self) -> int:
        """Tell how many months it has."""
        return (self.last.month - self.first.month) + 1

    @property
    def year(self) -> int:
        """Tell the year it lies in."""
        return self.first.year


def read_period(name: str) -> Period | None:
    """Read a period's name; None when it is none."""
    match = _SHAPE.match(name)
    if match is None:
        return None
    year = int(match.group(1))
    if match.group(2):
        return _period(name, year, 3 * int(match.group(2)) - 2, 3)
    if match.group(3):
        return _period(name, year, int(match.group(3)), 1)
    return _period(name, year, 1, 12)


def month_of(day: date) -> Period:
    """Give the month a day lies in."""
    return _period(f"{day.year:04d}-{day.month:02d}", day.year, day.month, 1)


def quarter_of(day: date) -> Period:
    """Give the quarter a day lies in."""
    quarter = (day.month + 2) // 3
    return _period(f"{day.year:04d}-Q{quarter}", day.year, 3 * quarter - 2, 3)


def year_of(day: date) -> Period:
    """Give the year a day lies in."""
    return _period(f"{day.year:04d}", day.year, 1, 12)


def before(period: Period) -> Period:
    """Give the period of the same length before this one."""
    day = period.first - timedelta(days=1)
    same = {1: month_of, 3: quarter_of, 12: year_of}
    return same[period.months](day)


def _period(name: str, year: int, month: int, months: int) -> Period:
    after = month + months
    next_first = date(year + (after - 1) // 12, (after - 1) % 12 + 1, 1)
    return Period(name, date(year, month, 1), next_first - timedelta(days=1))
