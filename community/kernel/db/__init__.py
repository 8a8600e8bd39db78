"""The database of this process: `read()` cannot write, `write()` is the one way to write.

A command is a function of (session, actor, frozen plain values); it never opens or
commits a transaction, never reads the request, never calls the network and never calls `write`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.kernel.db.calls import Command, hot_path, make_call, set_helper_guard, untold
from community.kernel.db.engines import options, prepare
from community.kernel.db.glances import Glance, Glances
from community.kernel.db.grown import analyse_grown
from community.kernel.db.postgres_writer import PostgresWriter
from community.kernel.db.session import CommandSession, Rows, Statements, change, statements
from community.kernel.db.sqlite_writer import SqliteWriter

__all__ = [
    "CommandSession",
    "Database",
    "Rows",
    "Statements",
    "attach",
    "change",
    "current",
    "glance",
    "hot_path",
    "options",
    "prepare",
    "read",
    "set_helper_guard",
    "statements",
    "untold",
    "write",
]


class Database:
    """A pair of engines, one that only reads and one that writes."""

    def __init__(self, reader: Engine, writer: Engine, *, use_file_lock: bool = True) -> None:
        """Take engines made with `options()`; their connections are set up here."""
        prepare(reader, writable=False)
        prepare(writer, writable=True)
        self.reader = reader
        self.glances = Glances(reader)
        self.writer_engine = writer
        self.before_write: Callable[[], None] = lambda: None
        # Whether this is the embedded database.
        self.is_sqlite = reader.dialect.name == "sqlite"
        self.writer: SqliteWriter | PostgresWriter
        if writer.dialect.name == "sqlite":
            # A mapped file is mapped anew after each commit: for a glance that is half its time.
            glancing = create_engine(reader.url, **options(str(reader.url), writable=False))
            prepare(glancing, writable=False, is_mapped=False)
            self.glances = Glances(glancing)
            assert writer.url.database is not None
            self.writer = SqliteWriter(
                writer,
                (reader, self.glances),
                Path(writer.url.database),
                use_file_lock=use_file_lock,
            )
        else:
            self.writer = PostgresWriter(writer)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session on a read-only connection: one snapshot, closed at the end."""
        with Session(self.reader, expire_on_commit=False) as session:
            yield session

    def write(
        self, command: Command, actor: Actor, *arguments: Any, request_key: str | None = None
    ) -> Any:
        """Run a command in the writer's transaction and answer after its commit.

        With a `request_key` the same actor, command and payload get the first answer again.
        """
        call = make_call(command, actor, arguments, request_key)
        # The page that shows the answer must see the act, so its snapshot ends here.
        self.before_write()
        return self.writer.write(call)

    def analyse_grown(self) -> tuple[str, ...]:
        """Have statements planned anew for tables that have grown; gives the tables' names.

        SQLite, which plans by the schema alone, has none.
        """
        return () if self.is_sqlite else analyse_grown(self.writer_engine)

    def close(self) -> None:
        """Stop the writer and drop all connections."""
        self.writer.close()
        self.writer_engine.dispose()
        self.reader.dispose()
        self.glances.dispose()


_current: Database | None = None


def attach(database: Database) -> None:
    """Make a database the one of this process."""
    global _current  # noqa: PLW0603  one database a process; tests attach their own
    _current = database


def current() -> Database:
    """Give the database of this process."""
    assert _current is not None, "no database attached; community.app does that"
    return _current


@contextmanager
def read() -> Iterator[Session]:
    """Give a session on a read-only connection of the process's database."""
    with current().read() as session:
        yield session


def glance() -> Glance:
    """Give raw statements on a read-only connection of the process's database."""
    return Glance(current().glances)


def write(command: Command, actor: Actor, *arguments: Any, request_key: str | None = None) -> Any:
    """Run a command: the one way to write. See `Database.write`."""
    return current().write(command, actor, *arguments, request_key=request_key)
