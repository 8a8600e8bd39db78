"""Long work: resumed where it stopped, visible at the end only, done once by two runners."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from community.kernel import clock, db, events, jobs
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotFound, RuleBroken
from community.kernel.jobs import (
    Budget,
    Job,
    JobEnded,
    JobKind,
    JobState,
    PeriodicJob,
    Step,
    periodic,
    runner,
)
from community.kernel.jobs import commands as job_commands
from community.kernel.jobs.commands import CLAIM, ClaimLost, JobNotFailed
from community.kernel.jobs.runner import MOST_CLAIMS, run_one
from community.kernel.tables import Community
from tests import builders
from tests.conftest import NOON

OWNER = Actor(community_id=1, person_id=7)
KIND = "tests.open_communities"


class Stopped(Exception):
    """The process died here."""


class NothingToDo(RuleBroken):
    message = "没有可以办的：{count}"


class Work:
    """A job that adds one community a piece, and can be told to break."""

    def __init__(self) -> None:
        self.dies_at: int | None = None
        self.refuses = False
        self.finished = 0

    def plan(self, session: Session, actor: Actor, args: Any) -> int:
        if self.refuses:
            raise NothingToDo(count=0)
        return int(args["count"])

    def chunk(self, session: Session, actor: Actor, args: Any, step: Step) -> int:
        at = step.position
        session.add(Community(slug=f"c{at}", name=f"{at}", opened_at=clock.now()))
        session.flush()
        if self.dies_at == at:
            raise Stopped
        return at + 1

    def finish(self, session: Session, actor: Actor, args: Any) -> int:
        self.finished += 1
        return int(args["count"])


@pytest.fixture
def work() -> Work:
    made = Work()
    jobs.register(JobKind(KIND, "开社区", made.plan, made.chunk, made.finish))
    return made


@pytest.fixture(autouse=True)
def _only_own_tidy_ups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "_periodic", {})


def start(count: int = 5) -> int:
    started: int = db.write(jobs.start_job, OWNER, KIND, {"count": count})
    return started


def view(database: Database, job_id: int) -> jobs.JobView:
    with database.read() as session:
        found = jobs.find_job(session, 1, job_id)
    assert found is not None
    return found


def slugs(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Community.slug).order_by(Community.id)))


def test_a_job_runs_to_its_end(database: Database, work: Work) -> None:
    job_id = start()
    assert view(database, job_id).state is JobState.WAITING
    assert jobs.run_due() == 1
    done = view(database, job_id)
    assert (done.state, done.position, done.total, done.result) == (JobState.DONE, 5, 5, 5)
    assert slugs(database) == ["c0", "c1", "c2", "c3", "c4"]
    assert jobs.run_due() == 0


def test_a_job_goes_on_where_it_failed(database: Database, work: Work) -> None:
    job_id = start()
    work.dies_at = 3
    jobs.run_due()
    stopped = view(database, job_id)
    assert (stopped.state, stopped.position) == (JobState.WAITING, 3)
    assert slugs(database) == ["c0", "c1", "c2"]
    work.dies_at = None
    with clock.fixed(NOON + timedelta(minutes=2)):
        jobs.run_due()
    assert view(database, job_id).state is JobState.DONE
    assert slugs(database) == ["c0", "c1", "c2", "c3", "c4"]
    assert work.finished == 1


def test_a_job_whose_process_died_is_taken_over(database: Database, work: Work) -> None:
    job_id = start()
    system = Actor.system(0)
    claimed = db.write(job_commands.claim_job, system, "dead", clock.now())
    db.write(job_commands.plan_job, OWNER, claimed.id, "dead", 5)
    db.write(job_commands.advance_job, OWNER, claimed.id, "dead", 0, None)
    assert jobs.run_due() == 0
    with clock.fixed(NOON + CLAIM + timedelta(seconds=1)):
        assert jobs.run_due() == 1
        with pytest.raises(ClaimLost):
            db.write(job_commands.advance_job, OWNER, claimed.id, "dead", 1, None)
    assert view(database, job_id).state is JobState.DONE
    assert slugs(database) == ["c0", "c1", "c2", "c3", "c4"]


def test_the_same_chunk_is_written_once(database: Database, work: Work) -> None:
    start()
    claimed = db.write(job_commands.claim_job, Actor.system(0), "one", clock.now())
    db.write(job_commands.plan_job, OWNER, claimed.id, "one", 5)
    db.write(job_commands.advance_job, OWNER, claimed.id, "one", 0, None)
    with pytest.raises(ClaimLost):
        db.write(job_commands.advance_job, OWNER, claimed.id, "one", 0, None)
    assert slugs(database) == ["c0"]


def test_two_runners_do_each_piece_once(database: Database, work: Work) -> None:
    for _ in range(4):
        start(0)
    start(20)
    runners = [threading.Thread(target=jobs.run_due) for _ in range(4)]
    for each in runners:
        each.start()
    for each in runners:
        each.join()
    assert slugs(database) == [f"c{at}" for at in range(20)]
    with database.read() as session:
        states = list(session.scalars(select(Job.state)))
    assert states == [JobState.DONE] * 5


def test_a_refusal_fails_at_once_and_can_be_retried(
    database: Database, work: Work, told: list[JobEnded]
) -> None:
    work.refuses = True
    job_id = start()
    jobs.run_due()
    failed = view(database, job_id)
    assert (failed.state, failed.error) == (JobState.FAILED, "没有可以办的：0")
    assert [(each.job_id, each.is_done) for each in told] == [(job_id, False)]
    work.refuses = False
    with pytest.raises(NotFound):
        db.write(jobs.retry_job, Actor(community_id=1, person_id=8), job_id)
    with pytest.raises(NotFound):
        db.write(jobs.retry_job, Actor(community_id=2, person_id=7), job_id)
    db.write(jobs.retry_job, OWNER, job_id)
    jobs.run_due()
    assert view(database, job_id).state is JobState.DONE
    with pytest.raises(JobNotFailed):
        db.write(jobs.retry_job, OWNER, job_id)


def test_a_mistake_is_tried_three_times_then_told_without_details(
    database: Database, work: Work
) -> None:
    work.dies_at = 0
    job_id = start()
    at = NOON
    for _ in range(4):
        with clock.fixed(at):
            jobs.run_due()
        at += timedelta(hours=1)
    failed = view(database, job_id)
    assert failed.state is JobState.FAILED
    assert "Stopped" in failed.error
    assert slugs(database) == []


def test_a_job_that_kills_its_process_is_given_up(database: Database, work: Work) -> None:
    job_id = start()
    at = NOON
    for _ in range(MOST_CLAIMS):
        assert db.write(job_commands.claim_job, Actor.system(0), "dies", at) is not None
        at += CLAIM + timedelta(seconds=1)
    with clock.fixed(at):
        jobs.run_due()
    assert view(database, job_id).state is JobState.FAILED


def test_a_runner_that_stops_puts_the_job_back(database: Database, work: Work) -> None:
    job_id = start()
    assert run_one("one", clock.now(), lambda: len(slugs(database)) == 2)
    put_back = view(database, job_id)
    assert (put_back.state, put_back.position) == (JobState.WAITING, 2)
    jobs.run_due()
    assert view(database, job_id).state is JobState.DONE


def test_slow_work_is_made_ready_outside_the_writer(database: Database) -> None:
    def prepare(session: Session, actor: Actor, args: Any, position: int) -> str:
        return f"page {position}"

    def chunk(session: Session, actor: Actor, args: Any, step: Step) -> int:
        session.add(Community(slug=f"p{step.position}", name=step.ready, opened_at=clock.now()))
        return step.position + 1

    jobs.register(JobKind("tests.pages", "印信", lambda *_: 2, chunk, prepare=prepare))
    db.write(jobs.start_job, OWNER, "tests.pages", {})
    jobs.run_due()
    with database.read() as session:
        names = select(Community.name).order_by(Community.slug)
        assert list(session.scalars(names)) == ["page 0", "page 1"]


def test_a_chunk_budget_ends() -> None:
    assert Budget().lasts()
    assert not Budget(0).lasts()


def test_a_tidy_up_runs_once_a_period_for_each_community(database: Database) -> None:
    first, second = builders.make_community("a"), builders.make_community("b")
    seen: list[int] = []

    def tidy(session: Session, actor: Actor) -> None:
        seen.append(actor.community_id)

    jobs.every("tests.tidy", 30, tidy)
    jobs.run_due()
    jobs.run_due()
    assert seen == [first, second]
    with clock.fixed(NOON + timedelta(minutes=30)):
        jobs.run_due()
    assert seen == [first, second] * 2


def test_a_tidy_up_with_more_to_do_runs_again_at_once(database: Database) -> None:
    builders.make_community("a")
    left = [3]

    def tidy(session: Session, actor: Actor) -> int:
        left[0] -= 1
        return left[0]

    jobs.every("tests.more", 30, tidy)
    jobs.run_due()
    assert left == [0]


def test_a_failing_tidy_up_hurts_nobody_else(database: Database, work: Work) -> None:
    builders.make_community("a")

    def fails(session: Session, actor: Actor) -> None:
        raise Stopped

    jobs.every("tests.fails", 30, fails)
    job_id = start()
    jobs.run_due()
    assert view(database, job_id).state is JobState.DONE
    with database.read() as session:
        assert session.get_one(PeriodicJob, "tests.fails").last_error == "Stopped"


def test_a_daily_task_waits_for_its_hour(database: Database) -> None:
    ran: list[int] = []
    jobs.daily("tests.daily", 3, lambda: ran.append(1))
    jobs.run_due()
    assert ran == []
    with clock.fixed(clock.at(clock.day_of(NOON) + timedelta(days=1), 3)):
        jobs.run_due()
        jobs.run_due()
    assert ran == [1]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[JobEnded]:
    """Listen to ended jobs."""
    heard: list[JobEnded] = []
    listen = [lambda session, event: heard.append(event)]
    monkeypatch.setitem(events._handlers, JobEnded, listen)
    return heard


def test_args_and_link_are_kept(database: Database, work: Work) -> None:
    job_id = db.write(jobs.start_job, OWNER, KIND, {"count": 0}, "desk/imports/3")
    with database.read() as session:
        assert session.get_one(Job, job_id).link == "desk/imports/3"


def many_communities(session: Session, actor: Actor) -> None:
    now = clock.now()
    session.add_all(Community(slug=f"m{each}", name="", opened_at=now) for each in range(200))
    session.flush()
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT pg_stat_force_next_flush()"))


def estimate(database: Database) -> int:
    """Give the rows of `community` for which PostgreSQL plans."""
    with database.read() as session:
        asked = "SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE relname = 'community'"
        return int(session.scalar(text(asked)) or 0)


def test_a_table_that_has_grown_is_planned_for_anew(database: Database) -> None:
    db.write(many_communities, OWNER)
    grown = database.analyse_grown()
    if database.is_sqlite:
        assert grown == ()
        return
    assert "community" in grown
    assert estimate(database) == 200
    assert "community" not in database.analyse_grown()


def test_a_long_job_tells_what_has_grown(
    database: Database, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0

    def look(database: Database) -> tuple[str, ...]:
        nonlocal looks
        looks += 1
        return ()

    monkeypatch.setattr(runner, "FIRST_LOOK_SECONDS", -1)
    monkeypatch.setattr(Database, "analyse_grown", look)
    start(3)
    jobs.run_due()
    assert slugs(database) == ["c0", "c1", "c2"]
    assert looks == 3
