"""Openers' public keys: P-256 points, and the fingerprint by which people compare them."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from community.sealing.errors import KeyUnreadable

PUBLIC_LENGTH = 65


def check_public_key(public_key: bytes) -> None:
    """Refuse anything but an uncompressed point of P-256.

    Raises: KeyUnreadable.
    """
    if len(public_key) != PUBLIC_LENGTH or public_key[0] != 4:
        raise KeyUnreadable
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public_key)
    except ValueError as error:
        raise KeyUnreadable from error


def fingerprint(public_key: bytes) -> str:
    """Give the first half of the key's SHA-256, in groups that can be read out."""
    digest = hashlib.sha256(public_key).hexdigest().upper()
    return ":".join(digest[start : start + 4] for start in range(0, 32, 4))
