"""Four firms at once over the deadline: none lands late; and what the guards are for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import micro_projects, sealing
from community.kernel import clock, db, triggers
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import Busy, WriteFailed
from community.micro_projects import BidContent
from community.micro_projects.errors import tenders as errors
from community.micro_projects.models import Bid, BidEvent, Tender
from community.micro_projects.service import bidding, freezing
from community.micro_projects.service.tender_steps import lock_tender
from community.sealing.models import Envelope
from community.sealing.rules.boxes import hash_set
from tests.conftest import World
from tests.micro_projects.scene import make_project
from tests.micro_projects.tendering import (
    BUDGET,
    MICROSECOND,
    Tendering,
    draft_of,
    make_tendering,
    publish,
    published,
)
from tests.sealing.scene import go_around

FIRMS = 4
RUNS = 5
SPAN = timedelta(milliseconds=150)
LATER = timedelta(milliseconds=50)
Run = Callable[[datetime], None]


@pytest.fixture
def run_from(database: Database, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Let the clock run on from an instant, as fast as the real one."""

    def run(instant: datetime) -> None:
        shift = instant - datetime.now(UTC)
        monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + shift)

    return run


def rush(made: Tendering, deadline: datetime) -> tuple[int, int]:
    """Let four firms hand in and replace until a little after the deadline, and freeze meanwhile.

    Tells how many were taken and how many were refused as late.
    """
    taken, late = [0] * FIRMS, [0] * FIRMS

    def write(place: int) -> None:
        price = 1_000_000 * (place + 1)
        while clock.now() < deadline + LATER:
            price += 1
            bid = BidContent(price, "按图施工")
            try:
                db.write(micro_projects.submit_bid, made.bidders[place], made.tender_id, bid)
            except (errors.TooLate, sealing.TooLate):
                late[place] += 1
            except (Busy, WriteFailed):
                continue
            else:
                taken[place] += 1

    def freeze() -> None:
        while True:
            try:
                if db.write(freezing.freeze_tender, made.scene.system, made.tender_id):
                    return
            except (Busy, WriteFailed):
                continue

    with ThreadPoolExecutor(FIRMS + 1) as pool:
        going = [pool.submit(write, place) for place in range(FIRMS)]
        for each in (*going, pool.submit(freeze)):
            each.result()
    return sum(taken), sum(late)


def landed_late(made: Tendering, deadline: datetime) -> int:
    """Count envelopes and acts at or after the deadline."""
    with db.read() as session:
        acts = session.scalar(
            select(func.count())
            .select_from(BidEvent)
            .join(Bid, Bid.id == BidEvent.bid_id)
            .where(Bid.tender_id == made.tender_id, BidEvent.acted_at >= deadline)
        )
        envelopes = session.scalar(
            select(func.count())
            .select_from(Envelope)
            .join(Tender, Tender.box_id == Envelope.box_id)
            .where(Tender.id == made.tender_id, Envelope.received_at >= deadline)
        )
    return (acts or 0) + (envelopes or 0)


def another(made: Tendering) -> Tendering:
    """Publish one more tender of the same community."""
    project_id = make_project(made.scene, budget_fen=BUDGET)
    tender_id = db.write(micro_projects.draft_tender, made.officer, project_id, draft_of())
    return publish(replace(made, project_id=project_id, tender_id=tender_id))


def test_four_firms_over_the_freeze_none_lands_late(
    run_from: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_tendering(firms=FIRMS)
    runs = [publish(first), *(another(first) for _ in range(RUNS - 1))]
    for made in runs:
        deadline = made.view().deadline
        assert deadline is not None
        run_from(deadline - SPAN)
        taken, late = rush(made, deadline)
        assert taken > 0
        assert late > 0
        assert landed_late(made, deadline) == 0
        box_id = made.view().box_id
        assert box_id is not None
        with db.read() as session:
            box = sealing.get_box(session, made.community_id, box_id)
            marks = session.scalars(
                select(Envelope.commitment).where(
                    Envelope.box_id == box_id, Envelope.ended_at.is_(None)
                )
            ).all()
        assert box.set_hash == hash_set(marks)


GUARDS = {
    "sealing_envelope_in_time": "sealing_envelope",
    "sealing_envelope_stays": "sealing_envelope",
    "sealing_content_in_time": "sealing_content",
    "bid_late": "bid",
    "bid_changed_late": "bid",
    "bid_event_late": "bid_event",
}


@pytest.fixture
def without_guards(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Take away the rules of both rooms, and the triggers behind them."""
    monkeypatch.setattr("community.sealing.rules.boxes.check_taking", lambda times, now: None)
    monkeypatch.setattr(bidding, "check_hours", lambda row: clock.now())
    tables = {name: "" if database.is_sqlite else f" ON {table}" for name, table in GUARDS.items()}
    go_around(*(f"DROP TRIGGER {name}{table}" for name, table in tables.items()))
    yield
    # The invariants that are checked after each test would name what landed late.
    world.renew()
    dialect = "sqlite" if database.is_sqlite else "postgresql"
    made = [each for each in triggers.registered() if each.name in GUARDS]
    go_around(*(sql for each in made for sql in each.statements(dialect)))


@pytest.mark.usefixtures("without_guards")
def test_without_guards_some_land_late(run_from: Run) -> None:
    """The race above really needs rules and triggers."""
    made = published(firms=FIRMS)
    deadline = made.view().deadline
    assert deadline is not None
    run_from(deadline - SPAN)
    _, late = rush(made, deadline)
    assert late == 0
    assert landed_late(made, deadline) > 0


@pytest.mark.usefixtures("database")
def test_a_lock_won_at_the_deadline_is_out() -> None:
    made = published()
    found = made.view()
    assert found.deadline is not None
    holding, ready, go = threading.Event(), threading.Event(), threading.Event()

    def hold(session: Session, actor: Actor) -> None:
        lock_tender(session, actor, made.tender_id)
        holding.set()
        go.wait(30)

    def put() -> bool:
        holding.wait(30)
        ready.set()
        try:
            made.bid(0)
        except errors.TooLate:
            return False
        return True

    with clock.fixed(found.deadline - MICROSECOND), ThreadPoolExecutor(2) as pool:
        held = pool.submit(db.write, hold, made.scene.system)
        waiting = pool.submit(put)
        assert ready.wait(30)
        with clock.fixed(found.deadline):
            go.set()
            held.result()
            assert not waiting.result()
    assert made.own(0) is None
