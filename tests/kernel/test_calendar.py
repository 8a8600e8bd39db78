"""Working days: presets, the installation's and the community's entries, and the edges."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from community.kernel import calendar, db
from community.kernel.actor import Actor
from community.kernel.calendar.days import TooManyDays
from community.kernel.db import Database


def enter(community_id: int, day: date, *, is_working: bool, name: str = "") -> None:
    def act(session: Session, actor: Actor) -> None:
        calendar.set_calendar_day(session, community_id, day, is_working, name)

    db.write(act, Actor.system(community_id))


def is_working(database: Database, day: date, community_id: int = 1) -> bool:
    with database.read() as session:
        return calendar.is_working_day(session, community_id, day)


def after(database: Database, day: date, count: int, community_id: int = 1) -> date:
    with database.read() as session:
        return calendar.add_working_days(session, community_id, day, count)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 23), True),  # a Monday
        (date(2026, 11, 22), False),  # a Sunday
        (date(2026, 1, 4), True),  # a Sunday worked for New Year
        (date(2026, 2, 14), True),
        (date(2026, 2, 16), False),  # a Monday in Spring Festival
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),
        (date(2026, 5, 9), True),
        (date(2026, 9, 20), True),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),
        (date(2027, 10, 1), True),  # a Friday: 2027 is not known yet
    ],
)
def test_the_preset_of_a_day(database: Database, day: date, *, expected: bool) -> None:
    assert is_working(database, day) is expected


def test_an_unknown_year_says_so(database: Database) -> None:
    with database.read() as session:
        assert calendar.calendar_of(session, 1, 2026).is_known
        assert not calendar.calendar_of(session, 1, 2027).is_known
    enter(0, date(2027, 10, 1), is_working=False, name="国庆节")
    with database.read() as session:
        shown = calendar.calendar_of(session, 1, 2027)
    assert shown.is_known
    assert [(each.name, each.origin) for each in shown.days] == [("国庆节", "installation")]


def test_the_community_overrides_the_installation_overrides_the_preset(database: Database) -> None:
    day = date(2026, 10, 1)
    enter(0, day, is_working=True)
    assert is_working(database, day, 1)
    enter(1, day, is_working=False)
    assert not is_working(database, day, 1)
    assert is_working(database, day, 2)

    def clear(session: Session, actor: Actor) -> None:
        calendar.clear_calendar_day(session, 1, day)

    db.write(clear, Actor.system(1))
    assert is_working(database, day, 1)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday
        (date(2026, 11, 22), 5, date(2026, 11, 27)),  # from a Sunday
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a worked Saturday
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # over the whole festival
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),  # unknown year: an ordinary Friday
    ],
)
def test_working_days_are_counted_from_the_next_day(
    database: Database, start: date, count: int, expected: date
) -> None:
    assert after(database, start, count) == expected


def test_a_long_span_and_its_inverse_agree(database: Database) -> None:
    start = date(2026, 1, 1)
    end = after(database, start, 400)
    with database.read() as session:
        assert calendar.working_days_between(session, 1, start, end) == 400
        assert calendar.is_working_day(session, 1, end)


def test_an_impossible_span_is_refused(database: Database) -> None:
    for count in (-1, 100_000):
        with pytest.raises(TooManyDays):
            after(database, date(2026, 1, 1), count)
