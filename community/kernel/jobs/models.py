"""The tables of long work and of periodic tidy-ups; both belong to the whole installation."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, BigId, choice


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


# The allowed steps; a failed job waits again when somebody retries it.
STEPS: dict[JobState, frozenset[JobState]] = {
    JobState.WAITING: frozenset({JobState.RUNNING}),
    JobState.RUNNING: frozenset({JobState.WAITING, JobState.DONE, JobState.FAILED}),
    JobState.FAILED: frozenset({JobState.WAITING}),
    JobState.DONE: frozenset(),
}


class Job(Base):
    """Work too long for one command: how far it is, who holds it, what came of it."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("position >= 0 AND total >= 0", "counts"),
        CheckConstraint("attempts >= 0", "attempts"),
        Index("ix_job_state_run_after", "state", "run_after"),
        Index("ix_job_community_id_started_by", "community_id", "started_by"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    # 0 stands for the installation itself.
    community_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(60))
    # The actor and the arguments as canonical JSON of `kernel.codec`.
    actor: Mapped[str] = mapped_column(Text)
    started_by: Mapped[int | None]
    args: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[JobState] = mapped_column(choice(JobState, "state"))
    is_planned: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime]
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    result: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PeriodicJob(Base):
    """When a periodic tidy-up is due next, and what went wrong with it last."""

    __tablename__ = "periodic_job"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    due_at: Mapped[datetime]
    last_run_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(200))
