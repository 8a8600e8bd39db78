"""Lots: the oldest is spent first, and expiry takes only what is left of its own lot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from community import ledger
from community.kernel import clock, db
from community.ledger import Balance, BookKind
from tests.conftest import NOON
from tests.ledger.books import Books

WANG = "person:7"
DECEMBER = date(2026, 12, 5)
NEXT_YEAR = date(2027, 12, 5)


def earn(books: Books, amount: int, expires_on: date | None, key: str, owner: str = WANG) -> None:
    arguments = (books.book_id, owner, amount, expires_on, "issued", "earn", "s", key)
    db.write(ledger.earn_lot, books.actor, *arguments)


def spend(books: Books, amount: int, key: str) -> ledger.Posted:
    arguments = (books.book_id, WANG, amount, "redeemed", "spend", "s", key)
    made: ledger.Posted = db.write(ledger.spend_lots, books.actor, *arguments)
    return made


def expire(books: Books, on: date) -> int:
    made: int = db.write(ledger.expire_lots, books.actor, books.book_id, on)
    return made


def lots(books: Books) -> list[tuple[date | None, int, int]]:
    with db.read() as session:
        found = ledger.lots_of(session, books.actor.community_id, BookKind.POINTS, WANG)
    return [(lot.expires_on, lot.available, lot.pending) for lot in found]


def test_expiry_takes_what_is_left_and_never_later_points(books: Books) -> None:
    earn(books, 100, DECEMBER, "e1")
    spend(books, 80, "s1")
    earn(books, 50, NEXT_YEAR, "e2")
    with clock.fixed(clock.at(date(2027, 1, 1))):
        assert books.owned(WANG) == Balance(50, 0, 50)
        assert expire(books, date(2027, 1, 1)) == 1
        assert expire(books, date(2027, 1, 1)) == 0
        assert books.owned(WANG) == Balance(50, 0, 50)
    assert [each.amount for each in books.statement(WANG).entries] == [100, -80, 50, -20]
    assert lots(books) == [(date(2027, 12, 31), 50, 0)]


def test_a_lot_lasts_through_its_month(books: Books) -> None:
    earn(books, 100, DECEMBER, "e1")
    with clock.fixed(clock.at(date(2026, 12, 31), 23, 59)):
        assert books.owned(WANG).available == 100
        assert expire(books, date(2026, 12, 31)) == 0
        spend(books, 10, "s1")


def test_the_oldest_lot_is_spent_first_and_the_lasting_one_last(books: Books) -> None:
    earn(books, 30, None, "e1")
    earn(books, 30, NEXT_YEAR, "e2")
    earn(books, 30, DECEMBER, "e3")
    spend(books, 70, "s1")
    assert lots(books) == [(None, 20, 0)]
    page = books.statement(WANG)
    assert [(each.amount, each.balance_after) for each in page.entries] == [
        (30, 30),
        (30, 60),
        (30, 90),
        (-70, 20),
    ]


def test_expired_points_are_not_spent_even_before_the_job_ran(books: Books) -> None:
    earn(books, 100, DECEMBER, "e1")
    earn(books, 5, None, "e2")
    with clock.fixed(clock.at(date(2027, 1, 1))):
        with pytest.raises(ledger.InsufficientBalance, match="可用 5，需要 6"):
            spend(books, 6, "s1")
        spend(books, 5, "s2")
        assert books.owned(WANG) == Balance(0, 0, 0)
        assert books.statement(WANG).closing == 0


def test_more_than_all_lots_is_refused(books: Books) -> None:
    earn(books, 100, DECEMBER, "e1")
    with pytest.raises(ledger.InsufficientBalance):
        spend(books, 101, "s1")


def test_a_repeated_spending_is_one_spending(books: Books) -> None:
    earn(books, 100, DECEMBER, "e1")
    earn(books, 100, NEXT_YEAR, "e2")
    assert spend(books, 80, "s1") == spend(books, 80, "s1")
    assert books.owned(WANG).total == 120


def test_a_hold_on_lots_settles_the_oldest_first(books: Books) -> None:
    earn(books, 30, DECEMBER, "e1")
    earn(books, 30, NEXT_YEAR, "e2")
    ends = NOON + timedelta(hours=1)
    arguments = (books.book_id, WANG, 50, "redeemed", "redeem", "s", "h1", ends)
    hold_id = db.write(ledger.hold_lots, books.actor, *arguments)
    assert db.write(ledger.hold_lots, books.actor, *arguments) == hold_id
    assert books.owned(WANG) == Balance(10, 50, 60)
    with clock.fixed(ends):
        assert books.owned(WANG) == Balance(60, 0, 60)
    db.write(ledger.settle, books.actor, hold_id, "s1", 40)
    assert lots(books) == [(date(2027, 12, 31), 20, 0)]


def test_an_expired_hold_frees_the_lots_for_the_next_spending(books: Books) -> None:
    earn(books, 30, DECEMBER, "e1")
    ends = NOON + timedelta(hours=1)
    arguments = (books.book_id, WANG, 30, "redeemed", "redeem", "s", "h1", ends)
    db.write(ledger.hold_lots, books.actor, *arguments)
    with pytest.raises(ledger.InsufficientBalance):
        spend(books, 1, "s1")
    with clock.fixed(ends):
        spend(books, 30, "s2")


def test_what_a_hold_sets_aside_does_not_expire_with_its_lot(books: Books) -> None:
    earn(books, 30, DECEMBER, "e1")
    ends = clock.at(date(2027, 1, 10))
    arguments = (books.book_id, WANG, 20, "redeemed", "redeem", "s", "h1", ends)
    hold_id = db.write(ledger.hold_lots, books.actor, *arguments)
    with clock.fixed(clock.at(date(2027, 1, 2))):
        assert expire(books, date(2027, 1, 2)) == 1
        assert books.owned(WANG) == Balance(0, 20, 20)
        db.write(ledger.settle, books.actor, hold_id, "s1")
        assert books.owned(WANG) == Balance(0, 0, 0)


def test_a_gift_keeps_its_day(books: Books) -> None:
    earn(books, 30, DECEMBER, "e1")
    earn(books, 30, NEXT_YEAR, "e2")
    arguments = (books.book_id, WANG, "person:8", 40, "gift", "s", "g1")
    first = db.write(ledger.move_lots, books.actor, *arguments)
    assert db.write(ledger.move_lots, books.actor, *arguments) == first
    assert books.owned(WANG).available == 20
    with clock.fixed(clock.at(date(2027, 1, 1))):
        assert books.owned("person:8").available == 10


def test_all_that_is_available_moves_to_the_heir_in_every_book(books: Books) -> None:
    earn(books, 30, DECEMBER, "e1", owner="person:1x")
    books.give(books.wang, 12, "k1")
    moved = db.write(ledger.move_balances, books.actor, "person:1", "person:2", "heir", "m1")
    assert moved == 1
    assert (books.owned("person:1").total, books.owned("person:2").total) == (0, 12)
    db.write(ledger.move_balances, books.actor, "person:1x", "person:3", "heir", "m2")
    assert books.owned("person:3").total == 30


def test_entries_go_to_a_lot_never_to_the_summary(books: Books) -> None:
    earn(books, 30, DECEMBER, "e1")
    with db.read() as session:
        summary = ledger.find_account(
            session, books.actor.community_id, BookKind.POINTS, "person/7"
        )
    assert summary is not None
    with pytest.raises(ledger.SummaryAccount):
        books.give(summary, 5, "k1")


def test_a_person_sees_every_entry_and_what_they_recorded(books: Books) -> None:
    earn(books, 30, DECEMBER, "e1")
    himself = replace(books.actor, person_id=7, is_system=False)
    arguments = (books.book_id, WANG, 5, "redeemed", "spend", "s", "s1")
    spent = db.write(ledger.spend_lots, himself, *arguments)
    with db.read() as session:
        copy = ledger.export_person(session, books.actor.community_id, 7)
        nobody = ledger.export_person(session, books.actor.community_id, 8)
    assert [each["amount"] for each in copy["entries"]] == [30, -5]
    assert copy["recorded_transactions"] == [spent.transaction_id]
    assert nobody == {"entries": [], "recorded_transactions": [], "approved_proposals": []}
