"""The commands of a job's life: start, claim, advance, finish, fail, retry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from community.kernel import clock, codec, events
from community.kernel.actor import Actor
from community.kernel.db import hot_path
from community.kernel.errors import N_, NotFound, RuleBroken
from community.kernel.jobs.kinds import Step, get_kind
from community.kernel.jobs.models import Job, JobState
from community.kernel.jobs.queries import JobEnded, view_of

# A runner that says nothing for this long is taken for dead, and another goes on.
CLAIM = timedelta(seconds=60)
BACKOFF_MINUTES = (1, 5, 30)


class JobNotFailed(RuleBroken):
    """Only a failed job can be tried again."""

    message = N_("这个任务没有失败，不需要重试。")


class ClaimLost(RuleBroken):
    """Another runner took the job over; this one stops."""

    message = N_("任务已由另一个进程接手。")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job in a runner's hands."""

    id: int
    kind: str
    actor: Actor
    args: dict[str, Any]
    is_planned: bool
    position: int
    total: int
    attempts: int


def start_job(
    session: Session,
    actor: Actor,
    kind: str,
    args: Mapping[str, Any] | None = None,
    link: str = "",
    run_after: datetime | None = None,
) -> int:
    """Start long work on behalf of the actor and return its id; `link` is where its result shows.

    It runs with the grants the actor holds now. Called inside a command, never instead of one.
    """
    plain = dict(args or {})
    codec.check_plain(plain)
    get_kind(kind)
    now = clock.now()
    row = Job(
        community_id=actor.community_id,
        kind=kind,
        actor=codec.dump(actor),
        started_by=actor.person_id,
        args=codec.dump(plain),
        link=link,
        state=JobState.WAITING,
        run_after=run_after or now,
        started_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def retry_job(session: Session, actor: Actor, job_id: int) -> None:
    """Let a failed job go on where it stopped.

    Raises: NotFound, also for somebody else's job; JobNotFailed.
    """
    row = session.get(Job, job_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    if row.started_by != actor.person_id and not actor.is_system:
        raise NotFound
    changed = _step(
        session,
        job_id,
        JobState.FAILED,
        {"state": JobState.WAITING, "attempts": 0, "error": None, "run_after": clock.now()},
    )
    if not changed:
        raise JobNotFailed


def is_due(now: datetime) -> ColumnElement[bool]:
    """Choose jobs that wait for a runner, or whose runner died."""
    return or_(
        and_(Job.state == JobState.WAITING, Job.run_after <= now),
        and_(Job.state == JobState.RUNNING, Job.claimed_until < now),
    )


@hot_path
def claim_job(session: Session, actor: Actor, runner: str, now: datetime) -> Claimed | None:
    """Take the next job that is due, or one whose runner died; None when there is none."""
    due = is_due(now)
    next_id = select(Job.id).where(due).order_by(Job.run_after, Job.id).limit(1).scalar_subquery()
    taken = session.execute(
        update(Job)
        .where(Job.id == next_id, due)
        .values(
            state=JobState.RUNNING,
            claimed_by=runner,
            claimed_until=now + CLAIM,
            attempts=Job.attempts + 1,
        )
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if taken is None:
        return None
    row = session.get_one(Job, taken)
    return Claimed(
        row.id,
        row.kind,
        codec.load(row.actor),
        codec.load(row.args),
        row.is_planned,
        row.position,
        row.total,
        row.attempts,
    )


def release_job(session: Session, actor: Actor, job_id: int, runner: str) -> None:
    """Put a job back half-way, for the next start of the server."""
    free: dict[str, Any] = {"claimed_by": None, "claimed_until": None, "attempts": 0}
    _hold(session, job_id, runner, free | {"state": JobState.WAITING, "run_after": clock.now()})


def plan_job(session: Session, actor: Actor, job_id: int, runner: str, total: int) -> None:
    """Keep how many pieces a job has."""
    _hold(session, job_id, runner, {"is_planned": True, "total": total})


def advance_job(
    session: Session, actor: Actor, job_id: int, runner: str, position: int, ready: Any
) -> int:
    """Write one chunk and move on in the same transaction; return the new position.

    Raises: ClaimLost when another runner or an earlier attempt already wrote this chunk.
    """
    row = session.get_one(Job, job_id)
    if row.position != position:
        raise ClaimLost
    step = Step(position, row.total, ready)
    reached = get_kind(row.kind).chunk(session, actor, codec.load(row.args), step)
    assert reached > position, f"a chunk of {row.kind} did nothing"
    session.flush()
    _hold(session, job_id, runner, {"position": reached, "attempts": 1}, at=position)
    return reached


def finish_job(session: Session, actor: Actor, job_id: int, runner: str) -> None:
    """Make the whole visible and end the job, in one transaction."""
    row = session.get_one(Job, job_id)
    result = get_kind(row.kind).finish(session, actor, codec.load(row.args))
    codec.check_plain(result)
    session.flush()
    _hold(
        session,
        job_id,
        runner,
        {
            "state": JobState.DONE,
            "ended_at": clock.now(),
            "claimed_by": None,
            "claimed_until": None,
            "error": None,
            "result": codec.dump(result),
        },
    )
    session.refresh(row)
    _tell_end(session, row)


def fail_job(
    session: Session, actor: Actor, job_id: int, runner: str, error: str, may_try_again: bool
) -> None:
    """Keep why a job stopped; with tries left it waits for its next one."""
    row = session.get_one(Job, job_id)
    tries_left = may_try_again and row.attempts < get_kind(row.kind).attempts
    free: dict[str, Any] = {"claimed_by": None, "claimed_until": None, "error": error}
    if tries_left:
        minutes = BACKOFF_MINUTES[min(row.attempts, len(BACKOFF_MINUTES)) - 1]
        again = clock.now() + timedelta(minutes=minutes)
        _hold(session, job_id, runner, free | {"state": JobState.WAITING, "run_after": again})
        return
    _hold(session, job_id, runner, free | {"state": JobState.FAILED, "ended_at": clock.now()})
    session.refresh(row)
    _tell_end(session, row)


def _tell_end(session: Session, row: Job) -> None:
    view = view_of(row)
    events.tell(
        session,
        JobEnded(
            view.community_id,
            view.id,
            view.started_by,
            view.title,
            view.link,
            view.state is JobState.DONE,
            view.error,
        ),
    )


def _hold(
    session: Session, job_id: int, runner: str, values: dict[str, Any], at: int | None = None
) -> None:
    query = update(Job).where(
        Job.id == job_id, Job.state == JobState.RUNNING, Job.claimed_by == runner
    )
    if at is not None:
        query = query.where(Job.position == at)
    kept = {"claimed_until": clock.now() + CLAIM} | values
    done = session.execute(query.values(**kept).execution_options(synchronize_session=False))
    assert isinstance(done, CursorResult)
    if done.rowcount != 1:
        raise ClaimLost


def _step(session: Session, job_id: int, state: JobState, values: dict[str, Any]) -> bool:
    done = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == state)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount == 1
