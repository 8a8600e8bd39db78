"""Which files make up a log of a size, and which of them a smaller export has already."""

from __future__ import annotations

from collections.abc import Iterator

from community.transparency.rules.tiles import (
    TILE_WIDTH,
    TilePlace,
    bundle_places,
    tile_places,
)


def files_of(size: int) -> Iterator[TilePlace]:
    """Yield the tiles and bundles of a log."""
    yield from tile_places(size)
    yield from bundle_places(size)


def is_whole(place: TilePlace) -> bool:
    """Tell whether a file will never change nor be replaced by a wider one."""
    return place.width == TILE_WIDTH
