"""Trying a failed job again; the work itself belongs to the room that started it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel import jobs
from community.kernel.actor import Actor


def retry_job(session: Session, actor: Actor, job_id: int) -> None:
    """Let one's own failed job go on where it stopped.

    Raises: NotFound, JobNotFailed.
    """
    jobs.retry_job(session, actor, job_id)
