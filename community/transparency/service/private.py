"""Private trees: open, commit, tell every hour nothing but a hash, and open all at closing."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Statements
from community.transparency.errors import BadCommitment, PrivateTreeClosed, UnknownPrivateTree
from community.transparency.queries.private import read_leaves, read_roots
from community.transparency.rules.private import (
    COMMITMENT_LENGTH,
    NUMBER_BITS,
    commit,
    hidden_root,
    private_root,
    receipt_text,
)
from community.transparency.service.publishing import publish
from community.transparency.service.sealing import open_log
from community.transparency.service.signing import kept_key, sign_note, signing_key

OPENED, ROOT, CLOSED, COMMITMENTS = (
    "private.opened",
    "private.root",
    "private.closed",
    "private.commitments",
)
SALT_LENGTH = 32
HOUR = 3_600
# A line of either list is under 130 bytes, so a part stays under 64 KiB.
MOST_LINES = 400
# One statement: between two of them everybody waits for whoever votes.
_KEEP = (
    "INSERT INTO transparency_private_commitment (community_id, tree_id, place, number,"
    " commitment, kept_at) SELECT t.community_id, t.id, COALESCE((SELECT MAX(c.place) + 1"
    " FROM transparency_private_commitment c"
    " WHERE c.community_id = t.community_id AND c.tree_id = t.id), 0), ?, ?, ?"
    " FROM transparency_private_tree t"
    " WHERE t.community_id = ? AND t.id = ? AND t.closed_at IS NULL"
    " ON CONFLICT (community_id, tree_id, number) DO NOTHING"
)
# What signs for a tree's commitments, for a statement that reads the tree's owner anyway: between
# two of them everybody waits. Its columns and joins, by the owner's columns of community and tree.
SIGNER_COLUMNS = "rt.subject, rg.origin, rk.number, rk.public_key"
SIGNER_JOINS = (
    " LEFT JOIN transparency_private_tree rt ON rt.community_id = {community} AND rt.id = {tree}"
    " LEFT JOIN transparency_log rg ON rg.community_id = {community}"
    " LEFT JOIN transparency_log_key rk ON rk.community_id = {community} AND rk.number ="
    " (SELECT MAX(k.number) FROM transparency_log_key k WHERE k.community_id = {community})"
)
_TO_SIGN = (
    "SELECT t.subject, c.commitment, c.kept_at, g.origin, k.number, k.public_key"
    " FROM transparency_private_commitment c"
    " JOIN transparency_private_tree t ON t.community_id = c.community_id AND t.id = c.tree_id"
    " JOIN transparency_log g ON g.community_id = c.community_id"
    " JOIN transparency_log_key k ON k.community_id = c.community_id"
    " WHERE c.community_id = ? AND c.tree_id = ? AND c.number = ? ORDER BY k.number DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class SaltedCommitment:
    """A commitment, and the salt that its owner keeps to open it."""

    salt: bytes
    commitment: bytes


@dataclass(frozen=True, slots=True)
class KeptCommitment:
    """A commitment as it is kept: its number in its tree, and when it came, in microseconds."""

    number: int
    commitment: bytes
    kept_at: int


@dataclass(frozen=True, slots=True)
class Signer:
    """What signs for a tree's commitments, in the order of `SIGNER_COLUMNS`."""

    subject: str
    origin: str
    key_number: int
    public_key: bytes


@dataclass(frozen=True, slots=True)
class PrivateReceipt:
    """The log's signature over one commitment: proof that it was in time, checkable later."""

    tree_id: int
    number: int
    note: bytes
    verifier_key: str


def salt_commitment(content: bytes) -> SaltedCommitment:
    """Commit to a content with a fresh salt, which is kept nowhere: give it to the owner."""
    salt = secrets.token_bytes(SALT_LENGTH)
    return SaltedCommitment(salt, commit(salt, content))


def open_private_tree(session: Session, community_id: int, subject: str) -> int:
    """Open the tree of a poll or tender; gives its id, the same for the same subject.

    Raises: BadCommitment when the subject is no single line.
    """
    if not 0 < len(subject) <= 120 or "\n" in subject:
        raise BadCommitment
    at = db.statements(session)
    made = at.insert(
        "INSERT INTO transparency_private_tree (community_id, subject, opened_at) VALUES (?, ?, ?)"
        " ON CONFLICT (community_id, subject) DO NOTHING",
        (community_id, subject, clock.micros(clock.now())),
    )
    if made is not None:
        publish(session, community_id, OPENED, {"tree": made, "subject": subject}, made)
        # Made now: a key that appears later would tell that somebody has committed.
        signing_key(at, community_id, open_log(at, community_id))
        return made
    row = at.one(
        "SELECT id FROM transparency_private_tree WHERE community_id = ? AND subject = ?",
        (community_id, subject),
    )
    assert row is not None
    return int(row[0])


def commit_privately(
    session: Session, community_id: int, tree_id: int, commitment: bytes
) -> PrivateReceipt:
    """Keep a commitment (32 bytes, salted by its owner) and sign a receipt for it.

    Nothing public changes until the hour's record, which looks the same either way.
    Raises: BadCommitment, UnknownPrivateTree, PrivateTreeClosed, LogKeyMissing.
    """
    kept = keep_commitment(session, community_id, tree_id, commitment)
    return sign_commitment(db.statements(session), community_id, tree_id, kept.number)


def keep_commitment(
    session: Session, community_id: int, tree_id: int, commitment: bytes
) -> KeptCommitment:
    """Keep a commitment under a number drawn at random; `sign_commitment` signs for it.

    Raises: BadCommitment, UnknownPrivateTree, PrivateTreeClosed.
    """
    if len(commitment) != COMMITMENT_LENGTH:
        raise BadCommitment
    at = db.statements(session)
    if at.is_postgres:
        _lock_open_tree(at, community_id, tree_id)
    now = clock.micros(clock.now())
    while True:
        number = secrets.randbits(NUMBER_BITS)
        if at.run(_KEEP, (number, commitment, now, community_id, tree_id)):
            return KeptCommitment(number, commitment, now)
        # Either no open tree, which is told here, or a number that another has.
        _lock_open_tree(at, community_id, tree_id)


def sign_commitment(at: Statements, community_id: int, tree_id: int, number: int) -> PrivateReceipt:
    """Sign a receipt for a commitment that is kept; the same each time while the key is the same.

    It needs no lock, and is best made after the commit: what is signed is then there for good.
    Raises: UnknownPrivateTree, LogKeyMissing.
    """
    row = at.one(_TO_SIGN, (community_id, tree_id, number))
    if row is None:
        raise UnknownPrivateTree
    subject, commitment, kept_at, *key = row
    kept = KeptCommitment(number, bytes(commitment), kept_at)
    return sign_kept_commitment(community_id, tree_id, kept, Signer(subject, *key))


def sign_kept_commitment(
    community_id: int, tree_id: int, kept: KeptCommitment, signer: Signer
) -> PrivateReceipt:
    """Sign for a commitment with what was read together with it, when both are committed.

    The key is the one of that moment: a new one takes nothing from what the old has signed.
    Raises: LogKeyMissing.
    """
    origin = signer.origin
    named, key = kept_key(community_id, signer.key_number, bytes(signer.public_key), origin)
    text = receipt_text(origin, signer.subject, kept.number, kept.commitment, kept.kept_at)
    return PrivateReceipt(tree_id, kept.number, sign_note(text, named, key), str(named))


def publish_private_roots(session: Session, actor: Actor) -> int:
    """Tell every open tree's root of this hour, hidden, once; gives how many were told.

    Also when nothing arrived, and with a fresh salt each time: no record betrays a vote or a bid.
    """
    at = db.statements(session)
    hour = clock.micros(clock.now()) // 1_000_000 // HOUR * HOUR
    trees = at.all(
        "SELECT t.id FROM transparency_private_tree t WHERE t.community_id = ?"
        " AND t.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM transparency_private_root r"
        "  WHERE r.community_id = t.community_id AND r.tree_id = t.id AND r.hour >= ?)"
        " ORDER BY t.id",
        (actor.community_id, hour),
    )
    for (tree_id,) in trees:
        _tell_root(session, at, actor.community_id, tree_id, hour)
    return len(trees)


def close_private_tree(session: Session, community_id: int, tree_id: int) -> int:
    """Close a tree and publish its commitments, and the salts and sizes of its hours.

    Gives how many commitments there are. Raises: UnknownPrivateTree, PrivateTreeClosed.
    """
    at = db.statements(session)
    _lock_open_tree(at, community_id, tree_id)
    now = clock.micros(clock.now())
    _tell_root(session, at, community_id, tree_id, max(now // 1_000_000, _last_hour(at, tree_id)))
    at.run(
        "UPDATE transparency_private_tree SET closed_at = ? WHERE community_id = ? AND id = ?",
        (now, community_id, tree_id),
    )
    leaves = read_leaves(at, community_id, tree_id)
    roots = [
        [each.hour, each.salt.hex(), each.size] for each in read_roots(at, community_id, tree_id)
    ]
    commitments = [[each.number, each.commitment.hex()] for each in leaves]
    _tell_in_parts(session, community_id, tree_id, CLOSED, "roots", roots)
    _tell_in_parts(session, community_id, tree_id, COMMITMENTS, "commitments", commitments)
    return len(leaves)


def _tell_root(
    session: Session, at: Statements, community_id: int, tree_id: int, hour: int
) -> None:
    leaves = read_leaves(at, community_id, tree_id)
    salt = secrets.token_bytes(SALT_LENGTH)
    told = {"tree": tree_id, "hour": hour, "hash": hidden_root(salt, private_root(leaves))}
    record_id = publish(session, community_id, ROOT, told, tree_id)
    at.run(
        "INSERT INTO transparency_private_root (community_id, tree_id, hour, salt, size,"
        " record_id) VALUES (?, ?, ?, ?, ?, ?)",
        (community_id, tree_id, hour, salt, len(leaves), record_id),
    )


def _tell_in_parts(
    session: Session,
    community_id: int,
    tree_id: int,
    kind: str,
    name: str,
    lines: Sequence[list[object]],
) -> None:
    parts = [lines[start : start + MOST_LINES] for start in range(0, len(lines), MOST_LINES)]
    for place, part in enumerate(parts or [[]], start=1):
        told = {"tree": tree_id, "part": place, "parts": len(parts) or 1, name: list(part)}
        publish(session, community_id, kind, told, tree_id)


def _last_hour(at: Statements, tree_id: int) -> int:
    """Give the first moment that no root of the tree was told for."""
    row = at.one("SELECT MAX(hour) FROM transparency_private_root WHERE tree_id = ?", (tree_id,))
    return 0 if row is None or row[0] is None else int(row[0]) + 1


def _lock_open_tree(at: Statements, community_id: int, tree_id: int) -> str:
    """Give an open tree's subject, locked: places follow one another.

    Raises: UnknownPrivateTree, PrivateTreeClosed.
    """
    sql = (
        "SELECT subject, closed_at FROM transparency_private_tree WHERE community_id = ? AND id = ?"
    )
    row = at.one(sql + (" FOR UPDATE" if at.is_postgres else ""), (community_id, tree_id))
    if row is None:
        raise UnknownPrivateTree
    if row[1] is not None:
        raise PrivateTreeClosed
    return str(row[0])
