"""A writer on a file of its own, and commands that stop, fail and interrupt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, create_engine, select, text
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database, options, sqlite_batch
from community.kernel.db.sqlite_writer import SqliteWriter
from community.kernel.tables import Base, Community, RequestAnswer

SYSTEM = Actor.system(0)


def open_database(
    file: Path, *, use_file_lock: bool = True, has_all_tables: bool = False
) -> Database:
    """Open a database file as one process would, its tables made."""
    url = f"sqlite:///{file}"
    if not file.exists():
        make_tables(url, None if has_all_tables else (Community, RequestAnswer))
    readers, writer = (
        create_engine(url, **options(url, writable=writable)) for writable in (False, True)
    )
    return Database(readers, writer, use_file_lock=use_file_lock)


def make_tables(url: str, tables: tuple[type[Base], ...] | None) -> None:
    """Make some tables, or all, without waiting for the disk."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("PRAGMA synchronous=OFF"))
        chosen = None if tables is None else [cast("Table", each.__table__) for each in tables]
        Base.metadata.create_all(connection, chosen)
    engine.dispose()


def writer_of(database: Database) -> SqliteWriter:
    """Give the writer, which is SQLite's here."""
    assert isinstance(database.writer, SqliteWriter)
    return database.writer


def add(session: Session, actor: Actor, slug: str) -> int:
    """Add a community by the fewest statements."""
    made = db.statements(session).insert(
        "INSERT INTO community (slug, name, street, district, is_demo, opened_at)"
        " VALUES (?, ?, '', '', FALSE, ?)",
        (slug, slug, clock.micros(clock.now())),
    )
    assert made is not None
    return made


def slugs(database: Database) -> list[str]:
    """List what was written, in the order it was."""
    with database.read() as session:
        return list(session.scalars(select(Community.slug).order_by(Community.id)))


class Gate:
    """A leader who waits until the test has queued what it wants."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.entered = threading.Event()
        self.open = threading.Event()
        self.pool = ThreadPoolExecutor(8)

    def wait(self, session: Session, actor: Actor, slug: str) -> int:
        """Write, and wait at the gate."""
        made = add(session, actor, slug)
        self._stop()
        return made

    def lead(self, slug: str = "first") -> Future[Any]:
        """Let a caller lead, commit, and stop at the gate: what queues up is another batch."""
        count = sqlite_batch.on_commit

        def stop(commands: int, nanoseconds: int) -> None:
            sqlite_batch.on_commit = count
            count(commands, nanoseconds)
            self._stop()

        sqlite_batch.on_commit = stop
        return self._led_by(add, slug)

    def lead_running(self, slug: str = "first") -> Future[Any]:
        """Let a caller lead and stop inside its command: what queues up may share its commit."""
        return self._led_by(self.wait, slug)

    def _led_by(self, act: Callable[..., int], slug: str) -> Future[Any]:
        leader = self.pool.submit(self.database.write, act, SYSTEM, slug)
        assert self.entered.wait(20)
        return leader

    def _stop(self) -> None:
        self.entered.set()
        assert self.open.wait(20)

    def queue(
        self, act: Callable[..., Any], *arguments: Any, key: str | None = None
    ) -> Future[Any]:
        """Queue a command behind the gate, after those queued before."""
        queue = writer_of(self.database)._queue
        before = len(queue)
        queued = self.pool.submit(self.database.write, act, SYSTEM, *arguments, request_key=key)
        while len(queue) == before:
            threading.Event().wait(0.001)
        return queued
