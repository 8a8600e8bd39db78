"""What somebody with the server's disk can do to a public log, past everything that refuses it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from community import transparency
from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.db import Database, Statements

RECORD = "transparency_record"
# What is made anew when a log is built again from its records, the dependent first.
BUILT = ("transparency_checkpoint", "transparency_tile", "transparency_leaf")


@contextmanager
def behind(database: Database) -> Iterator[Statements]:
    """Give a connection on which no trigger of the log refuses; what is done there stays."""
    engine = create_engine(database.writer_engine.url, poolclass=NullPool)
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        at = Statements(raw, is_postgres=not database.is_sqlite)
        kept = _take_triggers(at)
        yield at
        for sql in kept:
            at.run(sql)
        raw.commit()
    engine.dispose()


def _take_triggers(at: Statements) -> list[str]:
    if at.is_postgres:
        at.run("SET session_replication_role = replica")
        return []
    found = at.all(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        " AND tbl_name LIKE 'transparency_%'"
    )
    for name, _ in found:
        at.run(f"DROP TRIGGER {name}")
    return [str(sql) for _, sql in found]


def rewrite(database: Database, record_id: int, content: bytes) -> None:
    """Change what a published record says."""
    with behind(database) as at:
        at.run(f"UPDATE {RECORD} SET content = ? WHERE id = ?", (content, record_id))


def build_again(database: Database, actor: Actor) -> None:
    """Build and sign a log anew from its records as they are now, with its own key."""
    with behind(database) as at:
        for table in BUILT:
            at.run(f"DELETE FROM {table} WHERE community_id = ?", (actor.community_id,))
    db.write(transparency.checkpoint_now, actor)
