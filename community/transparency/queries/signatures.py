"""Whether signatures hold, by the system's library: our own verifier is far slower."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from community.transparency.rules.note import (
    BadNote,
    Checkpoint,
    VerifierKey,
    read_checkpoint,
    read_note,
)


def is_signed(public_key: bytes, content: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature holds."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def find_signed(content: bytes, named: VerifierKey) -> Checkpoint | None:
    """Find what a note says under a key's signature; None when there is none, or it is broken."""
    try:
        read = read_note(content)
        said = read_checkpoint(read.text)
    except BadNote:
        return None
    for line in read.signatures:
        if (line.name, line.key_id) == (named.name, named.key_id):
            holds = is_signed(named.public_key, read.text.encode(), line.signature)
            return said if holds else None
    return None
