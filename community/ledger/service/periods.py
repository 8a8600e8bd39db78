"""Closing periods: first soft, when only adjustments still enter, then for good."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Statements, hot_path
from community.ledger.errors import PeriodNotOver, PeriodOrder, UnknownBook
from community.ledger.rules import PeriodState
from community.ledger.service.held import BOOK_LOCK
from community.ledger.service.publishing import publish_period

_BALANCES = """
INSERT INTO ledger_period_balance (community_id, period_id, account_id, balance)
SELECT a.community_id, ?, a.id, COALESCE(SUM(e.amount), 0) + COALESCE(MAX(b.balance), 0)
FROM ledger_account a
LEFT JOIN ledger_period_balance b ON b.community_id = a.community_id AND b.period_id = ?
 AND b.account_id = a.id
LEFT JOIN ledger_entry e ON e.community_id = a.community_id
 AND e.holder_id = COALESCE(a.parent_id, a.id) AND e.account_id = a.id AND NOT e.is_pending
 AND e.effective_on > ? AND e.effective_on <= ?
WHERE a.community_id = ? AND a.book_id = ? AND NOT a.is_summary
GROUP BY a.community_id, a.id
"""


@hot_path
def close_period(session: Session, actor: Actor, book_id: int, ends_on: date) -> PeriodState:
    """Close a book's period that ends on a day: the first call softly, the second for good.

    A period begins the day after the one before it. Gives how far it is closed now.
    Raises: UnknownBook, PeriodNotOver, PeriodOrder.
    """
    at = db.statements(session)
    if at.is_postgres:
        # Waits for every post into the book that is under way, and they for us.
        at.one("SELECT pg_advisory_xact_lock(?, ?)", (BOOK_LOCK, book_id))
    book = at.one(
        "SELECT soft_closed_through, closed_through FROM ledger_book"
        " WHERE id = ? AND community_id = ?",
        (book_id, actor.community_id),
    )
    if book is None:
        raise UnknownBook
    if ends_on >= clock.today():
        raise PeriodNotOver(day=ends_on.isoformat())
    soft, closed = book
    day = clock.day_number(ends_on)
    if soft == day and (closed is None or closed < day):
        period_id = _close(at, actor, book_id, day, closed)
        told = {"ends_on": ends_on.isoformat(), "state": PeriodState.CLOSED.value}
        publish_period(at, actor.community_id, book_id, period_id, told)
        return PeriodState.CLOSED
    if soft != closed or (closed is not None and day <= closed):
        raise PeriodOrder
    period_id = _close_softly(at, actor, book_id, ends_on, closed)
    told = {"ends_on": ends_on.isoformat(), "state": PeriodState.SOFT.value}
    publish_period(at, actor.community_id, book_id, period_id, told)
    return PeriodState.SOFT


def _close_softly(
    at: Statements, actor: Actor, book_id: int, ends_on: date, closed: int | None
) -> int:
    starts = None
    if closed is not None:
        starts = clock.day_number(clock.from_day_number(closed) + timedelta(days=1))
    day = clock.day_number(ends_on)
    period_id = at.insert(
        "INSERT INTO ledger_period (community_id, book_id, starts_on, ends_on, state,"
        " soft_closed_at) VALUES (?, ?, ?, ?, 'soft', ?)",
        (actor.community_id, book_id, starts, day, clock.micros(clock.now())),
    )
    at.run("UPDATE ledger_book SET soft_closed_through = ? WHERE id = ?", (day, book_id))
    assert period_id is not None
    return period_id


def _close(at: Statements, actor: Actor, book_id: int, day: int, closed: int | None) -> int:
    find = "SELECT id FROM ledger_period WHERE community_id = ? AND book_id = ? AND ends_on = ?"
    period = at.one(find, (actor.community_id, book_id, day))
    before = at.one(find, (actor.community_id, book_id, closed or 0))
    assert period is not None
    at.run(
        _BALANCES,
        (period[0], before[0] if before else 0, closed or 0, day, actor.community_id, book_id),
    )
    at.run(
        "UPDATE ledger_period SET state = 'closed', closed_at = ? WHERE id = ? AND state = 'soft'",
        (clock.micros(clock.now()), period[0]),
    )
    at.run("UPDATE ledger_book SET closed_through = ? WHERE id = ?", (day, book_id))
    return int(period[0])
