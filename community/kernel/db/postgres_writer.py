"""On PostgreSQL a command runs on the caller's connection, SERIALIZABLE, with retries."""

from __future__ import annotations

import random
import threading
import time
from typing import Any

import structlog
from sqlalchemy import Connection, Engine

from community.kernel.db.calls import Call
from community.kernel.db.idempotency import Answer, find, is_kept, keep
from community.kernel.db.session import RAW, CommandSession, Statements
from community.kernel.errors import OutcomeUnknown, Refusal, WriteFailed

ATTEMPTS = 20
MOST_DOUBLINGS = 6
SERIALIZATION_FAILURE = "40001"
DEADLOCK = "40P01"
UNIQUE_VIOLATION = "23505"

log = structlog.get_logger("kernel.writer")
_inside = threading.local()


class PostgresWriter:
    """The only way to write into a PostgreSQL database."""

    def __init__(self, engine: Engine) -> None:
        """Write through an engine of which each caller takes a connection."""
        self._engine = engine

    def write(self, call: Call) -> Any:
        """Run a call in a transaction of its own, again while the database asks for it.

        Raises: WriteFailed when it keeps failing; whatever the command raised.
        """
        assert not getattr(_inside, "command", False), "a command never calls write"
        for attempt in range(ATTEMPTS):
            try:
                return self._attempt(call).give()
            except Exception as error:
                if not _may_retry(error, call):
                    raise
            # Two that collided once would collide again in step.
            time.sleep(random.uniform(0, 0.002 * 2 ** min(attempt, MOST_DOUBLINGS)))  # noqa: S311
        log.warning("write failed", command=call.name, attempts=ATTEMPTS)
        raise WriteFailed

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def _attempt(self, call: Call) -> Answer:
        level = "READ COMMITTED" if call.is_hot else "SERIALIZABLE"
        with self._engine.connect().execution_options(isolation_level=level) as connection:
            raw = connection.connection.dbapi_connection
            statements = Statements(raw, is_postgres=True)
            _inside.command = True
            try:
                return self._run(call, connection, statements, raw)
            finally:
                _inside.command = False

    def _run(self, call: Call, connection: Connection, statements: Statements, raw: Any) -> Answer:
        if call.request is not None:
            kept = find(statements, call.request)
            if kept is not None:
                connection.rollback()
                return kept
        info = {RAW: statements}
        with CommandSession(bind=connection, expire_on_commit=False, info=info) as session:
            try:
                answer = Answer(value=call.run(session))
                session.flush()
            except Refusal as refusal:
                raw.rollback()
                answer = Answer(refusal=refusal)
                if call.request is None or not is_kept(refusal):
                    return answer
            if call.request is not None:
                keep(statements, call.request, answer)
            _commit(raw)
            return answer


def _commit(raw: Any) -> None:
    """Commit; a connection lost on the way leaves the outcome open."""
    try:
        raw.commit()
    except Exception as error:
        if raw.broken:
            raise OutcomeUnknown from error
        raise


def _may_retry(error: Exception, call: Call) -> bool:
    """Tell whether the database asked for another try; psycopg's errors come bare or wrapped."""
    bare = getattr(error, "orig", None) or error
    state = getattr(bare, "sqlstate", None)
    if state in {SERIALIZATION_FAILURE, DEADLOCK}:
        return True
    return state == UNIQUE_VIOLATION and call.request is not None and _is_answer_key(bare)


def _is_answer_key(error: BaseException) -> bool:
    diagnostics = getattr(error, "diag", None)
    return getattr(diagnostics, "table_name", None) == "request_answer"
