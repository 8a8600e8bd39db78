"""Sealing: places without gaps, tiles, checkpoints that only grow, what the database refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from community import transparency
from community.kernel import db
from community.kernel.db import Database
from community.transparency.queries.place import place
from community.transparency.rules import note
from community.transparency.rules.merkle import check_inclusion, leaf_hash, root_of
from community.transparency.service import background
from tests import builders
from tests.ledger.books import around
from tests.transparency import logs


@pytest.mark.parametrize("sizes", [(1,), (255, 1, 1), (256,), (300, 300, 3), (1_000, 1_100)])
def test_root_is_the_leaves_root(database: Database, sizes: tuple[int, ...]) -> None:
    actor = logs.make_log()
    for size in sizes:
        logs.fill(actor, size)
    total = sum(sizes)
    made = logs.latest(actor)
    with db.read() as session:
        hashes = [
            leaf_hash(transparency.get_record(session, actor.community_id, number).content)
            for number in range(1, total + 1)
        ]
        assert made.size == total
        assert made.root == root_of(hashes)
        for record_id in {1, total // 2 + 1, total}:
            proof = transparency.proof_of(session, actor.community_id, record_id)
            assert proof is not None
            assert proof.index == record_id - 1
            check_inclusion(proof.index, total, leaf_hash(proof.record), made.root, proof.hashes)


def test_checkpoint_is_signed_by_the_key_in_the_proof(database: Database) -> None:
    actor = logs.make_log(3)
    proof = logs.proof(actor, 2)
    key = note.read_key(proof.verifier_key)
    said, signers = note.open_checkpoint(proof.note, [key])
    assert signers == (key,)
    assert said == note.Checkpoint("localhost/log/guihua", 3, logs.latest(actor).root)


def test_waiting_record_has_no_proof_yet(database: Database) -> None:
    actor = logs.make_log(2)
    waiting = db.write(logs.publish, actor, "t.note", {"note": 1})
    with db.read() as session:
        assert transparency.proof_of(session, actor.community_id, waiting) is None
    assert db.write(transparency.seal_community, actor) == 1
    assert logs.proof(actor, waiting).index == 2


def test_sealing_nothing_signs_nothing(database: Database) -> None:
    actor = logs.make_log(2)
    before = logs.latest(actor)
    assert db.write(transparency.seal_community, actor) == 0
    assert logs.latest(actor) == before


def test_empty_log_has_no_checkpoint(database: Database) -> None:
    actor = logs.make_log()
    with pytest.raises(transparency.NothingPublished):
        db.write(transparency.checkpoint_now, actor)


def test_background_seals_every_community(database: Database) -> None:
    ours, theirs = logs.make_log(), logs.make_log(slug="lanhua")
    builders.make_community("meihua", "梅花里社区")
    db.write(logs.publish, ours, "t.note", {"note": 1}, 2_100)
    db.write(logs.publish, theirs, "t.note", {"note": 1}, 5)
    assert background.seal_waiting() == 2_105
    assert (logs.latest(ours).size, logs.latest(theirs).size) == (2_100, 5)
    assert logs.latest(theirs).origin == "localhost/log/lanhua"
    assert background.seal_waiting() == 0


def test_older_checkpoints_stay(database: Database) -> None:
    actor = logs.make_log(2)
    first = logs.latest(actor)
    logs.fill(actor, 3)
    with db.read() as session:
        listed = transparency.checkpoints(session, actor.community_id)
        assert [each.size for each in listed] == [5, 2]
        assert listed[1] == first
        older = transparency.checkpoints(session, actor.community_id, before_size=5)
        assert older == (first,)


@pytest.mark.parametrize(
    ("record_id", "index"), [(3, 3), (2, 4), (3, 1)], ids=["gap", "far gap", "taken"]
)
def test_database_refuses_a_gap(database: Database, record_id: int, index: int) -> None:
    actor = logs.make_log(2)
    db.write(logs.publish, actor, "t.note", {"note": 1})
    with around(database) as (at, _), pytest.raises(Exception, match="without a gap"):
        at.run(
            "INSERT INTO transparency_leaf (community_id, log_index, record_id, leaf_hash)"
            " VALUES (?, ?, ?, ?)",
            (actor.community_id, index, record_id, bytes(32)),
        )


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("transparency_leaf", "leaf_hash = leaf_hash"),
        ("transparency_tile", "level = 3"),
        ("transparency_checkpoint", "size = 9"),
        ("transparency_log_key", "number = 2"),
        ("transparency_log", "origin = 'x'"),
    ],
)
def test_database_keeps_the_log(database: Database, table: str, change: str) -> None:
    logs.make_log(256)
    for sql in (f"UPDATE {table} SET {change}", f"DELETE FROM {table}"):
        with around(database) as (at, _), pytest.raises(Exception, match=r"append-only|keeps|kept"):
            at.run(sql)


def test_missing_key_file_stops_signing(database: Database, tmp_path: Path) -> None:
    actor = logs.make_log(1)
    db.write(logs.publish, actor, "t.note", {"note": 1})
    before = place()
    transparency.attach(tmp_path, before.host)
    try:
        with pytest.raises(transparency.LogKeyMissing, match=r"keys/log-1-1\.pem"):
            db.write(transparency.seal_community, actor)
    finally:
        transparency.attach(before.instance, before.host)
    assert db.write(transparency.seal_community, actor) == 1


def test_key_file_is_its_owners_only(database: Database) -> None:
    actor = logs.make_log(1)
    file = place().instance / f"keys/log-{actor.community_id}-1.pem"
    assert file.stat().st_mode & 0o777 == 0o600
