"""Ballots of the city's own e-voting system: taken over when the poll has closed, by a job."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation import permissions
from community.deliberation.errors.polls import (
    AlreadyClosed,
    NoPaperHere,
    NoSuchNumber,
    OtherBallotCounts,
    PaperWaits,
)
from community.deliberation.models import Poll, PollOption, RollEntry, RollWork, RollWorkKind
from community.deliberation.queries.choices import judge_choice
from community.deliberation.rules.polls import Origin, Pairs, PollState
from community.deliberation.service.ballots import record_ballot
from community.deliberation.service.poll_rows import get_poll_row
from community.deliberation.service.roll_works import begin, check_idle, end, load_work
from community.kernel import jobs
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.jobs.kinds import Arguments

Line = tuple[int, Pairs]
# More than a piece of 50 ms ever enters.
MOST_LINES = 200


def import_ballots(session: Session, actor: Actor, poll_id: int, lines: tuple[Line, ...]) -> int:
    """Begin to enter ballots (number on the roll, choice) from the city's system; gives the job.

    The file is judged whole before the first ballot is entered, and the poll is not decided before
    the last one is. The same file twice changes nothing.
    Raises: PollNotFound, RollAtWork, NoSuchNumber, NoPaperHere, PaperWaits, AlreadyClosed,
    BadChoice.
    """
    actor.check(permissions.OPERATE.code)
    row = get_poll_row(session, actor.community_id, poll_id)
    check_idle(session, row)
    _check_hours(row)
    _check_lines(session, row, lines)
    work = begin(session, actor, row, RollWorkKind.CITY, lines=json.dumps(lines))
    assert work.job_id is not None
    return work.job_id


def plan_import(session: Session, actor: Actor, args: Arguments) -> int:
    """Tell how many ballots there are."""
    return len(json.loads(load_work(session, actor, args).lines or "[]"))


def prepare_import(
    session: Session, actor: Actor, args: Arguments, position: int
) -> tuple[Line, ...]:
    """Read the next ballots outside the writer."""
    lines = json.loads(load_work(session, actor, args).lines or "[]")
    return tuple(_line_of(each) for each in lines[position : position + MOST_LINES])


def write_import(session: Session, actor: Actor, args: Arguments, step: jobs.Step) -> int:
    """Enter ballots while the slice of time lasts, one at least."""
    work = load_work(session, actor, args)
    get_poll_row(session, actor.community_id, work.poll_id)
    entries = _entries(session, work, [number for number, _ in step.ready])
    position = step.position
    for number, pairs in step.ready:
        try:
            record_ballot(session, actor, entries[number], pairs, Origin.CITY)
        except OtherBallotCounts:
            work.passed_over = [*work.passed_over, number]
        position += 1
        if not step.budget.lasts():
            break
    return position


def finish_import(session: Session, actor: Actor, args: Arguments) -> dict[str, Any]:
    """Let the poll be counted; tells the numbers whose other ballot counts by the posted rule."""
    work = load_work(session, actor, args)
    passed_over = tuple(work.passed_over)
    end(session, work)
    return {"passed_over": passed_over}


KIND = jobs.JobKind(
    "deliberation.import_city_ballots",
    N_("导入市级投票系统的票"),
    plan=plan_import,
    prepare=prepare_import,
    chunk=write_import,
    finish=finish_import,
)


def _line_of(plain: Sequence[Any]) -> Line:
    number, pairs = plain
    return number, tuple((option, value) for option, value in pairs)


def _check_hours(row: Poll) -> None:
    """Refuse ballots that come late or early as each of them would be, before any is entered."""
    if row.state is PollState.DECIDED:
        raise AlreadyClosed
    if not row.settings["has_paper"]:
        raise NoPaperHere
    if row.state is not PollState.CLOSED:
        raise PaperWaits


def _check_lines(session: Session, row: Poll, lines: Sequence[Line]) -> None:
    numbers = set(
        session.scalars(
            select(RollEntry.number).where(
                RollEntry.community_id == row.community_id, RollEntry.poll_id == row.id
            )
        )
    )
    made = select(PollOption.number, PollOption.cost_fen).where(PollOption.poll_id == row.id)
    options = tuple((number, cost) for number, cost in session.execute(made))
    settings = json.dumps(row.settings)
    for number, pairs in lines:
        if number not in numbers:
            raise NoSuchNumber(number=number)
        judge_choice(row.kind, settings, options, tuple(sorted(pairs)), "")


def _entries(session: Session, work: RollWork, numbers: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(RollEntry.number, RollEntry.id).where(
            RollEntry.community_id == work.community_id,
            RollEntry.poll_id == work.poll_id,
            RollEntry.number.in_(numbers),
        )
    )
    return dict(rows.all())
