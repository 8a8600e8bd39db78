"""What moved on one account, a transaction at a time, and how far its book is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.ledger.errors import UnknownTransaction
from community.ledger.rules import Line

_MOVES = """
SELECT e.transaction_id, MIN(e.effective_on), SUM(e.amount), t.purpose, t.source, t.reverses
FROM ledger_entry e JOIN ledger_transaction t ON t.id = e.transaction_id
WHERE e.community_id = ? AND e.holder_id = ? AND e.account_id = ? AND NOT e.is_pending
 AND e.effective_on >= ? AND e.effective_on <= ?
GROUP BY e.transaction_id, t.purpose, t.source, t.reverses
HAVING SUM(e.amount) <> 0
ORDER BY MIN(e.effective_on), e.transaction_id
"""


@dataclass(frozen=True, slots=True)
class Move:
    """What a transaction did to an account; debits are positive."""

    transaction_id: int
    effective_on: date
    amount: int
    purpose: str
    source: str
    reverses: int | None


def moves_of(
    session: Session, community_id: int, account_id: int, since: date, until: date
) -> tuple[Move, ...]:
    """List what moved on an account that is no summary, both days included."""
    span = (clock.day_number(since), clock.day_number(until))
    rows = db.statements(session).all(_MOVES, (community_id, account_id, account_id, *span))
    return tuple(
        Move(row[0], clock.from_day_number(row[1]), int(row[2]), row[3], row[4], row[5])
        for row in rows
    )


def get_move(session: Session, community_id: int, transaction_id: int) -> Move:
    """Get what a transaction was; its amount is what it booked on its debit side.

    Raises: UnknownTransaction.
    """
    row = db.statements(session).one(
        "SELECT t.id, t.effective_on, t.purpose, t.source, t.reverses,"
        " (SELECT COALESCE(SUM(e.amount), 0) FROM ledger_entry e WHERE e.transaction_id = t.id"
        " AND e.amount > 0 AND NOT e.is_pending)"
        " FROM ledger_transaction t WHERE t.community_id = ? AND t.id = ?",
        (community_id, transaction_id),
    )
    if row is None:
        raise UnknownTransaction
    day = clock.from_day_number(row[1])
    return Move(row[0], day, int(row[5]), row[2], row[3], row[4])


def lines_of(session: Session, community_id: int, transaction_id: int) -> tuple[Line, ...]:
    """List what a transaction booked, pending lines left out, in its own order."""
    rows = db.statements(session).all(
        "SELECT account_id, amount FROM ledger_entry WHERE community_id = ?"
        " AND transaction_id = ? AND NOT is_pending ORDER BY line",
        (community_id, transaction_id),
    )
    return tuple(Line(account_id, int(amount)) for account_id, amount in rows)


def held_lines(session: Session, community_id: int, hold_id: int) -> tuple[Line, ...]:
    """List what an open hold sets aside, in its own order; empty once it is resolved."""
    rows = db.statements(session).all(
        "SELECT account_id, amount FROM ledger_open_hold WHERE community_id = ? AND hold_id = ?"
        " ORDER BY line",
        (community_id, hold_id),
    )
    return tuple(Line(account_id, int(amount)) for account_id, amount in rows)


def closed_periods(
    session: Session, community_id: int, book_id: int
) -> tuple[date | None, date | None]:
    """Tell the last day closed softly, and the last one closed for good."""
    row = db.statements(session).one(
        "SELECT soft_closed_through, closed_through FROM ledger_book"
        " WHERE community_id = ? AND id = ?",
        (community_id, book_id),
    )
    if row is None:
        return None, None
    soft, closed = (None if day is None else clock.from_day_number(day) for day in row)
    return soft, closed
