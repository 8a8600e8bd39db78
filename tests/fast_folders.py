"""Folders for a run's databases: in memory where there is room, so that no commit waits for a disk.

What a run that was killed has left behind in memory, the next one removes.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

MEMORY = Path("/dev/shm")  # noqa: S108  Linux's own, for all to write into
PREFIX = "community-tests-"
BEGUN = "begun-"
# Two workers' databases and scenes need 1 GB; a container often gives 64 MB.
NEEDED = 4 << 30
OWNER = "owner"

_owned: dict[Path, IO[str]] = {}


def has_room(memory: Path) -> bool:
    """Tell whether databases may be kept there."""
    return memory.is_dir() and shutil.disk_usage(memory).free >= NEEDED


def make_folder(memory: Path = MEMORY) -> Path:
    """Make a folder that is this process's as long as it lives."""
    remove_left_behind(memory)
    parent = memory if has_room(memory) else None
    begun = Path(tempfile.mkdtemp(prefix=BEGUN + PREFIX, dir=parent))
    owner = (begun / OWNER).open("w")
    fcntl.flock(owner, fcntl.LOCK_EX)
    # Only now may others find it: a folder that nobody holds is taken for left behind.
    folder = begun.rename(begun.with_name(begun.name.removeprefix(BEGUN)))
    _owned[folder] = owner
    return folder


def remove_folder(folder: Path) -> None:
    """Remove a folder with all it holds."""
    shutil.rmtree(folder)
    _owned.pop(folder).close()


def remove_left_behind(memory: Path) -> None:
    """Remove folders whose owner was killed: nobody holds them any more."""
    for kept in memory.glob(f"{PREFIX}*/{OWNER}"):
        try:
            with kept.open() as owner:
                fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(kept.parent)
        except OSError:  # somebody is at work in it, or another user's run left it
            continue


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a folder for a block."""
    folder = make_folder()
    try:
        yield folder
    finally:
        remove_folder(folder)
