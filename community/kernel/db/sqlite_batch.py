"""How the commands of one transaction run on the one writing connection; it knows no threads."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from community.kernel.db.calls import Call
from community.kernel.db.idempotency import Answer, find, is_kept, keep
from community.kernel.db.session import RAW, CommandSession, Statements
from community.kernel.errors import Refusal, WriteFailed

BATCH_SECONDS = 0.050
# A checkpoint copies the log back into the file: often enough to keep the log small, seldom
# enough to cost little. A reader that stays long makes the log grow; then it is cut off.
CHECKPOINT_ROWS = 4_000
TRUNCATE_PAGES = 16_384
TRUNCATE_WAIT_MS = 5

log = structlog.get_logger("kernel.writer")


def _unobserved(commands: int, nanoseconds: int) -> None:
    """Count nothing."""


# Told of each commit: how many commands shared it and how long it took; metrics set it.
on_commit: Callable[[int, int], None] = _unobserved


class Outcome:
    """A call and what became of it: an answer or an error, meaningless until committed."""

    __slots__ = ("answer", "call", "error")

    def __init__(self, call: Call) -> None:
        self.call = call
        self.answer: Answer | None = None
        self.error: BaseException | None = None

    def fail(self) -> None:
        """Note that nothing of the call stands."""
        self.answer, self.error = None, WriteFailed()

    def give(self) -> Any:
        """Return the value, or raise the refusal or the error."""
        if self.error is not None:
            raise self.error
        assert self.answer is not None
        return self.answer.give()


class BatchLostError(Exception):
    """SQLite ended the transaction by itself; the commands must run again one by one."""


class BatchSpoiltError(Exception):
    """A command failed after it had written; all run again, under a savepoint each."""


Each = TypeVar("Each", bound=Outcome)


def _no_more(calls: list[Each]) -> None:
    """Add nothing."""


class Batch:
    """The one writing connection, and how the commands of one transaction run on it."""

    def __init__(self, connection: Connection, raw: Any) -> None:
        self.connection = connection
        self.raw = raw
        self._statements = Statements(raw, is_postgres=False)
        self._session = self._new_session()
        self._checkpointed = 0
        # From before COMMIT until the next BEGIN: then no open transaction means a done one.
        self._has_reached_commit = False
        self._commit_nanoseconds = 0

    def run(self, calls: list[Each], more: Callable[[list[Each]], None]) -> int:
        """Run and commit; tell how many of the calls, from the first, have their outcome.

        `more` adds what has queued up meanwhile: it shares the commit. An exception that is no
        `Exception` (an interrupt) leaves every call with an outcome.
        """
        try:
            done = self._run_all(calls, more)
        except BaseException:
            self._give_up(calls)
            raise
        told = sum(not each.call.is_untold for each in calls[:done])
        if told:
            on_commit(told, self._commit_nanoseconds)
        return done

    def _run_all(self, calls: list[Each], more: Callable[[list[Each]], None]) -> int:
        try:
            return self._run_together(calls, self._run_bare, more)
        except BatchSpoiltError:
            return self._run_guarded(calls)
        except BatchLostError as error:
            return self._run_alone(calls, error)

    def _run_guarded(self, calls: list[Each]) -> int:
        try:
            return self._run_together(calls, self._run_one, _no_more)
        except BatchLostError as error:
            return self._run_alone(calls, error)

    def _run_alone(self, calls: list[Each], error: Exception) -> int:
        """Run each in a transaction of its own; the one that was alone already has failed."""
        if len(calls) == 1:
            self._fail(calls, error)
            return 1
        for each in calls:
            try:
                self._run_together([each], self._run_one, _no_more)
            except BatchLostError as lost:
                self._fail([each], lost)
        return len(calls)

    def checkpoint(self) -> None:
        """Copy the log back into the file when enough rows have changed."""
        if self.raw.total_changes - self._checkpointed < CHECKPOINT_ROWS:
            return
        self._checkpointed = self.raw.total_changes
        _, pages, _ = self.raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if pages > TRUNCATE_PAGES:
            # Waits for readers, so not for long: every writer of the machine is waiting too.
            before = self.raw.execute("PRAGMA busy_timeout").fetchone()[0]
            self.raw.execute(f"PRAGMA busy_timeout={TRUNCATE_WAIT_MS}").fetchone()
            self.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self.raw.execute(f"PRAGMA busy_timeout={before}").fetchone()

    def _run_together(
        self,
        calls: list[Each],
        run_one: Callable[[Outcome, int], None],
        more: Callable[[list[Each]], None],
    ) -> int:
        """Run as many as fit into the time, those that come meanwhile too, and commit."""
        done = 0
        try:
            self._begin()
            until = time.monotonic() + BATCH_SECONDS
            while done < len(calls):
                run_one(calls[done], done)
                done += 1
                if time.monotonic() > until:
                    break
                if done == len(calls):
                    more(calls)
            self._commit()
        except (BatchLostError, BatchSpoiltError):
            raise
        except Exception as error:  # noqa: BLE001  whatever a COMMIT raises, nothing stands
            self._fail(calls[: done + 1], error)
            return min(done + 1, len(calls))
        return done

    def _run_bare(self, call: Outcome, place: int) -> None:
        """Run one without a savepoint (10 microseconds less): most refusals come before a write."""
        call.answer = call.error = None
        changes = self.raw.total_changes
        try:
            call.answer = self._answer(call.call)
        except Exception as error:
            if not self.raw.in_transaction:
                raise BatchLostError from error
            if self.raw.total_changes != changes:
                self.raw.execute("ROLLBACK")
                if place:
                    # It would take those before it along: they run again, each guarded.
                    raise BatchSpoiltError from error
                self._begin()
            self._refuse(call, error)

    def _run_one(self, call: Outcome, place: int) -> None:
        """Run one under a savepoint."""
        call.answer = call.error = None
        self.raw.execute("SAVEPOINT command")
        try:
            call.answer = self._answer(call.call)
            self.raw.execute("RELEASE command")
        except Exception as error:
            if not self.raw.in_transaction:
                raise BatchLostError from error
            self.raw.execute("ROLLBACK TO command")
            self._refuse(call, error)
            self.raw.execute("RELEASE command")

    def _answer(self, call: Call) -> Answer:
        if call.request is not None:
            kept = find(self._statements, call.request)
            if kept is not None:
                return kept
        session = self._session
        try:
            answer = Answer(value=call.run(session))
            session.flush()
        finally:
            self._renew_session()
        if not self.raw.in_transaction:
            raise BatchLostError
        if call.request is not None:
            keep(self._statements, call.request, answer)
        return answer

    def _renew_session(self) -> None:
        """Give the next command an empty session; one that was not used is empty."""
        session = self._session
        if session.in_transaction() or len(session.info) > 1:
            session.close()
            self._session = self._new_session()

    def _new_session(self) -> CommandSession:
        return CommandSession(
            bind=self.connection, expire_on_commit=False, info={RAW: self._statements}
        )

    def _refuse(self, call: Outcome, error: Exception) -> None:
        call.answer, call.error = None, error
        request = call.call.request
        if isinstance(error, Refusal) and request is not None and is_kept(error):
            keep(self._statements, request, Answer(refusal=error))
        elif isinstance(error, DBAPIError):
            log.info("command failed in the database", command=call.call.name)

    def _begin(self) -> None:
        self._has_reached_commit = False
        self.raw.execute("BEGIN IMMEDIATE")

    def _commit(self) -> None:
        self._has_reached_commit = True
        began = time.monotonic_ns()
        self.raw.execute("COMMIT")
        self._commit_nanoseconds = time.monotonic_ns() - began

    def _fail(self, calls: Sequence[Outcome], error: Exception) -> None:
        """Undo what is open and tell the calls that nothing of them stands."""
        log.warning("write failed", error=repr(error), commands=len(calls))
        if self.raw.in_transaction:
            self.raw.execute("ROLLBACK")
        for each in calls:
            each.fail()

    def _give_up(self, calls: Sequence[Outcome]) -> None:
        """Leave the connection clean after an interrupt, and every call with an outcome."""
        if self.raw.in_transaction:
            self.raw.execute("ROLLBACK")
        elif self._has_reached_commit:
            # The interrupt came after COMMIT had done its work: what was answered stands.
            calls = [each for each in calls if each.answer is None and each.error is None]
        for each in calls:
            each.fail()
