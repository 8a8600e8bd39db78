"""The group-committing writer under every failure it promises to answer for."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.db import Database, sqlite_batch, sqlite_writer
from community.kernel.errors import Busy, OutcomeUnknown, RuleBroken, WriteFailed
from tests.kernel.writers import SYSTEM, Gate, add, open_database, slugs, writer_of


class SlugTaken(RuleBroken):
    message = "{slug} 已被使用"


@dataclass(frozen=True)
class Refused:
    reason: str


def add_and_raise(session: Session, actor: Actor, slug: str) -> int:
    add(session, actor, slug)
    raise SlugTaken(slug=slug)


def add_and_refuse(session: Session, actor: Actor, slug: str) -> Refused:
    add(session, actor, slug)
    return Refused("noted")


def interrupt(session: Session, actor: Actor, slug: str) -> int:
    add(session, actor, slug)
    raise KeyboardInterrupt


def lose(session: Session, actor: Actor, slug: str) -> int:
    """End the transaction as SQLite does when it cannot go on."""
    add(session, actor, slug)
    db.statements(session).run("ROLLBACK")
    raise sqlite3.OperationalError("database or disk is full")


class Failing:
    """A connection of which one COMMIT fails, or is followed by an interrupt."""

    def __init__(self, raw: Any, passing: int, *, interrupts: bool) -> None:
        self.raw = raw
        self.passing = passing
        self.interrupts = interrupts

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)

    def execute(self, sql: str, *arguments: Any) -> Any:
        self.passing -= sql == "COMMIT"
        if sql != "COMMIT" or self.passing != -1:
            return self.raw.execute(sql, *arguments)
        if self.interrupts:
            self.raw.execute(sql)
            raise KeyboardInterrupt
        raise sqlite3.OperationalError("disk I/O error")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Database]:
    """A file of its own: the suite's database is renewed, this one is broken."""
    database = open_database(tmp_path / "own.db")
    yield database
    database.close()


@pytest.fixture
def gate(own: Database) -> Gate:
    return Gate(own)


def break_commit(own: Database, passing: int = 0, *, interrupts: bool = False) -> None:
    batch = writer_of(own)._batch
    assert batch is not None
    batch.raw = Failing(batch.raw, passing, interrupts=interrupts)


def failure_of(future: Future[Any]) -> type[object]:
    return type(future.exception(timeout=20))


def test_what_queues_up_shares_one_commit(
    own: Database, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[int] = []
    monkeypatch.setattr(sqlite_batch, "on_commit", lambda commands, took: commits.append(commands))
    leader = gate.lead()
    queued = [gate.queue(add, f"s{number}") for number in range(5)]
    gate.open.set()
    assert [each.result(20) for each in (leader, *queued)] == [1, 2, 3, 4, 5, 6]
    assert commits == [1, 5]
    assert slugs(own) == ["first", "s0", "s1", "s2", "s3", "s4"]


def test_what_comes_while_a_command_runs_shares_its_commit(
    own: Database, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[int] = []
    monkeypatch.setattr(sqlite_batch, "on_commit", lambda commands, took: commits.append(commands))
    monkeypatch.setattr(sqlite_writer, "BATCH_COMMANDS", 4)
    leader = gate.lead_running()
    queued = [gate.queue(add, f"s{number}") for number in range(5)]
    gate.open.set()
    assert [each.result(20) for each in (leader, *queued)] == [1, 2, 3, 4, 5, 6]
    assert commits == [4, 2]


def test_who_fails_after_writing_has_the_others_run_again(own: Database, gate: Gate) -> None:
    runs: list[str] = []

    def count(session: Session, actor: Actor, slug: str) -> int:
        runs.append(slug)
        return add(session, actor, slug)

    def refuse(session: Session, actor: Actor, slug: str) -> int:
        raise SlugTaken(slug=slug)

    leader = gate.lead()
    early = [gate.queue(refuse, "never"), gate.queue(count, "a")]
    gate.open.set()
    leader.result(20)
    assert [failure_of(each) for each in early] == [SlugTaken, type(None)]
    assert runs == ["a"]
    gate.open.clear()
    gate.entered.clear()
    leader = gate.lead("second")
    late = [gate.queue(count, "b"), gate.queue(add_and_raise, "c"), gate.queue(count, "d")]
    gate.open.set()
    leader.result(20)
    assert [failure_of(each) for each in late] == [type(None), SlugTaken, type(None)]
    assert runs == ["a", "b", "b", "d"]
    assert slugs(own) == ["first", "a", "second", "b", "d"]


def test_a_failed_commit_lets_nobodys_answer_stand(own: Database, gate: Gate) -> None:
    own.write(add, SYSTEM, "before")
    leader = gate.lead()
    queued = [gate.queue(add, "a"), gate.queue(add_and_raise, "b"), gate.queue(add, "c")]
    break_commit(own)
    gate.open.set()
    assert leader.result(20) == 2
    assert {failure_of(each) for each in queued} == {WriteFailed}
    own.write(add, SYSTEM, "after")
    assert slugs(own) == ["before", "first", "after"]


def test_a_failed_commit_of_one_alone_leaves_nothing(own: Database) -> None:
    own.write(add, SYSTEM, "before")
    break_commit(own)
    with pytest.raises(WriteFailed):
        own.write(add, SYSTEM, "a", request_key="k1")
    assert own.write(add, SYSTEM, "a", request_key="k1") == 2


def test_a_returned_refusal_keeps_its_writes(own: Database) -> None:
    assert own.write(add_and_refuse, SYSTEM, "a") == Refused("noted")
    assert slugs(own) == ["a"]


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "in a batch"])
def test_what_raises_undoes_only_itself(own: Database, gate: Gate, alone: bool) -> None:
    if alone:
        with pytest.raises(SlugTaken):
            own.write(add_and_raise, SYSTEM, "b", request_key="k1")
    else:
        leader = gate.lead("a")
        queued = [
            gate.queue(add, "x"),
            gate.queue(add_and_raise, "b", key="k1"),
            gate.queue(add, "y"),
        ]
        gate.open.set()
        leader.result(20)
        assert [failure_of(each) for each in queued] == [type(None), SlugTaken, type(None)]
    assert "b" not in slugs(own)
    with pytest.raises(SlugTaken, match="b 已被使用"):
        own.write(add_and_raise, SYSTEM, "b", request_key="k1")


def test_a_nested_write_is_our_own_mistake(own: Database) -> None:
    def nest(session: Session, actor: Actor) -> int:
        made: int = own.write(add, SYSTEM, "inner")
        return made

    with pytest.raises(AssertionError, match="never calls write"):
        own.write(nest, SYSTEM)
    own.write(add, SYSTEM, "after")
    assert slugs(own) == ["after"]


def test_a_command_neither_commits_nor_begins(own: Database) -> None:
    for act in ("commit", "begin", "begin_nested"):

        def meddle(session: Session, actor: Actor, name: str = act) -> None:
            getattr(session, name)()

        with pytest.raises(AssertionError):
            own.write(meddle, SYSTEM)


def test_a_session_begins_empty(own: Database) -> None:
    seen: list[int] = []

    def leave_behind(session: Session, actor: Actor) -> None:
        seen.append(len(session.identity_map) + len(session.new) + len(session.info))
        session.info["left"] = "behind"

    own.write(leave_behind, SYSTEM)
    own.write(leave_behind, SYSTEM)
    assert seen == [1, 1]


def test_a_full_queue_says_busy(own: Database, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_writer, "QUEUE_COMMANDS", 2)
    leader = gate.lead()
    queued = [gate.queue(add, "a"), gate.queue(add, "b")]
    with pytest.raises(Busy):
        own.write(add, SYSTEM, "c")
    gate.open.set()
    for each in (leader, *queued):
        each.result(20)
    assert slugs(own) == ["first", "a", "b"]


def test_too_late_is_unknown_and_the_same_key_tells(
    own: Database, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = gate.lead()
    monkeypatch.setattr(sqlite_writer, "ANSWER_SECONDS", 0.02)
    late = gate.queue(add, "late", key="k1")
    assert failure_of(late) is OutcomeUnknown
    monkeypatch.setattr(sqlite_writer, "ANSWER_SECONDS", 20.0)
    gate.open.set()
    leader.result(20)
    assert own.write(add, SYSTEM, "late", request_key="k1") == 2
    assert slugs(own) == ["first", "late"]


def test_late_is_judged_by_the_commit_not_by_the_answer(
    own: Database, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A caller whose command has run, but is not committed, is not answered."""
    own.write(add, SYSTEM, "before")
    leader = gate.lead()
    leads = gate.queue(add, "leads")
    monkeypatch.setattr(sqlite_writer, "ANSWER_SECONDS", 0.3)
    early = gate.queue(add, "early")
    threading.Event().wait(0.1)
    monkeypatch.setattr(sqlite_writer, "ANSWER_SECONDS", 20.0)
    slow = gate.queue(add_slowly, "slow")
    gate.open.set()
    leader.result(20)
    assert failure_of(early) is OutcomeUnknown
    assert [each.result(20) for each in (leads, slow)] == [3, 5]


def add_slowly(session: Session, actor: Actor, slug: str) -> int:
    made = add(session, actor, slug)
    threading.Event().wait(0.5)
    return made


def test_a_lost_batch_runs_again_one_by_one(own: Database, gate: Gate) -> None:
    leader = gate.lead()
    queued = [gate.queue(add, "a"), gate.queue(lose, "b"), gate.queue(add, "c")]
    gate.open.set()
    leader.result(20)
    assert [failure_of(each) for each in queued] == [type(None), WriteFailed, type(None)]
    assert slugs(own) == ["first", "a", "c"]


def test_a_batch_that_runs_out_of_time_goes_on_in_order(
    own: Database, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_batch, "BATCH_SECONDS", 0.0)
    leader = gate.lead()
    queued = [gate.queue(add, f"s{number}") for number in range(6)]
    gate.open.set()
    assert [each.result(20) for each in (leader, *queued)] == [1, 2, 3, 4, 5, 6, 7]


def test_an_interrupt_reaches_the_leader_and_leaves_the_writer_whole(
    own: Database, gate: Gate
) -> None:
    leader = gate.lead()
    queued = [gate.queue(interrupt, "a"), gate.queue(add, "b")]
    gate.open.set()
    leader.result(20)
    assert failure_of(queued[0]) is KeyboardInterrupt
    assert failure_of(queued[1]) is WriteFailed
    own.write(add, SYSTEM, "after")
    assert slugs(own) == ["first", "after"]


def test_an_interrupt_after_the_commit_undoes_no_answer(own: Database) -> None:
    own.write(add, SYSTEM, "before")
    break_commit(own, interrupts=True)
    with pytest.raises(KeyboardInterrupt):
        own.write(add, SYSTEM, "kept", request_key="k1")
    assert own.write(add, SYSTEM, "kept", request_key="k1") == 2
    assert slugs(own) == ["before", "kept"]


def test_a_file_that_cannot_be_opened_leaves_nobody_waiting(tmp_path: Path) -> None:
    database = open_database(tmp_path / "own.db")
    (tmp_path / "own.db.write.lock").mkdir()
    with ThreadPoolExecutor(4) as pool:
        tries = [pool.submit(database.write, add, SYSTEM, f"s{number}") for number in range(4)]
        assert {failure_of(each) for each in tries} == {WriteFailed}
    (tmp_path / "own.db.write.lock").rmdir()
    assert database.write(add, SYSTEM, "after") == 1
    database.close()


def test_an_answered_write_is_on_disk(own: Database) -> None:
    own.write(add, SYSTEM, "a")
    batch = writer_of(own)._batch
    assert batch is not None
    assert batch.raw.execute("PRAGMA synchronous").fetchone() == (2,)
    assert batch.raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert batch.raw.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)


def test_a_reader_cannot_write(own: Database) -> None:
    with own.read() as session, pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.statements(session).run("DELETE FROM community")


@pytest.mark.parametrize("use_file_lock", [True, False])
def test_two_processes_writers_share_one_file(tmp_path: Path, use_file_lock: bool) -> None:
    writers = [open_database(tmp_path / "own.db", use_file_lock=use_file_lock) for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        made = list(
            pool.map(lambda number: writers[number % 2].write(add, SYSTEM, f"s{number}"), range(80))
        )
    assert sorted(made) == list(range(1, 81))
    for each in writers:
        each.close()


def test_a_long_reader_does_not_stop_the_checkpoint(
    own: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_batch, "CHECKPOINT_ROWS", 1)
    monkeypatch.setattr(sqlite_batch, "TRUNCATE_PAGES", 0)
    own.write(add, SYSTEM, "a")
    with own.read() as session:
        db.statements(session).all("SELECT * FROM community")
        began = time.monotonic()
        for number in range(5):
            own.write(add, SYSTEM, f"s{number}")
        assert time.monotonic() - began < 5
    own.write(add, SYSTEM, "z")
    assert len(slugs(own)) == 7


def test_a_forked_process_writes_on_its_own(own: Database, gate: Gate) -> None:
    own.write(add, SYSTEM, "parent")
    # The parent is in the middle of a write: the fork waits for it, and takes nothing along.
    leader = gate.lead("held")
    threading.Timer(0.2, gate.open.set).start()
    child = os.fork()
    if child == 0:
        try:
            own.write(add, SYSTEM, "child")
        finally:
            os._exit(0)
    leader.result(20)
    assert os.waitpid(child, 0)[1] == 0
    own.write(add, SYSTEM, "after")
    assert sorted(slugs(own)) == ["after", "child", "held", "parent"]
