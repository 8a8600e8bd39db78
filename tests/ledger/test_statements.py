"""Statements and past balances, against a plain model of what was posted when."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community import ledger
from community.kernel import clock, db
from community.kernel.errors import BadInput
from tests.ledger.books import Books, make_books, open_books

START = date(2026, 6, 1)


def post_days(books: Books, days: list[int]) -> None:
    """Post 1, 2, 4, … on days counted from the start."""
    for number, offset in enumerate(days):
        with clock.fixed(clock.at(START + timedelta(days=offset), 9)):
            books.give(books.wang, 2**number, f"k{number}")


def test_a_statement_opens_runs_and_closes(books: Books) -> None:
    post_days(books, [0, 1, 1, 5])
    page = books.statement("person:1", START + timedelta(days=1), START + timedelta(days=4))
    assert (page.opening, page.closing, page.next_cursor) == (1, 7, None)
    assert [(each.amount, each.balance_after) for each in page.entries] == [(2, 3), (4, 7)]
    assert page.entries[0].occurred_on == START + timedelta(days=1)
    nothing = books.statement("person:1", date(2030, 1, 1), date(2030, 2, 1))
    assert (nothing.opening, nothing.entries, nothing.closing) == (15, (), 15)
    assert books.statement("person:99").entries == ()


def test_pages_follow_each_other_without_gap_or_overlap(books: Books) -> None:
    post_days(books, [0, 0, 0, 1, 1, 2, 3])
    amounts, after = [], None
    while True:
        page = books.statement("person:1", limit=3, after=after)
        amounts += [each.amount for each in page.entries]
        assert (page.opening, page.closing) == (0, 127)
        after = page.next_cursor
        if after is None:
            break
    assert amounts == [1, 2, 4, 8, 16, 32, 64]


def test_newest_first_is_the_same_statement_backwards(books: Books) -> None:
    post_days(books, [0, 0, 1, 2, 2])
    where = (books.actor.community_id, ledger.BookKind.POINTS, "person:1", None, None)
    with db.read() as session:
        first = ledger.statement(session, *where, limit=2, newest_first=True)
        rest = ledger.statement(session, *where, first.next_cursor, limit=20, newest_first=True)
    assert [each.amount for each in first.entries + rest.entries] == [16, 8, 4, 2, 1]
    assert [each.balance_after for each in first.entries] == [31, 15]


@pytest.mark.parametrize("cursor", ["", "x", "1", "-", "20260101-x", "٣-1", "1" * 30 + "-1"])
def test_a_cursor_that_is_not_ours_is_bad_input(books: Books, cursor: str) -> None:
    with pytest.raises(BadInput):
        books.statement("person:1", after=cursor)


def test_an_owner_with_several_accounts_names_one(books: Books) -> None:
    open_one = (books.actor, books.book_id, "PTS", "shop/paid", ledger.AccountType.LIABILITY)
    db.write(ledger.ensure_account, *open_one, "person:1", 0)
    books.give(books.wang, 5, "k1")
    with db.read() as session:
        where = (session, books.actor.community_id, ledger.BookKind.POINTS, "person:1", None, None)
        assert ledger.statement(*where, path="person/1").closing == 5
        assert ledger.statement(*where, path="shop/paid").closing == 0


def test_a_late_entry_counts_on_its_day_from_when_it_was_known(books: Books) -> None:
    post_days(books, [0, 10])
    with clock.fixed(clock.at(START + timedelta(days=12))):
        books.give(books.wang, 100, "late", on=START + timedelta(days=3))
    third, eleventh = START + timedelta(days=3), START + timedelta(days=11)
    assert books.on(books.wang, START + timedelta(days=2)) == 1
    assert books.on(books.wang, third) == 101
    assert books.on(books.wang, eleventh) == 103
    assert books.on(books.wang, third, known_on=eleventh) == 1
    assert books.on(books.wang, eleventh, known_on=eleventh) == 3


@dataclass(frozen=True)
class Booked:
    booked: int
    effective: int
    amount: int


MOVES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-6, 4), st.integers(-40, 60).filter(bool)),
    min_size=1,
    max_size=25,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(MOVES, st.randoms(use_true_random=False))
def test_any_history_reads_like_its_plain_model(
    books: Books, moves: list[tuple[int, int, int]], chance: random.Random
) -> None:
    mine = open_books(books.actor, f"b{next(NUMBERS)}")
    model: list[Booked] = []
    today = 0
    for number, (later, shift, amount) in enumerate(moves):
        today += later
        with clock.fixed(clock.at(START + timedelta(days=today), 9)):
            day = START + timedelta(days=today + shift)
            lines = (mine.issued, mine.wang) if amount > 0 else (mine.wang, mine.issued)
            try:
                mine.post(
                    (ledger.debit(lines[0], abs(amount)), ledger.credit(lines[1], abs(amount))),
                    f"k{number}",
                    day,
                )
            except ledger.InsufficientBalance:
                assert sum(each.amount for each in model) + amount < 0
                continue
        model.append(Booked(today, today + shift, amount))
    assert mine.balance(mine.wang).total == sum(each.amount for each in model)
    for _ in range(6):
        on, known = chance.randint(-7, today + 5), chance.randint(-1, today + 1)
        expected = sum(x.amount for x in model if x.effective <= on and x.booked <= known)
        found = mine.on(mine.wang, START + timedelta(days=on), START + timedelta(days=known))
        assert found == expected
    check_statement(mine, model, chance, today)


def check_statement(mine: Books, model: list[Booked], chance: random.Random, today: int) -> None:
    first = chance.randint(-1, today + 1)
    last = chance.randint(first, today + 2)
    with db.read() as session:
        page = ledger.statement(
            session,
            mine.actor.community_id,
            ledger.BookKind.POINTS,
            "person:1",
            START + timedelta(days=first),
            START + timedelta(days=last),
            name=book_name(mine),
        )
    inside = [each.amount for each in model if first <= each.booked <= last]
    assert [each.amount for each in page.entries] == inside
    assert page.opening == sum(each.amount for each in model if each.booked < first)
    assert page.closing == page.opening + sum(inside)
    running = page.opening
    for entry in page.entries:
        running += entry.amount
        assert entry.balance_after == running


NUMBERS = iter(range(10**6))


def book_name(mine: Books) -> str:
    with db.read() as session:
        row = db.statements(session).one(
            "SELECT name FROM ledger_book WHERE id = ?", (mine.book_id,)
        )
    assert row is not None
    return str(row[0])


def test_a_balance_of_another_community_is_unknown(books: Books) -> None:
    other = make_books(slug="other")
    with db.read() as session, pytest.raises(ledger.UnknownAccount):
        ledger.balance_on(session, other.actor.community_id, books.wang, START)
