"""Periods of the street's forms, and which column of another platform's sheet means what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Every(StrEnum):
    """How often a street form is filled."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date


def span_of(every: Every, day: date) -> Span:
    """Tell the month, quarter or year that a day falls in."""
    months = MONTHS[every]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    after = first.month - 1 + months
    return Span(first, date(first.year + after // 12, after % 12 + 1, 1) - timedelta(days=1))


def span_before(every: Every, day: date) -> Span:
    """Tell the last whole month, quarter or year before a day."""
    return span_of(every, span_of(every, day).first - timedelta(days=1))
