"""The unified credit code of an organization and its check digit. Source: GB 32100-2015."""

from __future__ import annotations

# No I, O, S, V, Z: they are misread as 1, 0, 5, U, 2.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18


def is_credit_code(code: str) -> bool:
    """Tell whether 18 characters are a unified credit code with the right check digit."""
    if len(code) != LENGTH or any(each not in ALPHABET for each in code):
        return False
    return code[-1] == check_digit(code[:-1])


def check_digit(first: str) -> str:
    """Work out the check digit of the first 17 characters: weights 3^i modulo 31."""
    total = sum(ALPHABET.index(each) * pow(3, place, 31) for place, each in enumerate(first))
    return ALPHABET[-total % 31]
