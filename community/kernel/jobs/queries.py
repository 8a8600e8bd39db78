"""Reading jobs: what a progress page shows, and what is told when one has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import codec
from community.kernel.jobs.kinds import title_of
from community.kernel.jobs.models import Job, JobState


@dataclass(frozen=True, slots=True)
class JobEnded:
    """A job has ended, well or not; its starter is None for the product's own."""

    community_id: int
    job_id: int
    started_by: int | None
    title: str
    link: str
    is_done: bool
    error: str


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as its progress page shows it."""

    id: int
    community_id: int
    kind: str
    title: str
    state: JobState
    position: int
    total: int
    link: str
    error: str
    started_by: int | None
    started_at: datetime
    ended_at: datetime | None
    result: Any

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will happen by itself."""
        return self.state in {JobState.DONE, JobState.FAILED}


def find_job(session: Session, community_id: int, job_id: int) -> JobView | None:
    """Find a job of a community (0: of the installation)."""
    row = session.get(Job, job_id)
    return view_of(row) if row is not None and row.community_id == community_id else None


def jobs_of(
    session: Session, community_id: int, started_by: int | None = None, most: int = 50
) -> tuple[JobView, ...]:
    """List the latest jobs of a community, of one starter if named, newest first."""
    query = select(Job).where(Job.community_id == community_id)
    if started_by is not None:
        query = query.where(Job.started_by == started_by)
    return tuple(view_of(row) for row in session.scalars(query.order_by(Job.id.desc()).limit(most)))


def view_of(row: Job) -> JobView:
    """Turn a row into what may leave the kernel."""
    return JobView(
        row.id,
        row.community_id,
        row.kind,
        title_of(row.kind),
        row.state,
        row.position,
        row.total,
        row.link,
        row.error or "",
        row.started_by,
        row.started_at,
        row.ended_at,
        None if row.result is None else codec.load(row.result),
    )
