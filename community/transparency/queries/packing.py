"""Writing an audit pack: the log as it was last signed, and the files that other rooms add."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from community.kernel import db
from community.transparency.errors import NothingPublished
from community.transparency.queries.checkpoints import (
    Checkpoint,
    checkpoints,
    latest_checkpoint,
    verifier_keys,
)
from community.transparency.queries.tree import read_tile
from community.transparency.rules.audit.packs import (
    CHECKPOINTS,
    CONTENTS,
    KEYS,
    LOG_FOLDER,
    write_contents,
)
from community.transparency.rules.containers import container_bytes
from community.transparency.rules.pack_page import write_page
from community.transparency.rules.tiles import bundle_places, tile_path, tile_places

VERIFIER = Path(__file__).resolve().parents[3] / "static" / "verify.py"
_PAGE = 200


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file that a room adds: its folder, its ending, and how its bytes are read.

    In the pack it is named by its SHA-256, which the room has published in a record.
    """

    folder: str
    ending: str
    read: Callable[[], bytes]


PackSource = Callable[[Session, int], Iterable[PackFile]]
_sources: list[PackSource] = []


def add_pack_source(source: PackSource) -> None:
    """Let a room add its files (vouchers, reports) to every community's pack."""
    if source not in _sources:
        _sources.append(source)


def pack_bytes(session: Session, community_id: int) -> Iterator[bytes]:
    """Yield the bytes of a community's audit pack, as it stands in the session's snapshot.

    Raises: NothingPublished.
    """
    checkpoint = latest_checkpoint(session, community_id)
    if checkpoint is None:
        raise NothingPublished
    return container_bytes(_with_list(_members(session, community_id, checkpoint)))


def _with_list(members: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Let the list of all files follow them."""
    listed = {}
    for name, content in members:
        listed[name] = hashlib.sha256(content).hexdigest()
        yield name, content
    yield CONTENTS, write_contents(listed)


def _members(
    session: Session, community_id: int, checkpoint: Checkpoint
) -> Iterator[tuple[str, bytes]]:
    at, size = db.statements(session), checkpoint.size
    yield "index.html", write_page(checkpoint.origin, size, checkpoint.root)
    yield "verify.py", VERIFIER.read_bytes()
    keys = verifier_keys(session, community_id)
    yield KEYS, "".join(f"{line}\n" for line in keys).encode()
    yield f"{LOG_FOLDER}/checkpoint", checkpoint.note
    for older in _all_checkpoints(session, community_id):
        yield f"{LOG_FOLDER}/{CHECKPOINTS}/{older.size}", older.note
    for place in (*tile_places(size), *bundle_places(size)):
        yield f"{LOG_FOLDER}/{tile_path(*place)}", read_tile(at, community_id, place)
    seen = set()
    for source in _sources:
        for file in source(session, community_id):
            content = file.read()
            name = f"{file.folder}/{hashlib.sha256(content).hexdigest()}{file.ending}"
            # One file may be the voucher of several payments.
            if name not in seen:
                seen.add(name)
                yield name, content


def _all_checkpoints(session: Session, community_id: int) -> Iterator[Checkpoint]:
    before: int | None = None
    while found := checkpoints(session, community_id, before, _PAGE):
        yield from found
        before = found[-1].size
