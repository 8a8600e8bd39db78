"""Two hundred people in the last second: one ballot each, none after closing, each with a receipt.

And what the row lock and the unique constraint are for: without both, the same race is lost.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from community import deliberation
from community.deliberation.errors.polls import AlreadyClosed
from community.deliberation.models import Ballot, BallotEvent
from community.deliberation.service import ballots as service
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import Busy, WriteFailed
from tests.conftest import is_postgres
from tests.deliberation.owning import make_people
from tests.deliberation.voting import NO, YES, Street, frozen, make_street, poll_of

PEOPLE = 200
LEANING = (
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE contype = 'f' AND conindid = (SELECT conindid FROM pg_constraint"
    " WHERE conname = :name) ORDER BY conname"
)
THREADS = 24


@dataclass
class Rush:
    """What the last second brought."""

    receipts: list[deliberation.CastBallot] = field(default_factory=list)
    too_late: int = 0
    failed: list[Exception] = field(default_factory=list)


def last_second(street: Street, poll_id: int, people: list[int], *, closes: bool) -> Rush:
    """Let everybody vote at once, every other one twice; half-way the clock passes the end."""
    rush, closes_at = Rush(), poll_of(street, poll_id).closes_at
    acts = [(person, YES) for person in people] + [(person, NO) for person in people[::2]]
    # Both of a double stand close together, as two taps or two phones do.
    acts.sort(key=lambda act: act[0])
    half = threading.Event()

    def cast(place: int) -> None:
        if place == len(acts) // 2:
            half.set()
        person, pairs = acts[place]
        actor = Actor(street.community_id, person, grants=frozenset({"deliberation.vote"}))
        try:
            rush.receipts.append(db.write(deliberation.cast_ballot, actor, poll_id, pairs))
        except AlreadyClosed:
            rush.too_late += 1
        except (Busy, WriteFailed) as error:
            rush.failed.append(error)

    with clock.fixed(closes_at - timedelta(seconds=1)), ThreadPoolExecutor(THREADS) as pool:
        going = [pool.submit(cast, place) for place in range(len(acts))]
        if closes:
            half.wait(30)
            with clock.fixed(closes_at):
                db.write(deliberation.close_poll, street.system, poll_id)
                for each in going:
                    each.result()
        for each in going:
            each.result()
    return rush


def ballots_of(poll_id: int) -> tuple[int, int, int]:
    """Count ballots, the entries they are of, and the acts that made them."""
    with db.read() as session:
        ballots, entries = session.execute(
            select(func.count(), func.count(Ballot.roll_entry_id.distinct())).where(
                Ballot.poll_id == poll_id
            )
        ).one()
        chosen = select(func.count()).where(BallotEvent.poll_id == poll_id)
        return ballots, entries, session.scalar(chosen) or 0


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("secrecy", list(deliberation.Secrecy))
def test_the_last_second_is_counted_exactly(secrecy: deliberation.Secrecy) -> None:
    street = make_street(0)
    people = make_people(street.community_id, PEOPLE)
    poll_id = frozen(street, people=tuple(people), secrecy=secrecy)
    rush = last_second(street, poll_id, people, closes=True)
    assert not rush.failed
    assert rush.too_late > 0
    assert len(rush.receipts) + rush.too_late == PEOPLE * 3 // 2
    ballots, entries, acts = ballots_of(poll_id)
    voted = {each.roll_entry_id for each in rush.receipts}
    assert ballots == entries == len(voted)
    assert acts == len({each.number for each in rush.receipts})
    with clock.fixed(poll_of(street, poll_id).closes_at):
        db.write(deliberation.decide_poll, street.system, poll_id)
    with db.read() as session:
        outcome = deliberation.count_poll(session, street.community_id, poll_id)
    assert outcome["votes"] == len(voted)


@pytest.fixture
def without_guards(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take away the row lock of an entry and the unique constraint of its ballot."""
    assert not database.is_sqlite
    monkeypatch.setattr(service, "_LOCK_ENTRY", "")
    look = "SELECT conname FROM pg_constraint WHERE conrelid = 'ballot'::regclass AND contype = 'u'"
    with database.writer_engine.begin() as connection:
        names = [name for (name,) in connection.execute(text(look))]
        [name] = [each for each in names if re.search("poll_id_roll_entry_id", each)]
        # What refers to a ballot by its entry leans on the constraint, and comes back after it.
        leaning = connection.execute(text(LEANING), {"name": name}).all()
        connection.execute(text(f"ALTER TABLE ballot DROP CONSTRAINT {name} CASCADE"))
    yield
    with database.writer_engine.begin() as connection:
        # The invariants that are checked after each test would name the doubles made here.
        connection.execute(text("TRUNCATE poll CASCADE"))
        unique = f"ALTER TABLE ballot ADD CONSTRAINT {name} UNIQUE (poll_id, roll_entry_id)"
        connection.execute(text(unique))
        for table, key, said in leaning:
            connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {key} {said}"))


@pytest.mark.skipif(not is_postgres(), reason="SQLite has one writer and needs no row lock")
def test_without_lock_and_constraint_somebody_votes_twice(
    database: Database, without_guards: None
) -> None:
    """The race above really needs its guards: PostgreSQL lets two first ballots through."""
    random.seed(7)
    street = make_street(0)
    people = make_people(street.community_id, PEOPLE)
    poll_id = frozen(street, people=tuple(people))
    rush = last_second(street, poll_id, people, closes=False)
    ballots, entries, _ = ballots_of(poll_id)
    assert rush.too_late == 0
    assert ballots > entries
