"""The rows of the store: keep, find, open, drop, and check against the bytes on disk."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.kernel.files.intake import IMAGES, Ready, Upload, attach, folder, path_of, take_in
from community.kernel.files.models import MEDIA_TYPES, FileKind, StoredFile
from community.kernel.files.refusals import FileUnreadable
from community.kernel.files.sealing import SUFFIX, seal, unseal

__all__ = ["attach"]

# An upload is on disk before its row; bytes younger than this may still be waiting for theirs.
ORPHAN_AGE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FileView:
    """A stored file as its owning room sees it."""

    id: int
    name: str
    kind: FileKind
    sha256: str
    size_bytes: int
    width: int
    height: int
    is_dropped: bool
    is_sealed: bool = False

    @property
    def media_type(self) -> str:
        """Tell the media type to serve it with."""
        return MEDIA_TYPES[self.kind]

    @property
    def is_image(self) -> bool:
        """Tell whether a page may show it in place."""
        return self.kind in IMAGES


def keep_file(session: Session, actor: Actor, upload: Ready | Upload) -> int:
    """Keep a file for the actor's community and return its id; the room checks the permission.

    Pass what `take_in` made ready; an `Upload` itself is taken in here, which suits jobs and
    small files only, because it holds the writer meanwhile.
    """
    ready = take_in(upload) if isinstance(upload, Upload) else upload
    if not path_of(ready.sha256, is_sealed=ready.is_sealed).exists():
        raise NotFound
    row = StoredFile(
        community_id=actor.community_id,
        sha256=ready.sha256,
        kind=ready.kind,
        name=ready.name,
        size_bytes=ready.size_bytes,
        width=ready.width,
        height=ready.height,
        is_sealed=ready.is_sealed,
        kept_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def find_file(session: Session, community_id: int, file_id: int) -> FileView | None:
    """Find a file of a community."""
    row = session.get(StoredFile, file_id)
    if row is None or row.community_id != community_id:
        return None
    return FileView(
        row.id,
        row.name,
        row.kind,
        row.sha256,
        row.size_bytes,
        row.width,
        row.height,
        row.dropped_at is not None,
        row.is_sealed,
    )


def get_file(session: Session, community_id: int, file_id: int) -> FileView:
    """Give a file of a community that still has its bytes.

    Raises: NotFound.
    """
    found = find_file(session, community_id, file_id)
    if found is None or found.is_dropped:
        raise NotFound
    return found


def open_file(view: FileView) -> io.BufferedIOBase:
    """Open the bytes of a file for reading, sealed ones decrypted.

    Raises: NotFound when they are gone from the disk; FileUnreadable when a seal is broken.
    """
    path = path_of(view.sha256, is_sealed=view.is_sealed)
    try:
        if view.is_sealed:
            return io.BytesIO(unseal(folder().parent, view.sha256, path.read_bytes()))
        return path.open("rb")
    except FileNotFoundError as error:
        raise NotFound from error


def drop_file(session: Session, actor: Actor, file_id: int) -> None:
    """Give up a file's bytes; the next tidy-up removes them unless another row has them.

    Raises: NotFound.
    """
    row = session.get(StoredFile, file_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    if row.dropped_at is None:
        row.dropped_at = clock.now()
        row.name = ""


def remove_orphans() -> int:
    """Remove bytes that no row names any more and unfinished writes; tell how many."""
    oldest = clock.micros(clock.now() - ORPHAN_AGE) * 1_000
    old = [
        path
        for path in folder().glob("??/*")
        if path.is_file() and path.stat().st_mtime_ns < oldest
    ]
    with db.read() as session:
        query = select(StoredFile.sha256).where(StoredFile.dropped_at.is_(None)).distinct()
        named = set(session.scalars(query))
    gone = [path for path in old if path.name.removesuffix(SUFFIX) not in named]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def file_problems(session: Session) -> list[str]:
    """Read every kept file again and list those that are missing or changed."""
    problems = []
    query = (
        select(StoredFile.sha256, StoredFile.size_bytes, StoredFile.id, StoredFile.is_sealed)
        .where(StoredFile.dropped_at.is_(None))
        .order_by(StoredFile.id)
    )
    checked: set[Path] = set()
    for sha256, size_bytes, file_id, is_sealed in session.execute(query):
        path = path_of(sha256, is_sealed=is_sealed)
        if path in checked:
            continue
        checked.add(path)
        if not path.exists():
            problems.append(f"files: file {file_id} is missing on disk ({sha256[:12]})")
        elif is_sealed:
            if not _is_whole(path, sha256):
                problems.append(f"files: file {file_id} has changed on disk ({sha256[:12]})")
        elif path.stat().st_size != size_bytes or _hash(path.open("rb")) != sha256:
            problems.append(f"files: file {file_id} has changed on disk ({sha256[:12]})")
    return problems


def _is_whole(path: Path, sha256: str) -> bool:
    try:
        content = unseal(folder().parent, sha256, path.read_bytes())
    except FileUnreadable:
        return False
    return hashlib.sha256(content).hexdigest() == sha256


def _hash(opened: io.BufferedReader) -> str:
    with opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def seal_bytes(content: bytes) -> tuple[bytes, bytes]:
    """Encrypt what a room keeps in its own row; give its SHA-256, and what to keep."""
    digest = hashlib.sha256(content)
    return digest.digest(), seal(folder().parent, digest.hexdigest(), content)


def unseal_bytes(sha256: bytes, kept: bytes) -> bytes:
    """Decrypt what `seal_bytes` gave.

    Raises: FileUnreadable.
    """
    return unseal(folder().parent, sha256.hex(), kept)
