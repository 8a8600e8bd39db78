"""Tiles: paths as C2SP writes them, bundles that end where they say, proofs from tiles alone."""

import pytest

from community.transparency.rules import merkle, tiles
from community.transparency.rules.tiles import ENTRIES, TilePlace

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (TilePlace(0, 0, 256), "tile/0/000"),
        (TilePlace(0, 999, 256), "tile/0/999"),
        (TilePlace(1, 1000, 3), "tile/1/x001/000.p/3"),
        (TilePlace(3, 1234067, 256), "tile/3/x001/x234/067"),
        (TilePlace(ENTRIES, 1234067, 255), "tile/entries/x001/x234/067.p/255"),
    ],
)
def test_a_path_and_its_place_name_each_other(place: TilePlace, path: str) -> None:
    assert tiles.tile_path(*place) == path
    assert tiles.read_tile_path(path) == place


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/x000/001",
        "tile/0/1",
        "tile/0/001.p/256",
        "tile/0/001.p/0",
        "tile/0/001.p/07",
        "tile/00/001",
        "tile/8/001",
        "tile/entries/001/x001",
        "tile/0/001\n",
        "tile/0/001.p",
        "checkpoint",
    ],
)
def test_a_path_in_another_spelling_is_none(path: str) -> None:
    assert tiles.read_tile_path(path) is None


def test_the_tiles_of_a_size_are_named_once_each() -> None:
    assert list(tiles.tile_places(0)) == []
    assert list(tiles.tile_places(256)) == [TilePlace(0, 0, 256), TilePlace(1, 0, 1)]
    named = list(tiles.tile_places(70000))
    assert named[273] == TilePlace(0, 273, 112)
    assert named[274:] == [TilePlace(1, 0, 256), TilePlace(1, 1, 17), TilePlace(2, 0, 1)]
    assert list(tiles.bundle_places(300)) == [
        TilePlace(ENTRIES, 0, 256),
        TilePlace(ENTRIES, 1, 44),
    ]


def test_entries_come_back_from_their_bundle() -> None:
    records = [b"", b"a", b"x" * 65535]
    assert tiles.read_entries(tiles.pack_entries(records)) == records


@pytest.mark.parametrize("bundle", [b"\x00", b"\x00\x02a", b"\x00\x01a\xff"])
def test_a_bundle_cut_short_is_refused(bundle: bytes) -> None:
    with pytest.raises(merkle.BadProof, match="middle of a record"):
        tiles.read_entries(bundle)


def test_a_record_of_64_kib_is_refused() -> None:
    with pytest.raises(ValueError, match="65536 bytes"):
        tiles.pack_entries([b"x" * 65536])


def test_proofs_made_from_tiles_alone_hold() -> None:
    size = 66_000
    rows = [[merkle.leaf_hash(index.to_bytes(4, "big")) for index in range(size)]]
    root = merkle.root_of(rows[0])
    while len(rows[-1]) >= 256:
        row = rows[-1]
        rows.append(
            [tiles.perfect_root(row[at : at + 256]) for at in range(0, len(row) // 256 * 256, 256)]
        )
    asked = []

    def read_tile(place: TilePlace) -> bytes:
        asked.append(place)
        return b"".join(rows[place.level][place.number * 256 :][: place.width])

    for index in (0, 255, 256, 40_000, 65_535, 65_999):
        proof = merkle.prove_inclusion(index, size, tiles.node_reader(size, read_tile))
        merkle.check_inclusion(index, size, rows[0][index], root, proof)
    for first in (1, 255, 256, 257, 65_536, 65_999):
        proof = merkle.prove_consistency(first, size, tiles.node_reader(size, read_tile))
        merkle.check_consistency(first, size, merkle.root_of(rows[0][:first]), root, proof)
    assert set(asked) <= set(tiles.tile_places(size))
