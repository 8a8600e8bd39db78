"""Reading private trees; only commands and checks do, until a tree is closed."""

from __future__ import annotations

from community.kernel.db import Statements
from community.transparency.rules.private import HourlyRoot, PrivateLeaf


def read_leaves(at: Statements, community_id: int, tree_id: int) -> list[PrivateLeaf]:
    """Read a tree's commitments in the order in which they arrived."""
    rows = at.all(
        "SELECT number, commitment FROM transparency_private_commitment"
        " WHERE community_id = ? AND tree_id = ? ORDER BY place",
        (community_id, tree_id),
    )
    return [PrivateLeaf(number, bytes(commitment)) for number, commitment in rows]


def read_roots(at: Statements, community_id: int, tree_id: int) -> list[HourlyRoot]:
    """Read what the tree's hourly records hide."""
    rows = at.all(
        "SELECT hour, salt, size FROM transparency_private_root"
        " WHERE community_id = ? AND tree_id = ? ORDER BY hour",
        (community_id, tree_id),
    )
    return [HourlyRoot(hour, bytes(salt), size) for hour, salt, size in rows]


def read_told(at: Statements, community_id: int, tree_id: int) -> list[tuple[int, bytes]]:
    """Read the hour and the record of each of the tree's hourly records."""
    rows = at.all(
        "SELECT p.hour, r.content FROM transparency_private_root p"
        " JOIN transparency_record r ON r.id = p.record_id"
        " WHERE p.community_id = ? AND p.tree_id = ? ORDER BY p.hour",
        (community_id, tree_id),
    )
    return [(hour, bytes(content)) for hour, content in rows]
