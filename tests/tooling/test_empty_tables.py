"""What is remembered of empty tables is never said of a table with a row in it."""

from __future__ import annotations

from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from community import app as assembly
from community.identity.models import OneTimeCode, Person
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.tables import Community
from tests import builders
from tests.empty_tables import Filled, Memory, find_checks, look_into

NOTHING = Filled(frozenset())


class Counted:
    """A check that counts how often it was run; it asks for people only where there is a code."""

    def __init__(self) -> None:
        self.runs = 0

    def problems(self, session: Session) -> list[str]:
        self.runs += 1
        found = []
        for each in session.scalars(select(OneTimeCode.id)):
            found += [f"{each} {name}" for name in session.scalars(select(Person.name))]
        return found


def run(memory: Memory, counted: Counted, filled: Filled) -> list[str]:
    check = memory._remember_check(counted.problems)
    with db.read() as session, memory.used(filled):
        return list(check(session))


def test_a_check_of_empty_tables_runs_once(database: Database) -> None:
    memory, counted = Memory(), Counted()
    assert [run(memory, counted, NOTHING) for _ in range(3)] == [[], [], []]
    assert counted.runs == 1


def test_a_row_in_another_table_does_not_matter(database: Database) -> None:
    memory, counted = Memory(), Counted()
    run(memory, counted, NOTHING)
    # No code led to the people, so their rows change nothing.
    run(memory, counted, Filled(frozenset({"person"})))
    assert counted.runs == 1


def test_a_row_in_a_table_it_read_has_it_run_again(database: Database) -> None:
    memory, counted = Memory(), Counted()
    run(memory, counted, NOTHING)
    for runs in (2, 3):
        run(memory, counted, Filled(frozenset({"one_time_code"})))
        assert counted.runs == runs


def test_another_moment_has_it_run_again(database: Database) -> None:
    memory, counted = Memory(), Counted()
    run(memory, counted, NOTHING)
    with clock.fixed(clock.at(clock.today(), 23)):
        run(memory, counted, NOTHING)
    assert counted.runs == 2


def test_other_communities_have_what_reads_them_run_again(database: Database) -> None:
    memory, runs = Memory(), []

    def problems(session: Session) -> list[str]:
        found = [f"{each}" for each in session.scalars(select(Community.slug))]
        runs.append(found)
        return found

    check = memory._remember_check(problems)
    builders.make_community("one")
    for slug, expected in (("one", 1), ("two", 2)):
        if slug == "two":
            builders.make_community("two")
        for _ in range(2):
            with db.read() as session, memory.used(look_into(session)):
                assert len(list(check(session))) == expected
        assert len(runs) == expected


def test_what_a_check_within_has_read_counts_for_the_outer_one(database: Database) -> None:
    memory, counted = Memory(), Counted()
    inner = memory._remember_check(counted.problems)
    outer = memory._remember_check(lambda session: inner(session))  # noqa: PLW0108  another check
    with db.read() as session:
        for filled in (NOTHING, NOTHING, Filled(frozenset({"one_time_code"}))):
            with memory.used(filled):
                assert list(outer(session)) == []
    assert counted.runs == 2


def test_a_fault_is_told_although_its_tables_were_empty_before(
    database: Database, client: FlaskClient
) -> None:
    memory = Memory()

    def told() -> list[str]:
        with db.read() as session, memory.used(look_into(session)):
            return assembly.problems(session)

    def let_die(session: Session, actor: Actor, day: date | None) -> None:
        session.get_one(Person, person_id).died_on = day

    assert told() == []
    person_id = builders.make_person(builders.make_community())
    builders.sign_in(client, person_id)
    assert told() == []
    db.write(let_die, builders.INSTALLATION, clock.today())
    assert told() == ["session 1 belongs to somebody dead, erased or merged"]
    db.write(let_die, builders.INSTALLATION, None)


def test_the_tables_with_rows_are_seen(database: Database) -> None:
    with db.read() as session:
        assert look_into(session).tables == frozenset()
    builders.make_community()
    with db.read() as session:
        assert look_into(session).tables == {"community"}


def test_every_room_has_checks_that_are_remembered() -> None:
    rooms = {each.__module__.split(".")[1] for each in find_checks()}
    assert rooms == {each.__module__.split(".")[1] for each in assembly.CHECKS}
