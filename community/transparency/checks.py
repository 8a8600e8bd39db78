"""Every broken promise of the log, in words, from its rows alone."""

from __future__ import annotations

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import db
from community.kernel.db import Statements
from community.transparency.models import Log, PrivateTree
from community.transparency.queries.private import read_leaves, read_roots, read_told
from community.transparency.queries.signatures import find_signed
from community.transparency.queries.tree import read_head
from community.transparency.rules import note
from community.transparency.rules.merkle import grow_stack, leaf_hash, stack_root
from community.transparency.rules.private import private_problems
from community.transparency.rules.records import canonical
from community.transparency.rules.tiles import TILE_WIDTH, perfect_root, tile_path


def problems(session: Session) -> list[str]:
    """List what does not hold."""
    at = db.statements(session)
    found = _records(at) + _strays(at)
    for community_id, origin in session.execute(select(Log.community_id, Log.origin)):
        found += [f"log {origin}: {said}" for said in _log(at, community_id, origin)]
    for tree in session.execute(select(PrivateTree.community_id, PrivateTree.id)):
        found += [f"private tree {tree[1]}: {said}" for said in _private(at, *tree)]
    return found


def _private(at: Statements, community_id: int, tree_id: int) -> list[str]:
    """Check a private tree as anybody can once it is opened."""
    told = [
        (hour, json.loads(content)["hash"])
        for hour, content in read_told(at, community_id, tree_id)
    ]
    opened = read_roots(at, community_id, tree_id)
    leaves = read_leaves(at, community_id, tree_id)
    return private_problems(told, opened, leaves[: opened[-1].size if opened else 0])


def _records(at: Statements) -> list[str]:
    """Find records that are not canonical, or tell another community or kind than their row."""
    found = []
    sql = "SELECT id, community_id, kind, content FROM transparency_record ORDER BY id"
    for record_id, community_id, kind, content in at.all(sql):
        try:
            said = json.loads(bytes(content))
        except ValueError:
            found.append(f"public record {record_id} is no JSON")
            continue
        if not isinstance(said, dict) or canonical(said) != bytes(content):
            found.append(f"public record {record_id} is not canonical")
        elif (said.get("community"), said.get("kind")) != (community_id, kind):
            found.append(f"public record {record_id} tells another community or kind than its row")
    return found


# Rows that no log would ever read.
_STRAYS = (
    (
        "the checkpoint of {} has no log, or no key {} of it",
        """
        SELECT c.size, c.log_key_id FROM transparency_checkpoint c
        LEFT JOIN transparency_log g ON g.community_id = c.community_id
        LEFT JOIN transparency_log_key k ON k.id = c.log_key_id AND k.community_id = c.community_id
        WHERE g.id IS NULL OR k.id IS NULL ORDER BY c.size
        """,
    ),
    (
        "key {} has no log, or its number does not follow",
        """
        SELECT k.id FROM transparency_log_key k
        LEFT JOIN transparency_log g ON g.community_id = k.community_id
        WHERE g.id IS NULL OR k.number < 1 OR k.number > 1
         AND NOT EXISTS (SELECT 1 FROM transparency_log_key b
        WHERE b.community_id = k.community_id AND b.number = k.number - 1) ORDER BY k.id
        """,
    ),
    (
        "leaf {} has no log",
        """
        SELECT l.log_index FROM transparency_leaf l
        LEFT JOIN transparency_log g ON g.community_id = l.community_id
        WHERE g.id IS NULL ORDER BY l.log_index
        """,
    ),
    (
        "tile {} of level {} has no log",
        """
        SELECT t.number, t.level FROM transparency_tile t
        LEFT JOIN transparency_log g ON g.community_id = t.community_id
        WHERE g.id IS NULL ORDER BY t.level, t.number
        """,
    ),
)


def _strays(at: Statements) -> list[str]:
    """Find rows whose log or key is missing: nothing else would look at them."""
    return [sentence.format(*row) for sentence, sql in _STRAYS for row in at.all(sql)]


def _log(at: Statements, community_id: int, origin: str) -> list[str]:
    found, hashes = _leaves(at, community_id)
    head = read_head(at, community_id)
    missing = at.all(
        "SELECT r.id FROM transparency_record r LEFT JOIN transparency_leaf l"
        " ON l.community_id = r.community_id AND l.record_id = r.id"
        " WHERE r.community_id = ? AND r.id <= ? AND l.record_id IS NULL ORDER BY r.id",
        (community_id, head.record_id),
    )
    found += [f"record {row[0]} was passed over" for row in missing]
    found += _tiles(at, community_id, hashes)
    found += _checkpoints(at, community_id, origin, hashes)
    return found


def _leaves(at: Statements, community_id: int) -> tuple[list[str], list[bytes]]:
    """Read every leaf's hash, and find gaps and hashes that are not the record's."""
    found, hashes = [], []
    rows = at.all(
        "SELECT l.log_index, l.leaf_hash, r.content, r.id, r.community_id"
        " FROM transparency_leaf l LEFT JOIN transparency_record r ON r.id = l.record_id"
        " WHERE l.community_id = ? ORDER BY l.log_index",
        (community_id,),
    )
    for place, (index, hashed, content, record_id, owner_id) in enumerate(rows):
        hashes.append(bytes(hashed))
        if index != place:
            found.append(f"index {place} is missing before {index}")
            break
        if content is None or owner_id != community_id:
            found.append(f"leaf {index} has no record of this community")
        elif leaf_hash(bytes(content)) != bytes(hashed):
            found.append(f"leaf {index} is not the hash of record {record_id}")
    return found, hashes


def _tiles(at: Statements, community_id: int, hashes: list[bytes]) -> list[str]:
    """Find whole tiles that are missing, or do not follow from what is below them."""
    found = []
    sql = (
        "SELECT level, number, hashes, root FROM transparency_tile WHERE community_id = ?"
        " ORDER BY level, number"
    )
    rows = {(row[0], row[1]): row[2:] for row in at.all(sql, (community_id,))}
    level, below = 0, hashes
    while len(below) >= TILE_WIDTH:
        above = []
        for number in range(len(below) // TILE_WIDTH):
            tile = below[number * TILE_WIDTH : (number + 1) * TILE_WIDTH]
            above.append(perfect_root(tile))
            kept = rows.pop((level, number), None)
            if kept is None:
                found.append(f"{tile_path(level, number)} is missing")
            elif (bytes(kept[0]), bytes(kept[1])) != (b"".join(tile), above[-1]):
                found.append(f"{tile_path(level, number)} is not what the leaves give")
        level, below = level + 1, above
    found += [f"{tile_path(*place)} is one too many" for place in sorted(rows)]
    return found


def _checkpoints(at: Statements, community_id: int, origin: str, hashes: list[bytes]) -> list[str]:
    """Find checkpoints that do not match the tree, their note, or their key."""
    found: list[str] = []
    stack: list[bytes] = []
    size = 0
    rows = at.all(
        "SELECT c.size, c.root, c.note, k.public_key, k.id FROM transparency_checkpoint c"
        " JOIN transparency_log_key k ON k.id = c.log_key_id AND k.community_id = c.community_id"
        " WHERE c.community_id = ? ORDER BY c.size",
        (community_id,),
    )
    for row in rows:
        end = row[0]
        root, written, public_key = map(bytes, row[1:4])
        while size < min(end, len(hashes)):
            size = grow_stack(stack, size, hashes[size])
        if size != end or stack_root(stack) != root:
            found.append(f"the checkpoint of {end} is not the root of its leaves")
        said = find_signed(written, note.make_key(origin, public_key))
        if said is None:
            found.append(f"the checkpoint of {end} has no note that its key {row[4]} signed")
        elif said != note.Checkpoint(origin, end, root):
            found.append(f"the note of the checkpoint of {end} tells something else")
    if len(hashes) != (rows[-1][0] if rows else 0):
        found.append(f"{len(hashes)} leaves, but the last checkpoint tells another size")
    return found
