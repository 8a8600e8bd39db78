"""Four writers at once over the freeze: none lands late; and what the guards are for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from community import sealing
from community.kernel import clock, db, triggers
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import Busy, WriteFailed
from community.sealing import errors
from community.sealing.models import Box, Envelope
from community.sealing.service import envelopes, locking
from tests.conftest import World
from tests.sealing.scene import MICROSECOND, Scene, go_around, make_box

WRITERS = 4
RUNS = 5


@contextmanager
def running(start: datetime) -> Iterator[None]:
    """Let the product's clock run from an instant on, however busy the machine is."""
    begun = time.monotonic_ns()

    def now() -> datetime:
        return start + timedelta(microseconds=(time.monotonic_ns() - begun) // 1_000)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", now)
        yield


def rush(scene: Scene) -> tuple[int, int]:
    """Let four writers hand in from before the deadline until 50 ms after it.

    Tells how many were taken and how many were refused as late.
    """
    taken, late = [0] * WRITERS, [0] * WRITERS
    ends = scene.deadline + timedelta(milliseconds=50)

    def write(place: int) -> None:
        number = 0
        while clock.now() < ends:
            number += 1
            try:
                scene.put(f"bid:{place}-{number}", b"a bid")
            except errors.TooLate:
                late[place] += 1
            except (Busy, WriteFailed):
                continue
            else:
                taken[place] += 1

    before = scene.deadline - timedelta(milliseconds=100)
    with running(before), ThreadPoolExecutor(WRITERS + 1) as pool:
        going = [pool.submit(write, place) for place in range(WRITERS)]
        freezing = pool.submit(freeze_when_due, scene)
        for each in (*going, freezing):
            each.result()
    return sum(taken), sum(late)


def freeze_when_due(scene: Scene) -> None:
    while True:
        try:
            db.write(sealing.freeze_box, scene.system, scene.box_id)
        except (errors.BoxStillTaking, Busy, WriteFailed):
            continue
        return


def late_rows(scene: Scene) -> int:
    with db.read() as session:
        query = select(Envelope.received_at).where(
            Envelope.box_id == scene.box_id, Envelope.received_at >= scene.deadline
        )
        return len(list(session.scalars(query)))


@pytest.mark.usefixtures("database")
def test_four_writers_over_the_freeze_none_lands_late() -> None:
    first = make_box()
    for run in range(RUNS):
        scene = make_box(subject=f"trial:{run + 10}", community_id=first.community_id)
        taken, late = rush(scene)
        assert taken > 0
        assert late > 0
        with clock.fixed(scene.deadline):
            assert scene.view().count == taken
        assert late_rows(scene) == 0


GUARDS = {
    "sealing_envelope": "sealing_envelope_in_time",
    "sealing_content": "sealing_content_in_time",
}


@pytest.fixture
def without_guards(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Take away the rule, and the triggers behind it."""
    monkeypatch.setattr("community.sealing.rules.boxes.check_taking", lambda times, now: None)
    tables = {name: "" if database.is_sqlite else f" ON {table}" for table, name in GUARDS.items()}
    go_around(*(f"DROP TRIGGER {name}{table}" for name, table in tables.items()))
    yield
    # The invariants that are checked after each test would name what landed late.
    world.renew()
    dialect = "sqlite" if database.is_sqlite else "postgresql"
    made = [each for each in triggers.registered() if each.name in GUARDS.values()]
    go_around(*(sql for each in made for sql in each.statements(dialect)))


@pytest.mark.usefixtures("without_guards")
def test_without_guards_some_land_late() -> None:
    """The race above really needs rule and triggers."""
    scene = make_box()
    _, late = rush(scene)
    assert late == 0
    assert late_rows(scene) > 0


def wait_over_the_deadline(scene: Scene, ready: threading.Event) -> bool:
    """Let a writer wait for the box over its deadline; tell whether it was taken in."""
    holding, go = threading.Event(), threading.Event()

    def hold(session: Session, actor: Actor) -> None:
        locking.lock_box(session, actor, scene.box_id)
        holding.set()
        go.wait(30)

    def put() -> bool:
        holding.wait(30)
        ready.set()
        try:
            scene.put("bid:1", b"a bid")
        except errors.TooLate:
            return False
        return True

    with clock.fixed(scene.deadline - MICROSECOND), ThreadPoolExecutor(2) as pool:
        held = pool.submit(db.write, hold, scene.system)
        waiting = pool.submit(put)
        assert ready.wait(30)
        with clock.fixed(scene.deadline):
            go.set()
            held.result()
            return waiting.result()


@pytest.mark.usefixtures("database")
def test_a_lock_won_at_the_deadline_is_out() -> None:
    scene = make_box()
    assert not wait_over_the_deadline(scene, threading.Event())


@pytest.mark.usefixtures("database")
def test_a_clock_read_before_the_lock_would_let_it_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the order of lock and clock is for."""
    scene = make_box()
    told_early = clock.now()

    def look_first(session: Session, actor: Actor, box_id: int) -> tuple[Box, datetime]:
        box, _ = locking.lock_box(session, actor, box_id)
        return box, told_early

    monkeypatch.setattr(envelopes, "lock_box", look_first)
    assert wait_over_the_deadline(scene, threading.Event())
