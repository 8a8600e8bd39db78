"""How each database's connections are set up: readers that cannot write, one writer."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

# Readers keep up to this many connections a process: the server runs 16 threads.
POOL_SIZE = 32
# The connection used last has the warmest cache; on PostgreSQL it alone knows tables and plans.
POOL: dict[str, Any] = {"max_overflow": 0, "pool_use_lifo": True}
# psycopg's `pq.Format.TEXT`; psycopg itself is optional.
TEXT_FORMAT = 0


class WriterConnection(sqlite3.Connection):
    """A connection whose transactions only the writer ends, by plain SQL.

    SQLAlchemy's sessions call `commit` and `rollback` when they are closed; here these do
    nothing, or one refused command would undo its whole batch.
    """

    def commit(self) -> None:
        """Do nothing."""

    def rollback(self) -> None:
        """Do nothing."""


def options(url: str, *, writable: bool) -> dict[str, Any]:
    """Give the engine options that flask-sqlalchemy (or a test) passes to `create_engine`."""
    if make_url(url).get_backend_name() != "sqlite":
        return {**POOL, "pool_size": POOL_SIZE, "pool_pre_ping": True}
    pool = {**POOL, "pool_size": 1 if writable else POOL_SIZE}
    connect: dict[str, Any] = {"check_same_thread": False, "timeout": 30}
    if writable:
        connect["factory"] = WriterConnection
    return {**pool, "connect_args": connect}


def prepare(engine: Engine, *, writable: bool, is_mapped: bool = True) -> None:
    """Set up every connection that an engine will open; `is_mapped` is for SQLite's readers."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, writable=writable, is_mapped=is_mapped and not writable)
    else:
        _prepare_postgres(engine)
        if not writable:
            _prepare_postgres_reader(engine)


def _prepare_sqlite(engine: Engine, *, writable: bool, is_mapped: bool) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            # The writer checkpoints inside the file lock; a reader's would stall it.
            "wal_autocheckpoint=0",
            "cache_size=-65536" if writable else "cache_size=-8192",
            # The writer would copy each mapped page that it changes (5 microseconds a post).
            f"mmap_size={268435456 if is_mapped else 0}",
            "temp_store=MEMORY",
            "trusted_schema=OFF",
            f"query_only={'OFF' if writable else 'ON'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    if not writable:

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            # One snapshot for all the reads of a page.
            connection.exec_driver_sql("BEGIN")


def _prepare_postgres(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        # A sum of whole numbers is `numeric` there: read it as the whole number it is. The loader
        # of int8 refuses a fraction, which nothing here may produce.
        adapters = connection.adapters
        whole = adapters.get_loader(adapters.types["int8"].oid, TEXT_FORMAT)
        adapters.register_loader("numeric", whole)


def _prepare_postgres_reader(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.autocommit = True
        connection.execute("SET default_transaction_read_only = on")
        connection.execute("SET default_transaction_isolation = 'repeatable read'")
        connection.autocommit = False
        # Nothing was written, so both end the snapshot alike; but at a rollback psycopg forgets
        # every statement it has prepared, and every page would have all of them planned anew.
        connection.rollback = connection.commit
