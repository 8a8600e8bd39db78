"""What moved on accounts day by day and purpose by purpose, and a book's accounts and sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.ledger.rules import AccountType, normal_side

_ACCOUNTS = """
SELECT id, path, type, owner, floor, ceiling, posted_debits - posted_credits, sequence,
 last_booked_on
FROM ledger_account
WHERE community_id = ? AND owner = ? AND book_id = ? AND NOT is_summary ORDER BY path
"""
# `booked_on` never goes back within a statement, so what follows is one range of its index.
_AFTER = """
SELECT e.effective_on, t.purpose, SUM(CASE WHEN e.amount > 0 THEN e.amount ELSE 0 END),
 SUM(CASE WHEN e.amount < 0 THEN -e.amount ELSE 0 END), COUNT(*)
FROM ledger_entry e JOIN ledger_transaction t ON t.id = e.transaction_id
WHERE e.community_id = ? AND e.holder_id = ? AND e.booked_on >= ? AND e.sequence > ?
 AND e.sequence <= ?
GROUP BY e.effective_on, t.purpose
"""
_BOOKED_AT = """
SELECT booked_on FROM ledger_entry
WHERE community_id = ? AND holder_id = ? AND booked_on >= ? AND sequence = ?
"""
_ON = """
SELECT e.transaction_id, SUM(e.amount), t.purpose, t.source, t.reverses, t.recorded_at
FROM ledger_entry e JOIN ledger_transaction t ON t.id = e.transaction_id
WHERE e.community_id = ? AND e.holder_id = ? AND e.account_id = ? AND e.effective_on = ?
 AND (e.effective_on = e.booked_on AND e.booked_on = ? OR e.effective_on <> e.booked_on)
 AND t.purpose = ? AND e.transaction_id < ?
GROUP BY e.transaction_id, t.purpose, t.source, t.reverses, t.recorded_at
HAVING SUM(e.amount) <> 0
ORDER BY e.transaction_id DESC LIMIT ?
"""
# A resident's account is counted in its group, as the public log tells it. What a transaction
# moves on an account counts once, on the side it ends up on.
_MOVED = """
SELECT m.account_id, m.purpose, SUM(CASE WHEN m.day < ? THEN m.amount ELSE 0 END),
 SUM(CASE WHEN m.day >= ? AND m.amount > 0 THEN m.amount ELSE 0 END),
 SUM(CASE WHEN m.day >= ? AND m.amount < 0 THEN -m.amount ELSE 0 END)
FROM (
 SELECT CASE WHEN a.public_as < 0 THEN a.public_as ELSE a.id END AS account_id, t.purpose,
  t.effective_on AS day, SUM(e.amount) AS amount
 FROM ledger_transaction t
 JOIN ledger_entry e ON e.community_id = t.community_id AND e.transaction_id = t.id
 JOIN ledger_account a ON a.id = e.account_id
 WHERE t.community_id = ? AND t.book_id = ? AND NOT e.is_pending AND t.effective_on <= ?
  AND t.recorded_at <= ?
 GROUP BY t.id, CASE WHEN a.public_as < 0 THEN a.public_as ELSE a.id END, t.purpose,
  t.effective_on
) m GROUP BY m.account_id, m.purpose ORDER BY m.account_id, m.purpose
"""
_NAMES = """
SELECT a.id, a.path, a.type FROM ledger_account a
WHERE a.community_id = ? AND a.book_id = ? AND COALESCE(a.public_as, 0) >= 0
"""
_GROUPS = """
SELECT -g.id, g.path, (SELECT MIN(a.type) FROM ledger_account a
 WHERE a.community_id = g.community_id AND a.book_id = g.book_id AND a.public_as = -g.id)
FROM ledger_public_group g WHERE g.community_id = ? AND g.book_id = ?
"""
_HELD = """
SELECT e.account_id, SUM(e.amount) FROM ledger_transaction t
JOIN ledger_entry e ON e.community_id = t.community_id AND e.transaction_id = t.id
LEFT JOIN ledger_transaction r ON r.community_id = t.community_id AND r.resolves = t.id
 AND r.effective_on <= ? AND r.recorded_at <= ?
WHERE t.community_id = ? AND t.book_id = ? AND t.kind = 'hold' AND e.is_pending
 AND t.effective_on <= ? AND t.recorded_at <= ? AND t.expires_at >= ? AND r.id IS NULL
GROUP BY e.account_id
"""
_LARGE = """
SELECT t.id, t.effective_on, t.purpose, t.source, a.path, SUM(e.amount) FROM ledger_transaction t
JOIN ledger_entry e ON e.community_id = t.community_id AND e.transaction_id = t.id
JOIN ledger_account a ON a.id = e.account_id
WHERE t.community_id = ? AND t.book_id = ? AND NOT e.is_pending AND a.type = 'expense'
 AND t.effective_on >= ? AND t.effective_on <= ? AND t.recorded_at <= ?
GROUP BY t.id, t.effective_on, t.purpose, t.source, a.path HAVING SUM(e.amount) > ?
ORDER BY t.effective_on, t.id
"""


@dataclass(frozen=True, slots=True)
class BookAccount:
    """An account of a book; `balance` in its natural sign, `place` is its last statement entry."""

    account_id: int
    path: str
    type: AccountType
    owner: str
    floor: int | None
    ceiling: int | None
    balance: int
    place: int
    booked_on: int


@dataclass(frozen=True, slots=True)
class DayMove:
    """What one purpose moved on an account on the day it counts."""

    day: date
    purpose: str
    debits: int
    credits: int
    entries: int


@dataclass(frozen=True, slots=True)
class DayEntry:
    """What a transaction did to an account, debits positive."""

    transaction_id: int
    amount: int
    purpose: str
    source: str
    reverses: int | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AccountMoves:
    """An account over a period: its balance before, and what each purpose debited and credited.

    `opening` and `held` are in the natural sign; `account_id` is negative for a group of
    residents' accounts.
    """

    account_id: int
    path: str
    type: AccountType
    opening: int
    moves: tuple[tuple[str, int, int], ...]
    held: int


@dataclass(frozen=True, slots=True)
class LargeEntry:
    """What one transaction put on an expense account."""

    transaction_id: int
    day: date
    purpose: str
    source: str
    path: str
    amount: int


def book_accounts(
    session: Session, community_id: int, book_id: int, owner: str = ""
) -> tuple[BookAccount, ...]:
    """List the accounts of one owner in a book, by path; the book's own are those of nobody."""
    rows = db.statements(session).all(_ACCOUNTS, (community_id, owner, book_id))
    return tuple(
        BookAccount(
            row[0],
            row[1],
            AccountType(row[2]),
            row[3],
            row[4],
            row[5],
            normal_side(AccountType(row[2])) * row[6],
            row[7],
            row[8],
        )
        for row in rows
    )


def public_account_paths(
    session: Session, community_id: int, book_id: int
) -> dict[int, tuple[str, AccountType]]:
    """Tell path and type of the accounts the public log tells; groups have negative numbers."""
    at = db.statements(session)
    where = (community_id, book_id)
    rows = (*at.all(_NAMES, where), *at.all(_GROUPS, where))
    return {row[0]: (row[1], AccountType(row[2])) for row in rows}


def day_moves_after(
    session: Session, community_id: int, account_id: int, booked_on: int, place: int, until: int
) -> tuple[DayMove, ...]:
    """Sum an account's statement from behind one place up to another, by day and purpose.

    `booked_on` is the day number of the first place, 0 for the beginning.
    """
    rows = db.statements(session).all(_AFTER, (community_id, account_id, booked_on, place, until))
    return tuple(
        DayMove(clock.from_day_number(row[0]), row[1], int(row[2]), int(row[3]), row[4])
        for row in rows
    )


def entry_booked_on(
    session: Session, community_id: int, account_id: int, booked_on: int, place: int
) -> int | None:
    """Tell the day number on which a place of a statement was booked, looked for from a day on."""
    row = db.statements(session).one(_BOOKED_AT, (community_id, account_id, booked_on, place))
    return None if row is None else int(row[0])


def entries_on(
    session: Session,
    community_id: int,
    account_id: int,
    day: date,
    purpose: str,
    before: int | None = None,
    most: int = 60,
) -> tuple[DayEntry, ...]:
    """List what a purpose moved on an account on the day it counts, the newest first."""
    number = clock.day_number(day)
    bound = before or 2**62
    rows = db.statements(session).all(
        _ON, (community_id, account_id, account_id, number, number, purpose, bound, most)
    )
    return tuple(
        DayEntry(row[0], int(row[1]), row[2], row[3], row[4], clock.from_micros(row[5]))
        for row in rows
    )


def moves_in_period(
    session: Session, community_id: int, book_id: int, since: date, until: date, known: datetime
) -> tuple[AccountMoves, ...]:
    """Tell what moved on every account of a book in a period, as known at a moment.

    Residents' accounts are summed in the groups in which the public log tells them.
    """
    at = db.statements(session)
    first, last = clock.day_number(since), clock.day_number(until)
    moment = clock.micros(known)
    where = (community_id, book_id)
    names = public_account_paths(session, community_id, book_id)
    found: dict[int, list[tuple[str, int, int, int]]] = {}
    for account_id, purpose, *sums in at.all(_MOVED, (first, first, first, *where, last, moment)):
        before, debits, credited = map(int, sums)
        found.setdefault(account_id, []).append((purpose, before, debits, credited))
    # A hold sets nothing aside any more on the day it expires.
    ends = clock.micros(clock.at(until + timedelta(days=1)))
    asked = (last, moment, *where, last, moment, ends)
    held = {row[0]: int(row[1]) for row in at.all(_HELD, asked)}
    return tuple(
        _account_moves(key, names[key], found.get(key, []), held.get(key, 0))
        for key in sorted(set(found) | set(held), key=lambda key: (names[key][0], key))
    )


def large_entries(
    session: Session,
    community_id: int,
    book_id: int,
    since: date,
    until: date,
    known: datetime,
    above: int,
) -> tuple[LargeEntry, ...]:
    """List what single transactions put on expense accounts above an amount, oldest first."""
    span = (clock.day_number(since), clock.day_number(until), clock.micros(known))
    rows = db.statements(session).all(_LARGE, (community_id, book_id, *span, above))
    return tuple(
        LargeEntry(row[0], clock.from_day_number(row[1]), row[2], row[3], row[4], int(row[5]))
        for row in rows
    )


def _account_moves(
    key: int,
    name: tuple[str, AccountType],
    rows: Sequence[tuple[str, int, int, int]],
    held: int,
) -> AccountMoves:
    path, kind = name
    sign = normal_side(kind)
    opening = sign * sum(row[1] for row in rows)
    moves = tuple((row[0], row[2], row[3]) for row in rows if row[2] or row[3])
    return AccountMoves(key, path, kind, opening, moves, sign * held)
