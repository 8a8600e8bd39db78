"""What a correction of a closed period names, and which accounts it may move an amount between."""

from __future__ import annotations

import re

# Money itself agrees with the bank and what units owe with their bills: neither is corrected here.
_ROOTS = frozenset({"fee", "common", "interest", "other", "expense", "bank-charges"})
_NAMED = re.compile(r"(?:(entry|line):)?([1-9][0-9]{0,17})\Z")
_SOURCE = "corrects:"


def read_named(named: str) -> tuple[str, int] | None:
    """Read what a correction names: `17` or `entry:17` of the books, `line:3` of the bank."""
    found = _NAMED.match(named.strip())
    return None if found is None else (found.group(1) or "entry", int(found.group(2)))


def may_correct(path: str) -> bool:
    """Tell whether an account is one of income or expense that a correction may touch."""
    return path.split("/", maxsplit=1)[0] in _ROOTS and not path.endswith("/emergency")


def corrects_source(transaction_id: int) -> str:
    """Name what a correction corrects, as the ledger and the public log carry it."""
    return f"{_SOURCE}{transaction_id}"


def corrected_by(source: str) -> int | None:
    """Read from an entry's source which entry it corrects; None when it is no correction."""
    number = source.removeprefix(_SOURCE)
    return int(number) if source.startswith(_SOURCE) and number.isdecimal() else None
