"""Keys that change, files on a stick, a sealer killed in the middle, and sealers that race."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from community import app as assembly
from community import transparency
from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.transparency import queries
from community.transparency.errors import AlreadyRotated
from community.transparency.queries.place import place
from community.transparency.rules import note
from community.transparency.rules.merkle import leaf_hash, root_of
from community.transparency.rules.tiles import read_entries
from community.transparency.service import rotation, sealing
from community.transparency.service.export import export_log
from tests.conftest import is_postgres
from tests.kernel.writers import open_database
from tests.transparency import logs

ROOT = Path(__file__).parents[2]


def keys_of(actor: Actor) -> list[note.VerifierKey]:
    with db.read() as session:
        found = queries.verifier_keys(session, actor.community_id)
    return [note.read_key(each) for each in found]


def test_new_key_is_announced_under_the_old(database: Database) -> None:
    actor = logs.make_log(3)
    (old,) = keys_of(actor)
    made = db.write(rotation.rotate_key, actor, str(old))
    new, kept = keys_of(actor)
    assert (str(new), kept) == (made, old)
    with db.read() as session:
        told = transparency.find_record(session, actor.community_id, "log.key", 2)
    assert told is not None
    assert (told.fields["verifier_key"], told.fields["replaces"]) == (str(new), str(old))
    announced = logs.latest(actor)
    assert note.open_checkpoint(announced.note, [old])[0].size == told.log_index + 1 == 4  # type: ignore[operator]
    with pytest.raises(note.BadNote):
        note.open_checkpoint(announced.note, [new])
    logs.fill(actor, 1)
    assert note.open_checkpoint(logs.latest(actor).note, [new])[0].size == 5
    # Old checkpoints verify as before.
    with db.read() as session:
        first = queries.find_checkpoint(session, actor.community_id, 3)
    assert first is not None
    assert note.open_checkpoint(first.note, [old])[0].size == 3
    assert logs.proof(actor, 1).verifier_key == str(new)


def test_key_seen_by_two_is_replaced_once(database: Database) -> None:
    actor = logs.make_log(1)
    (old,) = keys_of(actor)
    db.write(rotation.rotate_key, actor, str(old))
    with pytest.raises(AlreadyRotated):
        db.write(rotation.rotate_key, actor, str(old))


def test_export_is_the_log_and_grows(database: Database, tmp_path: Path) -> None:
    actor = logs.make_log(300)
    with db.read() as session:
        size, first = export_log(session, actor.community_id, tmp_path)
    assert size == 300
    assert (tmp_path / "tile/0/001.p/44").stat().st_size == 44 * 32
    logs.fill(actor, 220)
    whole = (tmp_path / "tile/0/000").stat().st_mtime_ns
    with db.read() as session:
        size, second = export_log(session, actor.community_id, tmp_path)
        again = export_log(session, actor.community_id, tmp_path)
    assert (size, again) == (520, (520, 0))
    assert (tmp_path / "tile/0/000").stat().st_mtime_ns == whole
    assert not (tmp_path / "tile/0/001.p").exists()
    assert not list(tmp_path.rglob("*.new"))
    assert second < first + 9
    records = b"".join(
        (tmp_path / "tile/entries" / name).read_bytes() for name in ("000", "001", "002.p/8")
    )
    said, _ = note.open_checkpoint((tmp_path / "checkpoint").read_bytes(), keys_of(actor))
    assert root_of([leaf_hash(each) for each in read_entries(records)]) == said.root
    key = str(keys_of(actor)[0])
    verified = subprocess.run(
        [sys.executable, ROOT / "static/verify.py", "log", tmp_path, "--key", key],
        capture_output=True,
        text=True,
        check=False,
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "520" in verified.stdout


def test_commands_seal_export_and_rotate(app: Flask, tmp_path: Path) -> None:
    actor = logs.make_log()
    db.write(logs.publish, actor, "t.note", {"note": 1}, 3)
    run = app.test_cli_runner().invoke
    assert "已入册 3 条" in run(args=["log", "seal"]).output
    assert "共 3 条" in run(args=["log", "export", str(tmp_path), "--community", "guihua"]).output
    made = run(args=["log", "rotate-key", "--community", "guihua"]).output.strip()
    assert run(args=["log", "keys", "--community", "guihua"]).output.splitlines()[0] == made
    wrong = run(args=["log", "keys", "--community", "nirgends"])
    assert wrong.exit_code == 1
    assert "没有社区" in wrong.output


def seal_for_ever(file: Path, instance: Path) -> None:
    """Publish and seal without end, until killed."""
    database = open_database(file)
    transparency.attach(instance, "localhost")
    actor = Actor.system(1)
    while True:
        database.write(logs.publish, actor, "t.note", {"note": 1}, 700)
        database.write(sealing.seal_community, actor)


@pytest.mark.slow
def test_killed_sealer_goes_on_where_it_was(tmp_path: Path) -> None:
    from_before = place()
    file = tmp_path / "crash.db"
    database = open_database(file, has_all_tables=True)
    transparency.attach(tmp_path, "localhost")
    try:
        database.write(open_community, Actor.system(0))
        database.close()
        for turn in range(6):
            child = os.fork()
            if child == 0:
                try:
                    seal_for_ever(file, tmp_path)
                finally:
                    os._exit(1)
            time.sleep(0.4 + turn * 0.13)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        survivor = open_database(file)
        while survivor.write(sealing.seal_community, Actor.system(1)):
            continue
        with survivor.read() as session:
            count = db.statements(session).all("SELECT COUNT(*) FROM transparency_record")
            found = transparency.latest_checkpoint(session, 1)
            assert found is not None
            assert found.size == count[0][0] > 0
            assert assembly.problems(session) == []
        survivor.close()
    finally:
        transparency.attach(from_before.instance, from_before.host)


def open_community(session: Session, actor: Actor) -> None:
    db.statements(session).run(
        "INSERT INTO community (slug, name, street, district, is_demo, opened_at)"
        " VALUES ('a', 'a', '', '', FALSE, 0)"
    )


@pytest.mark.skipif(not is_postgres(), reason="SQLite has one writer: nothing is under way")
@pytest.mark.parametrize("is_guarded", [True, False])
def test_record_under_way_is_never_passed_over(
    database: Database, monkeypatch: pytest.MonkeyPatch, *, is_guarded: bool
) -> None:
    """A record gets its number early, commits late; with the lock off, it is passed over."""
    actor = logs.make_log(1)
    if not is_guarded:
        monkeypatch.setattr(sealing, "lock_log", lambda at, community_id: None)
    has_number, may_commit = threading.Event(), threading.Event()

    def slow(session: Session, actor: Actor) -> None:
        logs.publish(session, actor, "t.slow", {"slow": 1})
        has_number.set()
        may_commit.wait(5)

    late = threading.Thread(target=database.write, args=(slow, actor))
    late.start()
    has_number.wait(5)
    db.write(logs.publish, actor, "t.note", {"note": 2})
    sealer = threading.Thread(target=database.write, args=(sealing.seal_community, actor))
    sealer.start()
    sealer.join(0.5)
    assert sealer.is_alive() == is_guarded
    may_commit.set()
    late.join()
    sealer.join()
    db.write(sealing.seal_community, actor)
    with db.read() as session:
        passed_over = [each for each in assembly.problems(session) if "passed over" in each]
        left = queries.find_record(session, actor.community_id, "t.slow", 1)
    assert left is not None
    assert left.is_sealed == is_guarded
    assert bool(passed_over) != is_guarded
    if not is_guarded:
        wipe(database)


def wipe(database: Database) -> None:
    """Leave no broken log behind for the fixture's own check."""
    with database.writer_engine.begin() as connection:
        names = ("record", "log", "log_key", "leaf", "tile", "checkpoint")
        tables = ", ".join(f"transparency_{name}" for name in names)
        connection.exec_driver_sql(f"TRUNCATE {tables} CASCADE")


@pytest.mark.parametrize("sealers", [4])
def test_sealers_at_once_seal_each_record_once(database: Database, sealers: int) -> None:
    actor = logs.make_log(1)
    db.write(logs.publish, actor, "t.note", {"note": 1}, 2_500)
    counts: list[int] = []

    def seal() -> None:
        while found := database.write(sealing.seal_community, actor):
            counts.append(found)

    threads = [threading.Thread(target=seal) for _ in range(sealers)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(counts) == 2_500
    assert logs.latest(actor).size == 2_501
