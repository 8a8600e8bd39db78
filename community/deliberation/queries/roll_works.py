"""How far the long work at a poll's roll is, for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation.errors.polls import PollNotFound
from community.deliberation.models import Poll, RollWork, RollWorkKind
from community.kernel import jobs
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class RollWorkView:
    """The latest work at a roll: how far it is, why it stopped, or what came of it."""

    kind: RollWorkKind
    is_at_hand: bool
    has_failed: bool
    error: str
    position: int
    total: int
    passed_over: tuple[int, ...]


def roll_work_of(session: Session, actor: Actor, poll_id: int) -> RollWorkView | None:
    """Give the latest long work at a poll's roll; None where there was none.

    Raises: PollNotFound.
    """
    here = select(Poll.id).where(Poll.community_id == actor.community_id, Poll.id == poll_id)
    if session.scalar(here) is None:
        raise PollNotFound
    work = session.scalar(
        select(RollWork)
        .where(RollWork.community_id == actor.community_id, RollWork.poll_id == poll_id)
        .order_by(RollWork.id.desc())
        .limit(1)
    )
    if work is None or work.job_id is None:
        return None
    job = jobs.find_job(session, actor.community_id, work.job_id)
    passed: Any = work.passed_over
    return RollWorkView(
        work.kind,
        work.ended_at is None,
        work.ended_at is None and job is not None and job.state is jobs.JobState.FAILED,
        "" if job is None else job.error,
        0 if job is None else job.position,
        1 if job is None else max(job.total, 1),
        tuple(passed),
    )
