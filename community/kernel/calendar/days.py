"""Deciding whether a day is worked: the community's entry, the installation's, preset, weekday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from community.kernel.calendar.models import INSTALLATION, CalendarDay
from community.kernel.calendar.presets import KNOWN_YEARS, PRESETS
from community.kernel.errors import N_, BadInput

SATURDAY = 5
MOST_DAYS = 3_660
# Working days are looked up a month and a half at a time.
WINDOW = timedelta(days=45)


class TooManyDays(BadInput):
    """A span no deadline has."""

    message = N_("天数太多，最多可以推算 {most} 个工作日。")


@dataclass(frozen=True, slots=True)
class CalendarDayView:
    """One special day: whether it is worked, why, and who says so."""

    day: date
    is_working: bool
    name: str
    origin: str  # "community", "installation" or "preset"


@dataclass(frozen=True, slots=True)
class CalendarView:
    """A year's special days; `is_known` is False when only weekends are known."""

    year: int
    is_known: bool
    days: tuple[CalendarDayView, ...]


def is_working_day(session: Session, community_id: int, day: date) -> bool:
    """Tell whether a day is a working day in a community."""
    return _is_worked(day, _entries(session, community_id, day, day))


def add_working_days(session: Session, community_id: int, day: date, count: int) -> date:
    """Tell the `count`-th working day after `day` (which itself never counts); 0 gives `day`.

    Raises: TooManyDays. Source of the habit: 民法典 Art. 201 (the first day is not counted).
    """
    if not 0 <= count <= MOST_DAYS:
        raise TooManyDays(most=MOST_DAYS)
    left, found = count, day
    while left:
        entries = _entries(session, community_id, found, found + WINDOW)
        for offset in range(1, WINDOW.days + 1):
            left -= _is_worked(found + timedelta(days=offset), entries)
            if not left:
                return found + timedelta(days=offset)
        found += WINDOW
    return found


def working_days_between(session: Session, community_id: int, start: date, end: date) -> int:
    """Count the working days after `start` up to and including `end`."""
    entries = _entries(session, community_id, start, end)
    return sum(
        _is_worked(start + timedelta(days=offset), entries)
        for offset in range(1, (end - start).days + 1)
    )


def calendar_of(session: Session, community_id: int, year: int) -> CalendarView:
    """Show a year's special days as they hold in a community."""
    days = {
        day: CalendarDayView(day, each.is_working, each.name, "preset")
        for day, each in PRESETS.items()
        if day.year == year
    }
    query = (
        select(CalendarDay)
        .where(
            CalendarDay.community_id.in_((INSTALLATION, community_id)),
            CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(CalendarDay.community_id)
    )
    for row in session.scalars(query):
        origin = "installation" if row.community_id == INSTALLATION else "community"
        days[row.day] = CalendarDayView(row.day, row.is_working, row.name, origin)
    is_known = year in KNOWN_YEARS or any(each.origin == "installation" for each in days.values())
    return CalendarView(year, is_known, tuple(days[day] for day in sorted(days)))


def set_calendar_day(
    session: Session, community_id: int, day: date, is_working: bool, name: str
) -> None:
    """Enter a day for a community (0: for the whole installation); the room checks who may."""
    row = session.scalar(
        select(CalendarDay).where(CalendarDay.community_id == community_id, CalendarDay.day == day)
    )
    if row is None:
        row = CalendarDay(community_id=community_id, day=day)
        session.add(row)
    row.is_working, row.name = is_working, name
    session.flush()


def clear_calendar_day(session: Session, community_id: int, day: date) -> None:
    """Take an entry back, so that the day is again what the installation or the preset says."""
    session.execute(
        delete(CalendarDay).where(CalendarDay.community_id == community_id, CalendarDay.day == day)
    )


def _entries(session: Session, community_id: int, start: date, end: date) -> dict[date, bool]:
    query = (
        select(CalendarDay.day, CalendarDay.is_working)
        .where(
            CalendarDay.community_id.in_((INSTALLATION, community_id)),
            CalendarDay.day.between(start, end),
        )
        # The community's own entry comes last and wins.
        .order_by(CalendarDay.community_id)
    )
    return {row.day: row.is_working for row in session.execute(query)}


def _is_worked(day: date, entries: dict[date, bool]) -> bool:
    if day in entries:
        return entries[day]
    if day in PRESETS:
        return PRESETS[day].is_working
    return day.weekday() < SATURDAY
