"""Codes that people read, type and scan; row ids come from the database."""

from __future__ import annotations

import secrets

# Crockford's alphabet: no I, L, O, U, so that a code read aloud is typed right.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CONFUSED = str.maketrans("ILO", "110")


def random_code(length: int) -> str:
    """Draw a code of `length` characters of 5 random bits each."""
    # A byte holds eight equally likely letters of 32.
    return "".join([ALPHABET[each & 31] for each in secrets.token_bytes(length)])


def random_digits(length: int) -> str:
    """Draw a code of decimal digits, for typing on a number pad."""
    return f"{secrets.randbelow(10**length):0{length}d}"


def random_token() -> str:
    """Draw a secret of 160 random bits for a URL or a cookie."""
    return random_code(32)


def read_code(typed: str) -> str:
    """Read a typed code: upper case, blanks and dashes dropped, I/L read as 1 and O as 0."""
    return typed.upper().replace(" ", "").replace("-", "").translate(_CONFUSED)
