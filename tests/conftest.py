"""Fixtures of every test: one application a worker, a fresh database and a fixed clock a test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine

from community import app as assembly
from community.kernel import clock
from community.kernel.db import Database
from community.kernel.tables import Base

pytest_plugins = ["tests.postgres"]

# Sunday 2026-11-22, 10:00 in Shanghai.
NOON = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


class World:
    """The one application of a test worker and the means to empty its database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "test.db"
        self.template = folder / "template.db"
        self.url = f"sqlite:///{self.file}"
        self._make_template()
        shutil.copy(self.template, self.file)
        self.app = assembly.create_app(
            {
                "TESTING": True,
                "INSTANCE": folder,
                "DATABASE_URL": self.url,
                "SECRET_KEY": "tests-only-secret-key-of-enough-length",
                "RATELIMIT_ENABLED": False,
            }
        )

    def _make_template(self) -> None:
        engine = create_engine(f"sqlite:///{self.template}")
        Base.metadata.create_all(engine)
        engine.dispose()

    @property
    def database(self) -> Database:
        found: Database = self.app.extensions["community_database"]
        return found

    def renew(self) -> None:
        self.database.close()
        for name in ("-wal", "-shm"):
            self.file.with_name(self.file.name + name).unlink(missing_ok=True)
        shutil.copy(self.template, self.file)


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        made = World(Path(folder))
        yield made
        made.database.close()


@pytest.fixture
def database(world: World) -> Iterator[Database]:
    """Give an empty database; every invariant of every room must hold when the test ends."""
    world.renew()
    with clock.fixed(NOON), world.app.app_context():
        yield world.database
        with world.database.read() as session:
            assert assembly.problems(session) == []


@pytest.fixture
def app(world: World, database: Database) -> Flask:
    return world.app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def is_postgres() -> bool:
    return os.environ.get("COMMUNITY_TEST_DATABASE") == "postgresql"
