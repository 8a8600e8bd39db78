"""Summing a fund's own accounts up by day, some entries at a time, as a tidy-up."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.trust_property.queries.fund import funds

AT_ONCE = 2_000

_ADD = """
INSERT INTO trust_day_total
 (community_id, account_id, day, purpose, debits_fen, credits_fen, entries)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (community_id, account_id, day, purpose) DO UPDATE SET
 debits_fen = trust_day_total.debits_fen + excluded.debits_fen,
 credits_fen = trust_day_total.credits_fen + excluded.credits_fen,
 entries = trust_day_total.entries + excluded.entries
"""
_MARK = """
INSERT INTO trust_day_total_mark (community_id, account_id, place, booked_on)
VALUES (?, ?, ?, ?)
ON CONFLICT (community_id, account_id) DO UPDATE SET
 place = excluded.place, booked_on = excluded.booked_on
"""
_MARKS = "SELECT account_id, place, booked_on FROM trust_day_total_mark WHERE community_id = ?"


def sum_days_up(session: Session, actor: Actor) -> int:
    """Sum up what was entered since the last time; tells how many entries, at most a few thousand.

    Pages do not depend on it: what it has not reached they read from the books.
    """
    left = AT_ONCE
    marks = {
        row[0]: (row[1], row[2])
        for row in db.statements(session).all(_MARKS, (actor.community_id,))
    }
    for fund in funds(session, actor):
        for book_id in (fund.book_id, fund.reserve_book_id):
            for account in ledger.book_accounts(session, actor.community_id, book_id):
                place, booked_on = marks.get(account.account_id, (0, 0))
                if left and account.place > place:
                    until = min(account.place, place + left)
                    _sum_up(session, actor, account.account_id, (place, booked_on), until)
                    left -= until - place
    return AT_ONCE - left


def _sum_up(
    session: Session, actor: Actor, account_id: int, mark: tuple[int, int], until: int
) -> None:
    at = db.statements(session)
    place, booked_on = mark
    where = (actor.community_id, account_id)
    found = ledger.day_moves_after(session, *where, booked_on, place, until)
    at.many(
        _ADD,
        [
            (
                *where,
                clock.day_number(each.day),
                each.purpose,
                each.debits,
                each.credits,
                each.entries,
            )
            for each in found
        ],
    )
    reached = ledger.entry_booked_on(session, *where, booked_on, until)
    assert reached is not None
    at.run(_MARK, (*where, until, reached))
