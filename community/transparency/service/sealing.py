"""Sealing: waiting records get contiguous places, the tree grows, and its root is signed.

Off the write path and in batches. After a crash it goes on where it was: a batch with its
checkpoint is one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Statements, hot_path
from community.transparency.errors import LogDamaged, NothingPublished
from community.transparency.queries.checkpoints import (
    Checkpoint,
    LastCheckpoint,
    last_checkpoint,
    latest_checkpoint,
)
from community.transparency.queries.place import place
from community.transparency.queries.signatures import find_signed
from community.transparency.queries.tree import node_at, read_hashes_from, read_head
from community.transparency.rules import note
from community.transparency.rules.merkle import (
    EMPTY_ROOT,
    BadProof,
    check_consistency,
    leaf_hash,
    prove_consistency,
    stack_places,
    stack_root,
)
from community.transparency.rules.tiles import TILE_HEIGHT, TILE_WIDTH, perfect_root
from community.transparency.service import signing
from community.transparency.service.publishing import LOG_LOCK

BATCH = 1_000


@hot_path
def seal_community(session: Session, actor: Actor) -> int:
    """Seal up to 1,000 waiting records of the actor's community; gives how many.

    Raises: LogDamaged when the rows no longer give the root that was signed, LogKeyMissing.
    """
    at = db.statements(session)
    lock_log(at, actor.community_id)
    head = read_head(at, actor.community_id)
    records = at.all(
        "SELECT id, content FROM transparency_record WHERE community_id = ? AND id > ?"
        " ORDER BY id LIMIT ?",
        (actor.community_id, head.record_id, BATCH),
    )
    if not records:
        return 0
    origin = open_log(at, actor.community_id)
    last = last_checkpoint(at, actor.community_id)
    if head.size != (0 if last is None else last.size):
        raise LogDamaged(size=head.size)
    hashes = [leaf_hash(bytes(content)) for _, content in records]
    rows = [
        (actor.community_id, head.size + place, record[0], hashed)
        for place, (record, hashed) in enumerate(zip(records, hashes, strict=True))
    ]
    at.many(
        "INSERT INTO transparency_leaf (community_id, log_index, record_id, leaf_hash)"
        " VALUES (?, ?, ?, ?)",
        rows,
    )
    _grow_tiles(at, actor.community_id, head.size, hashes)
    _sign(at, actor.community_id, origin, last, head.size + len(hashes))
    return len(hashes)


@hot_path
def checkpoint_now(session: Session, actor: Actor) -> Checkpoint:
    """Seal everything that waits and give the newest checkpoint.

    Raises: NothingPublished when the log is empty; as `seal_community`.
    """
    while seal_community(session, actor):
        continue
    found = latest_checkpoint(session, actor.community_id)
    if found is None:
        raise NothingPublished
    return found


def open_log(at: Statements, community_id: int) -> str:
    """Give the origin of a community's log, opened if there is none yet."""
    sql = "SELECT origin FROM transparency_log WHERE community_id = ?"
    row = at.one(sql, (community_id,))
    if row is None:
        slug = at.one("SELECT slug FROM community WHERE id = ?", (community_id,))
        assert slug is not None
        origin = f"{place().host}/log/{slug[0]}"
        at.run(
            "INSERT INTO transparency_log (community_id, origin, opened_at) VALUES (?, ?, ?)"
            " ON CONFLICT (community_id) DO NOTHING",
            (community_id, origin, clock.micros(clock.now())),
        )
        row = at.one(sql, (community_id,))
    assert row is not None
    return str(row[0])


def lock_log(at: Statements, community_id: int) -> None:
    """Wait for other sealers and for every record under way: none may turn up behind a sealed one.

    On SQLite the one writer is the lock.
    """
    if at.is_postgres:
        level = at.one("SHOW transaction_isolation")
        # A snapshot older than the lock would not see what the lock waited for.
        assert level == ("read committed",), "sealing is a command of its own"
        at.one("SELECT pg_advisory_xact_lock(?, CAST(? AS INTEGER))", (LOG_LOCK, community_id))


def _grow_tiles(at: Statements, community_id: int, size: int, hashes: Sequence[bytes]) -> None:
    """Write the tiles that became whole, level by level."""
    level, count = 0, size
    added = list(hashes)
    while added:
        start = count // TILE_WIDTH * TILE_WIDTH
        row = [*read_hashes_from(at, community_id, level, start, count), *added]
        if len(row) != count - start + len(added):
            raise LogDamaged(size=size)
        whole = [
            row[place : place + TILE_WIDTH]
            for place in range(0, len(row) - TILE_WIDTH + 1, TILE_WIDTH)
        ]
        roots = [perfect_root(tile) for tile in whole]
        at.many(
            "INSERT INTO transparency_tile (community_id, level, number, hashes, root)"
            " VALUES (?, ?, ?, ?, ?)",
            [
                (community_id, level, start // TILE_WIDTH + place, b"".join(tile), roots[place])
                for place, tile in enumerate(whole)
            ],
        )
        level, count, added = level + 1, count >> TILE_HEIGHT, roots


def _sign(
    at: Statements, community_id: int, origin: str, last: LastCheckpoint | None, size: int
) -> None:
    """Sign the root of a size, if the tree still begins with what was signed last."""
    node = node_at(at, community_id, size)
    try:
        root = stack_root([node(level, index) for level, index in stack_places(size)])
        if last is not None:
            proof = prove_consistency(last.size, size, node)
            check_consistency(last.size, size, last.root, root, proof)
    except BadProof as problem:
        raise LogDamaged(size=0 if last is None else last.size) from problem
    assert root != EMPTY_ROOT
    if last is not None and not _still_holds(last, origin):
        raise LogDamaged(size=last.size)
    key_id, named, key = signing.signing_key(at, community_id, origin)
    text = note.write_checkpoint(note.Checkpoint(origin, size, root))
    at.run(
        "INSERT INTO transparency_checkpoint (community_id, log_key_id, size, root, note,"
        " signed_at) VALUES (?, ?, ?, ?, ?, ?)",
        (
            community_id,
            key_id,
            size,
            root,
            signing.sign_note(text, named, key),
            clock.micros(clock.now()),
        ),
    )


def _still_holds(last: LastCheckpoint, origin: str) -> bool:
    """Tell whether the last note says what its row says, under the signature of its key."""
    named = note.make_key(origin, last.public_key)
    return find_signed(last.note, named) == note.Checkpoint(origin, last.size, last.root)
