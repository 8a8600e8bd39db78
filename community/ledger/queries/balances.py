"""Balances: of an owner now, of an account now and on a past day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.db import Statements
from community.ledger.errors import UnknownAccount
from community.ledger.rules import AccountType, Balance, BookKind

_OWNED = """
SELECT a.id, a.normal, a.posted_debits - a.posted_credits, a.pending_debits, a.pending_credits,
 a.holds_expire_at, a.is_summary
FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id
WHERE a.community_id = ? AND a.owner = ? AND a.parent_id IS NULL AND b.kind = ?
"""
_EXPIRED_HOLDS = """
SELECT COALESCE(SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END), 0),
 COALESCE(SUM(CASE WHEN amount < 0 THEN -amount ELSE 0 END), 0)
FROM ledger_open_hold WHERE community_id = ? AND holder_id = ? AND expires_at <= ?
"""
_LOTS = """
SELECT id, expires_on, posted_credits - posted_debits, pending_debits FROM ledger_account
WHERE community_id = ? AND parent_id = ? ORDER BY COALESCE(expires_on, 99991231), id
"""
_EXPIRED_OF_LOT = """
SELECT COALESCE(SUM(amount), 0) FROM ledger_open_hold
WHERE community_id = ? AND holder_id = ? AND account_id = ? AND expires_at <= ? AND amount > 0
"""

# The running balance at the end of the day by booking …
_BOOKED = """
SELECT a.id, a.normal, a.parent_id, a.late_days, a.early_days,
 (SELECT e.balance_after FROM ledger_entry e
  WHERE e.community_id = a.community_id AND e.holder_id = a.id AND e.booked_on <= ?
  ORDER BY e.booked_on DESC, e.sequence DESC LIMIT 1)
FROM ledger_account a WHERE a.community_id = ? AND a.id IN ({marks})
"""
# … and what counts by then but was booked later, or the other way round: within `late_days` and
# `early_days` of the day asked for, so a short range of a small index each.
_LATE = """
SELECT a.id, (SELECT SUM(e.amount) FROM ledger_entry e
 WHERE e.community_id = a.community_id AND e.holder_id = a.id AND e.effective_on <> e.booked_on
  AND e.effective_on >= ? AND e.effective_on <= ? AND e.booked_on > ? AND e.booked_on <= ?)
FROM ledger_account a WHERE a.community_id = ? AND a.id IN ({marks})
"""
_AT_ONCE = 500
_OF_PATHS = """
SELECT path, id FROM ledger_account WHERE community_id = ? AND book_id = ? AND path IN ({marks})
"""


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of one lot; `expires_on` is its last good day, None for never."""

    account_id: int
    expires_on: date | None
    available: int
    pending: int


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """An account as it stands, in its natural sign."""

    account_id: int
    book_id: int
    unit: str
    path: str
    type: AccountType
    owner: str
    floor: int | None
    ceiling: int | None
    is_open: bool
    balance: Balance
    # What live holds would add, which the ceiling counts.
    incoming: int = 0


def find_account(
    session: Session, community_id: int, kind: BookKind, path: str, name: str = ""
) -> int | None:
    """Find the account of a path in the community's book of a kind and name."""
    row = db.statements(session).one(
        "SELECT a.id FROM ledger_book b JOIN ledger_account a"
        " ON a.community_id = b.community_id AND a.book_id = b.id"
        " WHERE b.community_id = ? AND b.kind = ? AND b.name = ? AND a.path = ?",
        (community_id, kind.value, name, path),
    )
    return None if row is None else int(row[0])


def find_accounts(
    session: Session, community_id: int, book_id: int, paths: Sequence[str]
) -> dict[str, int]:
    """Find the accounts of many paths of a book; those there are none of are left out."""
    sql = _OF_PATHS.format(marks=",".join("?" * len(paths)))
    return dict(db.statements(session).all(sql, (community_id, book_id, *paths)))


def get_account(session: Session, community_id: int, account_id: int) -> AccountBalance:
    """Get an account with its balance now.

    Raises: UnknownAccount.
    """
    at = db.statements(session)
    row = at.one(
        "SELECT id, normal, posted_debits - posted_credits, pending_debits, pending_credits,"
        " holds_expire_at, is_summary, book_id, unit, path, type, owner, floor, ceiling, state"
        " FROM ledger_account WHERE id = ? AND community_id = ?",
        (account_id, community_id),
    )
    if row is None:
        raise UnknownAccount(account=account_id)
    book_id, unit, path, kind, owner, floor, ceiling, state = row[7:]
    return AccountBalance(
        account_id,
        book_id,
        unit,
        path,
        AccountType(kind),
        owner,
        floor,
        ceiling,
        state == "open",
        _balance(at, community_id, row[:7]),
        _incoming(at, community_id, row[:7]),
    )


def balance_of(session: Session, community_id: int, kind: BookKind, owner: str) -> Balance:
    """Tell what an owner has in the books of a kind; expired holds and lots are left out."""
    at = db.statements(session)
    parts = [
        _balance(at, community_id, row) for row in at.all(_OWNED, (community_id, owner, kind.value))
    ]
    return Balance(
        sum(part.available for part in parts),
        sum(part.pending for part in parts),
        sum(part.total for part in parts),
    )


def lots_of(session: Session, community_id: int, kind: BookKind, owner: str) -> tuple[Lot, ...]:
    """List what is left of an owner's live lots, the first to expire first."""
    at = db.statements(session)
    return tuple(
        lot
        for row in at.all(_OWNED, (community_id, owner, kind.value))
        if row[6]
        for lot in _live_lots(at, community_id, row[0])
        if lot.available or lot.pending
    )


def _balance(at: Statements, community_id: int, row: Sequence[Any]) -> Balance:
    account_id, normal, posted, debited, credited, holds_expire_at, is_summary = row
    if is_summary:
        lots = _live_lots(at, community_id, account_id)
        available, pending = sum(lot.available for lot in lots), sum(lot.pending for lot in lots)
        return Balance(available, pending, available + pending)
    now = clock.micros(clock.now())
    if holds_expire_at is not None and holds_expire_at <= now:
        over = at.one(_EXPIRED_HOLDS, (community_id, account_id, now))
        assert over is not None
        debited, credited = debited - over[0], credited - over[1]
    total = normal * posted
    pending = credited if normal == 1 else debited
    return Balance(total - pending, pending, total)


def _incoming(at: Statements, community_id: int, row: Sequence[Any]) -> int:
    """Tell what live holds would add to an account, in its natural sign."""
    account_id, normal, _, debited, credited, holds_expire_at, _ = row
    now = clock.micros(clock.now())
    if holds_expire_at is not None and holds_expire_at <= now:
        over = at.one(_EXPIRED_HOLDS, (community_id, account_id, now))
        assert over is not None
        debited, credited = debited - over[0], credited - over[1]
    return int(debited if normal == 1 else credited)


def _live_lots(at: Statements, community_id: int, summary_id: int) -> list[Lot]:
    """List the lots of a summary; of an expired one only what a live hold still sets aside."""
    now, today = clock.micros(clock.now()), clock.today()
    lots = []
    for account_id, expires, posted, debits in at.all(_LOTS, (community_id, summary_id)):
        expires_on = None if expires is None else clock.from_day_number(expires)
        pending = debits
        if pending:
            over = at.one(_EXPIRED_OF_LOT, (community_id, summary_id, account_id, now))
            assert over is not None
            pending -= over[0]
        is_live = expires_on is None or expires_on >= today
        lots.append(Lot(account_id, expires_on, posted - pending if is_live else 0, pending))
    return lots


def balance_on(
    session: Session, community_id: int, account_id: int, day: date, known_on: date | None = None
) -> int:
    """Tell an account's natural balance at the end of a day, as known on a later one (now if None).

    Of a summary account it is the owner's balance; a lot alone has none of its own in the past.
    Raises: UnknownAccount.
    """
    return balances_on(session, community_id, (account_id,), day, known_on)[account_id]


def balances_on(
    session: Session,
    community_id: int,
    account_ids: Sequence[int],
    day: date,
    known_on: date | None = None,
) -> dict[int, int]:
    """Tell many accounts' natural balances at the end of a day; see `balance_on`.

    Raises: UnknownAccount.
    """
    at = db.statements(session)
    known = 99991231 if known_on is None else clock.day_number(known_on)
    found: dict[int, int] = {}
    for start in range(0, len(account_ids), _AT_ONCE):
        some = tuple(account_ids[start : start + _AT_ONCE])
        found.update(_balances_on(at, community_id, some, day, known))
    return found


def _balances_on(
    at: Statements, community_id: int, account_ids: tuple[int, ...], day: date, known: int
) -> dict[int, int]:
    number = clock.day_number(day)
    sql = _BOOKED.format(marks=",".join("?" * len(account_ids)))
    rows = at.all(sql, (min(number, known), community_id, *account_ids))
    booked = {row[0]: row[5] or 0 for row in rows if row[2] is None}
    for account_id in account_ids:
        if account_id not in booked:
            raise UnknownAccount(account=account_id)
    # Counts by the day, booked after it.
    late = tuple(row[0] for row in rows if row[3])
    if late:
        first = clock.day_number(day - timedelta(days=max(row[3] for row in rows)))
        bounds = (first, number, number, known)
        _add(booked, at, community_id, late, bounds, 1)
    # Booked by the day, counts after it.
    early = tuple(row[0] for row in rows if row[4])
    if early:
        after = clock.day_number(day + timedelta(days=1))
        last = clock.day_number(day + timedelta(days=max(row[4] for row in rows)))
        _add(booked, at, community_id, early, (after, last, 0, min(number, known)), -1)
    return {row[0]: row[1] * booked[row[0]] for row in rows}


def _add(
    balances: dict[int, int],
    at: Statements,
    community_id: int,
    account_ids: tuple[int, ...],
    bounds: tuple[int, int, int, int],
    sign: int,
) -> None:
    """Add what was booked on another day than it counts, within bounds of both days."""
    sql = _LATE.format(marks=",".join("?" * len(account_ids)))
    for account_id, amount in at.all(sql, (*bounds, community_id, *account_ids)):
        balances[account_id] += sign * int(amount or 0)
