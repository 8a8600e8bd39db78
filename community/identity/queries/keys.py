"""Keyed hashes of codes and tokens, and codes derived so that they can be printed again."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache

from community.kernel import ids

_key = b""


def use_secret_key(key: str) -> None:
    """Take the installation's secret key, from which no stored hash can be undone."""
    global _key  # noqa: PLW0603  one key for the installation, set once by app.py
    _key = hashlib.sha256(b"identity:" + key.encode()).digest()
    session_hash.cache_clear()


def keyed_hash(purpose: str, *parts: str | bytes) -> bytes:
    """Hash a secret for storing and for looking it up (HMAC-SHA256, 32 bytes)."""
    assert _key, "identity has no secret key; community.app gives it"
    whole = purpose.encode()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        whole += len(raw).to_bytes(4, "big") + raw
    return hmac.digest(_key, whole, "sha256")


# A session's token is hashed at every request; whether it still holds is asked of its row.
@lru_cache(maxsize=8_192)
def session_hash(token: str) -> bytes:
    """Hash the token of a session, as its row has it."""
    return keyed_hash("session", token)


def derive_code(purpose: str, nonce: bytes, length: int) -> str:
    """Derive the same printed code from the same nonce again: 5 bits a character, to 51."""
    number = int.from_bytes(keyed_hash(f"derive:{purpose}", nonce), "big")
    return "".join(ids.ALPHABET[number >> 5 * place & 31] for place in range(length))
