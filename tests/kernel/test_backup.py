"""One archive holds the whole installation; a broken one restores nothing."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from community.kernel import backup, clock
from community.kernel.errors import NotFound
from tests.conftest import NOON

HASH = "ab" + "0" * 62


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "community.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE note (words TEXT)")
        connection.execute("INSERT INTO note VALUES ('first')")
        connection.commit()
    (tmp_path / "files/ab").mkdir(parents=True)
    (tmp_path / "files/ab" / HASH).write_bytes(b"picture")
    (tmp_path / "secret_key").write_text("the first secret")
    return tmp_path


def url_of(instance: Path) -> str:
    return f"sqlite:///{instance}/community.db"


def write(instance: Path, words: str) -> None:
    with closing(sqlite3.connect(instance / "community.db")) as connection:
        connection.execute("INSERT INTO note VALUES (?)", (words,))
        connection.commit()


def words(instance: Path) -> list[str]:
    with closing(sqlite3.connect(instance / "community.db")) as connection:
        return [row[0] for row in connection.execute("SELECT words FROM note")]


def make(instance: Path) -> Path:
    return instance / "backups" / backup.make_backup(url_of(instance), instance).name


def test_everything_comes_back_as_it_was(instance: Path) -> None:
    archive = make(instance)
    write(instance, "second")
    (instance / "files/ab" / HASH).unlink()
    (instance / "secret_key").write_text("another secret")
    backup.restore(url_of(instance), instance, archive)
    assert words(instance) == ["first"]
    assert (instance / "files/ab" / HASH).read_bytes() == b"picture"
    assert (instance / "secret_key").read_text() == "the first secret"
    assert (instance / "secret_key").stat().st_mode & 0o077 == 0


def test_what_was_there_is_kept_before_a_restore(instance: Path) -> None:
    archive = make(instance)
    write(instance, "second")
    backup.restore(url_of(instance), instance, archive)
    (before,) = [each for each in backup.backups(instance) if "before" in each.name]
    backup.restore(url_of(instance), instance, instance / "backups" / before.name)
    assert words(instance) == ["first", "second"]


def test_a_backup_sees_what_an_open_connection_has_committed(instance: Path) -> None:
    with closing(sqlite3.connect(instance / "community.db")) as writer:
        writer.execute("INSERT INTO note VALUES ('in the log')")
        writer.commit()
        writer.execute("INSERT INTO note VALUES ('not committed')")
        archive = make(instance)
    backup.restore(url_of(instance), instance, archive)
    assert words(instance) == ["first", "in the log"]


def test_the_archive_is_for_its_owner_only(instance: Path) -> None:
    archive = make(instance)
    assert archive.stat().st_mode & 0o077 == 0
    assert not list(archive.parent.glob(".*"))


@pytest.mark.parametrize("harm", ["flip", "cut", "extra", "missing", "outside", "no manifest"])
def test_a_broken_archive_restores_nothing(instance: Path, harm: str) -> None:
    archive = make(instance)
    _harm(archive, harm)
    write(instance, "second")
    with pytest.raises(backup.BackupBroken):
        backup.restore(url_of(instance), instance, archive)
    assert words(instance) == ["first", "second"]


def _harm(archive: Path, harm: str) -> None:
    if harm == "cut":
        archive.write_bytes(archive.read_bytes()[:-200])
        return
    with zipfile.ZipFile(archive) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    manifest = json.loads(members["manifest.json"])
    if harm == "flip":
        members["database.db"] = members["database.db"][:-1] + b"?"
    elif harm == "extra":
        members["files/ab/extra"] = b"x"
    elif harm == "missing":
        del members[f"files/ab/{HASH}"]
    elif harm == "outside":
        members["files/../../outside"] = b"x"
        manifest["entries"]["files/../../outside"] = {"size": 1, "sha256": "0"}
        members["manifest.json"] = json.dumps(manifest).encode()
    else:
        del members["manifest.json"]
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)


def test_a_restore_waits_for_the_next_start(instance: Path) -> None:
    archive = make(instance)
    write(instance, "second")
    backup.ask_restore(instance, archive.name)
    assert backup.asked_restore(instance) == archive.name
    assert words(instance) == ["first", "second"]
    assert backup.restore_if_asked(url_of(instance), instance) == archive.name
    assert words(instance) == ["first"]
    assert backup.restore_if_asked(url_of(instance), instance) is None


def test_a_withdrawn_restore_does_not_happen(instance: Path) -> None:
    backup.ask_restore(instance, make(instance).name)
    backup.withdraw_restore(instance)
    assert backup.restore_if_asked(url_of(instance), instance) is None


@pytest.mark.parametrize("name", ["../community.db", "community-1.zip", "", "restore.request"])
def test_only_archives_of_ours_are_found(instance: Path, name: str) -> None:
    with pytest.raises(NotFound):
        backup.ask_restore(instance, name)


def test_the_newest_thirty_are_kept(instance: Path) -> None:
    for night in range(32):
        with clock.fixed(NOON + timedelta(days=night)):
            make(instance)
    assert backup.forget_old_backups(instance) == 2
    kept = backup.backups(instance)
    assert len(kept) == 30
    assert kept[0].made_at == (NOON + timedelta(days=31)).astimezone(clock.SHANGHAI)


def test_a_server_s_database_is_not_ours_to_copy(instance: Path) -> None:
    with pytest.raises(backup.BackupUnsupported):
        backup.make_backup("postgresql+psycopg://host/name", instance)
