"""Long rolls in pieces: what stumbles goes on where it was, never twice, and shows whole."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from community import deliberation, transparency
from community.deliberation import PollKind, PollState, RollKind, Standing, Turnout
from community.deliberation.errors.polls import (
    CityBallotsMissing,
    NoSuchNumber,
    NothingToResume,
    PollNotFound,
    RollAtWork,
)
from community.deliberation.models import Ballot, BallotEvent, RollEntry, RollUnit, RollWork
from community.deliberation.queries.roll_works import RollWorkView, roll_work_of
from community.deliberation.rules.polls import roll_hash
from community.deliberation.service import (
    city_ballots,
    polls,
    reminding,
    roll_freezing,
    roll_posting,
    roll_works,
)
from community.identity import models
from community.kernel import clock, db, jobs
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed
from community.kernel.jobs import kinds
from community.notices.models import Message
from tests import builders
from tests.deliberation.owning import let_own, make_people, make_units
from tests.deliberation.test_owners_votes import NOTICE
from tests.deliberation.voting import (
    NO,
    YES,
    Street,
    draft,
    during,
    entries_of,
    make_street,
    poll_of,
)

pytestmark = pytest.mark.usefixtures("database")
OWNERS = 230
AREA = 9_000


class Stopped(Exception):
    """The process stumbled after it had written half a piece."""


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every piece end as soon as it may, and every roll be a long one."""
    monkeypatch.setattr(kinds.Budget, "lasts", lambda _: False)
    monkeypatch.setattr(city_ballots, "MOST_LINES", 50)
    monkeypatch.setattr(reminding, "VOTERS_AT_ONCE", 50)
    monkeypatch.setattr(reminding, "VOTERS_TOGETHER", 1)


def estate() -> tuple[Street, int]:
    """An owners' vote in draft over more heads than go into one command."""
    street = make_street(0)
    street.people = make_people(street.community_id, OWNERS)
    units = make_units(street.community_id, [AREA] * OWNERS)
    owned = [(unit, {"person_id": who}) for unit, who in zip(units, street.people, strict=True)]
    let_own(street.community_id, owned)
    return street, db.write(deliberation.draft_poll, street.convener, draft(street, **asked()))


def asked() -> dict[str, Any]:
    opens = clock.now() + NOTICE
    return {
        "kind": PollKind.OWNERS,
        "roll_kind": RollKind.OWNERS,
        "people": (),
        "standing": Standing.STATUTORY,
        "turnout": Turnout.SHOWN,
        "opens_at": opens,
        "closes_at": opens + timedelta(days=14),
        "settings": {"item": 4, "has_paper": True},
    }


def post(street: Street, poll_id: int) -> None:
    assert db.write(deliberation.post_roll, street.convener, poll_id, 100) == 0


def freeze(street: Street, poll_id: int) -> None:
    assert db.write(deliberation.freeze_poll, street.convener, poll_id, "", 100) == ""


def posted() -> tuple[Street, int]:
    street, poll_id = estate()
    db.write(deliberation.post_roll, street.convener, poll_id, OWNERS)
    return street, poll_id


def frozen() -> tuple[Street, int]:
    street, poll_id = posted()
    db.write(deliberation.freeze_poll, street.convener, poll_id, "", OWNERS)
    return street, poll_id


@contextmanager
def stumbling(kind: jobs.JobKind, after: int) -> Iterator[None]:
    """Let the job of a kind stumble when it has written some pieces, in the middle of the next."""
    written = 0

    def chunk(session: Session, actor: Actor, args: Any, step: jobs.Step) -> int:
        nonlocal written
        reached = kind.chunk(session, actor, args, step)
        if written == after:
            raise Stopped
        written += 1
        return reached

    jobs.register(replace(kind, chunk=chunk))
    yield
    jobs.register(kind)
    assert written == after, job_errors()


def stumble(kind: jobs.JobKind, after: int) -> None:
    # What a job stumbles over is told at length, once a time.
    with stumbling(kind, after), capture_logs():
        builders.run_jobs()


def fail(kind: jobs.JobKind) -> None:
    """Let a job stumble at its first piece as often as it tries."""
    for minutes in (0, 10, 60):
        with clock.fixed(clock.now() + timedelta(minutes=minutes)):
            stumble(kind, after=0)


def later() -> Any:
    """Be so much later that the dead runner's claim has run out."""
    return clock.fixed(clock.now() + timedelta(minutes=5))


def count(table: type[Any], *chosen: Any) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(table).where(*chosen)) or 0


def roll(poll_id: int) -> list[tuple[Any, ...]]:
    with db.read() as session:
        rows = session.execute(
            select(RollEntry.number, RollEntry.owner_key, RollEntry.area_centiares)
            .where(RollEntry.poll_id == poll_id)
            .order_by(RollEntry.number)
        )
        return [tuple(each) for each in rows]


def told_entries(street: Street) -> list[Any]:
    """Read from the public log what was told of rolls, in the order of telling."""
    with db.read() as session:
        parts = [
            each.fields
            for each in transparency.records_of(session, street.community_id, "poll.roll")
        ]
    return [entry for part in parts for entry in part["entries"]]


def work_of(street: Street, poll_id: int) -> RollWorkView:
    with db.read() as session:
        found = roll_work_of(session, street.convener, poll_id)
    assert found is not None
    return found


def test_a_long_roll_is_drawn_up_from_registers_that_stand_still() -> None:
    street, poll_id = estate()
    db.write(deliberation.post_roll, street.convener, poll_id, OWNERS)
    whole, units = roll(poll_id), count(RollUnit)
    back = draft(street, **asked())
    db.write(polls.change_draft, street.convener, poll_id, back)
    post(street, poll_id)
    stumble(roll_posting.KIND, after=40)
    assert poll_of(street, poll_id).state is PollState.DRAFT
    assert 0 < len(roll(poll_id)) < OWNERS
    with pytest.raises(RollAtWork):
        post(street, poll_id)
    swap_owners(street)
    with later():
        builders.run_jobs()
    assert poll_of(street, poll_id).state is PollState.ROLL_POSTED
    assert roll(poll_id) == whole
    assert count(RollUnit) == units == OWNERS
    assert count(RollWork, RollWork.lines.is_not(None)) == 0


def test_a_long_roll_is_frozen_whole_and_told_once() -> None:
    street, poll_id = posted()
    first = entries_of(street, poll_id)[0]
    freeze(street, poll_id)
    stumble(roll_freezing.KIND, after=1)
    assert poll_of(street, poll_id).frozen_at is None
    assert told_entries(street) == []
    with pytest.raises(RollAtWork):
        db.write(deliberation.name_voter, street.convener, first, street.people[1])
    with later():
        stumble(roll_freezing.KIND, after=4)
    held = poll_of(street, poll_id)
    assert held.frozen_at is not None
    assert len(told_entries(street)) == 150
    with later(), later():
        builders.run_jobs()
    told = told_entries(street)
    assert [number for number, _, _ in told] == list(range(1, OWNERS + 1))
    assert roll_hash([tuple(each) for each in told]) == held.roll_hash
    assert poll_of(street, poll_id) == held


def test_a_roll_is_worked_at_once_only() -> None:
    street, poll_id = estate()
    said: list[str] = []

    def press() -> None:
        try:
            post(street, poll_id)
            said.append("begun")
        except RollAtWork:
            said.append("refused")

    pressing = [threading.Thread(target=press) for _ in range(4)]
    for each in pressing:
        each.start()
    for each in pressing:
        each.join()
    assert sorted(said) == ["begun", "refused", "refused", "refused"]
    runners = [threading.Thread(target=builders.run_jobs) for _ in range(2)]
    for each in runners:
        each.start()
    for each in runners:
        each.join()
    assert len(roll(poll_id)) == OWNERS
    assert count(RollWork) == 1


def test_work_that_failed_goes_on_by_the_desks_button_or_gives_way() -> None:
    street, poll_id = posted()
    freeze(street, poll_id)
    for minutes in (0, 10, 60):
        with (
            clock.fixed(clock.now() + timedelta(minutes=minutes)),
            stumbling(roll_freezing.KIND, 0),
        ):
            builders.run_jobs()
    assert work_of(street, poll_id).has_failed
    with pytest.raises(NotAllowed):
        db.write(roll_works.resume_roll_work, street.voter(0), poll_id)
    with pytest.raises(PollNotFound):
        db.write(roll_works.resume_roll_work, make_street(0, "neighbour").convener, poll_id)
    old = db.write(roll_works.resume_roll_work, street.convener, poll_id)
    with pytest.raises(NothingToResume):
        db.write(roll_works.resume_roll_work, street.convener, poll_id)
    fail(roll_freezing.KIND)
    freeze(street, poll_id)
    db.write(jobs.retry_job, street.convener, old)
    builders.run_jobs()
    assert poll_of(street, poll_id).state is PollState.FROZEN
    assert len(told_entries(street)) == OWNERS
    assert count(RollWork, RollWork.ended_at.is_(None)) == 0


def test_a_citys_ballots_are_all_in_before_the_count() -> None:
    street, poll_id = frozen()
    lines = tuple((number, NO if number % 3 else YES) for number in range(1, OWNERS + 1))
    with during(street, poll_id) as closes_at:
        db.write(deliberation.cast_ballot, street.voter(0), poll_id, YES)
    with clock.fixed(closes_at):
        db.write(deliberation.close_poll, street.system, poll_id)
        with pytest.raises(NoSuchNumber):
            db.write(city_ballots.import_ballots, street.convener, poll_id, ((999, NO), *lines))
        assert count(RollWork) == 0
        db.write(city_ballots.import_ballots, street.convener, poll_id, lines)
        stumble(city_ballots.KIND, after=60)
        assert count(Ballot) == 60
        with pytest.raises(CityBallotsMissing):
            db.write(deliberation.decide_poll, street.convener, poll_id)
        with later():
            builders.run_jobs()
        assert work_of(street, poll_id).passed_over == (1,)
        db.write(city_ballots.import_ballots, street.convener, poll_id, lines)
        builders.run_jobs()
        assert (count(Ballot), count(BallotEvent)) == (OWNERS, OWNERS)
        decided = db.write(deliberation.decide_poll, street.convener, poll_id)
    assert not decided.passed


def test_everybody_is_reminded_once_who_has_not_voted() -> None:
    street, poll_id = frozen()
    closes_at = poll_of(street, poll_id).closes_at
    reminded = Message.link == f"polls/{poll_id}"
    with clock.fixed(closes_at - timedelta(hours=20)):
        db.write(deliberation.cast_ballot, street.voter(120), poll_id, YES)
        assert db.write(reminding.remind_voters, street.system) == 1
        stumble(reminding.KIND, after=100)
        assert count(Message, reminded) == 100
        db.write(deliberation.cast_ballot, street.voter(OWNERS - 1), poll_id, YES)
        with later():
            assert db.write(reminding.remind_voters, street.system) == 0
            builders.run_jobs()
    with db.read() as session:
        told = list(session.scalars(select(Message.person_id).where(reminded)))
    voted = {street.people[120], street.people[-1]}
    assert sorted(told) == sorted(set(street.people) - voted)


def test_reminders_stop_where_the_end_has_moved() -> None:
    street, poll_id = frozen()
    closes_at = poll_of(street, poll_id).closes_at
    with clock.fixed(closes_at - timedelta(hours=20)):
        db.write(reminding.remind_voters, street.system)
        stumble(reminding.KIND, after=10)
        db.write(polls.extend_poll, street.convener, poll_id, closes_at + timedelta(days=9))
        with later():
            builders.run_jobs()
        assert count(Message, Message.link == f"polls/{poll_id}") == 10


def swap_owners(street: Street) -> None:
    """Let the first and the last owner change homes, while the roll is half drawn up."""

    def run(session: Session, actor: Actor) -> None:
        held = select(models.Ownership).order_by(models.Ownership.unit_id)
        rows = session.scalars(held.where(models.Ownership.community_id == street.community_id))
        owned = rows.all()
        first, last = owned[0], owned[-1]
        first.person_id, last.person_id = last.person_id, first.person_id

    db.write(run, street.system)


def job_errors() -> list[str | None]:
    with db.read() as session:
        return list(session.scalars(select(jobs.Job.error).order_by(jobs.Job.id)))
