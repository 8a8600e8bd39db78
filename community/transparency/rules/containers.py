"""The ZIP file of an audit pack, byte for byte the same whoever writes it.

Files are stored as they are and dated 1980. A reader can therefore tell that not one byte of the
container was changed either; and it can be sent while it is still being written.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

MOST_MEMBERS = 2**16 - 2
MOST_CONTAINER_BYTES = 2**32 - 2
_VERSION = 20
_UTF8_NAMES = 0x800
_FIRST_DAY = 0x21  # 1 January 1980, the first day that ZIP knows
_ORDINARY_FILE = 0o100644 << 16


class TooLarge(ValueError):
    """The files do not fit into one plain ZIP file."""


class Member(NamedTuple):
    """One file of the container."""

    name: str
    size: int
    crc: int


def member_head(member: Member) -> bytes:
    """Return the bytes before a file's content."""
    name = member.name.encode()
    facts = struct.pack(
        "<4s5H3L2H",
        b"PK\x03\x04",
        _VERSION,
        _UTF8_NAMES,
        0,
        0,
        _FIRST_DAY,
        member.crc,
        member.size,
        member.size,
        len(name),
        0,
    )
    return facts + name


def directory(members: Sequence[Member]) -> bytes:
    """Return the bytes after the last file: the list of files and the end mark.

    Raises:
        TooLarge: there are too many files, or they are too large together.
    """
    parts, place = [], 0
    for member in members:
        name = member.name.encode()
        facts = struct.pack(
            "<4s6H3L5H2L",
            b"PK\x01\x02",
            _VERSION | 3 << 8,
            _VERSION,
            _UTF8_NAMES,
            0,
            0,
            _FIRST_DAY,
            member.crc,
            member.size,
            member.size,
            len(name),
            0,
            0,
            0,
            0,
            _ORDINARY_FILE,
            place,
        )
        parts.append(facts + name)
        place += len(member_head(member)) + member.size
        if place > MOST_CONTAINER_BYTES or len(members) > MOST_MEMBERS:
            raise TooLarge(f"{len(members)} files of {place} bytes")
    listed = b"".join(parts)
    count = len(members)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(listed), place, 0)
    return listed + end


def container_bytes(contents: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield the bytes of a container, file by file.

    Raises:
        TooLarge: as `directory`.
        ValueError: a name comes twice.
    """
    members: list[Member] = []
    names = set()
    for name, content in contents:
        if name in names:
            raise ValueError(f"{name} comes twice")
        names.add(name)
        member = Member(name, len(content), zlib.crc32(content))
        members.append(member)
        yield member_head(member)
        yield content
    yield directory(members)


def find_odd_byte(file: BinaryIO, members: Sequence[Member]) -> str | None:
    """Return which part of a container, contents aside, is not as it was written."""
    place = 0
    for member in members:
        head = member_head(member)
        file.seek(place)
        if file.read(len(head)) != head:
            return member.name
        place += len(head) + member.size
    file.seek(place)
    return None if file.read() == directory(members) else "the list at the end"
