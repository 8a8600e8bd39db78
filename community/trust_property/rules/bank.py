"""Statements, bank lines and what they are matched with: states, identity, and ranked guesses."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations, pairwise

WINDOW_DAYS = 10
SETTLED_WITHIN = timedelta(days=4)
MOST_GUESSES = 6
_MOST_COMBINED = 14
_NAMES = re.compile(r"[\u4e00-\u9fff]{2,}|[A-Za-z]{3,}|\d{8,}")
_COMMON = {"有限公司", "公司", "银行", "支付", "转账", "付款", "收款", "有限责任公司"}


class StatementState(StrEnum):
    """Where an uploaded statement stands."""

    READ = "read"
    RUNNING = "running"
    ADDED = "added"
    WITHDRAWN = "withdrawn"


STATEMENT_STEPS: dict[StatementState, frozenset[StatementState]] = {
    StatementState.READ: frozenset({StatementState.RUNNING, StatementState.WITHDRAWN}),
    StatementState.RUNNING: frozenset({StatementState.ADDED}),
    StatementState.ADDED: frozenset(),
    StatementState.WITHDRAWN: frozenset(),
}


class MatchKind(StrEnum):
    """What a bank line was found to be."""

    BOOKED = "booked"
    SETTLED = "settled"
    INTEREST = "interest"
    CHARGE = "charge"
    TRANSFER = "transfer"
    UNEXPLAINED = "unexplained"
    UNIDENTIFIED = "unidentified"


# Kinds whose money waits on a public account until somebody explains it with a reference.
WAITING = frozenset({MatchKind.UNEXPLAINED, MatchKind.UNIDENTIFIED})


def digest_of(
    day: date, amount_fen: int, balance_fen: int | None, number: str, party: str, summary: str
) -> str:
    """Name an entry by all that the bank says of it; two of one name are told by their count."""
    parts = (day.isoformat(), str(amount_fen), str(balance_fen), number, party, summary)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def count_twins(digests: Iterable[str]) -> list[int]:
    """Number entries of one name within a file from 1, so that identical ones stay several."""
    seen: dict[str, int] = {}
    numbers = []
    for digest in digests:
        seen[digest] = seen.get(digest, 0) + 1
        numbers.append(seen[digest])
    return numbers


@dataclass(frozen=True, slots=True)
class Wanted:
    """A bank line as matching sees it; money that came is positive."""

    day: date
    amount_fen: int
    words: str
    party: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a bank line may be: an entry of the book, or what a source offers."""

    source: str
    id: int
    day: date
    amount_fen: int
    words: str


@dataclass(frozen=True, slots=True)
class Guess:
    """A suggestion: what a line may be made of, how likely in per cent, and the fee kept back."""

    picks: tuple[Candidate, ...]
    fee_fen: int
    score: int


def guess(wanted: Wanted, candidates: Sequence[Candidate], most_fee_bp: int) -> tuple[Guess, ...]:
    """Rank what a line may be: one entry, a settlement of many less its fee, or several of them.

    A fee is at most `most_fee_bp` basis points of what was collected.
    """
    near = [
        each
        for each in candidates
        if abs((each.day - wanted.day).days) <= WINDOW_DAYS
        and (each.amount_fen > 0) == (wanted.amount_fen > 0)
    ]
    found = [
        Guess((each,), 0, _score(wanted, each))
        for each in near
        if each.amount_fen == wanted.amount_fen
    ]
    found += _settlements(wanted, near, most_fee_bp)
    if not found:
        found += _combined(wanted, near)
    return ranked(found)


def ranked(guesses: Iterable[Guess]) -> tuple[Guess, ...]:
    """Put guesses in order, the likeliest first, and keep the few worth showing."""
    return tuple(sorted(guesses, key=lambda each: -each.score)[:MOST_GUESSES])


def _score(wanted: Wanted, candidate: Candidate) -> int:
    near = 70 - 4 * abs((candidate.day - wanted.day).days)
    return max(5, near + (29 if shares_name(wanted.words, candidate.words) else 0))


def shares_name(one: str, other: str) -> bool:
    """Tell whether two texts name the same party, leaving aside words everybody has."""
    names = {name for name in _NAMES.findall(one) if name not in _COMMON}
    others = {name for name in _NAMES.findall(other) if name not in _COMMON}
    return any(name in other for name in names) or any(name in one for name in others)


def _settlements(wanted: Wanted, near: Sequence[Candidate], most_fee_bp: int) -> list[Guess]:
    """Find days whose receipts together make a settlement, a fee kept back."""
    if wanted.amount_fen < 0:
        return []
    before = [each for each in near if timedelta(0) <= wanted.day - each.day <= SETTLED_WITHIN]
    days = sorted({each.day for each in before})
    found = []
    for first in range(len(days)):
        for last in range(first, len(days)):
            picks = tuple(each for each in before if days[first] <= each.day <= days[last])
            fee = sum(each.amount_fen for each in picks) - wanted.amount_fen
            if len(picks) > 1 and may_be_fee(fee, wanted.amount_fen + fee, most_fee_bp):
                spread = (days[last] - days[first]).days
                late = (wanted.day - days[last]).days
                found.append(Guess(picks, fee, 66 - 3 * late - 2 * spread))
    single = [
        Guess((each,), each.amount_fen - wanted.amount_fen, 45)
        for each in before
        if each.amount_fen > wanted.amount_fen
        and may_be_fee(each.amount_fen - wanted.amount_fen, each.amount_fen, most_fee_bp)
    ]
    return found + single


def may_be_fee(fee_fen: int, gross_fen: int, most_bp: int) -> bool:
    """Tell whether what is missing may be a service's fee, at most so many basis points."""
    return fee_fen >= 0 and fee_fen * 10_000 <= gross_fen * most_bp


def _combined(wanted: Wanted, near: Sequence[Candidate]) -> list[Guess]:
    """Find two or three entries that together are exactly the line."""
    pool = sorted(near, key=lambda each: abs((each.day - wanted.day).days))[:_MOST_COMBINED]
    return [
        Guess(picks, 0, 40 - 5 * size)
        for size in (2, 3)
        for picks in combinations(pool, size)
        if sum(each.amount_fen for each in picks) == wanted.amount_fen
    ]


@dataclass(frozen=True, slots=True)
class Span:
    """A statement's days and balances."""

    statement_id: int
    since: date
    until: date
    opening_fen: int
    closing_fen: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Two statements between which days are missing, or whose balances contradict each other."""

    before_id: int
    after_id: int
    missing_since: date | None
    missing_until: date | None
    difference_fen: int


def find_gaps(spans: Sequence[Span]) -> tuple[Gap, ...]:
    """Compare each statement with the one before it: closing must be the next one's opening.

    Overlapping statements are compared by what their lines add up to, elsewhere.
    """
    ordered = sorted(spans, key=lambda each: (each.since, each.until, each.statement_id))
    gaps = []
    for before, after in pairwise(ordered):
        if after.since <= before.until:
            continue
        missing = after.since - before.until > timedelta(days=1)
        difference = after.opening_fen - before.closing_fen
        if missing or difference:
            since = before.until + timedelta(days=1) if missing else None
            until = after.since - timedelta(days=1) if missing else None
            gaps.append(Gap(before.statement_id, after.statement_id, since, until, difference))
    return tuple(gaps)
