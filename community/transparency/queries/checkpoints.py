"""Reading signed checkpoints, and proofs against them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.db import Statements
from community.transparency.queries.records import get_record
from community.transparency.queries.tree import node_at
from community.transparency.queries.witnesses import signatures_on, witnesses_needed
from community.transparency.rules.merkle import prove_inclusion
from community.transparency.rules.note import (
    Signature,
    make_key,
    read_key,
    read_note,
    write_note,
)
from community.transparency.rules.receipts import write_receipt


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement of a log's size and root."""

    id: int
    origin: str
    size: int
    root: bytes
    note: bytes
    signed_at: datetime
    # Who of the witnesses cosigned it, and how many are asked for now.
    witnesses: tuple[str, ...] = ()
    needed: int = 0

    @property
    def counts(self) -> bool:
        """Tell whether enough witnesses cosigned it."""
        return len(self.witnesses) >= self.needed

    @property
    def text(self) -> str:
        """Give the note as text."""
        return self.note.decode()


@dataclass(frozen=True, slots=True)
class LastCheckpoint:
    """What the next checkpoint must be consistent with."""

    size: int
    root: bytes
    note: bytes
    public_key: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """That a record stands in a log: the record, its place, its path, the signed root."""

    record: bytes
    index: int
    size: int
    hashes: tuple[bytes, ...]
    note: bytes
    verifier_key: str

    @property
    def file(self) -> bytes:
        """Write it as a receipt (C2SP tlog-proof), which `verify.py` and /verify read."""
        return write_receipt(self.record, self.index, self.hashes, self.note)


_SELECT = (
    "SELECT c.id, g.origin, c.size, c.root, c.note, c.signed_at FROM transparency_checkpoint c"
    " JOIN transparency_log g ON g.community_id = c.community_id WHERE c.community_id = ?"
)


def last_checkpoint(at: Statements, community_id: int) -> LastCheckpoint | None:
    """Find the last checkpoint with the public key that signed it, for the sealer."""
    row = at.one(
        "SELECT c.size, c.root, c.note, k.public_key FROM transparency_checkpoint c"
        " JOIN transparency_log_key k ON k.id = c.log_key_id"
        " WHERE c.community_id = ? ORDER BY c.size DESC LIMIT 1",
        (community_id,),
    )
    return None if row is None else LastCheckpoint(row[0], *map(bytes, row[1:]))


def latest_checkpoint(session: Session, community_id: int) -> Checkpoint | None:
    """Find the newest checkpoint of a community's log; None when nothing was sealed yet."""
    row = db.statements(session).one(f"{_SELECT} ORDER BY c.size DESC LIMIT 1", (community_id,))
    return None if row is None else _read(session, community_id, row)


def find_checkpoint(session: Session, community_id: int, size: int) -> Checkpoint | None:
    """Find the checkpoint of a size."""
    row = db.statements(session).one(f"{_SELECT} AND c.size = ?", (community_id, size))
    return None if row is None else _read(session, community_id, row)


def next_checkpoint(session: Session, community_id: int, record_id: int) -> Checkpoint | None:
    """Find the first checkpoint that covers a record: nobody knew it when that was published."""
    at = db.statements(session)
    leaf = at.one(
        "SELECT log_index FROM transparency_leaf WHERE community_id = ? AND record_id = ?",
        (community_id, record_id),
    )
    if leaf is None:
        return None
    row = at.one(f"{_SELECT} AND c.size > ? ORDER BY c.size LIMIT 1", (community_id, leaf[0]))
    return None if row is None else _read(session, community_id, row)


def checkpoint_since(session: Session, community_id: int, since: datetime) -> Checkpoint | None:
    """Find the first checkpoint signed at or after a moment: before it nobody can know its root."""
    row = db.statements(session).one(
        f"{_SELECT} AND c.signed_at >= ? ORDER BY c.size LIMIT 1",
        (community_id, clock.micros(since)),
    )
    return None if row is None else _read(session, community_id, row)


def checkpoints(
    session: Session, community_id: int, before_size: int | None = None, most: int = 50
) -> tuple[Checkpoint, ...]:
    """List checkpoints, the newest first."""
    rows = db.statements(session).all(
        f"{_SELECT} AND (CAST(? AS BIGINT) IS NULL OR c.size < ?) ORDER BY c.size DESC LIMIT ?",
        (community_id, before_size, before_size, most),
    )
    return tuple(_read(session, community_id, row) for row in rows)


def verifier_keys(session: Session, community_id: int) -> tuple[str, ...]:
    """List the verifier keys of a community's log, the newest first."""
    rows = db.statements(session).all(
        "SELECT g.origin, k.public_key FROM transparency_log_key k"
        " JOIN transparency_log g ON g.community_id = k.community_id"
        " WHERE k.community_id = ? ORDER BY k.number DESC",
        (community_id,),
    )
    return tuple(str(make_key(origin, bytes(public_key))) for origin, public_key in rows)


def proof_of(session: Session, community_id: int, record_id: int) -> Proof | None:
    """Make the proof of a record against the newest checkpoint; None while it waits.

    Raises: UnknownRecord.
    """
    record = get_record(session, community_id, record_id)
    at = db.statements(session)
    row = at.one(
        "SELECT c.size, c.note, g.origin, k.public_key, c.id FROM transparency_checkpoint c"
        " JOIN transparency_log_key k ON k.id = c.log_key_id"
        " JOIN transparency_log g ON g.community_id = c.community_id"
        " WHERE c.community_id = ? ORDER BY c.size DESC LIMIT 1",
        (community_id,),
    )
    if row is None or record.log_index is None:
        return None
    size, note, origin, public_key, checkpoint_id = row
    note = _with_witnesses(bytes(note), signatures_on(at, community_id, checkpoint_id))
    hashes = prove_inclusion(record.log_index, size, node_at(at, community_id, size))
    key = str(make_key(origin, bytes(public_key)))
    return Proof(record.content, record.log_index, size, tuple(hashes), note, key)


def _read(session: Session, community_id: int, row: tuple[Any, ...]) -> Checkpoint:
    cosigned = signatures_on(db.statements(session), community_id, row[0])
    return Checkpoint(
        row[0],
        row[1],
        row[2],
        bytes(row[3]),
        _with_witnesses(bytes(row[4]), cosigned),
        clock.from_micros(row[5]),
        tuple(read_key(key).name for key, _ in cosigned),
        witnesses_needed(session, community_id),
    )


def _with_witnesses(note: bytes, cosigned: list[tuple[str, bytes]]) -> bytes:
    """Append the witnesses' signatures to a note."""
    if not cosigned:
        return note
    read = read_note(note)
    lines = [
        Signature(key.name, key.key_id, signature)
        for key, signature in ((read_key(text), signature) for text, signature in cosigned)
    ]
    return write_note(read.text, [*read.signatures, *lines])
