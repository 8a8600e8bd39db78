"""Splitting a key into n shares of which any k give it back: Shamir's scheme over GF(256).

Byte by byte, with the polynomial x^8 + x^4 + x^3 + x + 1 of AES. Fewer than k shares tell nothing.
Source: A. Shamir, How to Share a Secret, 1979.
"""

from __future__ import annotations

from collections.abc import Mapping

KEY_LENGTH = 32
_POLYNOMIAL = 0x11B
_GENERATOR = 3


def _tables() -> tuple[list[int], list[int]]:
    powers, logarithms, value = [0] * 510, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logarithms[value] = exponent
        doubled = value << 1
        value ^= doubled ^ (_POLYNOMIAL if doubled & 0x100 else 0)
    return powers, logarithms


_POWERS, _LOGARITHMS = _tables()


def multiply(a: int, b: int) -> int:
    """Multiply in GF(256)."""
    return _POWERS[_LOGARITHMS[a] + _LOGARITHMS[b]] if a and b else 0


def divide(a: int, b: int) -> int:
    """Divide in GF(256) by anything but 0."""
    assert b, "no division by 0"
    return _POWERS[_LOGARITHMS[a] - _LOGARITHMS[b] + 255] if a else 0


def share_of(secret: bytes, coefficients: bytes, place: int) -> bytes:
    """Evaluate at `place` (1 to 255) the polynomials that start with the secret's bytes.

    `coefficients` are blocks of the secret's length: those of x, of x squared, and so on.
    """
    assert 0 < place < 256, "a place is a byte and not 0"
    length = len(secret)
    blocks = [coefficients[at : at + length] for at in range(0, len(coefficients), length)]
    found = bytes(length)
    for block in (*reversed(blocks), secret):
        found = bytes(
            multiply(each, place) ^ added for each, added in zip(found, block, strict=True)
        )
    return found


def combine(shares: Mapping[int, bytes]) -> bytes:
    """Give the secret of exactly k shares by their places (Lagrange at 0)."""
    length = len(next(iter(shares.values())))
    secret = bytearray(length)
    for place, share in shares.items():
        weight = 1
        for other in shares:
            if other != place:
                weight = multiply(weight, divide(other, other ^ place))
        for at in range(length):
            secret[at] ^= multiply(share[at], weight)
    return bytes(secret)
