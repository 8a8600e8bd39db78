"""Periods: soft, then closed for good; what is effective inside one stays out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from community import ledger
from community.kernel import db
from community.ledger import PeriodState, Posting, credit, debit
from tests.ledger.books import Books, make_books

SEPTEMBER, OCTOBER, TODAY = date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 22)


def close(books: Books, ends_on: date) -> PeriodState:
    made: PeriodState = db.write(ledger.close_period, books.actor, books.book_id, ends_on)
    return made


def test_a_closed_period_takes_nothing_more(books: Books) -> None:
    books.give(books.wang, 100, "k1", on=date(2026, 10, 5))
    assert close(books, OCTOBER) is PeriodState.SOFT
    with pytest.raises(ledger.PeriodClosed, match="2026-10-31"):
        books.give(books.wang, 1, "k2", on=OCTOBER)
    lines = (debit(books.issued, 1), credit(books.wang, 1))
    adjusting = Posting(books.book_id, lines, "p", "s", "k3", OCTOBER, is_adjusting=True)
    db.write(ledger.post, books.actor, adjusting)
    assert close(books, OCTOBER) is PeriodState.CLOSED
    late = Posting(books.book_id, lines, "p", "s", "k4", OCTOBER, is_adjusting=True)
    with pytest.raises(ledger.PeriodClosed):
        db.write(ledger.post, books.actor, late)
    books.give(books.wang, 1, "k5", on=OCTOBER + timedelta(days=1))


def test_a_key_used_before_the_close_still_answers(books: Books) -> None:
    first = books.give(books.wang, 100, "k1", on=OCTOBER)
    close(books, OCTOBER)
    close(books, OCTOBER)
    assert books.give(books.wang, 100, "k1", on=OCTOBER) == first


def test_periods_close_in_order_and_once(books: Books) -> None:
    close(books, SEPTEMBER)
    with pytest.raises(ledger.PeriodOrder):
        close(books, OCTOBER)
    close(books, SEPTEMBER)
    with pytest.raises(ledger.PeriodOrder):
        close(books, SEPTEMBER)
    with pytest.raises(ledger.PeriodOrder):
        close(books, date(2026, 8, 31))
    close(books, OCTOBER)
    assert close(books, OCTOBER) is PeriodState.CLOSED


def test_a_period_closes_only_when_it_is_over(books: Books) -> None:
    with pytest.raises(ledger.PeriodNotOver):
        close(books, TODAY)
    close(books, TODAY - timedelta(days=1))


def test_balances_at_close_carry_over(books: Books) -> None:
    books.give(books.wang, 100, "k1", on=date(2026, 9, 5))
    books.give(books.wang, 20, "k2", on=date(2026, 10, 5))
    for day in (SEPTEMBER, SEPTEMBER, OCTOBER, OCTOBER):
        close(books, day)
    with db.read() as session:
        rows = db.statements(session).all(
            "SELECT balance FROM ledger_period_balance WHERE account_id = ? ORDER BY period_id",
            (books.wang,),
        )
    assert rows == [(-100,), (-120,)]


def test_a_reversal_of_a_closed_day_counts_today(books: Books) -> None:
    posted = books.give(books.wang, 100, "k1", on=date(2026, 10, 5))
    close(books, OCTOBER)
    close(books, OCTOBER)
    undone = db.write(ledger.reverse, books.actor, posted.transaction_id, "错", "r1")
    assert undone.effective_on == TODAY


def test_the_book_of_another_community_is_not_closed(books: Books) -> None:
    other = make_books(slug="other")
    with pytest.raises(ledger.UnknownBook):
        db.write(ledger.close_period, other.actor, books.book_id, OCTOBER)
