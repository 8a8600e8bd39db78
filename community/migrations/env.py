"""How a migration runs: alone, on a copied database, triggers aside, all of it or nothing."""

from __future__ import annotations

import sys
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import MigrationScript
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from community.kernel.app_lock import AppLock, AppLockHeld
from community.kernel.tables import Base
from community.web.operations.schema import (
    WrongSchema,
    check_references,
    copy_before_upgrade,
    migration_engine,
    revision_of,
    triggers_aside,
)


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types as the plain types they store, so that old revisions stay true."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{type(item.impl_instance).__name__}()"
    return False


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Leave aside what is not ours (SQLite's own tables)."""
    return not (kind == "table" and name is not None and name.startswith("sqlite_"))


def number_revision(migration: object, revision: object, directives: list[MigrationScript]) -> None:
    """Number new revisions in a row: 0001, then 0002, and so on."""
    for script in directives:
        assert context.config is not None
        heads = context.script.get_heads()
        script.rev_id = f"{int(heads[0]) + 1:04d}" if heads else "0001"


def asked_revision() -> str | None:
    """Tell the revision to go to; None for a command that only looks (`current`, `check`)."""
    try:
        asked = context.get_revision_argument()
    except KeyError:
        return None
    return asked if isinstance(asked, str) else "base"


def configure(connection: Connection) -> None:
    """Tell alembic what it works on."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        include_name=include_name,
        process_revision_directives=number_revision,
        compare_type=True,
        transactional_ddl=True,
    )


def look(url: str) -> None:
    """Run a command that changes nothing in the database."""
    engine = migration_engine(url)
    with engine.connect() as connection:
        configure(connection)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


def change(url: str, asked: str) -> None:
    """Run the asked steps under the exclusive lock, in one transaction, after a copy was kept."""
    with AppLock(url, exclusive=True):
        if revision_of(url) != asked and (copy := copy_before_upgrade(url)):
            sys.stdout.write(f"升级前的副本：{copy}\n")
        engine = migration_engine(url)
        with engine.connect() as connection:
            configure(connection)
            with context.begin_transaction(), triggers_aside(connection):
                context.run_migrations()
                check_references(connection)
        engine.dispose()


def run() -> None:
    """Do what alembic was asked to."""
    url = current_app.config["DATABASE_URL"]
    asked = asked_revision()
    if asked is None:
        look(url)
    else:
        change(url, asked)


try:
    run()
except (AppLockHeld, WrongSchema) as refused:
    sys.exit(str(refused))
