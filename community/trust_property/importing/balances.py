"""What a statement says of an account's balance on a day, and whose account it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from community.trust_property.importing.statement import Statement


@dataclass(frozen=True, slots=True)
class BankFacts:
    """What a statement tells about balances: days and what moved on each, in fen."""

    account: str
    since: date | None
    until: date | None
    opening_fen: int | None
    closing_fen: int | None
    moved: tuple[tuple[date, int], ...]


def bank_facts(found: Statement) -> BankFacts:
    """Keep of a statement what its balance on a day follows from."""
    by_day: dict[date, int] = {}
    for line in found.lines:
        by_day[line.day] = by_day.get(line.day, 0) + line.amount_fen
    days = sorted(by_day)
    since = min([*days[:1], *([found.since] if found.since else [])], default=None)
    until = max([*days[-1:], *([found.until] if found.until else [])], default=None)
    return BankFacts(
        found.account,
        since,
        until,
        found.opening_fen,
        found.closing_fen,
        tuple(sorted(by_day.items())),
    )


def balance_at_end_of(day: date, facts: BankFacts) -> int | None:
    """Tell what lay in the account at the end of a day; None when the statement cannot say.

    A statement that begins on the next day says it as its opening balance.
    """
    if facts.since is None or facts.until is None:
        return None
    if (day - facts.since).days < -1 or day > facts.until:
        return None
    if facts.opening_fen is not None:
        return facts.opening_fen + sum(fen for on, fen in facts.moved if on <= day)
    if facts.closing_fen is not None:
        return facts.closing_fen - sum(fen for on, fen in facts.moved if on > day)
    return None


def is_of_account(facts: BankFacts, last_digits: str) -> bool:
    """Tell whether a statement may be of an account: one that names another one is not."""
    digits = "".join(each for each in facts.account if each.isdigit())
    return len(digits) < len(last_digits) or digits.endswith(last_digits)
