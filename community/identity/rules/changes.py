"""When a desk act may be dated, and when it may be undone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

EARLIEST = timedelta(days=5 * 366)
UNDO_WITHIN = timedelta(hours=24)


def is_day_possible(on: date, today: date) -> bool:
    """Tell whether an act may be dated on a day."""
    return today - EARLIEST <= on <= today


def may_undo(recorded_at: datetime, now: datetime) -> bool:
    """Tell whether there is still time to undo."""
    return now - recorded_at < UNDO_WITHIN


def total_of(shares: tuple[tuple[int, int], ...]) -> Fraction:
    """Add up shares given as (numerator, denominator)."""
    return sum((Fraction(part, whole) for part, whole in shares), Fraction(0))
