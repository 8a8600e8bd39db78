"""The database's schema over time: which revision it has, which one this program needs."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect, text
from sqlalchemy.engine import make_url

from community.kernel import clock, triggers

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
VERSIONS = MIGRATIONS / "versions"
_FILE = re.compile(r"(\d{4})_\w+\.py\Z")
KEPT_COPIES = 3


class WrongSchema(Exception):
    """The database does not fit this program; the message says what to do."""


def newest_revision() -> str:
    """Tell the revision this program needs: revisions are numbered files, in a row."""
    found = sorted(m.group(1) for each in VERSIONS.iterdir() if (m := _FILE.match(each.name)))
    assert found, f"no revisions in {VERSIONS}"
    return found[-1]


def revision_of(url: str) -> str | None:
    """Tell the revision of a database; None when it is empty or absent."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        assert parsed.database is not None
        if not Path(parsed.database).exists():
            return None
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    finally:
        engine.dispose()


def check_revision(url: str) -> None:
    """Refuse a database of another revision than this program's.

    Raises: WrongSchema.
    """
    found, needed = revision_of(url), newest_revision()
    if found == needed:
        return
    if found is None:
        raise WrongSchema("数据库还没有建立。请先运行：flask --app wsgi db upgrade")
    if found > needed:
        raise WrongSchema(
            f"数据库是 {found} 版，比程序需要的 {needed} 版新。请换用新版程序，或恢复升级前的备份。"
        )
    raise WrongSchema(
        f"数据库是 {found} 版，程序需要 {needed} 版。"
        "请先停止应用，再运行：flask --app wsgi db upgrade"
    )


def migration_engine(url: str) -> Engine:
    """Make the engine migrations run on: real transactions around DDL, keys checked at the end."""
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _connect(connection: sqlite3.Connection, _record: object) -> None:
            # Batch migrations copy, drop and rename tables; references are checked afterwards.
            connection.isolation_level = None
            connection.execute("PRAGMA foreign_keys=OFF")
            connection.execute("PRAGMA journal_mode=WAL")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@contextmanager
def triggers_aside(connection: Connection) -> Iterator[None]:
    """Take all triggers away while tables are remade, and make today's anew at the end."""
    drop_triggers(connection)
    yield
    present = set(inspect(connection).get_table_names())
    for each in triggers.registered():
        if each.table in present:
            for statement in each.statements(connection.dialect.name):
                connection.exec_driver_sql(statement)


def drop_triggers(connection: Connection) -> None:
    """Drop every trigger of the schema, also those no program of today knows."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for name in connection.execute(text(query)).scalars().all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        return
    query = (
        "SELECT t.tgname, c.relname, p.proname FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
    )
    for name, table, function in connection.execute(text(query)).tuples().all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}" ON "{table}"')
        connection.exec_driver_sql(f'DROP FUNCTION "{function}"()')


def check_references(connection: Connection) -> None:
    """Refuse a migrated SQLite database in which a reference leads nowhere.

    Raises: WrongSchema, which undoes the migration.
    """
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        table, row, parent = broken[0][0], broken[0][1], broken[0][2]
        raise WrongSchema(f"{len(broken)} 处引用失效，例如 {table} 第 {row} 行指向 {parent}")


def copy_before_upgrade(url: str) -> Path | None:
    """Keep a consistent copy of an SQLite database beside it; the last three are kept.

    PostgreSQL is backed up by its own tools: docs/operation.md.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or revision_of(url) is None:
        return None
    assert parsed.database is not None
    source = Path(parsed.database)
    stamp = f"{clock.now().astimezone(clock.SHANGHAI):%Y%m%d-%H%M%S}"
    target = source.with_name(f"{source.stem}.before-upgrade-{stamp}.db")
    _check_space(source)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    target.chmod(0o600)
    copies = sorted(source.parent.glob(f"{source.stem}.before-upgrade-*.db"))
    for each in copies[:-KEPT_COPIES]:
        each.unlink()
    return target


def _check_space(source: Path) -> None:
    needed = source.stat().st_size * 2
    if shutil.disk_usage(source.parent).free < needed:
        raise WrongSchema(
            f"磁盘空间不足：升级需要 {needed >> 20} MB。请清理 {source.parent} 所在磁盘后重试。"
        )
