"""Accounts and books as their records describe them, and their balances as re-added so far."""

from __future__ import annotations

from typing import Any, NamedTuple

NORMAL = {"asset": 1, "expense": 1, "liability": -1, "equity": -1, "income": -1}
NEVER = "9999-12-31"


class AuditedAccount:
    """An account: posted debits minus credits, and what holds set aside on each side.

    Residents' own accounts of one kind are published as one account. `moves`
    keeps posted debits and credits by (day, purpose).
    """

    __slots__ = (
        "book",
        "ceiling",
        "floor",
        "has_limit",
        "kind",
        "moves",
        "normal",
        "number",
        "parts",
        "pending_credits",
        "pending_debits",
        "posted",
        "unit",
    )

    def __init__(self, number: int, book: AuditedBook, path: str, kind: str, unit: str) -> None:
        self.number = number
        self.book = book
        self.parts = tuple(path.split("/"))
        self.kind = kind
        self.unit = unit
        self.normal = NORMAL[kind]
        self.moves: dict[tuple[str, str], list[int]] = {}
        self.posted = 0
        self.pending_debits = 0
        self.pending_credits = 0
        self.floor: int | None = None
        self.ceiling: int | None = None
        self.has_limit = False

    @property
    def path(self) -> str:
        """Return its path as it was published."""
        return "/".join(self.parts)

    def limit(self, floor: int | None, ceiling: int | None) -> None:
        """Set between which natural balances it must stay."""
        self.floor, self.ceiling = floor, ceiling
        self.has_limit = floor is not None or ceiling is not None

    def broken_limit(self) -> int | None:
        """Return the limit that its balance breaks, pending amounts counted; None when it holds."""
        natural = self.normal * self.posted
        leaving, coming = self.pending_credits, self.pending_debits
        if self.normal < 0:
            leaving, coming = coming, leaving
        if self.floor is not None and natural - leaving < self.floor:
            return self.floor
        if self.ceiling is not None and natural + coming > self.ceiling:
            return self.ceiling
        return None


class AuditedBook:
    """A book: its accounts' movements by day since the last close, and how far it is closed."""

    __slots__ = (
        "accounts",
        "balances",
        "closed_through",
        "days",
        "expected",
        "kind",
        "name",
        "number",
    )

    def __init__(self, number: int, kind: str, name: str) -> None:
        self.number = number
        self.kind = kind
        self.name = name
        self.accounts: dict[int, AuditedAccount] = {}
        self.closed_through = ""
        self.days: dict[str, dict[int, int]] = {}
        # Balances at the last close, and those of a close whose parts are still coming.
        self.balances: dict[int, int] = {}
        self.expected: dict[int, int] | None = None

    def balances_on(self, day: str) -> dict[int, int]:
        """Return the balances at the end of a day after the last close, without zeros."""
        found = dict(self.balances)
        for one, moves in self.days.items():
            if one <= day:
                for account, amount in moves.items():
                    found[account] = found.get(account, 0) + amount
        return {account: amount for account, amount in found.items() if amount}

    def close(self, day: str, balances: dict[int, int]) -> None:
        """Take a day's balances as the start of the next period."""
        self.closed_through = day
        self.balances = balances
        self.days = {one: moves for one, moves in self.days.items() if one > day}


class AuditedHold(NamedTuple):
    """What a hold sets aside by account, from a day on, until it is resolved or expires."""

    book: int
    held: dict[int, int]
    expires_at: int
    since: str
    until: str = NEVER


def whole(value: Any) -> int:
    """Return a whole number of a record.

    Raises:
        ValueError: it is something else.
    """
    if type(value) is not int:
        raise ValueError(f"{value!r} is not a whole number")
    return value


def whole_or_none(value: Any) -> int | None:
    """Return a whole number of a record, or None when it says null.

    Raises:
        ValueError: it is something else.
    """
    return None if value is None else whole(value)
