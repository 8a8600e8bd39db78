"""Reading the tree: tiles of hashes and of entries, whole or partial, straight from the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from community.kernel import db
from community.kernel.db import Statements
from community.transparency.rules.tiles import (
    ENTRIES,
    TILE_HEIGHT,
    TILE_WIDTH,
    TilePlace,
    node_reader,
    pack_entries,
)

_WHOLE = "SELECT hashes FROM transparency_tile WHERE community_id = ? AND level = ? AND number = ?"
_LEAVES = (
    "SELECT leaf_hash FROM transparency_leaf"
    " WHERE community_id = ? AND log_index >= ? AND log_index < ? ORDER BY log_index"
)
_ROOTS = (
    "SELECT root FROM transparency_tile"
    " WHERE community_id = ? AND level = ? AND number >= ? AND number < ? ORDER BY number"
)
_ENTRIES = (
    "SELECT r.content FROM transparency_leaf l JOIN transparency_record r ON r.id = l.record_id"
    " WHERE l.community_id = ? AND l.log_index >= ? AND l.log_index < ? ORDER BY l.log_index"
)


@dataclass(frozen=True, slots=True)
class Head:
    """How far a log is sealed: its size and the last record that has a place."""

    size: int
    record_id: int


def read_head(at: Statements, community_id: int) -> Head:
    """Tell how far a log is sealed."""
    row = at.one(
        "SELECT log_index, record_id FROM transparency_leaf WHERE community_id = ?"
        " ORDER BY log_index DESC LIMIT 1",
        (community_id,),
    )
    return Head(0, 0) if row is None else Head(row[0] + 1, row[1])


def read_hashes_from(
    at: Statements, community_id: int, level: int, start: int, end: int
) -> list[bytes]:
    """Read hashes [start, end) of a level of tiles: leaves, or the roots of the tiles below."""
    if level == 0:
        rows = at.all(_LEAVES, (community_id, start, end))
    else:
        rows = at.all(_ROOTS, (community_id, level - 1, start, end))
    return [bytes(row[0]) for row in rows]


def read_tile(at: Statements, community_id: int, place: TilePlace) -> bytes:
    """Read a tile, or an entry bundle; shorter than asked when the log does not reach so far."""
    start = place.number * TILE_WIDTH
    end = start + place.width
    if place.level == ENTRIES:
        rows = at.all(_ENTRIES, (community_id, start, end))
        return pack_entries(bytes(row[0]) for row in rows)
    if place.width == TILE_WIDTH:
        row = at.one(_WHOLE, (community_id, place.level, place.number))
        return b"" if row is None else bytes(row[0])
    return b"".join(read_hashes_from(at, community_id, place.level, start, end))


def node_at(at: Statements, community_id: int, size: int) -> Callable[[int, int], bytes]:
    """Give the reader of perfect subtrees' hashes of a log as it was at a size."""
    return node_reader(size, lambda place: read_tile(at, community_id, place))


def has_tile(place: TilePlace, size: int) -> bool:
    """Tell whether a log of a size has a tile: whole, or partial in any width it ever had."""
    level = 0 if place.level == ENTRIES else place.level
    count = size >> level * TILE_HEIGHT
    return place.number * TILE_WIDTH + place.width <= count


def find_tile(session: Session, community_id: int, place: TilePlace) -> bytes | None:
    """Find a tile or a bundle that the signed log has; None beyond its end."""
    at = db.statements(session)
    row = at.one(
        "SELECT MAX(size) FROM transparency_checkpoint WHERE community_id = ?", (community_id,)
    )
    size = row[0] if row and row[0] else 0
    return read_tile(at, community_id, place) if has_tile(place, size) else None
