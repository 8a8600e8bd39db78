"""C2SP tlog-tiles: the paths of a log's files, and what is in them. Source: c2sp.org/tlog-tiles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from community.transparency.rules.merkle import HASH_SIZE, BadProof, grow_stack, node_hash

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
MOST_LEVELS = 8
# An entry's length is written in two bytes.
MOST_RECORD_BYTES = 2**16 - 1
ENTRIES = -1
_TILE_PATH = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


class TilePlace(NamedTuple):
    """Where a tile stands: its level (ENTRIES for a bundle), number, and width (256: whole)."""

    level: int
    number: int
    width: int


def tile_path(level: int, number: int, width: int = TILE_WIDTH) -> str:
    """Return a tile's path below the log's folder; level ENTRIES names an entry bundle.

    >>> tile_path(0, 1234067)
    'tile/0/x001/x234/067'
    >>> tile_path(ENTRIES, 0, 3)
    'tile/entries/000.p/3'
    """
    parts = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        parts.append(f"x{number % 1000:03d}")
    word = "entries" if level == ENTRIES else str(level)
    ending = "" if width == TILE_WIDTH else f".p/{width}"
    return f"tile/{word}/" + "/".join(reversed(parts)) + ending


def read_tile_path(path: str) -> TilePlace | None:
    """Read a tile's path; None when it is not written exactly as `tile_path` writes it."""
    match = _TILE_PATH.fullmatch(path)
    if not match:
        return None
    word, digits, ending = match.groups()
    place = TilePlace(
        ENTRIES if word == "entries" else int(word),
        int(digits.replace("x", "").replace("/", "")),
        int(ending or TILE_WIDTH),
    )
    return place if tile_path(*place) == path and place.level < MOST_LEVELS else None


def tile_places(size: int) -> Iterator[TilePlace]:
    """Yield the tiles of hashes of a tree of `size`, level by level, whole ones first."""
    level, count = 0, size
    while count:
        for number in range(count // TILE_WIDTH):
            yield TilePlace(level, number, TILE_WIDTH)
        if count % TILE_WIDTH:
            yield TilePlace(level, count // TILE_WIDTH, count % TILE_WIDTH)
        level, count = level + 1, count // TILE_WIDTH


def bundle_places(size: int) -> Iterator[TilePlace]:
    """Yield the entry bundles of a tree of `size` in order."""
    for number in range(size // TILE_WIDTH):
        yield TilePlace(ENTRIES, number, TILE_WIDTH)
    if size % TILE_WIDTH:
        yield TilePlace(ENTRIES, size // TILE_WIDTH, size % TILE_WIDTH)


def width_at(level: int, number: int, size: int) -> int:
    """Tell how wide a tile or an entry bundle of a tree of `size` is; 0 where there is none."""
    count = size >> 8 * max(level, 0)
    return min(max(count - number * TILE_WIDTH, 0), TILE_WIDTH)


def pack_entries(records: Iterable[bytes]) -> bytes:
    """Write records as an entry bundle.

    Raises:
        ValueError: a record is 64 KiB or longer.
    """
    parts = []
    for record in records:
        if len(record) > MOST_RECORD_BYTES:
            raise ValueError(f"a record has {len(record)} bytes, {MOST_RECORD_BYTES} at most")
        parts.append(len(record).to_bytes(2, "big"))
        parts.append(record)
    return b"".join(parts)


def read_entries(bundle: bytes) -> list[bytes]:
    """Read the records of an entry bundle.

    Raises:
        BadProof: it ends in the middle of a record.
    """
    records = []
    place, end = 0, len(bundle)
    while place < end:
        start = place + 2
        place = start + int.from_bytes(bundle[place:start], "big")
        records.append(bundle[start:place])
    if place != end:
        raise BadProof("the bundle ends in the middle of a record")
    return records


def read_hashes(tile: bytes) -> list[bytes]:
    """Read the hashes of a tile.

    Raises:
        BadProof: it ends in the middle of a hash.
    """
    if len(tile) % HASH_SIZE:
        raise BadProof("the tile ends in the middle of a hash")
    return [tile[place : place + HASH_SIZE] for place in range(0, len(tile), HASH_SIZE)]


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over a power of two of hashes."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[place], row[place + 1]) for place in range(0, len(row), 2)]
    return row[0]


def tile_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of one tile, whole or partial."""
    stack: list[bytes] = []
    size = 0
    for one in hashes:
        size = grow_stack(stack, size, one)
    root = stack[-1]
    for place in range(len(stack) - 2, -1, -1):
        root = node_hash(stack[place], root)
    return root


def node_reader(size: int, read_tile: Callable[[TilePlace], bytes]) -> Callable[[int, int], bytes]:
    """Return the `node_at` of a tree of `size` that reads tiles, for making proofs.

    `read_tile` is asked for each tile once, in its widest form for this size.
    """
    known: dict[tuple[int, int], bytes] = {}

    def node_at(level: int, index: int) -> bytes:
        row, above = divmod(level, TILE_HEIGHT)
        first = index << above
        number = first // TILE_WIDTH
        if (row, number) not in known:
            width = min(TILE_WIDTH, (size >> row * TILE_HEIGHT) - number * TILE_WIDTH)
            known[row, number] = read_tile(TilePlace(row, number, width))
        start = first % TILE_WIDTH * HASH_SIZE
        part = known[row, number][start : start + (HASH_SIZE << above)]
        if len(part) != HASH_SIZE << above:
            raise BadProof(f"{tile_path(row, number)} is too short")
        return perfect_root(read_hashes(part))

    return node_at
