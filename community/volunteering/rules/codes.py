"""The two codes that are scanned: a signed personal one and a rotating one of 30 seconds.

Both are bytes with an HMAC under a community's key, written in base32 into an upper-case address,
so that a QR code stays in its dense alphanumeric mode (version 3 for hosts of up to 30 letters).
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from enum import StrEnum

from community.kernel import ids

SLOT_SECONDS = 30
SHORT_LENGTH = 6
_MARK_ROTATING, _MARK_PERSONAL = 0x52, 0x50
_ROTATING_BYTES, _PERSONAL_BYTES = 11, 11
_ROTATING_MAC, _PERSONAL_MAC = 10, 7
ROTATING_PATH, PERSONAL_PATH = "/Q/R/", "/Q/P/"


class CodeKind(StrEnum):
    """What a scanned text turned out to be."""

    ROTATING = "rotating"
    PERSONAL = "personal"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class RotatingCode:
    """What a rotating code says: which key signed it, for which shift, gate and slot."""

    key_number: int
    shift_id: int
    gate: int
    slot: int


@dataclass(frozen=True, slots=True)
class PersonalCode:
    """What a personal code says: whose it is, in which community, and which issue."""

    key_number: int
    community_id: int
    person_id: int
    issue: int


@dataclass(frozen=True, slots=True)
class Signed:
    """Bytes and the HMAC that came with them."""

    body: bytes
    mac: bytes

    def is_signed_by(self, secret: bytes) -> bool:
        """Tell whether a key made this HMAC, in a time that does not depend on the answer."""
        return hmac.compare_digest(self.mac, _mac(secret, self.body, len(self.mac)))


def slot_of(micros: int) -> int:
    """Tell the 30-second slot of an instant in whole microseconds."""
    return micros // (SLOT_SECONDS * 1_000_000)


def is_current(slot: int, micros: int) -> bool:
    """Tell whether a slot is the present or the previous one by the server's clock."""
    return slot_of(micros) - slot in {0, 1}


def write_rotating(code: RotatingCode, secret: bytes) -> str:
    """Write a rotating code as base32."""
    body = (
        bytes([_MARK_ROTATING, code.key_number])
        + code.shift_id.to_bytes(4)
        + code.gate.to_bytes(1)
        + code.slot.to_bytes(4)
    )
    return _letters(body + _mac(secret, body, _ROTATING_MAC))


def write_personal(code: PersonalCode, secret: bytes) -> str:
    """Write a personal code as base32."""
    body = (
        bytes([_MARK_PERSONAL, code.key_number])
        + code.community_id.to_bytes(3)
        + code.person_id.to_bytes(5)
        + code.issue.to_bytes(1)
    )
    return _letters(body + _mac(secret, body, _PERSONAL_MAC))


def read_rotating(text: str) -> tuple[RotatingCode, Signed] | None:
    """Read a rotating code without judging it; None when it is none."""
    raw = _bytes(text)
    if len(raw) != _ROTATING_BYTES + _ROTATING_MAC or raw[0] != _MARK_ROTATING:
        return None
    code = RotatingCode(raw[1], int.from_bytes(raw[2:6]), raw[6], int.from_bytes(raw[7:11]))
    return code, Signed(raw[:_ROTATING_BYTES], raw[_ROTATING_BYTES:])


def read_personal(text: str) -> tuple[PersonalCode, Signed] | None:
    """Read a personal code without judging it; None when it is none."""
    raw = _bytes(text)
    if len(raw) != _PERSONAL_BYTES + _PERSONAL_MAC or raw[0] != _MARK_PERSONAL:
        return None
    code = PersonalCode(raw[1], int.from_bytes(raw[2:5]), int.from_bytes(raw[5:10]), raw[10])
    return code, Signed(raw[:_PERSONAL_BYTES], raw[_PERSONAL_BYTES:])


def short_code(secret: bytes, *facts: int) -> str:
    """Derive the six characters that are typed where no camera works (30 bits).

    Few candidates are ever compared: one shift's slot, or the people on one shift's roster.
    """
    body = b"short:" + b":".join(str(fact).encode() for fact in facts)
    number = int.from_bytes(_mac(secret, body, 8))
    return "".join(ids.ALPHABET[number >> (5 * place) & 31] for place in range(SHORT_LENGTH))


def code_in(scanned: str) -> str:
    """Take the code out of what was scanned or typed: an address of ours, or the bare letters."""
    text = scanned.strip()
    for path in (ROTATING_PATH, PERSONAL_PATH):
        start = text.upper().find(path)
        if start >= 0:
            return text[start + len(path) :].split("?", maxsplit=1)[0].strip("/").upper()
    return text.rsplit("/", maxsplit=1)[-1] if "://" in text else text


def _mac(secret: bytes, body: bytes, length: int) -> bytes:
    return hmac.digest(secret, body, "sha256")[:length]


def _letters(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return b""
