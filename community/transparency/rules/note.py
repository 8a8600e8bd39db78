"""C2SP signed-note and tlog-checkpoint: text with signatures below it, and keys as one line.

Source: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from community.transparency.rules.ed25519 import is_signed
from community.transparency.rules.merkle import HASH_SIZE, MOST_ENTRIES

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
