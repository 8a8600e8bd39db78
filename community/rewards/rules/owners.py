"""How rewards name owners to the ledger, for which they are opaque text."""

from __future__ import annotations


def year_owner(year: int) -> str:
    """Name a year's reward budget."""
    return f"budget:{year}"


def payer_owner(payer_id: int, year: int) -> str:
    """Name what a payer put in for a year."""
    return f"payer:{payer_id}:{year}"


def merchant_owner(merchant_id: int) -> str:
    """Name what a merchant is owed."""
    return f"merchant:{merchant_id}"


def paid_owner(merchant_id: int) -> str:
    """Name what a merchant has been paid."""
    return f"paid:{merchant_id}"


def person_owner(person_id: int) -> str:
    """Name a person's account."""
    return f"person:{person_id}"


def household_owner(household_id: int) -> str:
    """Name a household's account."""
    return f"household:{household_id}"


def read_owner(owner: str) -> tuple[str, int]:
    """Read "person:7" as its kind and number."""
    kind, _, number = owner.partition(":")
    return kind, int(number)
