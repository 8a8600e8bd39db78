#!/usr/bin/env python3
"""Verify a community's public log: 核对社区公开日志。 Needs Python 3.8 or newer and nothing else.

  python3 verify.py pack FILE.zip                      an audit pack / 审计包
  python3 verify.py log DIR --key KEY                  a folder of tiles / 日志文件夹
  python3 verify.py receipt FILE --key KEY             a receipt / 收据
  python3 verify.py checkpoint OLD NEW --key KEY       an older and a newer one / 新旧检查点
  python3 verify.py witness DIR ADDRESS --key KEY      keep and cosign / 作见证

Exit codes: 0 everything holds · 1 something was changed, each item named · 2 cannot tell.
Generated from the site's own rules; do not edit. Licence: Apache-2.0.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import gc
import hashlib
import json
import os
import re
import struct
import sys
import time
import urllib.request
import zipfile
import zlib
from calendar import monthrange
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from typing import BinaryIO
from typing import NamedTuple


# -------------------------------------------------------------------------------------------------
# The tree of RFC 6962: hashes, roots, proofs and their verification; knows no record's meaning.

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
# A tree has fewer entries than this (C2SP tlog-checkpoint counts them in 64 bits).
MOST_ENTRIES = 2**63


class BadProof(ValueError):
    """What was shown does not prove what it claims."""


def leaf_hash(record: bytes) -> bytes:
    """Hash one record as a leaf. Source: RFC 6962 section 2.1."""
    return hashlib.sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into the one above them. Source: RFC 6962 section 2.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grow_stack(stack: list[bytes], size: int, leaf: bytes) -> int:
    """Add a leaf to a tree of `size`, kept as its perfect subtrees from left to right.

    Changes `stack` and returns the new size; n leaves cost n hashes in all.
    """
    grown = size + 1
    while size & 1:
        leaf = node_hash(stack.pop(), leaf)
        size >>= 1
    stack.append(leaf)
    return grown


def stack_root(stack: Sequence[bytes]) -> bytes:
    """Return the root of a tree kept as its perfect subtrees from left to right."""
    if not stack:
        return EMPTY_ROOT
    root = stack[-1]
    for place in range(len(stack) - 2, -1, -1):
        root = node_hash(stack[place], root)
    return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes in order."""
    stack: list[bytes] = []
    size = 0
    for leaf in leaves:
        size = grow_stack(stack, size, leaf)
    return stack_root(stack)


def stack_places(size: int) -> list[tuple[int, int]]:
    """Name the perfect subtrees of a tree of `size` from left to right, as (level, index)."""
    places = []
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            places.append((level, start >> level))
            start += 1 << level
    return places


def _range_hash(start: int, end: int, node_at: Callable[[int, int], bytes]) -> bytes:
    """Hash the entries [start, end), where start is a multiple of the power of two above end."""
    stack = []
    for level, index in stack_places(end - start):
        stack.append(node_at(level, (start >> level) + index))
    return stack_root(stack)


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def prove_inclusion(index: int, size: int, node_at: Callable[[int, int], bytes]) -> list[bytes]:
    """Make the path from an entry to the root of a tree of `size`.

    `node_at(level, index)` returns the perfect subtree's hash. Source: RFC 6962 section 2.1.1.

    Raises:
        BadProof: the tree has no such entry.
    """
    if not 0 <= index < size:
        raise BadProof(f"entry {index} is not in a tree of {size}")
    proof = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(_range_hash(middle, end, node_at))
            end = middle
        else:
            proof.append(_range_hash(start, middle, node_at))
            start = middle
    return proof[::-1]


def prove_consistency(first: int, second: int, node_at: Callable[[int, int], bytes]) -> list[bytes]:
    """Make the proof that a tree of `second` begins with the tree of `first`.

    Source: RFC 6962 section 2.1.2.

    Raises:
        BadProof: the first size is 0 or larger than the second.
    """
    if not 0 < first <= second:
        raise BadProof(f"a tree of {second} has no beginning of {first} to prove")
    proof: list[bytes] = []
    start, end, is_whole = 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            proof.append(_range_hash(middle, end, node_at))
            end = middle
        else:
            proof.append(_range_hash(start, middle, node_at))
            start, is_whole = middle, False
    if not is_whole:
        proof.append(_range_hash(start, end, node_at))
    return proof[::-1]


def _climb(place: int, last: int, proof: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each sibling on the way from a node to the root, and whether it stands on the left.

    `last` is the place of the last node in the same row.

    Raises:
        BadProof: the way has another length.
    """
    for sibling in proof:
        if last == 0:
            raise BadProof("the proof is longer than the tree is high")
        is_left = bool(place & 1) or place == last
        yield sibling, is_left
        while is_left and place and not place & 1:
            place >>= 1
            last >>= 1
        place >>= 1
        last >>= 1
    if last:
        raise BadProof("the proof is shorter than the tree is high")


def check_inclusion(
    index: int, size: int, leaf: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    """Verify that a leaf is entry `index` of the tree of `size` with this root.

    Source: RFC 9162 section 2.1.3.2.

    Raises:
        BadProof: it does not follow.
    """
    if not 0 <= index < size <= MOST_ENTRIES:
        raise BadProof(f"entry {index} is not in a tree of {size}")
    _check_hashes([leaf, *proof])
    hashed = leaf
    for sibling, is_left in _climb(index, size - 1, proof):
        hashed = node_hash(sibling, hashed) if is_left else node_hash(hashed, sibling)
    if hashed != root:
        raise BadProof("the proof leads to another root")


def check_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> None:
    """Verify that the tree of `second` begins with the tree of `first`, unchanged.

    Source: RFC 9162 section 2.1.4.2. A first size of 0 proves nothing and is refused.

    Raises:
        BadProof: it does not follow.
    """
    if not 0 < first <= second <= MOST_ENTRIES:
        raise BadProof(f"a tree of {second} has no beginning of {first} to verify")
    if first == second:
        if proof:
            raise BadProof("two trees of one size need no proof")
        if first_root != second_root:
            raise BadProof("two trees of one size have different roots")
        return
    if not proof:
        raise BadProof("the proof is empty")
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    _check_hashes(path)
    place, last = first - 1, second - 1
    while place & 1:
        place >>= 1
        last >>= 1
    old = new = path[0]
    for sibling, is_left in _climb(place, last, path[1:]):
        if is_left:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
        else:
            new = node_hash(new, sibling)
    if old != first_root:
        raise BadProof("the older tree has another root")
    if new != second_root:
        raise BadProof("the newer tree has another root")


def _check_hashes(hashes: Sequence[bytes]) -> None:
    """Refuse what is not a SHA-256 hash: an empty or longer one would shift the bytes hashed."""
    if any(len(one) != HASH_SIZE for one in hashes):
        raise BadProof("a hash does not have 32 bytes")


# -------------------------------------------------------------------------------------------------
# C2SP tlog-tiles: the paths of a log's files, and what is in them. Source: c2sp.org/tlog-tiles.

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


# -------------------------------------------------------------------------------------------------
# Ed25519 of RFC 8032 in plain Python, strict: for a verifier that installs nothing.
#
# Verifying needs no secret. Signing here is not constant-time: it is for the witness on a laptop of
# its own, never for a server that strangers can time.

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_D2 = 2 * _D % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)

# A point is (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z.
_NEUTRAL = (0, 1, 1, 0)


def _add(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a = (y1 - x1) * (y2 - x2) % _P
    b = (y1 + x1) * (y2 + x2) % _P
    c = t1 * _D2 % _P * t2 % _P
    d = 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _double(one: tuple[int, ...]) -> tuple[int, ...]:
    x, y, z, _ = one
    a = x * x % _P
    b = y * y % _P
    c = 2 * z * z
    h = a + b
    e = h - (x + y) * (x + y)
    g = a - b
    f = c + g
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _negate(one: tuple[int, ...]) -> tuple[int, ...]:
    x, y, z, t = one
    return _P - x, y, z, _P - t


def _find_x(y: int, sign: int) -> int | None:
    """Return the x of a point by RFC 8032 section 5.1.3, None when there is none."""
    above, below = y * y - 1, _D * y * y + 1
    x = above * below**3 * pow(above * below**7 % _P, (_P - 5) // 8, _P) % _P
    square = below * x * x % _P
    if square == -above % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    elif square != above % _P:
        return None
    if x == 0 and sign:
        return None
    return _P - x if x & 1 != sign else x


def _read_point(encoded: bytes) -> tuple[int, ...] | None:
    number = int.from_bytes(encoded, "little")
    y, sign = number & (2**255 - 1), number >> 255
    # A second spelling of the same point would be a second signature for the same words.
    x = _find_x(y, sign) if y < _P else None
    return None if x is None else (x, y, 1, x * y % _P)


def _write_point(one: tuple[int, ...]) -> bytes:
    x, y, z, _ = one
    inverse = pow(z, _P - 2, _P)
    x, y = x * inverse % _P, y * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_BASE_Y = 4 * pow(5, _P - 2, _P) % _P
_BASE_X = _find_x(_BASE_Y, 0) or 0
_BASE = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P)


def _odd_multiples(one: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return 1, 3, 5 … 15 times a point."""
    twice = _double(one)
    multiples = [one]
    for _ in range(7):
        multiples.append(_add(multiples[-1], twice))
    return multiples


def _signed_digits(number: int) -> list[int]:
    """Write a number in odd digits from -15 to 15, four zeros or more after each (5-NAF)."""
    digits = []
    while number:
        digit = 0
        if number & 1:
            digit = number & 31
            if digit > 15:
                digit -= 32
            number -= digit
        digits.append(digit)
        number >>= 1
    return digits


def _sum_of_products(pairs: list[tuple[int, tuple[int, ...]]]) -> tuple[int, ...]:
    """Return the sum of number times point, with one doubling per bit for all of them."""
    rows = [(_signed_digits(number), _odd_multiples(point)) for number, point in pairs]
    total: tuple[int, ...] = _NEUTRAL
    for place in range(max(len(digits) for digits, _ in rows) - 1, -1, -1):
        total = _double(total)
        for digits, multiples in rows:
            digit = digits[place] if place < len(digits) else 0
            if digit > 0:
                total = _add(total, multiples[digit >> 1])
            elif digit < 0:
                total = _add(total, _negate(multiples[-digit >> 1]))
    return total


def _make_windows(point: tuple[int, ...]) -> list[list[tuple[int, ...]]]:
    """Return 1 to 15 times a point, then the same of 16 times the point, 64 times over."""
    windows = []
    for _ in range(64):
        row = [_NEUTRAL, point]
        for _ in range(14):
            row.append(_add(row[-1], point))
        windows.append(row)
        point = _double(_double(_double(_double(point))))
    return windows


# Making windows takes as long as five verifications and makes the later ones three times faster.
_WORTH_WINDOWS = 8
_uses: dict[bytes, int] = {}
_windows: dict[bytes, list[list[tuple[int, ...]]]] = {}


def _find_commitment(
    public_key: bytes, point: tuple[int, ...], answer: int, asked: int
) -> tuple[int, ...]:
    """Return answer times the base point less asked times the key's point."""
    _uses[public_key] = _uses.get(public_key, 0) + 1
    if _uses[public_key] <= _WORTH_WINDOWS:
        return _sum_of_products([(answer, _BASE), (asked, _negate(point))])
    if public_key not in _windows:
        _windows.setdefault(b"", _make_windows(_BASE))
        _windows[public_key] = _make_windows(_negate(point))
    total: tuple[int, ...] = _NEUTRAL
    for number, windows in ((answer, _windows[b""]), (asked, _windows[public_key])):
        for row in windows:
            if number & 15:
                total = _add(total, row[number & 15])
            number >>= 4  # noqa: PLW2901  the next window's digit
    return total


def _hash_number(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % _ORDER


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature holds; about 2 ms. Source: RFC 8032 section 5.1.7."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    point = _read_point(public_key)
    answer = int.from_bytes(signature[32:], "little")
    if point is None or answer >= _ORDER:
        return False
    asked = _hash_number(signature[:32], public_key, message)
    found = _find_commitment(public_key, point, answer, asked)
    return _write_point(found) == signature[:32]


def _read_seed(seed: bytes) -> tuple[int, bytes]:
    hashed = hashlib.sha512(seed).digest()
    secret = int.from_bytes(hashed[:32], "little") & (2**254 - 8) | 2**254
    return secret, hashed[32:]


def public_key_of(seed: bytes) -> bytes:
    """Return the public key of a 32-byte seed. Source: RFC 8032 section 5.1.5."""
    return _write_point(_sum_of_products([(_read_seed(seed)[0], _BASE)]))


def sign(seed: bytes, message: bytes) -> bytes:
    """Sign with a 32-byte seed, on one's own machine. Source: RFC 8032 section 5.1.6."""
    secret, prefix = _read_seed(seed)
    public_key = public_key_of(seed)
    once = _hash_number(prefix, message)
    commitment = _write_point(_sum_of_products([(once, _BASE)]))
    asked = _hash_number(commitment, public_key, message)
    return commitment + ((once + asked * secret) % _ORDER).to_bytes(32, "little")


# -------------------------------------------------------------------------------------------------
# C2SP signed-note and tlog-checkpoint: text with signatures below it, and keys as one line.
#
# Source: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature.

ED25519 = 1
COSIGNATURE = 4
MOST_SIGNATURES = 100
MOST_NOTE_BYTES = 1_000_000
DASH = "— "


class BadNote(ValueError):
    """A note, key or checkpoint is malformed, or a signature does not hold."""


class VerifierKey(NamedTuple):
    """A public key with the name of its holder."""

    name: str
    key_id: bytes
    kind: int
    public_key: bytes

    def __str__(self) -> str:
        """Write it as a verifier key: name, key id and key, joined by plus signs."""
        key = base64.b64encode(bytes([self.kind]) + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"


class Signature(NamedTuple):
    """One signature line; `signature` is what follows the key id."""

    name: str
    key_id: bytes
    signature: bytes


class Note(NamedTuple):
    """A text, which ends with a newline, and the signatures below it."""

    text: str
    signatures: tuple[Signature, ...]


class Checkpoint(NamedTuple):
    """What a log says of itself: its name, its size and its root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(one.isspace() for one in name)


def _decode(text: str, what: str) -> bytes:
    """Read standard base64 that is written in its one way only."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote(f"{what} is not base64") from None
    if base64.b64encode(content).decode() != text:
        raise BadNote(f"{what} is not base64 in its one spelling")
    return content


def key_id_of(name: str, kind: int, public_key: bytes) -> bytes:
    """Return the four bytes that name a key in a signature line."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public_key).digest()[:4]


def make_key(name: str, public_key: bytes, kind: int = ED25519) -> VerifierKey:
    """Give a public key its name and id.

    Raises:
        BadNote: the name is empty or has a space or a plus sign.
    """
    if not _is_name(name):
        raise BadNote(f"{name!r} cannot be the name of a key")
    return VerifierKey(name, key_id_of(name, kind, public_key), kind, public_key)


def read_key(text: str) -> VerifierKey:
    """Read a verifier key: name, key id in hexadecimal and base64 key, joined by plus signs.

    Raises:
        BadNote: it is malformed, of an unknown kind, or its id is another key's.
    """
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise BadNote("a verifier key has three parts, joined by plus signs")
    content = _decode(parts[2], "the key")
    if len(content) != 33 or content[0] not in (ED25519, COSIGNATURE):
        raise BadNote("the key is neither Ed25519 nor a cosigner's Ed25519")
    key = make_key(parts[0], content[1:], content[0])
    if key.key_id.hex() != parts[1]:
        raise BadNote("the key's id does not belong to this name and key")
    return key


def read_note(content: bytes) -> Note:
    """Take a signed note apart; says nothing about whether a signature holds.

    Raises:
        BadNote: it is malformed.
    """
    if len(content) > MOST_NOTE_BYTES:
        raise BadNote("malformed note: it is too long")
    try:
        whole = content.decode()
    except UnicodeDecodeError:
        raise BadNote("malformed note: it is not UTF-8") from None
    if any(one < " " and one != "\n" for one in whole):
        raise BadNote("malformed note: it has a control character")
    place = whole.rfind("\n\n")
    if place < 0 or not whole.endswith("\n") or place + 2 == len(whole):
        raise BadNote("malformed note: no signatures below an empty line")
    lines = whole[place + 2 : -1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise BadNote(f"malformed note: more than {MOST_SIGNATURES} signatures")
    return Note(whole[: place + 1], tuple(_read_signature(line) for line in lines))


def _read_signature(line: str) -> Signature:
    name, space, encoded = line[len(DASH) :].partition(" ")
    if not line.startswith(DASH) or not space or not _is_name(name):
        raise BadNote("malformed note: a signature line is not written as one")
    content = _decode(encoded, "malformed note: a signature")
    if len(content) < 5:
        raise BadNote("malformed note: a signature is too short")
    return Signature(name, content[:4], content[4:])


def write_note(text: str, signatures: Sequence[Signature]) -> bytes:
    """Write a signed note."""
    lines = [
        f"{DASH}{one.name} {base64.b64encode(one.key_id + one.signature).decode()}\n"
        for one in signatures
    ]
    return (text + "\n" + "".join(lines)).encode()


def cosigned_bytes(text: str, at: int) -> bytes:
    """Return what a cosigner signs for a checkpoint's text, `at` seconds since 1970."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def cosigned_at(signature: Signature) -> int:
    """Return when a cosignature was made, in seconds since 1970."""
    return int.from_bytes(signature.signature[:8], "big")


def holds(key: VerifierKey, text: str, signature: Signature) -> bool:
    """Tell whether a signature line is this key's and holds for the text."""
    if (key.name, key.key_id) != (signature.name, signature.key_id):
        return False
    if key.kind == ED25519:
        return is_signed(key.public_key, text.encode(), signature.signature)
    if len(signature.signature) != 72:
        return False
    said = cosigned_bytes(text, cosigned_at(signature))
    return is_signed(key.public_key, said, signature.signature[8:])


def open_note(content: bytes, keys: Sequence[VerifierKey]) -> tuple[Note, tuple[VerifierKey, ...]]:
    """Take a signed note apart and return the known keys that signed it.

    Raises:
        BadNote: it is malformed, no known key signed it, or a known key's signature does not hold.
    """
    note = read_note(content)
    signers: list[VerifierKey] = []
    for signature in note.signatures:
        named = [key for key in keys if (key.name, key.key_id) == signature[:2]]
        if len(named) > 1:
            raise BadNote(f"ambiguous key: {signature.name} is given twice")
        if not named or named[0] in signers:
            continue
        if not holds(named[0], note.text, signature):
            raise BadNote(f"invalid signature of {signature.name}")
        signers.append(named[0])
    if not signers:
        raise BadNote("no verifiable signatures: none is by a key you gave")
    return note, tuple(signers)


def read_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint: origin, size and root, one a line, then extensions.

    Raises:
        BadNote: it is not one.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise BadNote("a checkpoint has a name, a size and a root, one a line")
    origin, size, root = lines[:3]
    if not (size.isascii() and size.isdigit()) or (size[0] == "0" and size != "0"):
        raise BadNote("the checkpoint's size is not a plain number")
    if int(size) >= MOST_ENTRIES:
        raise BadNote("the checkpoint's size is too large")
    content = _decode(root, "the checkpoint's root")
    if len(content) != HASH_SIZE:
        raise BadNote("the checkpoint's root does not have 32 bytes")
    return Checkpoint(origin, int(size), content, tuple(lines[3:-1]))


def write_checkpoint(checkpoint: Checkpoint) -> str:
    """Write the text of a checkpoint, ready to be signed."""
    root = base64.b64encode(checkpoint.root).decode()
    lines = [checkpoint.origin, str(checkpoint.size), root, *checkpoint.extensions]
    return "".join(f"{line}\n" for line in lines)


def open_checkpoint(
    content: bytes, keys: Sequence[VerifierKey]
) -> tuple[Checkpoint, tuple[VerifierKey, ...]]:
    """Verify a signed checkpoint and return it with the known keys that signed it.

    Raises:
        BadNote: as `open_note` and `read_checkpoint`.
    """
    note, signers = open_note(content, keys)
    return read_checkpoint(note.text), signers


# -------------------------------------------------------------------------------------------------
# A receipt: one record, its path to the root, and the signed checkpoint; verified offline.
#
# Source: c2sp.org/tlog-proof; the record itself travels in the line `extra`.

RECEIPT_TITLE = "c2sp.org/tlog-proof@v1"
MOST_PROOF_HASHES = 63


class Receipt(NamedTuple):
    """One record and what proves its place in the log."""

    record: bytes
    place: int
    proof: tuple[bytes, ...]
    note: bytes


def write_receipt(record: bytes, index: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """Write a receipt as a text file."""
    lines = [RECEIPT_TITLE, f"extra {base64.b64encode(record).decode()}", f"index {index}"]
    lines += [base64.b64encode(one).decode() for one in proof]
    return ("\n".join(lines) + "\n\n").encode() + note


def read_receipt(content: bytes) -> Receipt:
    """Take a receipt apart; says nothing about whether it holds.

    Raises:
        BadProof: it is not one.
    """
    head, gap, note = content.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        lines = []
    if not gap or len(lines) < 3 or lines[0] != RECEIPT_TITLE or len(lines) > 3 + MOST_PROOF_HASHES:
        raise BadProof("this is not a receipt (tlog-proof)")
    extra, space, encoded = lines[1].partition(" ")
    word, gap_in_line, index = lines[2].partition(" ")
    if (extra, space, word, gap_in_line) != ("extra", " ", "index", " "):
        raise BadProof("the receipt lacks its record or its index")
    if not index.isdigit() or str(int(index)) != index or int(index) >= MOST_ENTRIES:
        raise BadProof("the receipt's index is not a plain number")
    proof = tuple(_read_line(line) for line in lines[3:])
    return Receipt(_read_line(encoded), int(index), proof, note)


def _read_line(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadProof("a line of the receipt is not base64") from None
    # Spare bits at the end could be changed without changing a byte.
    if base64.b64encode(content).decode() != text:
        raise BadProof("a line of the receipt is not base64 in its one spelling")
    return content


def check_receipt(
    receipt: Receipt, keys: Sequence[VerifierKey]
) -> tuple[Checkpoint, tuple[VerifierKey, ...]]:
    """Verify a receipt; returns its checkpoint and who signed that.

    Raises:
        BadProof: the record is not in the signed tree.
        BadNote: the checkpoint is not signed by a given key.
    """
    checkpoint, signers = open_checkpoint(receipt.note, keys)
    if not any(one.name == checkpoint.origin for one in signers):
        raise BadNote("the log itself did not sign this checkpoint")
    leaf = leaf_hash(receipt.record)
    check_inclusion(receipt.place, checkpoint.size, leaf, checkpoint.root, receipt.proof)
    return checkpoint, signers


# -------------------------------------------------------------------------------------------------
# A ballot's receipt: what was committed, its salt, and the log's signature; checked offline.
#
# The signed note tells the commitment and when it was kept; with the salt anybody who holds the
# file, and nobody else, sees that it is of this ballot. Once the poll is decided the ballot stands
# in the published list under its tracker.

BALLOT_TITLE = "community-ballot-receipt/v1"
PRIVATE_TITLE = "community-private-receipt/v1"


class BallotReceipt(NamedTuple):
    """A ballot in its canonical JSON, its salt, and the signed note."""

    ballot: bytes
    salt: bytes
    note: bytes


def write_titled(title: str, parts: Mapping[str, bytes], note: bytes) -> bytes:
    """Write a receipt as a text file: its title, a line for each part, and the signed note."""
    lines = [f"{name} {base64.b64encode(part).decode()}" for name, part in parts.items()]
    return "\n".join([title, *lines]).encode() + b"\n\n" + note


def read_titled(
    content: bytes, title: str, names: Sequence[str]
) -> tuple[tuple[bytes, ...], bytes]:
    """Take such a file apart into its parts and the note.

    Raises:
        BadNote: it is not of this title, or a part is missing or unreadable.
    """
    head, gap, note = content.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    words = [line.partition(" ") for line in lines[1:]]
    if not gap or lines[0] != title or [each[0] for each in words] != list(names):
        raise BadNote(f"this is no {title}")
    try:
        return tuple(base64.b64decode(each[2], validate=True) for each in words), note
    except (binascii.Error, ValueError):
        raise BadNote("a line of the receipt is not base64") from None


def open_commitment(note: bytes, keys: Sequence[VerifierKey]) -> tuple[str, bytes]:
    """Verify the log's signature over a commitment; gives its subject and the commitment.

    Raises:
        BadNote: the log itself did not sign it.
    """
    opened, signers = open_note(note, keys)
    lines = opened.text.split("\n")
    if len(lines) != 7 or lines[0] != PRIVATE_TITLE:
        raise BadNote("the note is not about a commitment")
    _, origin, subject, _, encoded, _, _ = lines
    if not any(one.name == origin for one in signers):
        raise BadNote("the log itself did not sign this receipt")
    try:
        return subject, base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote("the commitment is not base64") from None


def write_ballot_receipt(ballot: bytes, salt: bytes, note: bytes) -> bytes:
    """Write a ballot's receipt as a text file."""
    return write_titled(BALLOT_TITLE, {"ballot": ballot, "salt": salt}, note)


def is_ballot_receipt(content: bytes) -> bool:
    """Tell whether a file says that it is a ballot's receipt."""
    return content.startswith(BALLOT_TITLE.encode() + b"\n")


def read_ballot_receipt(content: bytes) -> BallotReceipt:
    """Take a ballot's receipt apart; says nothing about whether it holds.

    Raises:
        BadNote: it is none.
    """
    (ballot, salt), note = read_titled(content, BALLOT_TITLE, ("ballot", "salt"))
    return BallotReceipt(ballot, salt, note)


def check_ballot_receipt(receipt: BallotReceipt, keys: Sequence[VerifierKey]) -> dict[str, Any]:
    """Verify that the log signed a commitment to this ballot; gives the ballot.

    Raises:
        BadNote: the log did not sign it, or it is of another ballot or poll.
    """
    subject, signed = open_commitment(receipt.note, keys)
    if hashlib.sha256(receipt.salt + receipt.ballot).digest() != signed:
        raise BadNote("the signed commitment is to another ballot")
    try:
        ballot = json.loads(receipt.ballot)
    except (ValueError, RecursionError):
        raise BadNote("the ballot cannot be read") from None
    if not isinstance(ballot, dict) or subject != f"poll:{ballot.get('poll')}":
        raise BadNote("the ballot is of another poll")
    return ballot


def is_listed(ballot: dict[str, Any], told: dict[str, Any]) -> bool:
    """Tell whether a ballot stands in the published list of its poll as it was cast."""
    if told.get("poll") != ballot.get("poll"):
        return False
    if "sealed" in ballot:
        # What it says only its voter knows; what was sealed is listed by its hash.
        return ballot["sealed"] in told.get("envelopes", ())
    return any(
        line[0] == ballot.get("tracker") and line[1] == ballot.get("ballot")
        for line in told.get("ballots", ())
    )


# -------------------------------------------------------------------------------------------------
# A bid's receipt: the envelope's commitment, its salt, and the log's signature; checked offline.
#
# The commitment is SHA-256(salt ‖ envelope as it was handed in). Whoever holds receipt and envelope
# sees at once that they belong together; after the opening the commitment stands in the published
# list with the same salt.

BID_TITLE = "community-bid-receipt/v1"
TENDER = "tender:"


class BidReceipt(NamedTuple):
    """What the log committed to for a bidder, the salt, and the signed note."""

    commitment: bytes
    salt: bytes
    note: bytes


def write_bid_receipt(commitment: bytes, salt: bytes, note: bytes) -> bytes:
    """Write a bid's receipt as a text file."""
    return write_titled(BID_TITLE, {"commitment": commitment, "salt": salt}, note)


def is_bid_receipt(content: bytes) -> bool:
    """Tell whether a file says that it is a bid's receipt."""
    return content.startswith(BID_TITLE.encode() + b"\n")


def read_bid_receipt(content: bytes) -> BidReceipt:
    """Take a bid's receipt apart; says nothing about whether it holds.

    Raises:
        BadNote: it is none.
    """
    (commitment, salt), note = read_titled(content, BID_TITLE, ("commitment", "salt"))
    return BidReceipt(commitment, salt, note)


def check_bid_receipt(receipt: BidReceipt, keys: Sequence[VerifierKey]) -> int:
    """Verify that the log signed this commitment; gives the tender it was for.

    Raises:
        BadNote: the log did not sign it, or it is of another commitment.
    """
    subject, signed = open_commitment(receipt.note, keys)
    if signed != receipt.commitment:
        raise BadNote("the signed commitment is another")
    number = subject[len(TENDER) :]
    if not subject.startswith(TENDER) or not number.isdigit():
        raise BadNote("the note is not about a tender")
    return int(number)


def is_of_envelope(receipt: BidReceipt, envelope: bytes) -> bool:
    """Tell whether the receipt is of this envelope, byte for byte."""
    return hashlib.sha256(receipt.salt + envelope).digest() == receipt.commitment


def is_bid_listed(receipt: BidReceipt, tender_id: int, told: dict[str, Any]) -> bool:
    """Tell whether a bid stands in the published list of its tender as it was handed in."""
    if told.get("tender") != tender_id:
        return False
    wanted = (receipt.commitment.hex(), receipt.salt.hex())
    return any(
        isinstance(each, dict) and (each.get("commitment"), each.get("salt")) == wanted
        for each in told.get("bids", ())
    )


# -------------------------------------------------------------------------------------------------
# A checkpoint on paper: short enough for a QR code, whole enough to be an anchor.
#
# The code is an address, `…/verify#` and then, in base32 (a QR code packs capitals and digits
# tightest): one byte 1, the size in 8 bytes, the root in 32, the key id in 4, the Ed25519 signature
# in 64, and the checkpoint's name (with extension lines after it) in UTF-8. Nothing after the `#`
# is ever sent to a server.

PAPER_VERSION = 1
_HEAD = 1 + 8 + HASH_SIZE + 4 + 64


class PaperCheckpoint(NamedTuple):
    """What a notice's code says: a checkpoint and the log's signature below it."""

    checkpoint: Checkpoint
    signature: Signature

    def note(self) -> bytes:
        """Return it as the signed note that it was before it was printed."""
        return write_note(write_checkpoint(self.checkpoint), [self.signature])


def paper_of(note: bytes) -> PaperCheckpoint:
    """Choose what is printed of a signed checkpoint: its text and the log's own signature.

    Raises:
        BadNote: it is malformed, or the log's own Ed25519 signature is missing.
    """
    content = read_note(note)
    checkpoint = read_checkpoint(content.text)
    for signature in content.signatures:
        if signature.name == checkpoint.origin and len(signature.signature) == 64:
            return PaperCheckpoint(checkpoint, signature)
    raise BadNote("the log itself did not sign this checkpoint")


def write_paper(note: bytes) -> str:
    """Write a signed checkpoint as the text that follows `#` in a notice's code.

    Raises:
        BadNote: as `paper_of`.
    """
    checkpoint, signature = paper_of(note)
    names = "\n".join([checkpoint.origin, *checkpoint.extensions])
    content = (
        bytes([PAPER_VERSION])
        + checkpoint.size.to_bytes(8, "big")
        + checkpoint.root
        + signature.key_id
        + signature.signature
        + names.encode()
    )
    return base64.b32encode(content).decode().rstrip("=")


def read_paper(text: str) -> PaperCheckpoint:
    """Read a notice's code: the whole address, or only what follows its `#`.

    Raises:
        BadNote: it is not one.
    """
    code = text.strip().rpartition("#")[2].upper()
    try:
        content = base64.b32decode(code + "=" * (-len(code) % 8))
        names = content[_HEAD:].decode().split("\n")
    except (binascii.Error, ValueError):
        raise BadNote("this is not the code of a notice") from None
    if len(content) <= _HEAD or content[0] != PAPER_VERSION:
        raise BadNote("this is not the code of a notice")
    size = int.from_bytes(content[1:9], "big")
    if size >= MOST_ENTRIES:
        raise BadNote("this is not the code of a notice")
    checkpoint = Checkpoint(names[0], size, content[9:41], tuple(names[1:]))
    # Written and read again, a name with an empty line or the like does not come back.
    read_checkpoint(write_checkpoint(checkpoint))
    return PaperCheckpoint(checkpoint, Signature(names[0], content[41:45], content[45:_HEAD]))


# -------------------------------------------------------------------------------------------------
# The ZIP file of an audit pack, byte for byte the same whoever writes it.
#
# Files are stored as they are and dated 1980. A reader can therefore tell that not one byte of the
# container was changed either; and it can be sent while it is still being written.

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


# -------------------------------------------------------------------------------------------------
# What a verification found, in Chinese and English, each with the name of the item.

MOST_SHOWN = 200


class Finding(NamedTuple):
    """One thing that is not as it must be."""

    item: str
    chinese: str
    english: str


class Findings:
    """What is broken, and what is merely worth knowing."""

    def __init__(self) -> None:
        self.broken: list[Finding] = []
        self.notes: list[Finding] = []
        self.count = 0

    def add(self, item: str, chinese: str, english: str) -> None:
        """Remember something broken; the first of very many are kept."""
        self.count += 1
        if len(self.broken) < MOST_SHOWN:
            self.broken.append(Finding(item, chinese, english))

    def tell(self, item: str, chinese: str, english: str) -> None:
        """Remember something that breaks nothing."""
        if len(self.notes) < MOST_SHOWN:
            self.notes.append(Finding(item, chinese, english))


class CannotTell(ValueError):
    """There is not enough to verify anything: a missing file, key or argument."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.chinese = chinese
        self.english = english


# -------------------------------------------------------------------------------------------------
# Receipts of what was committed in silence: a ballot or a bid, and the list it must stand in.

def check_committed(
    content: bytes,
    keys: Sequence[VerifierKey],
    told: dict[str, Any] | None,
    handed_in: bytes | None,
    findings: Findings,
) -> str:
    """Verify a voter's or bidder's receipt; gives what it is of, in a line."""
    try:
        if is_ballot_receipt(content):
            return _check_ballot(content, keys, told, findings)
        return _check_bid(content, keys, told, handed_in, findings)
    except BadNote as problem:
        findings.add("receipt", f"凭证不成立：{problem}", f"the receipt does not hold: {problem}")
        return ""


def _check_ballot(
    content: bytes, keys: Sequence[VerifierKey], told: dict[str, Any] | None, findings: Findings
) -> str:
    ballot = check_ballot_receipt(read_ballot_receipt(content), keys)
    if told is not None and not is_listed(ballot, told):
        findings.add(
            "list",
            "公布的选票清单里没有这张票，或者内容被改过",
            "the published list lacks this ballot, or it was changed",
        )
    return f"选票 / ballot {json.dumps(ballot, ensure_ascii=False, sort_keys=True)}"


def _check_bid(
    content: bytes,
    keys: Sequence[VerifierKey],
    told: dict[str, Any] | None,
    handed_in: bytes | None,
    findings: Findings,
) -> str:
    receipt = read_bid_receipt(content)
    tender_id = check_bid_receipt(receipt, keys)
    if handed_in is not None and not is_of_envelope(receipt, handed_in):
        findings.add("envelope", "回执不是这个投标文件的", "the receipt is of another envelope")
    if told is not None and not is_bid_listed(receipt, tender_id, told):
        findings.add(
            "list",
            "公布的开标清单里没有这份投标，或者内容被改过",
            "the published list lacks this bid, or it was changed",
        )
    return f"招标 / tender {tender_id}: {receipt.commitment.hex()}"


# -------------------------------------------------------------------------------------------------
# Where files are read from: a folder, or a ZIP file, without unpacking it.

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


# -------------------------------------------------------------------------------------------------
# Verifying a log: every entry, every tile and every signature, in any C2SP tlog-tiles folder.

class LogResult(NamedTuple):
    """What a log's checkpoint says, and the roots that the entries have at the asked sizes."""

    checkpoint: Checkpoint
    signers: tuple[VerifierKey, ...]
    roots: dict[int, bytes]


class _Folder:
    """The tiles of a log by place; of one place the widest is read, the others compared with it."""

    def __init__(self, source: Source, findings: Findings) -> None:
        self.source = source
        self.findings = findings
        self.widths: dict[tuple[int, int], list[int]] = {}
        for name in source.names:
            if name.startswith("tile/"):
                self._place(name)

    def _place(self, name: str) -> None:
        place = read_tile_path(name)
        if place is None:
            if not name.rpartition("/")[2].startswith("."):
                self.findings.add(name, "文件名不合规，不属于日志", "its name belongs to no tile")
            return
        self.widths.setdefault((place.level, place.number), []).append(place.width)

    def read(self, place: TilePlace) -> tuple[str, bytes] | None:
        """Return the name and content of a tile at least as wide as asked."""
        wide = [one for one in self.widths.get(place[:2], []) if one >= place.width]
        if not wide:
            name = tile_path(*place)
            self.findings.add(name, "缺少这个文件", "this file is missing")
            return None
        # Exactly as wide, if it is there: a wider one is compared afterwards.
        width = place.width if place.width in wide else min(wide)
        name = tile_path(place.level, place.number, width)
        try:
            return name, self.source.read(name)
        except CannotTell as problem:
            self.findings.add(name, problem.chinese, problem.english)
            return None


def verify_log(
    source: Source,
    keys: Sequence[VerifierKey],
    findings: Findings,
    take: Callable[[int, bytes], None] | None = None,
    sizes: Sequence[int] = (),
) -> LogResult:
    """Verify a log's folder; `take` receives every record, `sizes` ask for the roots of old sizes.

    Raises:
        CannotTell: the checkpoint is missing, malformed, or not signed by a given key.
    """
    if "checkpoint" not in source.names:
        raise CannotTell("缺少 checkpoint 文件", "the file checkpoint is missing")
    try:
        checkpoint, signers = open_checkpoint(source.read("checkpoint"), keys)
    except BadNote as problem:
        raise CannotTell(
            f"checkpoint 的签名或格式不成立：{problem}",
            f"the checkpoint does not hold: {problem}",
        ) from None
    # The log's own signature, not a witness's alone: a witness vouches for what it was shown.
    if not any(one.name == checkpoint.origin for one in signers):
        findings.tell(
            "checkpoint",
            f"签名者 {signers[0].name} 与日志名 {checkpoint.origin} 不同",
            f"signed by {signers[0].name}, the log calls itself {checkpoint.origin}",
        )
    folder = _Folder(source, findings)
    walk = _Walk(folder, checkpoint.size, take, sizes)
    walk.read_bundles()
    if not walk.is_broken and walk.root() != checkpoint.root:
        findings.add(
            "checkpoint",
            "签了名的根与全部记录重算的根不同",
            "the signed root is not the root of the entries",
        )
    _check_unneeded(folder, checkpoint.size)
    return LogResult(checkpoint, signers, walk.roots)


class _Walk:
    """One pass over the entries: hash them, compare the tiles, keep the tree's right edge."""

    def __init__(
        self,
        folder: _Folder,
        size: int,
        take: Callable[[int, bytes], None] | None,
        sizes: Sequence[int],
    ) -> None:
        self.folder = folder
        self.size = size
        self.take = take
        self.asked = sorted((one for one in set(sizes) if 0 < one <= size), reverse=True)
        self.roots: dict[int, bytes] = {}
        # The perfect subtrees over whole tiles, and the hashes of the tile that is not whole.
        self.rows: list[list[bytes]] = [[]]
        self.whole: list[bytes] = []
        self.whole_count = 0
        self.edge: list[bytes] = []
        self.is_broken = False

    def read_bundles(self) -> None:
        """Read all entries in order, comparing each tile once its hashes are known."""
        for place in bundle_places(self.size):
            leaves = self._read_bundle(place)
            if len(leaves) != place.width:
                self.is_broken = True
                return
            self._note_roots(place.number * TILE_WIDTH, leaves)
            self._compare(TilePlace(0, place.number, place.width), leaves)
            if place.width == TILE_WIDTH:
                self._raise_row(1, perfect_root(leaves))
            else:
                self.edge = leaves
        for place in tile_places(self.size):
            if place.level > 0 and place.width < TILE_WIDTH:
                self._compare(place, self.rows[place.level])

    def root(self) -> bytes:
        """Return the root over all entries."""
        stack = list(self.whole)
        size = self.whole_count * TILE_WIDTH
        for leaf in self.edge:
            size = grow_stack(stack, size, leaf)
        return stack_root(stack)

    def _read_bundle(self, place: TilePlace) -> list[bytes]:
        found = self.folder.read(place)
        if found is None:
            return []
        name, content = found
        try:
            records = read_entries(content)
        except BadProof:
            self.folder.findings.add(name, "条目在中间断了", "it ends in the middle of an entry")
            return []
        expected = read_tile_path(name)
        if expected is not None and len(records) != expected.width:
            self.folder.findings.add(
                name,
                f"应有 {expected.width} 条，实有 {len(records)} 条",
                f"it must hold {expected.width} entries, it holds {len(records)}",
            )
            return []
        records = records[: place.width]
        if self.take is not None:
            first = place.number * TILE_WIDTH
            for offset, record in enumerate(records):
                self.take(first + offset, record)
        return [sha256(b"\x00" + record).digest() for record in records]

    def _note_roots(self, start: int, leaves: list[bytes]) -> None:
        """Keep the roots at the asked sizes that end among these leaves."""
        if not self.asked or self.asked[-1] > start + len(leaves):
            return
        stack, size = list(self.whole), start
        for leaf in leaves:
            size = grow_stack(stack, size, leaf)
            if self.asked and self.asked[-1] == size:
                self.roots[self.asked.pop()] = stack_root(stack)

    def _raise_row(self, level: int, root: bytes) -> None:
        """Put the root of a whole tile into the row above; a row of 256 is a tile itself."""
        if level == 1:
            grow_stack(self.whole, self.whole_count, root)
            self.whole_count += 1
        while len(self.rows) <= level:
            self.rows.append([])
        row = self.rows[level]
        row.append(root)
        if len(row) == TILE_WIDTH:
            number = (self.whole_count >> 8 * (level - 1)) // TILE_WIDTH - 1
            self._compare(TilePlace(level, number, TILE_WIDTH), row)
            self._raise_row(level + 1, perfect_root(row))
            self.rows[level] = []

    def _compare(self, place: TilePlace, hashes: list[bytes]) -> None:
        found = self.folder.read(place)
        if found is None:
            return
        name, content = found
        expected = b"".join(hashes)
        if content == expected:
            return
        if content[: len(expected)] == expected and name != tile_path(*place):
            return  # a wider tile; what it holds beyond is judged with the unneeded files
        self._name_difference(place, name, content, hashes)

    def _name_difference(
        self, place: TilePlace, name: str, content: bytes, hashes: list[bytes]
    ) -> None:
        for offset, known in enumerate(hashes):
            if content[32 * offset : 32 * offset + 32] == known:
                continue
            if place.level == 0:
                index = place.number * TILE_WIDTH + offset
                self.folder.findings.add(
                    f"{name} · entry {index}",
                    f"第 {index} 条记录与树叶不符：条目或瓦片被改过",
                    f"entry {index} does not match its leaf: the entry or the tile was changed",
                )
            else:
                self.folder.findings.add(
                    name,
                    f"第 {offset} 个哈希与下层不符",
                    f"hash {offset} does not match the tile below",
                )
            return
        self.folder.findings.add(name, "比应有的长", "it is longer than it must be")


def _check_unneeded(folder: _Folder, size: int) -> None:
    """Look at the tiles the walk did not need: narrower ones must agree, others nobody signed."""
    for (level, number), widths in sorted(folder.widths.items()):
        most = width_at(level, number, size)
        for width in sorted(widths):
            name = tile_path(level, number, width)
            if width > most:
                folder.findings.add(
                    name,
                    f"超出已签名的大小 {size}，没有签名为它作证",
                    f"it goes beyond the signed size {size}; no signature vouches for it",
                )
            elif width < most:
                _compare_narrow(folder, TilePlace(level, number, width), max(widths), name)


def _compare_narrow(folder: _Folder, place: TilePlace, widest: int, name: str) -> None:
    """Compare an old partial tile with the wider one that replaced it."""
    try:
        narrow = folder.source.read(name)
        wide = folder.source.read(tile_path(place.level, place.number, widest))
    except CannotTell as problem:
        folder.findings.add(name, problem.chinese, problem.english)
        return
    if place.level == ENTRIES:
        try:
            is_same = read_entries(narrow) == read_entries(wide)[: place.width]
        except BadProof:
            is_same = False
    else:
        is_same = narrow == wide[: 32 * place.width] and len(narrow) == 32 * place.width
    if not is_same:
        folder.findings.add(
            name, "与后来更完整的文件不符", "it differs from the fuller file that followed it"
        )


# -------------------------------------------------------------------------------------------------
# Accounts and books as their records describe them, and their balances as re-added so far.

NORMAL = {"asset": 1, "expense": 1, "liability": -1, "equity": -1, "income": -1}
NEVER = "9999-12-31"


class AuditedAccount:
    """An account: posted debits minus credits, and what holds set aside on each side.

    Residents' own accounts of one kind are published as one account. `moves`
    keeps posted debits and credits by (day, purpose).
    """

    __slots__ = (
        "book",
        "ceiling",
        "floor",
        "has_limit",
        "kind",
        "moves",
        "normal",
        "number",
        "parts",
        "pending_credits",
        "pending_debits",
        "posted",
        "unit",
    )

    def __init__(self, number: int, book: AuditedBook, path: str, kind: str, unit: str) -> None:
        self.number = number
        self.book = book
        self.parts = tuple(path.split("/"))
        self.kind = kind
        self.unit = unit
        self.normal = NORMAL[kind]
        self.moves: dict[tuple[str, str], list[int]] = {}
        self.posted = 0
        self.pending_debits = 0
        self.pending_credits = 0
        self.floor: int | None = None
        self.ceiling: int | None = None
        self.has_limit = False

    @property
    def path(self) -> str:
        """Return its path as it was published."""
        return "/".join(self.parts)

    def limit(self, floor: int | None, ceiling: int | None) -> None:
        """Set between which natural balances it must stay."""
        self.floor, self.ceiling = floor, ceiling
        self.has_limit = floor is not None or ceiling is not None

    def broken_limit(self) -> int | None:
        """Return the limit that its balance breaks, pending amounts counted; None when it holds."""
        natural = self.normal * self.posted
        leaving, coming = self.pending_credits, self.pending_debits
        if self.normal < 0:
            leaving, coming = coming, leaving
        if self.floor is not None and natural - leaving < self.floor:
            return self.floor
        if self.ceiling is not None and natural + coming > self.ceiling:
            return self.ceiling
        return None


class AuditedBook:
    """A book: its accounts' movements by day since the last close, and how far it is closed."""

    __slots__ = (
        "accounts",
        "balances",
        "closed_through",
        "days",
        "expected",
        "kind",
        "name",
        "number",
    )

    def __init__(self, number: int, kind: str, name: str) -> None:
        self.number = number
        self.kind = kind
        self.name = name
        self.accounts: dict[int, AuditedAccount] = {}
        self.closed_through = ""
        self.days: dict[str, dict[int, int]] = {}
        # Balances at the last close, and those of a close whose parts are still coming.
        self.balances: dict[int, int] = {}
        self.expected: dict[int, int] | None = None

    def balances_on(self, day: str) -> dict[int, int]:
        """Return the balances at the end of a day after the last close, without zeros."""
        found = dict(self.balances)
        for one, moves in self.days.items():
            if one <= day:
                for account, amount in moves.items():
                    found[account] = found.get(account, 0) + amount
        return {account: amount for account, amount in found.items() if amount}

    def close(self, day: str, balances: dict[int, int]) -> None:
        """Take a day's balances as the start of the next period."""
        self.closed_through = day
        self.balances = balances
        self.days = {one: moves for one, moves in self.days.items() if one > day}


class AuditedHold(NamedTuple):
    """What a hold sets aside by account, from a day on, until it is resolved or expires."""

    book: int
    held: dict[int, int]
    expires_at: int
    since: str
    until: str = NEVER


def whole(value: Any) -> int:
    """Return a whole number of a record.

    Raises:
        ValueError: it is something else.
    """
    if type(value) is not int:
        raise ValueError(f"{value!r} is not a whole number")
    return value


def whole_or_none(value: Any) -> int | None:
    """Return a whole number of a record, or None when it says null.

    Raises:
        ValueError: it is something else.
    """
    return None if value is None else whole(value)


# -------------------------------------------------------------------------------------------------
# Two keys: that what needed approval had it, from distinct people, on the same content.

POLICY_CHANGE_PURPOSE = "policy_change"
# Freeing money never needs a key, and what is set aside is approved when it is settled.
_FREE_ACTS = ("hold", "release", "expire")
# A transaction and the record of its approval are written in one act, close to each other.
_SAME_ACT = 16
_DAY_MICROS = 86_400_000_000
_SHANGHAI_MICROS = 8 * 3_600_000_000


class AuditedPolicy(NamedTuple):
    """Who must approve what, from a day on; a tier of `first` asks more above a larger amount."""

    number: int
    purpose: str
    above: int
    keys: int
    role: str
    valid_from: str
    first: int | None


class _Proposal:
    """What was proposed, by whom, and whose keys were turned on it."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.book = fields["book"]
        self.content_hash = fields["content_hash"]
        self.author = fields["author"]
        self.purpose = fields["purpose"]
        self.keys: list[tuple[str, str]] = []
        self.is_closed = False


class _Wanting(NamedTuple):
    """A transaction carried out by keys; the record that says so must still follow."""

    place: int
    proposal: int
    purpose: str
    policy: AuditedPolicy | None


def shanghai_day(micros: int) -> str:
    """Return the Shanghai day of an instant in microseconds since 1970, as ISO text."""
    days = (micros + _SHANGHAI_MICROS) // _DAY_MICROS + 719_468
    # Civil-from-days by eras of 400 years, counted from 1 March.
    era, of_era = divmod(days, 146_097)
    year_of_era = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * of_year + 2) // 153
    day = of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = era * 400 + year_of_era + (1 if month <= 2 else 0)
    return f"{year:04d}-{month:02d}-{day:02d}"


class Approvals:
    """Policies, proposals and approvals as far as their records have been read."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.policies: dict[int, list[AuditedPolicy]] = {}
        self.first_set: dict[int, int] = {}
        self.proposals: dict[int, _Proposal] = {}
        # Transactions by number whose keys are told after them, and those told already.
        self.wanting: dict[int, _Wanting] = {}
        self.takers: dict[str, Callable[[int, dict[str, Any]], None]] = {
            "ledger.policy": self._take_policy,
            "ledger.proposal": self._take_proposal,
            "ledger.approval": self._take_approval,
            "ledger.carried_out": self._take_carried_out,
            "ledger.withdrawal": self._take_closing,
            "ledger.rejection": self._take_closing,
        }

    def take_transaction(self, index: int, fields: dict[str, Any], amount: int) -> None:
        """Look whether a transaction needs keys; the record that it had them follows it."""
        if fields["act"] in _FREE_ACTS:
            return
        day = shanghai_day(fields["recorded_at"])
        policy = self._policy_for(fields["book"], fields["purpose"], amount, day)
        number, proposal = fields["transaction"], fields["proposal"]
        if proposal is not None:
            self.wanting[number] = _Wanting(index, proposal, fields["purpose"], policy)
        elif policy is not None:
            name = f"transaction {number}"
            self._break(index, name, "没有经过应有的批准", "it lacks the approval it needed")

    def check_end(self, size: int) -> None:
        """Name the transactions whose approval never came."""
        for number, wanting in sorted(self.wanting.items()):
            name = f"entry {wanting.place} · transaction {number}"
            if size - wanting.place <= _SAME_ACT:
                self.findings.tell(
                    name, "批准记录尚未入日志", "the record of its approval is not in the log yet"
                )
            else:
                self.findings.add(name, "没有它的批准记录", "no record of its approval follows it")

    def _policy_for(
        self, book: int, purpose: str, amount: int | None, day: str
    ) -> AuditedPolicy | None:
        """Find the policy an amount must meet: the purpose's own goes before the general one."""
        policies = self.policies.get(book, [])
        for asked in (purpose, "") if purpose else ("",):
            known = [
                one
                for one in policies
                if one.purpose == asked and one.valid_from <= day and one.first is None
            ]
            if not known:
                continue
            policy = max(known, key=lambda one: (one.valid_from, one.number))
            if amount is None:
                return policy
            tiers = [one for one in policies if one.first == policy.number and amount > one.above]
            if amount <= policy.above:
                return None
            return max([policy, *tiers], key=lambda one: one.above)
        return None

    def _check_keys(self, index: int, name: str, number: int, policy: AuditedPolicy | None) -> None:
        keys = self.proposals[number].keys
        role = policy.role if policy is not None else keys[0][0] if keys else ""
        needed = 1 if policy is None else policy.keys
        given = len({person for as_role, person in keys if as_role == role})
        if given < needed:
            self._break(
                index,
                name,
                f"提议 {number} 需要 {needed} 把钥匙，只有 {given} 把",
                f"proposal {number} needed {needed} keys and has {given}",
            )

    def _take_policy(self, index: int, fields: dict[str, Any]) -> None:
        number, book = whole(fields["policy"]), whole(fields["book"])
        policies = self.policies.setdefault(book, [])
        name, proposal = f"policy {number}", whole_or_none(fields["proposal"])
        if proposal is None:
            # A book's first policies are set together, at one instant.
            if self.first_set.setdefault(book, fields["at"]) != fields["at"]:
                self._break(
                    index, name, "没有经批准就改了规则", "it changes the policy without an approval"
                )
        elif self._is_open(index, name, proposal, book):
            guard = self._policy_for(book, POLICY_CHANGE_PURPOSE, None, shanghai_day(fields["at"]))
            newest = max(policies, key=lambda one: one.number, default=None)
            self._check_keys(index, name, proposal, guard or newest)
        policies.append(
            AuditedPolicy(
                number,
                str(fields["purpose"]),
                whole(fields["above"]),
                whole(fields["keys"]),
                str(fields["role"]),
                str(fields["valid_from"]),
                whole_or_none(fields.get("first")),
            )
        )

    def _is_open(self, index: int, name: str, number: int, book: int) -> bool:
        """Tell whether a proposal waits; name it when it does not."""
        proposal = self.proposals.get(number)
        if proposal is None or proposal.is_closed or proposal.book != book:
            said = f"提议 {number} 不存在、已结束或属于别的账本"
            self._break(
                index, name, said, f"proposal {number} is unknown, closed or another book's"
            )
            return False
        return True

    def _take_proposal(self, index: int, fields: dict[str, Any]) -> None:
        number = whole(fields["proposal"])
        if number in self.proposals:
            self._break(index, f"proposal {number}", "同一提议出现两次", "it appears twice")
            return
        self.proposals[number] = _Proposal(fields)

    def _take_approval(self, index: int, fields: dict[str, Any]) -> None:
        number, person = whole(fields["proposal"]), str(fields["person"])
        name = f"approval of proposal {number}"
        if not self._is_open(index, name, number, fields["book"]):
            return
        proposal = self.proposals[number]
        if fields["content_hash"] != proposal.content_hash:
            self._break(index, name, "批准的是别的内容", "it approves another content")
            return
        if person == proposal.author:
            self._break(index, name, "提议人批准了自己的提议", "the author approved it")
        if any(person == other for _, other in proposal.keys):
            self._break(index, name, "同一人批准了两次", "one person approved it twice")
        proposal.keys.append((str(fields["role"]), person))

    def _take_carried_out(self, index: int, fields: dict[str, Any]) -> None:
        number = whole(fields["proposal"])
        transaction = whole_or_none(fields["transaction"])
        name = f"proposal {number}" if transaction is None else f"transaction {transaction}"
        if not self._is_open(index, name, number, fields["book"]):
            return
        self.proposals[number].is_closed = True
        if transaction is None:
            policies = self.policies.get(fields["book"], [])
            named = [one for one in policies if one.number == fields["policy"]]
            self._check_keys(index, name, number, named[0] if named else None)
            return
        wanting = self.wanting.pop(transaction, None)
        purpose = self.proposals[number].purpose
        if wanting is None or wanting.proposal != number or purpose not in (None, wanting.purpose):
            said = f"与提议 {number} 不是同一件事"
            self._break(index, name, said, f"it is not what proposal {number} asked for")
            return
        self._check_keys(index, name, number, wanting.policy)

    def _take_closing(self, index: int, fields: dict[str, Any]) -> None:
        number = whole(fields["proposal"])
        if self._is_open(index, f"proposal {number}", number, fields["book"]):
            self.proposals[number].is_closed = True

    def _break(self, index: int, name: str, chinese: str, english: str) -> None:
        self.findings.add(f"entry {index} · {name}", chinese, english)


# -------------------------------------------------------------------------------------------------
# Re-adding the books from their records alone: what the ledger's own checks promise, once more.

class Books:
    """The public books of one log, as far as its records have been read.

    `read_record` fetches an earlier record again: reversals are rare, so originals are not kept.
    """

    def __init__(self, findings: Findings, read_record: Callable[[int], bytes]) -> None:
        self.findings = findings
        self.read_record = read_record
        self.books: dict[int, AuditedBook] = {}
        # Where the record of each transaction stands in the log.
        self.places: dict[int, int] = {}
        self.holds: dict[int, AuditedHold] = {}
        self.past_holds: list[AuditedHold] = []
        self.resolved: set[int] = set()
        self.reversed: set[int] = set()
        self.approvals = Approvals(findings)
        self.takers: dict[str, Callable[[int, dict[str, Any]], None]] = {
            "ledger.book": self._take_book,
            "ledger.account": self._take_account,
            "ledger.limits": self._take_limits,
            "ledger.transaction": self._take_transaction,
            "ledger.period": self._take_period,
            **self.approvals.takers,
        }

    def _take_book(self, index: int, fields: dict[str, Any]) -> None:
        number = whole(fields["book"])
        if number in self.books:
            self._break(index, f"book {number}", "账本登记了两次", "this book is opened twice")
            return
        self.books[number] = AuditedBook(number, str(fields["book_kind"]), str(fields["name"]))

    def _take_account(self, index: int, fields: dict[str, Any]) -> None:
        number, path, kind = fields["account"], str(fields["path"]), str(fields["type"])
        book = self.books.get(whole(fields["book"]))
        if book is None or number in book.accounts or kind not in NORMAL:
            self._break(
                index,
                f"account {number}",
                "科目的账本、类型不明，或登记了两次",
                "this account has no book, no known type, or is opened twice",
            )
            return
        account = AuditedAccount(number, book, path, kind, str(fields["unit"]))
        account.limit(whole_or_none(fields["floor"]), whole_or_none(fields["ceiling"]))
        book.accounts[number] = account

    def _take_limits(self, index: int, fields: dict[str, Any]) -> None:
        number, book = fields["account"], self.books.get(fields["book"])
        account = None if book is None else book.accounts.get(number)
        if account is None:
            self._break(index, f"account {number}", "科目没有登记", "this account was never opened")
            return
        account.limit(whole_or_none(fields["floor"]), whole_or_none(fields["ceiling"]))
        self._check_limits(index, f"account {number}", [account])

    def _take_transaction(self, index: int, fields: dict[str, Any]) -> None:
        number, act, lines = fields["transaction"], fields["act"], fields["lines"]
        if number in self.places:
            self._break(index, f"transaction {number}", "同一笔出现两次", "it appears twice")
            return
        self.places[number] = index
        book = self.books.get(fields["book"])
        if book is None:
            self._break(index, f"transaction {number}", "账本没有登记", "its book was never opened")
            return
        touched = self._add_lines(index, number, book, fields)
        if touched is None:
            return
        if act != "post":
            self._act(index, number, act, lines, fields)
        elif fields["reverses"] is not None or fields["resolves"] is not None:
            self._break(index, f"transaction {number}", "类型与内容不符", "its kind is wrong")
        limited = [account for account in touched if account.has_limit]
        if limited:
            self._check_limits(index, f"transaction {number}", limited)
        if book.number in self.approvals.policies:
            amount = sum(line[1] for line in lines if line[1] > 0)
            self.approvals.take_transaction(index, fields, amount)

    def _add_lines(
        self, index: int, number: int, book: AuditedBook, fields: dict[str, Any]
    ) -> list[AuditedAccount] | None:
        """Add the lines to their accounts; returns these, or None when a line cannot be read."""
        day, is_hold = fields["effective_on"], fields["act"] == "hold"
        accounts, touched, total, waiting, units = book.accounts, [], 0, 0, set()
        key = (day, fields["purpose"])
        moves = book.days.get(day)
        if moves is None:
            moves = book.days[day] = {}
        for account_number, posted, pending in fields["lines"]:
            account = accounts.get(account_number)
            if account is None:
                name = f"transaction {number}"
                self._break(
                    index, name, "科目不属于这个账本", "an account is of no or another book"
                )
                return None
            touched.append(account)
            units.add(account.unit)
            if posted:
                total += posted
                account.posted += posted
                moves[account_number] = moves.get(account_number, 0) + posted
                sides = account.moves.get(key)
                if sides is None:
                    sides = account.moves[key] = [0, 0]
                if posted > 0:
                    sides[0] += posted
                else:
                    sides[1] -= posted
            if pending:
                waiting += pending
                if (pending > 0) == is_hold:
                    account.pending_debits += pending
                else:
                    account.pending_credits -= pending
        # What moved between residents' own accounts of one kind leaves no public line.
        is_short = len(touched) < 2 and ("detail" not in fields or touched)
        if total or waiting or is_short or (len(units) > 1 and self._is_mixed(book, fields)):
            name = f"transaction {number}"
            self._break(index, name, "借贷不平或不足两行", "its lines do not add up to zero")
        if day <= book.closed_through:
            name = f"transaction {number}"
            said = f"记入已结账的期间（至 {book.closed_through}）"
            self._break(index, name, said, f"it enters the period closed {book.closed_through}")
        return touched

    def _is_mixed(self, book: AuditedBook, fields: dict[str, Any]) -> bool:
        """Tell whether the lines of some unit do not add up to zero."""
        sums: dict[str, int] = {}
        for account_number, posted, pending in fields["lines"]:
            unit = book.accounts[account_number].unit
            sums[unit] = sums.get(unit, 0) + posted
            sums["pending " + unit] = sums.get("pending " + unit, 0) + pending
        return any(sums.values())

    def _act(
        self, index: int, number: int, act: str, lines: list[list[int]], fields: dict[str, Any]
    ) -> None:
        name = f"transaction {number}"
        if act == "hold":
            held = _sum_by_account(lines, 2)
            if any(line[1] for line in lines):
                self._break(index, name, "预留不应记账", "a hold must not post")
            self.holds[number] = AuditedHold(
                fields["book"], held, whole(fields["expires_at"]), fields["effective_on"]
            )
        elif act in ("settle", "release", "expire"):
            self._resolve(index, name, act, lines, fields)
        elif act == "reverse":
            self._reverse(index, name, lines, fields)
        else:
            self._break(index, name, f"不认识的类型 {act}", f"unknown act {act}")

    def _resolve(
        self, index: int, name: str, act: str, lines: list[list[int]], fields: dict[str, Any]
    ) -> None:
        hold = fields["resolves"]
        found = self.holds.pop(hold, None)
        if found is None:
            said = "已经处理过" if hold in self.resolved else "不存在"
            known = "was resolved before" if hold in self.resolved else "is not in the log"
            self._break(index, name, f"它处理的预留 {hold} {said}", f"hold {hold} {known}")
            return
        self.resolved.add(hold)
        held, expires_at = found.held, found.expires_at
        self.past_holds.append(found._replace(until=fields["effective_on"]))
        freed, posted = _sum_by_account(lines, 2), _sum_by_account(lines, 1)
        if any(freed.get(one, 0) != -amount for one, amount in held.items()) or set(freed) - set(
            held
        ):
            self._break(
                index, name, f"没有原数放开预留 {hold}", f"it does not free hold {hold} exactly"
            )
        if act != "settle":
            if posted:
                self._break(index, name, "放开预留不应记账", "freeing a hold must not post")
            if act == "expire" and fields["recorded_at"] < expires_at:
                self._break(index, name, "预留还没到期", "the hold had not expired")
            return
        if fields["recorded_at"] >= expires_at:
            self._break(index, name, f"预留 {hold} 已过期", f"hold {hold} had expired")
        # Public lines sum several residents' accounts: only the ledger itself can bound those.
        for account, amount in posted.items() if "detail" not in fields else ():
            kept = held.get(account, 0)
            if abs(amount) > abs(kept) or (amount > 0) != (kept > 0):
                self._break(index, name, f"超出预留 {hold}", f"it goes beyond hold {hold}")
                return

    def _reverse(
        self, index: int, name: str, lines: list[list[int]], fields: dict[str, Any]
    ) -> None:
        original = fields["reverses"]
        if original in self.reversed:
            said = f"第 {original} 笔已冲正过"
            self._break(index, name, said, f"transaction {original} was reversed before")
            return
        self.reversed.add(original)
        if original not in self.places:
            said = f"被冲正的第 {original} 笔不存在"
            self._break(index, name, said, f"transaction {original} is not in the log")
            return
        first = json.loads(self.read_record(self.places[original]))
        mirrored = {one: -amount for one, amount in _sum_by_account(first["lines"], 1).items()}
        if mirrored != _sum_by_account(lines, 1):
            said = f"不是第 {original} 笔的原数冲回"
            self._break(index, name, said, f"it does not mirror transaction {original}")
        if fields["effective_on"] < first["effective_on"] or first["act"] not in ("post", "settle"):
            said = f"早于第 {original} 笔，或该笔不能冲正"
            self._break(index, name, said, f"it precedes {original}, or that cannot be reversed")

    def _check_limits(self, index: int, name: str, accounts: list[AuditedAccount]) -> None:
        for account in accounts:
            broken = account.broken_limit()
            if broken is not None:
                self._break(
                    index,
                    f"{name} · account {account.number} ({account.path})",
                    f"突破限额 {broken}",
                    f"breaks its limit {broken}",
                )

    def _take_period(self, index: int, fields: dict[str, Any]) -> None:
        number, day, state = fields["book"], fields["ends_on"], fields["state"]
        book = self.books.get(number)
        name = f"period {number}/{day}"
        if book is None:
            self._break(index, name, "账本没有登记", "its book was never opened")
            return
        if state != "closed":
            return
        if book.expected is None:
            if day <= book.closed_through:
                self._break(index, name, "这一期已经结过账", "this period was closed before")
                return
            book.expected = book.balances_on(day)
            book.close(day, dict(book.expected))
        self._compare_balances(index, name, book, fields)

    def _compare_balances(
        self, index: int, name: str, book: AuditedBook, fields: dict[str, Any]
    ) -> None:
        expected = book.expected or {}
        for account, amount in fields["balances"]:
            found = expected.pop(account, 0)
            if amount != found:
                self._break(
                    index,
                    f"{name} · account {account}",
                    f"公布余额 {amount}，重算为 {found}",
                    f"published balance {amount}, re-added {found}",
                )
        if fields.get("part", 1) < fields.get("parts", 1):
            return
        for account, amount in sorted(expected.items(), key=str):
            self._break(
                index,
                f"{name} · account {account}",
                f"没有公布余额，重算为 {amount}",
                f"no balance published, re-added {amount}",
            )
        book.expected = None

    def _break(self, index: int, name: str, chinese: str, english: str) -> None:
        self.findings.add(f"entry {index} · {name}", chinese, english)


def _sum_by_account(lines: list[list[int]], column: int) -> dict[int, int]:
    sums: dict[int, int] = {}
    for line in lines:
        if line[column]:
            sums[line[0]] = sums.get(line[0], 0) + line[column]
    # Two lines of one account may cancel out.
    return {account: amount for account, amount in sums.items() if amount}


# -------------------------------------------------------------------------------------------------
# Recomputing the figures of a published report from the books, one by one.
#
# A figure's name says how: `<book> <measure> <accounts>[ <purpose>]`. Accounts are a path and all
# below it (`bank`, `expense/2026`), or `type:asset` and the like. Measures: `opening` and `closing`
# (natural balance before the first and after the last day), `moved` (closing less opening),
# `debits` and `credits` (posted in the period, of one purpose when that is given), `held` (set
# aside at the end of the last day) and `limit` (the sum of ceilings as the report was made).

MEASURES = ("opening", "closing", "moved", "debits", "credits", "held", "limit")
_PERIOD = re.compile(r"([0-9]{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?")
_TYPE = "type:"


def period_days(period: str) -> tuple[str, str]:
    """Return the first and last day of `2026`, `2026-Q4`, `2026-11` or `2026-11-01/2026-11-15`.

    Raises:
        ValueError: it is none of these.
    """
    first, slash, last = period.partition("/")
    if slash:
        if len(first) != 10 or len(last) != 10 or first > last:
            raise ValueError(f"{period!r} is no period")
        return first, last
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise ValueError(f"{period!r} is no period")
    number = int(match.group(1))
    if match.group(2):
        end = 3 * int(match.group(2))
        month = end - 2
    elif match.group(3):
        month = end = int(match.group(3))
    else:
        month, end = 1, 12
    days = monthrange(number, end)[1]
    return f"{number:04d}-{month:02d}-01", f"{number:04d}-{end:02d}-{days:02d}"


def recompute_figure(books: Books, name: str, period: str) -> int:
    """Recompute one figure from the records read so far.

    Raises:
        ValueError: its name or its period cannot be read, or its book is unknown.
    """
    words = name.split(" ")
    if not 3 <= len(words) <= 4 or words[1] not in MEASURES:
        raise ValueError(f"{name!r} is no figure's name")
    book = books.books.get(int(words[0]))
    if book is None:
        raise ValueError(f"book {words[0]} was never opened")
    first, last = period_days(period)
    purpose = words[3] if len(words) == 4 else None
    accounts = choose_accounts(book, words[2])
    if words[1] == "held":
        return _held(books, book.number, {one.number: one for one in accounts}, last)
    return sum(_measure(account, words[1], first, last, purpose) for account in accounts)


def choose_accounts(book: AuditedBook, asked: str) -> list[AuditedAccount]:
    """Return a book's accounts at or below a path, or all of a type."""
    if asked.startswith(_TYPE):
        kind = asked[len(_TYPE) :]
        return [account for account in book.accounts.values() if account.kind == kind]
    parts = tuple(asked.split("/"))
    return [account for account in book.accounts.values() if account.parts[: len(parts)] == parts]


def _measure(
    account: AuditedAccount, measure: str, first: str, last: str, purpose: str | None
) -> int:
    if measure == "limit":
        return account.ceiling or 0
    total = 0
    for (day, why), (debits, credits_) in account.moves.items():
        if day > last or purpose not in (None, why):
            continue
        before = day < first
        if measure == "debits":
            total += 0 if before else debits
        elif measure == "credits":
            total += 0 if before else credits_
        elif measure == "closing" or before == (measure == "opening"):
            total += account.normal * (debits - credits_)
    return total


def _held(books: Books, book: int, accounts: dict[int, AuditedAccount], last: str) -> int:
    """Add what holds still set aside at the end of a day, in the accounts' natural sign."""
    total = 0
    for hold in [*books.holds.values(), *books.past_holds]:
        ends = min(hold.until, shanghai_day(hold.expires_at))
        if hold.book == book and hold.since <= last < ends:
            for number, amount in hold.held.items():
                if number in accounts:
                    total += accounts[number].normal * amount
    return total


# -------------------------------------------------------------------------------------------------
# What the books rest on: vouchers, receipts, bank statements and published reports.

_HASH = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"(.*?)([0-9]+)")


class _Voucher(NamedTuple):
    """A voucher as its record describes it."""

    place: int
    sha256: str
    redacted_sha256: str | None


class _Statement(NamedTuple):
    """A bank statement as its record describes it."""

    place: int
    since: str
    until: str
    opening: int | None
    closing: int | None


class Papers:
    """What was recorded of papers, as far as the records have been read."""

    def __init__(self, findings: Findings, books: Books) -> None:
        self.findings = findings
        self.books = books
        self.vouchers: dict[int, _Voucher] = {}
        self.gone: set[int] = set()
        self.twins: dict[str, tuple[int, str]] = {}
        self.receipts: dict[str, dict[int, int]] = {}
        self.voids: set[tuple[str, int]] = set()
        self.statements: dict[str, list[_Statement]] = {}
        self.reports: dict[str, int] = {}
        self.takers: dict[str, Callable[[int, dict[str, Any]], None]] = {
            "ledger.voucher": self._take_voucher,
            "ledger.redaction": self._take_redaction,
            "trust.twin": self._take_twin,
            "trust.receipt": self._take_receipt,
            "trust.receipt_void": self._take_void,
            "trust.statement": self._take_statement,
            "trust.report": self._take_report,
        }

    def check_end(self) -> None:
        """Check what only the whole log can tell: gapless numbers, statements that follow on."""
        for series, numbers in sorted(self.receipts.items()):
            missing = [one for one in range(1, max(numbers)) if one not in numbers]
            for one in missing[:20]:
                self.findings.add(
                    f"receipt {series}{one}", "收据号码缺了这一张", "this receipt number is missing"
                )
        for account, statements in sorted(self.statements.items()):
            self._check_statements(account, sorted(statements, key=lambda one: one[1:3]))

    def check_files(self, vouchers: Source, reports: Source) -> None:
        """Check files against the hashes in their records; names begin with the hash."""
        kept = self._hash_files(vouchers, "vouchers")
        for number, one in sorted(self.vouchers.items()):
            if number in self.gone:
                continue
            wanted = one.redacted_sha256 or one.sha256
            if wanted in kept:
                continue
            name = f"entry {one.place} · voucher {number}"
            if one.redacted_sha256:
                self.findings.add(
                    name, f"缺少凭证文件 {wanted}", f"the voucher's file {wanted} is missing"
                )
            elif one.sha256 not in {original for _, original in self.twins.values()}:
                self.findings.tell(
                    name,
                    "原件没有公开副本，包里没有",
                    "its original has no public copy in the pack",
                )
        known = {one.redacted_sha256 for one in self.vouchers.values()}
        known |= {one.sha256 for one in self.vouchers.values()}
        known |= set(self.twins)
        for sha256, (place, _) in sorted(self.twins.items()):
            if sha256 not in kept:
                self.findings.add(
                    f"entry {place} · public copy",
                    f"缺少凭证副本 {sha256}",
                    f"the public copy {sha256} is missing",
                )
        for stray in sorted(kept - known):
            self.findings.add(
                f"vouchers/{stray}", "日志里没有这份凭证", "the log knows no such file"
            )
        published = self._hash_files(reports, "reports")
        for sha256, index in sorted(self.reports.items()):
            if sha256 not in published:
                self.findings.add(
                    f"entry {index} · report",
                    f"缺少报表文件 {sha256}",
                    f"its file {sha256} is missing",
                )
        for stray in sorted(published - set(self.reports)):
            self.findings.add(
                f"reports/{stray}", "日志里没有这份报表", "the log knows no such report"
            )

    def _hash_files(self, source: Source, folder: str) -> set[str]:
        found = set()
        for name in sorted(source.names):
            sha256 = sha256_of(source.read(name))
            found.add(sha256)
            if not name.startswith(sha256):
                self.findings.add(
                    f"{folder}/{name}",
                    "文件内容与文件名里的指纹不符",
                    "it is not the file its name says",
                )
        return found

    def _take_voucher(self, index: int, fields: dict[str, Any]) -> None:
        number, redacted = whole(fields["voucher"]), fields["redacted_sha256"]
        name = f"voucher {number}"
        # A voucher may come again when its public twin is made, but only with the same original.
        if number in self.vouchers and self.vouchers[number].sha256 != fields["sha256"]:
            self._break(index, name, "同一凭证换了内容", "its content was exchanged")
        for one in (fields["sha256"], redacted):
            if one is not None and not _HASH.fullmatch(str(one)):
                self._break(index, name, "指纹写法不对", "its hash is malformed")
        self.vouchers[number] = _Voucher(index, str(fields["sha256"]), redacted)
        transaction = fields.get("transaction")
        if transaction is not None and transaction not in self.books.places:
            self._break(index, name, "所附的那一笔不存在", "its transaction is not in the log")

    def _take_twin(self, index: int, fields: dict[str, Any]) -> None:
        original, redacted = str(fields["sha256"]), str(fields["redacted_sha256"])
        if original == redacted or not (_HASH.fullmatch(original) and _HASH.fullmatch(redacted)):
            self._break(index, "public copy", "指纹写法不对", "its hash is malformed")
        self.twins[redacted] = (index, original)

    def _take_redaction(self, index: int, fields: dict[str, Any]) -> None:
        number = whole(fields["voucher"])
        if number not in self.vouchers:
            self._break(index, f"voucher {number}", "凭证没有登记", "it was never recorded")
        if fields.get("redacted_sha256"):
            known = self.vouchers[number]
            self.vouchers[number] = known._replace(redacted_sha256=fields["redacted_sha256"])
        else:
            self.gone.add(number)

    def _series(self, fields: dict[str, Any]) -> tuple[str, int]:
        """Return a receipt's series and its number in it; every fund has a series of its own."""
        match = _NUMBER.fullmatch(str(fields["number"]))
        if match is None:
            raise ValueError(f"{fields['number']!r} is no receipt number")
        start = match.group(1)
        if "fund" in fields:
            start = f"{fields['fund']}/{start}"
        return start, int(match.group(2))

    def _take_receipt(self, index: int, fields: dict[str, Any]) -> None:
        series, number = self._series(fields)
        numbers = self.receipts.setdefault(series, {})
        name = f"receipt {series}{number}"
        if number in numbers:
            self._break(index, name, "收据号码用了两次", "this receipt number was used twice")
        numbers[number] = index
        transaction = fields.get("transaction")
        if transaction is not None and transaction not in self.books.places:
            self._break(index, name, "收款那一笔不存在", "its transaction is not in the log")

    def _take_void(self, index: int, fields: dict[str, Any]) -> None:
        series, number = self._series(fields)
        if number not in self.receipts.get(series, {}) or (series, number) in self.voids:
            name = f"receipt {series}{number}"
            self._break(index, name, "作废的收据不存在或已作废", "it is unknown or void already")
        self.voids.add((series, number))

    def _take_statement(self, index: int, fields: dict[str, Any]) -> None:
        account = str(fields["bank_account"])
        self.statements.setdefault(account, []).append(
            _Statement(
                index,
                str(fields["from"]),
                str(fields["until"]),
                fields["opening"],
                fields["closing"],
            )
        )

    def _check_statements(self, account: str, statements: list[_Statement]) -> None:
        """Where one statement begins after another ends, it must open with that one's closing."""
        for place in range(1, len(statements)):
            before, after = statements[place - 1], statements[place]
            if after.since <= before.until or None in (before.closing, after.opening):
                continue
            if before.closing != after.opening:
                self._break(
                    after.place,
                    f"statement of bank account {account}, {after.since} – {after.until}",
                    f"期初 {after.opening} 与上一份期末 {before.closing} 不符",
                    f"opens with {after.opening}, the one before closed with {before.closing}",
                )

    def _take_report(self, index: int, fields: dict[str, Any]) -> None:
        if fields.get("sha256"):
            self.reports[str(fields["sha256"])] = index
        period = str(fields["period"])
        for name, published in sorted(fields.get("figures", {}).items()):
            title = f"report {fields['report']} {period} · {name}"
            try:
                found = recompute_figure(self.books, name, period)
            except ValueError as problem:
                self._break(
                    index, title, f"无法重算：{problem}", f"cannot be recomputed: {problem}"
                )
                continue
            if found != published:
                self._break(
                    index,
                    title,
                    f"公布 {published}，重算为 {found}",
                    f"published {published}, recomputed {found}",
                )

    def _break(self, index: int, name: str, chinese: str, english: str) -> None:
        self.findings.add(f"entry {index} · {name}", chinese, english)


# -------------------------------------------------------------------------------------------------
# Verifying an audit pack: its files, its log, every old checkpoint, the books and the papers.

CONTENTS = "contents.json"
KEYS = "keys.txt"
LOG_FOLDER = "log"
CHECKPOINTS = "checkpoints"
VOUCHER_FOLDER = "vouchers"
REPORT_FOLDER = "reports"
_DECODER = json.JSONDecoder()


def write_contents(files: Mapping[str, str]) -> bytes:
    """Write the list of a pack's files and their SHA-256, in its one form."""
    return (json.dumps({"files": files}, indent=1, sort_keys=True) + "\n").encode()


# What odd JSON is met with; nested too deeply it is a RecursionError.
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


class PackResult(NamedTuple):
    """What was read: the log, how many records of which kind, and how many transactions."""

    log: LogResult
    records: int
    transactions: int
    checkpoints: int


class RecordReader:
    """Reads each record once and hands it to the rule for its kind."""

    def __init__(self, findings: Findings, source: Source) -> None:
        self.findings = findings
        self.source = source
        self.count = 0
        self.last_bundle = (-1, [b""])
        self.books = Books(findings, self._read_again)
        self.papers = Papers(findings, self.books)
        self.takers = {**self.books.takers, **self.papers.takers}
        self.community: Any = None

    def take(self, index: int, content: bytes) -> None:
        """Read one record; what it cannot say properly is a finding, not an end."""
        self.count += 1
        try:
            fields = _read_record(content)
            kind = fields["kind"]
            taker = self.takers.get(kind)
            if fields["community"] != self.community:
                self._check_community(index, fields)
            if taker is not None:
                taker(index, fields)
        except _UNREADABLE as problem:
            said = f"{type(problem).__name__}: {problem}"
            self.findings.add(
                f"entry {index}", f"记录读不懂：{said}", f"the record cannot be read: {said}"
            )

    def check_end(self) -> None:
        """Check what only the whole log can tell."""
        self.books.approvals.check_end(self.count)
        self.papers.check_end()

    def _check_community(self, index: int, fields: dict[str, Any]) -> None:
        if self.community is None:
            self.community = fields["community"]
            return
        self.findings.add(f"entry {index}", "属于别的社区", "it belongs to another community's log")

    def _read_again(self, index: int) -> bytes:
        number, offset = divmod(index, TILE_WIDTH)
        if self.last_bundle[0] != number:
            path = tile_path(ENTRIES, number)
            if path not in self.source.names:
                start = path + ".p/"
                widths = [
                    int(one[len(start) :]) for one in self.source.names if one.startswith(start)
                ]
                path = start + str(max(widths))
            self.last_bundle = (number, read_entries(self.source.read(path)))
        return self.last_bundle[1][offset]


def _read_record(content: bytes) -> dict[str, Any]:
    """Read a record as json.loads would, without looking for other encodings or white space.

    Raises:
        ValueError: it is not one JSON value and nothing else.
    """
    text = content.decode()
    fields, end = _DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError("something follows the record")
    found: dict[str, Any] = fields
    return found


def verify_pack(
    source: Source,
    findings: Findings,
    keys: Sequence[VerifierKey] = (),
    anchors: Sequence[bytes] = (),
) -> PackResult:
    """Verify an audit pack; `keys` replace the pack's own, `anchors` are checkpoints held since.

    Raises:
        CannotTell: it is no audit pack, or its checkpoint does not hold.
    """
    _check_contents(source, findings)
    trusted = list(keys) or read_keys(source, KEYS)
    if not keys:
        findings.tell(
            KEYS,
            "用的是包里自带的公钥；请与公告或网站上的核对",
            "the key comes from the pack itself; compare it with the notice or the site",
        )
    log = source.inside(LOG_FOLDER)
    old = _read_checkpoints(log, trusted, findings)
    held = [_open_anchor(one, trusted) for one in anchors]
    reader = RecordReader(findings, log)
    asked = [one.size for _, one in old] + [one.size for one in held]
    result = verify_log(log, trusted, findings, reader.take, asked)
    for name, one in old:
        compare_roots(name, one, result, findings)
    for one in held:
        compare_roots(f"your checkpoint of size {one.size}", one, result, findings)
    reader.check_end()
    reader.papers.check_files(source.inside(VOUCHER_FOLDER), source.inside(REPORT_FOLDER))
    return PackResult(result, reader.count, len(reader.books.places), len(old))


def compare_roots(name: str, old: Checkpoint, result: LogResult, findings: Findings) -> None:
    """Compare an older checkpoint with the root that today's entries have at its size."""
    if old.origin != result.checkpoint.origin:
        findings.add(name, f"属于别的日志 {old.origin}", f"it is of another log, {old.origin}")
        return
    if old.size > result.checkpoint.size:
        findings.add(
            name,
            f"比现在的日志还大（{old.size} > {result.checkpoint.size}）：记录被删掉了",
            f"it is larger than the log now ({old.size} > {result.checkpoint.size}):"
            " entries were removed",
        )
        return
    found = result.roots.get(old.size)
    if found is not None and found != old.root:
        findings.add(
            name,
            f"前 {old.size} 条记录与当时签名的不同：日志被改写",
            f"the first {old.size} entries are not those signed then: the log was rewritten",
        )


def read_keys(source: Source, name: str) -> list[VerifierKey]:
    """Read a file of verifier keys, one a line; empty lines and lines with # first are skipped.

    Raises:
        CannotTell: it is missing or holds no key.
    """
    if name not in source.names:
        raise CannotTell(f"缺少公钥文件 {name}", f"the file of keys, {name}, is missing")
    try:
        lines = source.read(name).decode().splitlines()
        found = [read_key(line) for line in lines if line.strip() and not line.startswith("#")]
    except (BadNote, ValueError) as problem:
        raise CannotTell(f"{name} 里的公钥读不出：{problem}", f"{name}: {problem}") from None
    if not found:
        raise CannotTell(f"{name} 里没有公钥", f"{name} holds no key")
    return found


def _open_anchor(note: bytes, keys: Sequence[VerifierKey]) -> Checkpoint:
    try:
        return open_checkpoint(note, keys)[0]
    except BadNote as problem:
        raise CannotTell(
            f"您手里的检查点的签名不成立：{problem}",
            f"your own checkpoint does not hold: {problem}",
        ) from None


def _read_checkpoints(
    log: Source, keys: Sequence[VerifierKey], findings: Findings
) -> list[tuple[str, Checkpoint]]:
    """Read every old checkpoint of a pack; each must be signed and be named after its size."""
    found = []
    for name in sorted(log.inside(CHECKPOINTS).names):
        path = f"{CHECKPOINTS}/{name}"
        try:
            checkpoint, _ = open_checkpoint(log.read(path), keys)
        except BadNote as problem:
            findings.add(path, f"签名或格式不成立：{problem}", f"it does not hold: {problem}")
            continue
        if name != str(checkpoint.size):
            findings.add(path, "文件名不是它的大小", "it is not named after its size")
        found.append((path, checkpoint))
    return found


def _check_contents(source: Source, findings: Findings) -> None:
    """Compare every file with the pack's own list, so that a changed file is named."""
    if CONTENTS not in source.names:
        raise CannotTell(
            "这不是审计包：缺少 contents.json", "this is no audit pack: no contents.json"
        )
    content = source.read(CONTENTS)
    try:
        listed = json.loads(content)["files"]
        expected = {str(name): str(sha256) for name, sha256 in listed.items()}
    except _UNREADABLE as problem:
        raise CannotTell(f"contents.json 读不懂：{problem}", f"contents.json: {problem}") from None
    if content != write_contents(expected):
        findings.add(CONTENTS, "清单的写法被改过", "the list is not written as it was")
    for name in sorted(set(expected) | set(source.names) - {CONTENTS}):
        if name not in source.names:
            findings.add(
                name, "缺少这个文件，contents.json 列有它", "missing, though contents.json names it"
            )
        elif name not in expected:
            findings.add(
                name, "contents.json 没有列这个文件", "contents.json does not name this file"
            )
        elif sha256_of(source.read(name)) != expected[name]:
            findings.add(
                name, "内容与 contents.json 里的指纹不符", "it is not the file contents.json names"
            )


# -------------------------------------------------------------------------------------------------
# A witness small enough for the committee's laptop: keep the last checkpoint, check, cosign.
#
# The folder holds `witness.key` (name and secret seed, readable by its owner only) and one file per
# log, its last checkpoint. A log that does not continue from it is never cosigned.

# The longest file of a log: a bundle of 256 records of 64 KiB.
MOST_ANSWER_BYTES = 2**25
_WAIT_SECONDS = 30


class WitnessFolder:
    """Where a witness keeps its key and what it last saw of each log."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make_key(self, name: str) -> VerifierKey:
        """Make the witness's key, once; returns its public half.

        Raises:
            CannotTell: there is one already, or the name cannot be a key's.
        """
        place = self.path.joinpath("witness.key")
        if place.exists():
            raise CannotTell(f"{place} 已经有密钥", f"{place} holds a key already")
        seed = os.urandom(32)
        try:
            key = make_key(name, public_key_of(seed), COSIGNATURE)
        except BadNote as problem:
            raise CannotTell(f"名字不能用：{problem}", str(problem)) from None
        self.path.mkdir(parents=True, exist_ok=True)
        number = os.open(str(place), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(f"{name}\n{base64.b64encode(seed).decode()}\n")
        return key

    def read_key(self) -> tuple[VerifierKey, bytes]:
        """Return the witness's key and its secret seed.

        Raises:
            CannotTell: there is none.
        """
        place = self.path.joinpath("witness.key")
        try:
            name, encoded = place.read_text(encoding="utf-8").split("\n")[:2]
            seed = base64.b64decode(encoded, validate=True)
            return make_key(name, public_key_of(seed), COSIGNATURE), seed
        except (OSError, ValueError) as problem:
            raise CannotTell(
                f"没有见证密钥（先用 --name 生成）：{problem}",
                f"no witness key (make it: --name): {problem}",
            ) from None

    def last(self, origin: str) -> bytes | None:
        """Return the last checkpoint kept of a log."""
        place = self._place(origin)
        return place.read_bytes() if place.exists() else None

    def keep(self, checkpoint: Checkpoint, note: bytes) -> None:
        """Keep a checkpoint, safely even when the laptop is switched off meanwhile."""
        place = self._place(checkpoint.origin)
        fresh = place.with_suffix(".new")
        fresh.write_bytes(note)
        fresh.replace(place)

    def _place(self, origin: str) -> Path:
        name = hashlib.sha256(origin.encode()).hexdigest()[:16]
        return self.path.joinpath(f"{name}.checkpoint")


def cosign(note: bytes, folder: WitnessFolder) -> bytes:
    """Add the witness's timestamped signature to a checkpoint that was found consistent."""
    key, seed = folder.read_key()
    content = read_note(note)
    at = int(time.time())
    signature = at.to_bytes(8, "big") + sign(seed, cosigned_bytes(content.text, at))
    return write_note(
        content.text, [*content.signatures, Signature(key.name, key.key_id, signature)]
    )


def fetch(address: str) -> bytes:
    """Fetch a file of a log.

    Raises:
        CannotTell: there is no answer.
    """
    try:
        return _ask(address, None)
    except (OSError, ValueError) as problem:
        raise CannotTell(f"取不到 {address}：{problem}", f"{address}: {problem}") from None


def _ask(address: str, content: bytes | None) -> bytes:
    """Ask a server by http or https only: urllib would also open files."""
    if not address.startswith(("https://", "http://")):
        raise ValueError("the address does not begin with https://")
    words = {"Content-Type": "text/plain; charset=utf-8"}
    asked = urllib.request.Request(address, data=content, headers=words)  # noqa: S310  checked
    with urllib.request.urlopen(asked, timeout=_WAIT_SECONDS) as answer:  # noqa: S310  checked
        return bytes(answer.read(MOST_ANSWER_BYTES))


def open_address(address: str) -> Source:
    """Read a log from the server that publishes it: the tiles of its checkpoint, as needed.

    Raises:
        CannotTell: there is no answer, or it is no checkpoint.
    """
    start = address.rstrip("/")
    note = fetch(f"{start}/checkpoint")
    try:
        size = read_checkpoint(read_note(note).text).size
    except BadNote as problem:
        raise CannotTell(f"{start} 没有检查点：{problem}", f"{start}: {problem}") from None
    places = [*tile_places(size), *bundle_places(size)]
    names = frozenset(["checkpoint", *(tile_path(*place) for place in places)])
    # The checkpoint must not change while the tiles are read.
    return Source(names, lambda name: note if name == "checkpoint" else fetch(f"{start}/{name}"))


def fetch_consistency(address: str, old: Checkpoint, new: Checkpoint) -> None:
    """Fetch the tiles that show whether the newer tree begins with the older one.

    Raises:
        BadProof: it does not.
        CannotTell: a tile cannot be had.
    """

    def read_tile(place: TilePlace) -> bytes:
        return fetch(f"{address}/{tile_path(*place)}")

    if old.size == 0:
        raise BadProof("an empty checkpoint is no anchor")
    proof = prove_consistency(old.size, new.size, node_reader(new.size, read_tile))
    check_consistency(old.size, new.size, old.root, new.root, proof)


def send_cosignature(address: str, cosigned: bytes) -> None:
    """Send a cosigned checkpoint to the log.

    Raises:
        CannotTell: it was not taken.
    """
    try:
        _ask(address + "/cosignature", cosigned)
    except (OSError, ValueError) as problem:
        raise CannotTell(f"没有送到：{problem}", f"it was not taken: {problem}") from None


# -------------------------------------------------------------------------------------------------
# The program `verify.py`: what a person types, and the sentences that come back.
#
# Exit codes: 0 everything holds · 1 something was changed (each item is named) · 2 cannot tell
# (a file, a key or an argument is missing or unreadable).

HOLDS, CHANGED, UNKNOWN = 0, 1, 2
_SELDOM = 200_000
EXIT_CODES = """
exit codes / 退出码:
  0  everything holds / 全部相符
  1  something was changed, each item is named / 有改动，逐项列出
  2  cannot tell: a file, key or argument is missing / 无法判断：缺文件、公钥或参数

A log cannot prove that nothing was left out, nor that a voucher is true.
日志不能证明“没有漏记”，也不能证明凭证本身真实。
"""


def say(line: str) -> None:
    """Print a line, whatever the terminal's encoding."""
    try:
        sys.stdout.write(line + "\n")
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")


def _say_finding(sign: str, finding: Finding) -> None:
    say(f"{sign} {finding.item}")
    say(f"    {finding.chinese}。")
    say(f"    {finding.english}.")


def _conclude(findings: Findings) -> int:
    """Print what was found and return the exit code."""
    for one in findings.notes:
        _say_finding("·", one)
    for one in findings.broken:
        _say_finding("✗", one)
    if findings.count:
        say(f"✗ 有改动：共 {findings.count} 处。 / CHANGED: {findings.count} found.")
        return CHANGED
    say("✓ 全部相符，没有改动。 / Everything holds; nothing was changed.")
    return HOLDS


def _say_log(result: LogResult) -> None:
    checkpoint = result.checkpoint
    say(f"日志 / log    {checkpoint.origin}")
    say(f"大小 / size   {checkpoint.size}")
    say(f"根   / root   {checkpoint.root.hex()}")
    say("签名 / signed " + ", ".join(f"{one.name}+{one.key_id.hex()}" for one in result.signers))


def _keys(arguments: argparse.Namespace) -> list[VerifierKey]:
    """Read the keys given on the command line: a key itself, or a file of keys."""
    found: list[VerifierKey] = []
    for text in arguments.key or []:
        path = Path(text)
        if "+" not in text and path.is_file():
            found += read_keys(open_folder(path.parent), path.name)
            continue
        try:
            found.append(read_key(text))
        except BadNote as problem:
            raise CannotTell(
                f"公钥读不出：{problem}", f"the key cannot be read: {problem}"
            ) from None
    return list(dict.fromkeys(found))


def read_anchor(text: str) -> bytes:
    """Read a checkpoint somebody kept: a file, a notice's code, or the address in it.

    Raises:
        CannotTell: it is none of these.
    """
    content = text.encode()
    path = Path(text)
    try:
        if path.is_file():
            content = path.read_bytes()
    except OSError:
        pass  # Too long for a file's name: then it is the text itself.
    if b"\n" in content.strip():
        return content
    try:
        return read_paper(content.decode()).note()
    except (BadNote, ValueError):
        raise CannotTell(
            f"读不出检查点：{text[:60]}", f"this is no checkpoint: {text[:60]}"
        ) from None


def run_log(arguments: argparse.Namespace) -> int:
    """Verify a folder of tiles."""
    findings = Findings()
    keys = _keys(arguments)
    anchors = [_open(read_anchor(one), keys) for one in arguments.checkpoint or []]
    sizes = [one.size for one in anchors]
    is_online = arguments.folder.startswith(("http://", "https://"))
    source = open_address(arguments.folder) if is_online else open_folder(Path(arguments.folder))
    result = verify_log(source, keys, findings, sizes=sizes)
    for one in anchors:
        compare_roots(f"your checkpoint of size {one.size}", one, result, findings)
    _say_log(result)
    return _conclude(findings)


def run_pack(arguments: argparse.Namespace) -> int:
    """Verify an audit pack."""
    findings = Findings()
    anchors = [read_anchor(one) for one in arguments.checkpoint or []]
    path = Path(arguments.file)
    source, often = open_source(path), gc.get_threshold()
    if not path.is_dir():
        check_container(path, findings)
    try:
        # Looking for cycles among millions of records costs a fifth of the time; files make a few.
        gc.set_threshold(_SELDOM)
        result = verify_pack(source, findings, _keys(arguments), anchors)
    except CannotTell as problem:
        if not findings.count:
            raise
        findings.add("log", problem.chinese, problem.english)
        return _conclude(findings)
    finally:
        gc.set_threshold(*often)
    _say_log(result.log)
    say(
        f"记录 {result.records} 条，账目 {result.transactions} 笔，旧检查点 {result.checkpoints} 个"
        f" / {result.records} records, {result.transactions} transactions,"
        f" {result.checkpoints} older checkpoints"
    )
    return _conclude(findings)


def run_receipt(arguments: argparse.Namespace) -> int:
    """Verify a receipt file."""
    findings = Findings()
    content = _read_file(arguments.file)
    if is_ballot_receipt(content) or is_bid_receipt(content):
        return _run_committed(arguments, content)
    try:
        receipt = read_receipt(content)
    except BadProof as problem:
        raise CannotTell(f"读不出收据：{problem}", str(problem)) from None
    try:
        checkpoint, signers = check_receipt(receipt, _keys(arguments))
        _say_log(LogResult(checkpoint, signers, {}))
    except (BadNote, BadProof) as problem:
        findings.add(
            arguments.file, f"收据不成立：{problem}", f"the receipt does not hold: {problem}"
        )
    say(f"记录 / record {receipt.place}: {receipt.record.decode('utf-8', 'replace')}")
    return _conclude(findings)


def _run_committed(arguments: argparse.Namespace, content: bytes) -> int:
    """Verify a voter's or bidder's receipt, against the published list where it is given."""
    findings = Findings()
    told = _read_list(arguments.list) if arguments.list else None
    handed_in = _read_file(arguments.envelope) if arguments.envelope else None
    line = check_committed(content, _keys(arguments), told, handed_in, findings)
    if line:
        say(line)
    return _conclude(findings)


def _read_list(path: str) -> dict[str, Any]:
    """Read a published list of ballots or bids."""
    try:
        told = json.loads(_read_file(path))
    except (ValueError, RecursionError) as problem:
        raise CannotTell(f"公布的清单读不出：{problem}", f"{path}: {problem}") from None
    # Whatever else it is, what was handed in does not stand in it.
    return told if isinstance(told, dict) else {}


def run_checkpoint(arguments: argparse.Namespace) -> int:
    """Compare an older checkpoint with a newer one, by a pack, a log's folder or its address."""
    findings = Findings()
    keys = _keys(arguments)
    old = _open(read_anchor(arguments.old), keys)
    new_path = Path(arguments.new)
    if new_path.is_dir() or new_path.suffix.lower() == ".zip":
        source = open_source(new_path)
        log = source.inside("log") if "log/checkpoint" in source.names else source
        result = verify_log(log, keys, findings, sizes=[old.size])
        compare_roots(f"checkpoint of size {old.size}", old, result, findings)
        _say_log(result)
        return _conclude(findings)
    if arguments.new.startswith(("http://", "https://")):
        address = arguments.new.rstrip("/")
        new = _open(fetch(address + "/checkpoint"), keys)
        _compare_online(old, new, address, findings)
    else:
        new = _open(read_anchor(arguments.new), keys)
        _compare_two(old, new, findings)
    say(f"{old.origin}: {old.size} → {new.size}")
    return _conclude(findings)


def _compare_two(old: Checkpoint, new: Checkpoint, findings: Findings) -> None:
    """Compare two checkpoints alone: without the log, only equal sizes can be told."""
    if old.origin == new.origin and old.size < new.size:
        raise CannotTell(
            "两个检查点大小不同，要有日志文件夹、审计包或日志网址才能比较",
            "checkpoints of different sizes need the log's folder, a pack or the log's address",
        )
    result = LogResult(new, (), {new.size: new.root})
    compare_roots(f"checkpoint of size {old.size}", old, result, findings)


def _compare_online(old: Checkpoint, new: Checkpoint, address: str, findings: Findings) -> None:
    if old.origin != new.origin or old.size >= new.size:
        _compare_two(old, new, findings)
        return
    try:
        fetch_consistency(address, old, new)
    except BadProof as problem:
        findings.add(
            f"checkpoint of size {old.size}",
            f"日志被改写：{problem}",
            f"the log was rewritten: {problem}",
        )


def run_witness(arguments: argparse.Namespace) -> int:
    """Keep and cosign a log's checkpoints."""
    folder = WitnessFolder(Path(arguments.folder))
    if arguments.name:
        say(f"公钥 / key {folder.make_key(arguments.name)}")
        return HOLDS
    keys = _keys(arguments)
    if not keys or not arguments.address:
        raise CannotTell("请给出日志的公钥和网址", "give the log's key and its address")
    address = arguments.address.rstrip("/")
    note = fetch(address + "/checkpoint")
    new = _open(note, keys)
    findings = Findings()
    old_note = folder.last(new.origin)
    if old_note is not None:
        _compare_online(_open(old_note, keys), new, address, findings)
    if findings.count:
        return _conclude(findings)
    cosigned = cosign(note, folder)
    folder.keep(new, cosigned)
    say(f"{new.origin}: size {new.size}, root {new.root.hex()}")
    if arguments.send:
        send_cosignature(address, cosigned)
    else:
        say(cosigned.decode())
    return _conclude(findings)


def _open(note: bytes, keys: Sequence[VerifierKey]) -> Checkpoint:
    try:
        return open_checkpoint(note, keys)[0]
    except BadNote as problem:
        raise CannotTell(
            f"检查点的签名或格式不成立：{problem}", f"a checkpoint does not hold: {problem}"
        ) from None


def _read_file(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as problem:
        raise CannotTell(f"读不出 {name}：{problem}", f"{name}: {problem}") from None


def make_parser() -> argparse.ArgumentParser:
    """Describe what can be typed."""
    parser = argparse.ArgumentParser(
        prog="verify.py",
        description="Verify a community's public log. / 核对社区公开日志。",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    kept = "a checkpoint you kept: file, notice's code or address / 您保存的检查点"
    key = "verifier key, or a file of them / 公钥，或公钥文件"

    log = commands.add_parser("log", help="a folder of tiles, or its address / 日志文件夹或网址")
    log.add_argument("folder")
    log.add_argument("--checkpoint", action="append", help=kept)
    log.set_defaults(run=run_log)

    pack = commands.add_parser("pack", help="an audit pack / 审计包")
    pack.add_argument("file")
    pack.add_argument("--checkpoint", action="append", help=kept)
    pack.set_defaults(run=run_pack)

    receipt = commands.add_parser("receipt", help="a receipt / 收据")
    receipt.add_argument("file")
    receipt.add_argument("--list", help="published ballots or bids / 公布的清单 poll-7.json")
    receipt.add_argument("--envelope", help="the bid as handed in / 提交的投标文件")
    receipt.set_defaults(run=run_receipt)

    checkpoint = commands.add_parser("checkpoint", help="an older and a newer one / 新旧检查点")
    checkpoint.add_argument("old", help=kept)
    checkpoint.add_argument("new", help="checkpoint, log folder, pack, or the log's address")
    checkpoint.set_defaults(run=run_checkpoint)

    witness = commands.add_parser("witness", help="keep and cosign checkpoints / 作见证")
    witness.add_argument("folder", help="where key and last checkpoints are kept / 保存位置")
    witness.add_argument("address", nargs="?", help="https://…/log/<community>")
    witness.add_argument("--name", help="make a key of this name first / 先用此名生成密钥")
    witness.add_argument("--send", action="store_true", help="send it to the log / 送回日志")
    witness.set_defaults(run=run_witness)

    for one in (log, pack, receipt, checkpoint, witness):
        needed = one in (log, receipt, checkpoint)
        one.add_argument("--key", action="append", required=needed, help=key)
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    parser = make_parser()
    arguments = parser.parse_args(words)
    if arguments.command is None:
        parser.print_help()
        return UNKNOWN
    try:
        return int(arguments.run(arguments))
    except CannotTell as problem:
        say(f"? 无法判断：{problem.chinese}。")
        say(f"? Cannot tell: {problem.english}.")
        return UNKNOWN


if __name__ == "__main__":
    sys.exit(main())
