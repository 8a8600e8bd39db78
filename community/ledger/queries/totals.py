"""Totals over a book, and what became of holds: for checks and desks, not for the hot path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.ledger.rules import Balance, BookKind

OPEN_HOLD = "open"
_IDS_AT_ONCE = 400

_OWED = """
SELECT COALESCE(SUM(a.posted_credits - a.posted_debits), 0), COALESCE(SUM(a.pending_debits), 0)
FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id
WHERE a.community_id = ? AND b.kind = ? AND a.type = 'liability' AND NOT a.is_summary
 AND (a.expires_on IS NULL OR a.expires_on >= ?)
"""
_FREE_AGAIN = """
SELECT COALESCE(SUM(h.amount), 0) FROM ledger_open_hold h
JOIN ledger_account a ON a.id = h.account_id JOIN ledger_book b ON b.id = a.book_id
WHERE h.community_id = ? AND b.kind = ? AND a.type = 'liability' AND h.amount > 0
 AND h.expires_at <= ? AND (a.expires_on IS NULL OR a.expires_on >= ?)
"""


def total_balance(session: Session, community_id: int, kind: BookKind) -> Balance:
    """Tell what all owners of a book hold together; expired lots and holds are left out."""
    at = db.statements(session)
    today = clock.day_number(clock.today())
    owed = at.one(_OWED, (community_id, kind.value, today))
    free = at.one(_FREE_AGAIN, (community_id, kind.value, clock.micros(clock.now()), today))
    assert owed is not None
    assert free is not None
    total, pending = int(owed[0]), int(owed[1]) - int(free[0])
    return Balance(total - pending, pending, total)


def states_of_holds(session: Session, community_id: int, hold_ids: Iterable[int]) -> dict[int, str]:
    """Tell of each hold whether it is open, or what resolved it: settle, release or expire."""
    at = db.statements(session)
    asked = sorted(set(hold_ids))
    found: dict[int, str] = {}
    for start in range(0, len(asked), _IDS_AT_ONCE):
        some = asked[start : start + _IDS_AT_ONCE]
        marks = ", ".join("?" for _ in some)
        rows = at.all(
            "SELECT h.id, r.kind FROM ledger_transaction h LEFT JOIN ledger_transaction r"  # noqa: S608  only marks are put in
            " ON r.community_id = h.community_id AND r.resolves = h.id"
            f" WHERE h.community_id = ? AND h.kind = 'hold' AND h.id IN ({marks})",
            (community_id, *some),
        )
        found |= {int(hold_id): kind or OPEN_HOLD for hold_id, kind in rows}
    return found


def moved_between(
    session: Session,
    community_id: int,
    book_id: int,
    since: date,
    until: date,
    purposes: Sequence[str],
    prefix: str,
) -> int:
    """Sum what some purposes moved on accounts below a path, both days included.

    Debits count positive. `prefix` ends with a slash, as `bank/`.
    """
    marks = ",".join("?" * len(purposes))
    row = db.statements(session).one(
        "SELECT COALESCE(SUM(e.amount), 0) FROM ledger_transaction t"  # noqa: S608  only marks
        " JOIN ledger_entry e ON e.community_id = t.community_id AND e.transaction_id = t.id"
        " JOIN ledger_account a ON a.id = e.account_id"
        " WHERE t.community_id = ? AND t.book_id = ? AND NOT e.is_pending"
        " AND e.effective_on >= ? AND e.effective_on <= ?"
        f" AND t.purpose IN ({marks}) AND SUBSTR(a.path, 1, ?) = ?",
        (
            community_id,
            book_id,
            clock.day_number(since),
            clock.day_number(until),
            *purposes,
            len(prefix),
            prefix,
        ),
    )
    assert row is not None
    return int(row[0])
