"""Taking an upload in: checked, pictures written anew, bytes on disk before any row names them."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from community.kernel import ids
from community.kernel.files import sealing
from community.kernel.files.models import FileKind
from community.kernel.files.pictures import write_anew
from community.kernel.files.refusals import FileEmpty, FileKindRefused, FileTooLarge
from community.kernel.files.sniffing import sniff

MEGABYTE = 1 << 20
MOST_BYTES = 20 * MEGABYTE
IMAGES = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.WEBP})
SHEETS = frozenset({FileKind.XLSX, FileKind.XLS, FileKind.CSV})
ALL = frozenset(FileKind)

_folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """What a client sent; the media type it claims is not believed."""

    name: str
    content: bytes
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """An upload whose bytes are on disk; `keep_file` gives it a row."""

    name: str
    kind: FileKind
    sha256: str
    size_bytes: int
    width: int = 0
    height: int = 0
    is_sealed: bool = False


def attach(folder: Path) -> None:
    """Let files be kept under a folder of the instance."""
    global _folder  # noqa: PLW0603  one store a process, as one database
    _folder = folder


def folder() -> Path:
    """Give the folder of the store."""
    assert _folder is not None, "no file store attached; community.app does that"
    return _folder


def path_of(sha256: str, *, is_sealed: bool = False) -> Path:
    """Tell where the bytes of a hash lie; sealed ones lie beside."""
    return folder() / sha256[:2] / f"{sha256}{sealing.SUFFIX if is_sealed else ''}"


def take_in(
    upload: Upload,
    accept: frozenset[FileKind] = ALL,
    most_bytes: int = MOST_BYTES,
    known_as: FileKind | None = None,
    *,
    is_sealed: bool = False,
) -> Ready:
    """Check an upload, write pictures anew, and put the bytes on disk, synced.

    `known_as` is what the caller, who has read the content itself, calls it: a bank's page named
    .xls is kept as it is, and only ever given back as a download.
    With `is_sealed` the disk has them encrypted. Call it before the command (it may take half a
    second); the command then only keeps the row.
    Raises: FileEmpty, FileTooLarge, HeicRefused, FileKindRefused, PictureTooLarge, FileUnreadable.
    """
    if not upload.content:
        raise FileEmpty
    if len(upload.content) > most_bytes:
        raise FileTooLarge(most_megabytes=max(1, most_bytes // MEGABYTE))
    kind = known_as or sniff(upload.content)
    if kind is None or kind not in accept:
        raise FileKindRefused(accepted="、".join(sorted(each.value.upper() for each in accept)))
    content, width, height = upload.content, 0, 0
    if kind in IMAGES:
        picture = write_anew(content, kind)
        content, width, height = picture.content, picture.width, picture.height
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256, is_sealed=is_sealed)
    _put(path, sealing.seal(folder().parent, sha256, content) if is_sealed else content)
    name = clean_name(upload.name, kind)
    return Ready(name, kind, sha256, len(content), width, height, is_sealed)


def clean_name(name: str, kind: FileKind) -> str:
    """Keep the last part of a name, without anything a header or a file system could trip over."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(each for each in last if each.isprintable() and each not in '"<>|:*?').strip(
        ". "
    )
    stem = shown.rsplit(".", 1)[0] if "." in shown else shown
    suffix = "jpg" if kind is FileKind.JPEG else kind.value
    return f"{stem[:120] or '文件'}.{suffix}"


def _put(path: Path, content: bytes) -> None:
    if path.exists() and path.stat().st_size == len(content):
        # Somebody else's bytes may be about to be tidied away; a fresh time keeps them.
        path.touch()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{ids.random_code(8)}.part")
    with part.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(path)
    _sync_folder(path.parent)
    _sync_folder(path.parent.parent)


def _sync_folder(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
