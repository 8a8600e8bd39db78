"""The runner: one thread per server process that takes due jobs and carries them out."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

import structlog
from sqlalchemy import select

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import Refusal
from community.kernel.jobs.commands import (
    Claimed,
    ClaimLost,
    advance_job,
    claim_job,
    fail_job,
    finish_job,
    is_due,
    plan_job,
    release_job,
)
from community.kernel.jobs.kinds import JobKind, get_kind
from community.kernel.jobs.models import Job
from community.kernel.jobs.periodic import run_periodic

PAUSE_SECONDS = 1
# A job that took down its process so often would take down the next one too.
MOST_CLAIMS = 6
# How long a job writes before the planner is told of it; then twice as long, and so on.
FIRST_LOOK_SECONDS = 2
DIED = "这个任务多次中途停止，已经不再自动重试。请联系维护人员。"
UNEXPECTED = "系统出了问题（{kind}），已经记下。可以重试；仍不行请联系维护人员。"

log = structlog.get_logger("kernel.jobs")


def runner_name() -> str:
    """Make a name no other runner has, so that a claim belongs to one life of one thread."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


def _never() -> bool:
    return False


def run_due(
    now: datetime | None = None, runner: str | None = None, stops: Callable[[], bool] = _never
) -> int:
    """Run everything that is due, tidy-ups first; tell how much was run."""
    asked = now or clock.now()
    name = runner or runner_name()
    ran = run_periodic(asked)
    while not stops() and run_one(name, asked, stops):
        ran += 1
    return ran


def run_one(runner: str, now: datetime, stops: Callable[[], bool] = _never) -> bool:
    """Claim one due job and carry it to its end, its failure, or its next try."""
    # Asked every second by every process: a read costs nothing, an empty claim costs a sync.
    with db.read() as session:
        if session.scalar(select(Job.id).where(is_due(now)).limit(1)) is None:
            return False
    job: Claimed | None = db.write(claim_job, Actor.system(0), runner, now)
    if job is None:
        return False
    if job.attempts > MOST_CLAIMS:
        _fail(job, runner, DIED, may_try_again=False)
        return True
    try:
        _carry_out(job, runner, get_kind(job.kind), stops)
    except ClaimLost:
        log.warning("job taken over", job=job.id, kind=job.kind)
    except Refusal as refusal:
        _fail(job, runner, str(refusal), may_try_again=refusal.retryable)
    except Exception as problem:
        log.exception("job failed", job=job.id, kind=job.kind)
        _fail(job, runner, UNEXPECTED.format(kind=type(problem).__name__), may_try_again=True)
    return True


def _carry_out(job: Claimed, runner: str, kind: JobKind, stops: Callable[[], bool]) -> None:
    position, total = job.position, job.total
    if not job.is_planned:
        with db.read() as session:
            total = kind.plan(session, job.actor, job.args)
        db.write(plan_job, job.actor, job.id, runner, total)
    looks_after = FIRST_LOOK_SECONDS
    began = time.monotonic()
    while position < total:
        if stops():
            db.write(release_job, job.actor, job.id, runner)
            return
        ready = None
        if kind.prepare is not None:
            with db.read() as session:
                ready = kind.prepare(session, job.actor, job.args, position)
        # The position moves in the chunk's own transaction: after a crash the next runner
        # starts at the first chunk that was not committed.
        position = db.write(advance_job, job.actor, job.id, runner, position, ready)
        if time.monotonic() - began > looks_after:
            looks_after *= 2
            db.current().analyse_grown()
    db.write(finish_job, job.actor, job.id, runner)


def _fail(job: Claimed, runner: str, error: str, *, may_try_again: bool) -> None:
    try:
        db.write(fail_job, job.actor, job.id, runner, error, may_try_again)
    except ClaimLost:
        log.warning("job taken over", job=job.id, kind=job.kind)


class Runner:
    """A thread that runs what is due until it is told to stop; the server starts one a process."""

    def __init__(
        self,
        pause_seconds: int = PAUSE_SECONDS,
        scope: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        """Prepare; nothing runs before `start`. Each round runs inside a `scope`."""
        self._scope = scope
        self._pause = pause_seconds
        self._stops = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._name = runner_name()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, wait_seconds: int = 10) -> None:
        """End after the piece in hand; what is left goes on with the next start."""
        self._stops.set()
        if self._thread.is_alive():
            self._thread.join(wait_seconds)

    def _run(self) -> None:
        while not self._stops.is_set():
            try:
                with self._scope():
                    run_due(runner=self._name, stops=self._stops.is_set)
            except Exception:
                # A full queue or a restarting database must not end the thread for good.
                log.exception("runner stumbled")
            self._stops.wait(self._pause)
