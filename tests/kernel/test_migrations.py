"""A migrated database is a fresh one: tables, constraints, indexes and triggers."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from community.kernel.app_lock import AppLock
from community.kernel.tables import Base
from community.web.operations import schema

ROOT = Path(__file__).parents[2]
REVISION = schema.newest_revision()
pytestmark = [pytest.mark.slow, pytest.mark.once]


def run_flask(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env=os.environ
        | {"COMMUNITY_INSTANCE": str(folder), "COMMUNITY_DATABASE": ""}
        | {"COMMUNITY_DATABASE": f"sqlite:///{folder}/community.db"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    done = run_flask(folder, "db", "upgrade")
    assert done.returncode == 0, done.stderr
    return folder / "community.db"


@pytest.fixture
def copy(migrated: Path, tmp_path: Path) -> Path:
    target = tmp_path / "community.db"
    with closing(sqlite3.connect(migrated)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    return target


def describe(file: Path) -> dict[tuple[str, str], list[str]]:
    """Describe a schema; the order of a table's columns and constraints means nothing."""
    query = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(query).fetchall()
    return {
        (kind, name): sorted(split_parts(sql or ""))
        for kind, name, sql in rows
        if name != "alembic_version"
    }


def split_parts(sql: str) -> Iterator[str]:
    """Split CREATE TABLE at its own commas, and leave other statements whole."""
    text = re.sub(r"\s+", " ", sql).strip().replace('"', "")
    if not text.startswith("CREATE TABLE"):
        yield text
        return
    depth, part = 0, ""
    for letter in text[text.index("(") + 1 : text.rindex(")")]:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            yield part.strip()
            part = ""
        else:
            part += letter
    yield part.strip()


def test_a_fresh_schema_is_a_migrated_one(migrated: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.db"
    engine = create_engine(f"sqlite:///{fresh}")
    Base.metadata.create_all(engine)
    engine.dispose()
    made, wanted = describe(migrated), describe(fresh)
    assert sorted(set(made) ^ set(wanted)) == [], "run: make migration"
    differing = {name: (made[name], wanted[name]) for name in wanted if made[name] != wanted[name]}
    assert differing == {}, "run: make migration"
    assert [name for kind, name in made if kind == "trigger"]


def test_the_second_upgrade_does_nothing(copy: Path) -> None:
    before = describe(copy)
    done = run_flask(copy.parent, "db", "upgrade")
    assert done.returncode == 0, done.stderr
    assert describe(copy) == before
    assert list(copy.parent.glob("*.before-upgrade-*")) == []


def test_a_filled_database_is_copied_before_it_changes(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute(
            "INSERT INTO community (slug, name, street, district, is_demo, opened_at)"
            " VALUES ('a', 'A', '', '', 0, 1)"
        )
        connection.commit()
    done = run_flask(copy.parent, "db", "stamp", "base")
    assert done.returncode == 0, done.stderr
    (kept,) = copy.parent.glob("*.before-upgrade-*.db")
    assert kept.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT slug FROM community").fetchall() == [("a",)]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_triggers_come_back_after_tables_were_remade(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute(
            "CREATE TRIGGER of_another_time BEFORE DELETE ON community BEGIN SELECT 1; END"
        )
        connection.execute("DROP TRIGGER notice_no_delete")
        connection.commit()
    done = run_flask(copy.parent, "db", "upgrade")
    assert done.returncode == 0, done.stderr
    names = {name for kind, name in describe(copy) if kind == "trigger"}
    assert "notice_no_delete" in names
    assert "of_another_time" not in names


def test_a_broken_reference_stops_the_upgrade(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute(
            "INSERT INTO building (community_id, name, position) VALUES (99, 'x', 1)"
        )
        connection.commit()
    done = run_flask(copy.parent, "db", "upgrade")
    assert done.returncode == 1
    assert "引用失效" in done.stderr
    names = {name for kind, name in describe(copy) if kind == "trigger"}
    assert "notice_no_delete" in names, "the triggers must be back after a refused upgrade"


def test_no_upgrade_while_an_application_runs(copy: Path) -> None:
    with AppLock(f"sqlite:///{copy}", exclusive=False):
        done = run_flask(copy.parent, "db", "upgrade")
        looked = run_flask(copy.parent, "db", "current")
    assert done.returncode == 1
    assert "应用正在运行" in done.stderr
    assert REVISION in looked.stdout


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [("9999", "比程序需要的"), ("0000", "db upgrade"), (None, "还没有建立")],
)
def test_another_revision_is_refused_with_advice(
    copy: Path, revision: str | None, sentence: str
) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("DELETE FROM alembic_version")
        if revision is not None:
            connection.execute("INSERT INTO alembic_version VALUES (?)", [revision])
        connection.commit()
    with pytest.raises(schema.WrongSchema, match=sentence):
        schema.check_revision(f"sqlite:///{copy}")
