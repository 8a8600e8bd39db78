"""What moved on one account, a transaction at a time, and how far its book is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from community.kernel import clock, db

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


def closed_through(
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
