"""Where files are read from: a folder, or a ZIP file, without unpacking it."""

from __future__ import annotations

import hashlib
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from community.transparency.rules.audit.findings import CannotTell, Findings
from community.transparency.rules.containers import Member, TooLarge, find_odd_byte

# A part of a ZIP file that claims to unpack to more is refused before it fills the disk or memory.
MOST_FILE_BYTES = 2**30
_READ_ERRORS = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


class Source(NamedTuple):
    """Files by their path below a root, with slashes; `read` raises CannotTell."""

    names: frozenset[str]
    read: Callable[[str], bytes]

    def inside(self, folder: str) -> Source:
        """Return the files below a folder as a source of their own."""
        start = folder.rstrip("/") + "/"
        names = frozenset(name[len(start) :] for name in self.names if name.startswith(start))
        return Source(names, lambda name: self.read(start + name))


def open_folder(folder: Path) -> Source:
    """Read files of a folder.

    Raises:
        CannotTell: there is none.
    """
    if not folder.is_dir():
        raise CannotTell(f"找不到文件夹 {folder}", f"there is no folder {folder}")
    names = []
    for above, _, files in os.walk(str(folder)):
        start = Path(above).relative_to(folder)
        names += [start.joinpath(name).as_posix() for name in files]

    def read(name: str) -> bytes:
        try:
            return folder.joinpath(name).read_bytes()
        except OSError as problem:
            raise CannotTell(
                f"读不出 {name}：{problem}", f"{name} cannot be read: {problem}"
            ) from None

    return Source(frozenset(names), read)


def open_zip(path: Path) -> Source:
    """Read files of a ZIP file.

    Raises:
        CannotTell: it is none, or holds a name twice.
    """
    try:
        archive = zipfile.ZipFile(str(path))
    except _READ_ERRORS as problem:
        raise CannotTell(
            f"{path} 不是完整的 ZIP 文件：{problem}", f"{path} is not a whole ZIP file: {problem}"
        ) from None
    listed = [one.filename for one in archive.infolist() if not one.is_dir()]
    names = frozenset(listed)
    if len(names) != len(listed):
        twice = min(name for name in names if listed.count(name) > 1)
        raise CannotTell(f"{path} 里有两个 {twice}", f"{path} holds {twice} twice")

    def read(name: str) -> bytes:
        try:
            if archive.getinfo(name).file_size > MOST_FILE_BYTES:
                raise CannotTell(f"{name} 太大", f"{name} is too large")
            return archive.read(name)
        except (KeyError, *_READ_ERRORS) as problem:
            raise CannotTell(
                f"读不出 {name}：{problem}", f"{name} cannot be read: {problem}"
            ) from None

    return Source(names, read)


def check_container(path: Path, findings: Findings) -> None:
    """Compare a ZIP file's own bytes, between and after its files, with how a pack is written."""
    try:
        with zipfile.ZipFile(str(path)) as archive:
            listed = sorted(archive.infolist(), key=lambda one: one.header_offset)
            members = [Member(one.filename, one.file_size, one.CRC) for one in listed]
        with path.open("rb") as file:
            odd = find_odd_byte(file, members)
    except (TooLarge, struct.error, *_READ_ERRORS) as problem:
        odd = str(problem)
    if odd is not None:
        findings.add(
            f"{path.name} · {odd}",
            "ZIP 文件本身的字节被改过或重新打包过；可解压后核对文件夹",
            "bytes of the ZIP file itself were changed, or it was packed again; unpacked, its"
            " folder can still be verified",
        )


def open_source(path: Path) -> Source:
    """Read files of a folder or of a ZIP file, whichever it is."""
    return open_folder(path) if path.is_dir() else open_zip(path)


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
