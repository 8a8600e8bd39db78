"""The form of an encrypted envelope: a canonical header that is bound in, then the ciphertext.

Bytes: `community-sealing/1`, a line feed, the header's length in four bytes, the header, the
ciphertext. Anything written in another way than ours is refused, so one envelope has one form.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from community.sealing.errors import EnvelopeForeign, EnvelopeUnreadable
from community.sealing.rules.keys import PUBLIC_LENGTH

FORMAT = "community-sealing/1"
MAGIC = f"{FORMAT}\n".encode()
MOST_HEADER = 32_768
HASH_LENGTH = 32
NONCE_LENGTH = 12
SEALED_SHARE_LENGTH = 48
_WORDS = {
    "box", "check", "ephemeral", "format", "k", "nonce", "openers", "owner", "shares", "subject",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Binding:
    """What an envelope is for: it fits one box and owner, and opens by k of these keys."""

    token: str
    subject: str
    owner: str
    k: int
    openers: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SealedShare:
    """A share as its opener alone can read it, and the hash that a right one has."""

    sealed: bytes
    check: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """What an envelope says of itself in clear; shares follow the openers' order."""

    binding: Binding
    key_check: bytes
    ephemeral: bytes
    nonce: bytes
    shares: tuple[SealedShare, ...] = ()

    def core(self) -> dict[str, object]:
        """Give the words that the shares are bound to."""
        return {
            "box": self.binding.token,
            "check": self.key_check.hex(),
            "ephemeral": encode(self.ephemeral),
            "format": FORMAT,
            "k": self.binding.k,
            "nonce": encode(self.nonce),
            "openers": [encode(each) for each in self.binding.openers],
            "owner": self.binding.owner,
            "subject": self.binding.subject,
        }

    def context(self) -> bytes:
        """Hash what the shares are bound to."""
        return hashlib.sha256(canonical(self.core())).digest()

    def prefix(self) -> bytes:
        """Give all that stands before the ciphertext; the ciphertext is bound to it."""
        shares = [
            {"check": each.check.hex(), "sealed": encode(each.sealed)} for each in self.shares
        ]
        written = canonical({**self.core(), "shares": shares})
        return MAGIC + len(written).to_bytes(4, "big") + written


def canonical(value: object) -> bytes:
    """Write plain JSON in its one form: sorted keys, no spaces, characters as themselves."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def encode(content: bytes) -> str:
    """Write bytes as base64."""
    return base64.b64encode(content).decode()


def decode(text: str, length: int) -> bytes:
    """Read base64 of so many bytes; raises ValueError."""
    try:
        found = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    if len(found) != length:
        raise ValueError("another length")
    return found


def split(envelope: bytes) -> tuple[Header, bytes]:
    """Give the header and the ciphertext of an envelope.

    Raises: EnvelopeUnreadable unless it is written exactly as we write it.
    """
    start = len(MAGIC) + 4
    length = int.from_bytes(envelope[len(MAGIC) : start], "big")
    if not envelope.startswith(MAGIC) or not 0 < length <= MOST_HEADER:
        raise EnvelopeUnreadable
    try:
        header = _read(json.loads(envelope[start : start + length].decode()))
        prefix = header.prefix()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise EnvelopeUnreadable from error
    if not envelope.startswith(prefix):
        raise EnvelopeUnreadable
    return header, envelope[len(prefix) :]


def check_binding(header: Header, expected: Binding) -> None:
    """Refuse an envelope that was sealed for another box, owner or circle of openers.

    Raises: EnvelopeForeign.
    """
    if header.binding != expected:
        raise EnvelopeForeign


def _read(words: Any) -> Header:
    if words.keys() != _WORDS or words["format"] != FORMAT or type(words["k"]) is not int:
        raise ValueError("other words")
    texts = [words["box"], words["subject"], words["owner"]]
    if not all(type(each) is str for each in texts):
        raise TypeError("not text")
    openers = _many(words["openers"], PUBLIC_LENGTH)
    shares = tuple(_share(each) for each in words["shares"])
    if len(shares) != len(openers):
        raise ValueError("a share each")
    return Header(
        Binding(texts[0], texts[1], texts[2], words["k"], openers),
        _hash(words["check"]),
        decode(words["ephemeral"], PUBLIC_LENGTH),
        decode(words["nonce"], NONCE_LENGTH),
        shares,
    )


def _share(words: Any) -> SealedShare:
    if words.keys() != {"check", "sealed"}:
        raise ValueError("other words")
    return SealedShare(decode(words["sealed"], SEALED_SHARE_LENGTH), _hash(words["check"]))


def _many(words: Sequence[Any], length: int) -> tuple[bytes, ...]:
    return tuple(decode(each, length) for each in words)


def _hash(text: str) -> bytes:
    found = bytes.fromhex(text)
    if len(found) != HASH_LENGTH:
        raise ValueError("another length")
    return found
