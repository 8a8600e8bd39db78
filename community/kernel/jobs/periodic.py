"""Tidy-ups that run again and again: which are due, and running each at most once per period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import CursorResult, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.jobs.models import PeriodicJob
from community.kernel.tables import Community

# A tidy-up that still reports work after so many rounds goes on at its next time.
MOST_ROUNDS = 200

log = structlog.get_logger("kernel.jobs")


@dataclass(frozen=True, slots=True)
class Periodic:
    """One tidy-up: a command for every community, or a task that writes by itself."""

    name: str
    minutes: int
    command: Callable[..., Any] | None = None
    task: Callable[[], object] | None = None
    hour: int | None = None

    def next_after(self, now: datetime) -> datetime:
        """Tell when it is due next: after its minutes, or at its hour of the next day."""
        if self.hour is None:
            return now + timedelta(minutes=self.minutes)
        today = clock.at(clock.day_of(now), self.hour)
        return today if today > now else clock.at(clock.day_of(now) + timedelta(days=1), self.hour)

    def first_after(self, now: datetime) -> datetime:
        """Tell when it is due first: at once, or at its hour."""
        return now if self.hour is None else self.next_after(now)


_periodic: dict[str, Periodic] = {}


def every(name: str, minutes: int, command: Callable[..., Any]) -> None:
    """Run a command(session, actor) for every community every so many minutes.

    It must be short (50 ms); one that returns a number above 0 is run again at once, because
    there may be more to tidy.
    """
    _periodic[name] = Periodic(name, minutes, command=command)


def every_task(name: str, minutes: int, task: Callable[[], object]) -> None:
    """Run a task every so many minutes, outside any command: it may use the network.

    With 0 minutes every runner runs it on each of its rounds; it must claim its own work.
    """
    _periodic[name] = Periodic(name, minutes, task=task)


def daily(name: str, hour: int, task: Callable[[], object]) -> None:
    """Run a task every day at an hour of Shanghai, outside any command."""
    _periodic[name] = Periodic(name, 24 * 60, task=task, hour=hour)


def run_periodic(now: datetime) -> int:
    """Run every tidy-up that is due; tell how many."""
    with db.read() as session:
        rows = {row.name: row.due_at for row in session.scalars(select(PeriodicJob))}
    ran = 0
    for each in list(_periodic.values()):
        if each.minutes == 0:
            _run(each)
            continue
        if each.name not in rows:
            first = each.first_after(now)
            db.write(add_periodic_job, Actor.system(0), each.name, first)
            rows[each.name] = first
        if rows[each.name] <= now and db.write(
            claim_periodic_job, Actor.system(0), each.name, now, each.next_after(now)
        ):
            _run(each)
            ran += 1
    return ran


def add_periodic_job(session: Session, actor: Actor, name: str, due_at: datetime) -> None:
    """Put a tidy-up on the list, once."""
    insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert
    session.execute(insert(PeriodicJob).values(name=name, due_at=due_at).on_conflict_do_nothing())


@db.hot_path
def claim_periodic_job(
    session: Session, actor: Actor, name: str, now: datetime, next_at: datetime
) -> bool:
    """Take a due tidy-up; False when another process was faster."""
    done = session.execute(
        update(PeriodicJob)
        .where(PeriodicJob.name == name, PeriodicJob.due_at <= now)
        .values(due_at=next_at, last_run_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


def note_periodic_error(session: Session, actor: Actor, name: str, error: str | None) -> None:
    """Keep what went wrong last time, or that nothing did."""
    session.get_one(PeriodicJob, name).last_error = error


def _run(each: Periodic) -> None:
    error = None
    try:
        if each.task is not None:
            each.task()
        else:
            _run_for_communities(each)
    except Exception as problem:
        error = type(problem).__name__
        log.exception("periodic job failed", periodic=each.name)
    if each.minutes:
        db.write(note_periodic_error, Actor.system(0), each.name, error)


def _run_for_communities(each: Periodic) -> None:
    assert each.command is not None
    with db.read() as session:
        communities = list(session.scalars(select(Community.id).order_by(Community.id)))
    for community_id in communities:
        for _ in range(MOST_ROUNDS):
            if not db.write(each.command, Actor.system(community_id)):
                break
