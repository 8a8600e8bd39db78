"""Writing the log as static files: for a USB stick, a mirror, or any web server."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.orm import Session

from community.kernel import db
from community.transparency.errors import NothingPublished
from community.transparency.queries.checkpoints import (
    checkpoints,
    latest_checkpoint,
    verifier_keys,
)
from community.transparency.queries.tree import read_tile
from community.transparency.rules.exports import files_of, is_whole
from community.transparency.rules.tiles import tile_path


def export_log(session: Session, community_id: int, folder: Path) -> tuple[int, int]:
    """Write a log's files into a folder; gives its size and how many files were written.

    A whole tile that is there already is left alone, so a second export writes only what is new.
    The checkpoint comes last: who reads the folder meanwhile, or finds it half written, always
    finds every file of the checkpoint there is. Partial tiles that became wider are removed then.

    Raises: NothingPublished.
    """
    newest = latest_checkpoint(session, community_id)
    if newest is None:
        raise NothingPublished
    at = db.statements(session)
    written = 0
    for place in files_of(newest.size):
        file = folder / tile_path(*place)
        if is_whole(place) and file.is_file():
            continue
        written += _write(file, read_tile(at, community_id, place))
    before: int | None = None
    while some := checkpoints(session, community_id, before):
        for each in some:
            file = folder / "checkpoints" / str(each.size)
            written += 0 if file.is_file() else _write(file, each.note)
        before = some[-1].size
    keys = "".join(f"{key}\n" for key in verifier_keys(session, community_id))
    written += _write(folder / "keys.txt", keys.encode())
    written += _write(folder / "checkpoint", newest.note)
    _remove_narrow(folder, newest.size)
    return newest.size, written


def _write(file: Path, content: bytes) -> int:
    """Put a file in place in one step; tell whether it was another one."""
    if file.is_file() and file.read_bytes() == content:
        return 0
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.new")
    with fresh.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)
    return 1


def _remove_narrow(folder: Path, size: int) -> None:
    """Remove partial tiles that an older, smaller export left behind."""
    kept = {folder / tile_path(*place) for place in files_of(size)}
    for file in folder.glob("tile/**/*.p/*"):
        if file not in kept:
            file.unlink()
            if not any(file.parent.iterdir()):
                file.parent.rmdir()
