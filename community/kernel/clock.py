"""The one clock: every instant and every day of the product comes from here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_fixed: datetime | None = None
_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
# The day asked for last, from its first instant to the next day's: most ask for the present one.
_last_day = (_EARLIEST, _EARLIEST, date.min)


def now() -> datetime:
    """Tell the present instant in UTC."""
    if _fixed is not None:
        return _fixed
    return datetime.now(UTC)


def today() -> date:
    """Tell the present day in Shanghai, which is what a day means everywhere here."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """Tell the Shanghai day an instant falls on."""
    global _last_day  # noqa: PLW0603  replaced whole, so threads see one or the other
    begins, ends, day = _last_day
    if not begins <= instant < ends:
        day = instant.astimezone(SHANGHAI).date()
        if MINYEAR < day.year < MAXYEAR:
            _last_day = (at(day), at(day + timedelta(days=1)), day)
    return day


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Tell the UTC instant of a Shanghai wall-clock time."""
    return datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)


def micros(instant: datetime) -> int:
    """Tell an aware instant as whole microseconds since 1970, exactly (no float)."""
    return (instant - EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    """Tell the instant of whole microseconds since 1970."""
    return EPOCH + timedelta(microseconds=value)


def day_number(day: date) -> int:
    """Tell a day as the whole number YYYYMMDD, the form in which days are stored."""
    return day.year * 10_000 + day.month * 100 + day.day


def from_day_number(value: int) -> date:
    """Tell the day of a whole number YYYYMMDD."""
    return date(value // 10_000, value // 100 % 100, value % 100)


@contextmanager
def fixed(instant: datetime) -> Iterator[None]:
    """Stop the clock of the whole process at an instant; for tests and invented history.

    Process-wide, because commands run on the writer's thread.
    """
    global _fixed  # noqa: PLW0603  one clock for all threads is the point
    before, _fixed = _fixed, instant
    try:
        yield
    finally:
        _fixed = before
