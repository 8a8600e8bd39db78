"""Fixtures of every test: one application a worker, a fresh database and a fixed clock a test."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

from community import app as assembly
from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.tables import Base
from community.web.senders import use_senders
from tests import scenes
from tests.empty_tables import Memory, look_into
from tests.fast_folders import temporary_folder

pytest_plugins = ["tests.browser", "tests.postgres"]
Fill = Callable[[str], None]

# Sunday 2026-11-22, 10:00 in Shanghai.
NOON = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def is_postgres() -> bool:
    return os.environ.get("COMMUNITY_TEST_DATABASE") == "postgresql"


def takes_long(item: pytest.Item) -> bool:
    is_slow = item.get_closest_marker("slow") is not None
    return is_slow or "playwright" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long: a story left to the end would keep one worker busy alone.

    The run on PostgreSQL leaves out what would meet nothing there that it did not meet before: a
    test that does not ask for the database, and one that asks for PostgreSQL always.
    """
    items.sort(key=lambda each: not takes_long(each))
    if not is_postgres():
        return
    chosen = [each for each in items if "world" in getattr(each, "fixturenames", ())]
    left = [each for each in items if "world" not in getattr(each, "fixturenames", ())]
    config.hook.pytest_deselected(items=left)
    items[:] = chosen


@event.listens_for(Engine, "connect")
def show_what_hangs_on_order(connection: object, _record: object) -> None:
    """Let SQLite give rows that nobody ordered backwards; PostgreSQL gives them in any order."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects=ON")


def make_tables(url: str) -> None:
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()


class Store(scenes.Store, Protocol):
    """A database of this worker that can be emptied."""

    url: str

    def serve(self, database: Database) -> None:
        """Set up the connections of the application."""

    def renew(self) -> None: ...

    def asked_again(self, session: Session) -> AbstractContextManager[None]: ...


class SqliteFile:
    """The worker's database file, renewed by copying an empty one."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "test.db"
        self.template = folder / "template.db"
        self.url = f"sqlite:///{self.file}"
        make_tables(f"sqlite:///{self.template}")
        # As every connection asks for it: asking would change each copy.
        with closing(sqlite3.connect(self.template)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        shutil.copy(self.template, self.file)
        self.copied = self._last_change()
        self.memory = Memory()

    def serve(self, database: Database) -> None:
        """Do nothing: they are as anybody's."""

    def renew(self) -> None:
        self._copy(self.template)

    def is_empty(self) -> bool:
        """Tell whether nothing was written: neither into the log beside the file nor into it."""
        log = self.file.with_name(f"{self.file.name}-wal")
        is_logged = log.exists() and log.stat().st_size > 0
        return not is_logged and self._last_change() == self.copied

    def keep(self, scene: str) -> None:
        """Keep what is in it; the copy knows nothing of a log beside the file."""
        with (
            closing(sqlite3.connect(self.file)) as source,
            closing(sqlite3.connect(self._kept(scene))) as target,
        ):
            source.backup(target)

    def bring_back(self, scene: str) -> None:
        self._copy(self._kept(scene))
        # Nothing is written yet, and still it is not empty: a second scene must be made beside.
        self.copied = 0

    def asked_again(self, session: Session) -> AbstractContextManager[None]:
        """Remember what is said of empty tables."""
        return self.memory.used(look_into(session))

    def _last_change(self) -> int:
        return self.file.stat().st_mtime_ns

    def _kept(self, scene: str) -> Path:
        return self.file.with_name(f"{scene}.db")

    def _copy(self, source: Path) -> None:
        db.current().close()
        for name in ("-wal", "-shm"):
            self.file.with_name(self.file.name + name).unlink(missing_ok=True)
        shutil.copy(source, self.file)
        self.copied = self._last_change()


class World:
    """The one application of a test worker and the means to empty its database."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.folder = folder
        self.store = store
        self.app = assembly.create_app(
            {
                "TESTING": True,
                "INSTANCE": folder,
                "DATABASE_URL": self.store.url,
                "SECRET_KEY": "tests-only-secret-key-of-enough-length",
                "RATELIMIT_ENABLED": False,
            }
        )

        self.store.serve(self.database)

    @property
    def database(self) -> Database:
        found: Database = self.app.extensions["community_database"]
        return found

    def renew(self) -> None:
        # A test that assembles another application leaves its senders behind.
        use_senders(self.app.config)
        self.store.renew()


@pytest.fixture(scope="session")
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with temporary_folder() as folder:
        if is_postgres():
            open_store: Callable[[Fill], Store] = request.getfixturevalue("open_postgres")
            made = World(folder, open_store(make_tables))
        else:
            made = World(folder, SqliteFile(folder))
        if hasattr(request.config, "cache"):
            # Compiling every template takes 3 s, and each worker would.
            templates = request.config.cache.mkdir("templates")
            made.app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(templates))
        # What is assembled stays to the end: each collection would walk through all of it again.
        gc.collect()
        gc.freeze()
        # What a test leaves behind is little; looking for it after every 700 objects took 7 %.
        gc.set_threshold(20_000, 20)
        scenes.use_stage(scenes.Stage(made.store))
        yield made
        scenes.use_stage(None)
        made.database.close()


@pytest.fixture
def database(world: World, request: pytest.FixtureRequest) -> Iterator[Database]:
    """Give an empty database; every invariant of every room must hold when the test ends."""
    marked = request.node.get_closest_marker("once")
    assert marked is None, "a test of the database runs on both: it is not to be marked `once`"
    world.renew()
    with clock.fixed(NOON):
        yield world.database
        with world.database.read() as session, world.store.asked_again(session):
            assert assembly.problems(session) == []


@pytest.fixture
def app(world: World, database: Database) -> Flask:
    return world.app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
