"""Private trees: nothing told before closing betrays anything; afterwards everything is checked."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.transparency import errors, queries, service
from community.transparency.rules import note
from community.transparency.rules.private import (
    HourlyRoot,
    PrivateLeaf,
    commit,
    private_problems,
    receipt_text,
)
from tests.conftest import NOON
from tests.ledger.books import around
from tests.transparency import logs


def open_tree(session: Session, actor: Actor, subject: str) -> int:
    return transparency.open_private_tree(session, actor.community_id, subject)


def put_in(
    session: Session, actor: Actor, tree: int, commitment: bytes
) -> transparency.PrivateReceipt:
    return transparency.commit_privately(session, actor.community_id, tree, commitment)


def close(session: Session, actor: Actor, tree: int) -> int:
    return transparency.close_private_tree(session, actor.community_id, tree)


def told(actor: Actor, kind: str, tree: int) -> list[queries.RecordView]:
    with db.read() as session:
        found = transparency.records_of(session, actor.community_id, kind)
        return [each for each in found if each.ref == tree]


@pytest.fixture
def actor(database: Database) -> Actor:
    return logs.make_log()


def bid(text: str) -> transparency.SaltedCommitment:
    return transparency.salt_commitment(text.encode())


def test_nothing_betrays_what_arrived(actor: Actor) -> None:
    """Two tenders side by side, one with bids and one without: their records look alike."""
    busy, idle = (db.write(open_tree, actor, name) for name in ("tender:1", "tender:2"))
    for hour in range(5):
        with clock.fixed(NOON + timedelta(hours=hour, minutes=3)):
            for number in range(hour):
                db.write(put_in, actor, busy, bid(f"{hour}-{number}").commitment)
            assert db.write(service.publish_private_roots, actor) == 2
            assert db.write(service.publish_private_roots, actor) == 0
    first, second = told(actor, "private.root", busy), told(actor, "private.root", idle)
    assert len({len(each.content) for each in first + second}) == 1
    moments = [[each.fields[name] for each in first] for name in ("at", "hour")]
    assert moments == [[each.fields[name] for each in second] for name in ("at", "hour")]
    # A fresh salt each hour: an unchanged tree is told by another hash every time.
    assert len({each.fields["hash"] for each in first + second}) == 10
    kinds = {"private.opened", "private.root"}
    with db.read() as session:
        assert set(queries.kinds_of(session, actor.community_id)) == kinds


def test_receipts_number_betrays_no_count(actor: Actor) -> None:
    tree = db.write(open_tree, actor, "poll:1")
    numbers = [db.write(put_in, actor, tree, bid(str(n)).commitment).number for n in range(20)]
    assert numbers != sorted(numbers)
    assert min(numbers) > 1_000


def test_receipt_is_signed_and_opens_after_closing(actor: Actor) -> None:
    tree = db.write(open_tree, actor, "poll:1")
    mine = bid("赞成")
    receipt = db.write(put_in, actor, tree, mine.commitment)
    others = [db.write(put_in, actor, tree, bid(str(n)).commitment) for n in range(900)]
    db.write(service.publish_private_roots, actor)
    signed, _ = note.open_note(receipt.note, [note.read_key(receipt.verifier_key)])
    where = ("localhost/log/guihua", "poll:1", receipt.number, mine.commitment)
    assert signed.text == receipt_text(*where, clock.micros(NOON))
    assert db.write(close, actor, tree) == 901
    leaves = [
        PrivateLeaf(number, bytes.fromhex(commitment))
        for record in told(actor, "private.commitments", tree)
        for number, commitment in record.fields["commitments"]
    ]
    opened = [
        HourlyRoot(hour, bytes.fromhex(salt), size)
        for record in told(actor, "private.closed", tree)
        for hour, salt, size in record.fields["roots"]
    ]
    hourly = [
        (each.fields["hour"], each.fields["hash"]) for each in told(actor, "private.root", tree)
    ]
    assert private_problems(hourly, opened, leaves) == []
    assert (receipt.number, mine.commitment) in leaves
    assert commit(mine.salt, "赞成".encode()) == mine.commitment
    assert {each.number for each in others} < {each.number for each in leaves}
    # A commitment left out, changed, or slipped in afterwards is seen.
    assert private_problems(hourly, opened, leaves[1:])
    changed = [leaves[0]._replace(commitment=bytes(32)), *leaves[1:]]
    assert private_problems(hourly, opened, changed)
    assert private_problems(hourly, opened, [*leaves, PrivateLeaf(7, bytes(32))])


def test_closed_tree_takes_nothing(actor: Actor, database: Database) -> None:
    tree = db.write(open_tree, actor, "poll:1")
    db.write(close, actor, tree)
    with pytest.raises(errors.PrivateTreeClosed):
        db.write(put_in, actor, tree, bytes(32))
    with pytest.raises(errors.PrivateTreeClosed):
        db.write(close, actor, tree)
    assert db.write(service.publish_private_roots, actor) == 0
    late = (
        "INSERT INTO transparency_private_commitment (community_id, tree_id, place, number,"
        " commitment, kept_at) VALUES (?, ?, 0, 1, ?, 0)"
    )
    with around(database) as (at, _), pytest.raises(Exception, match="the tree is closed"):
        at.run(late, (actor.community_id, tree, bytes(32)))
    with around(database) as (at, _), pytest.raises(Exception, match="stays closed"):
        at.run("UPDATE transparency_private_tree SET closed_at = NULL")


def test_wrong_trees_and_commitments_are_refused(actor: Actor) -> None:
    tree = db.write(open_tree, actor, "poll:1")
    assert db.write(open_tree, actor, "poll:1") == tree
    neighbour = logs.make_log(slug="lanhua")
    with pytest.raises(errors.UnknownPrivateTree):
        db.write(put_in, neighbour, tree, bytes(32))
    for wrong in (b"", bytes(31), bytes(33)):
        with pytest.raises(errors.BadCommitment):
            db.write(put_in, actor, tree, wrong)
    with pytest.raises(errors.BadCommitment):
        db.write(open_tree, actor, "two\nlines")


def test_many_at_once_all_get_in(actor: Actor, database: Database) -> None:
    tree = db.write(open_tree, actor, "poll:1")
    receipts: list[transparency.PrivateReceipt] = []

    def vote(voter: int) -> None:
        for number in range(10):
            digest = hashlib.sha256(f"{voter}-{number}".encode()).digest()
            receipts.append(database.write(put_in, actor, tree, digest))

    threads = [threading.Thread(target=vote, args=(voter,)) for voter in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len({each.number for each in receipts}) == 40
    assert db.write(close, actor, tree) == 40
