"""Posting and reversing: what is accepted, what is refused, what a repeated key answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import KeyReused
from community.ledger import AccountType, Balance, Posting, credit, debit
from tests.ledger.books import Books, make_books, open_account

TODAY = date(2026, 11, 22)


def test_a_post_moves_both_balances(books: Books) -> None:
    posted = books.give(books.wang, 100, "k1")
    assert posted.effective_on == TODAY
    assert books.balance(books.wang) == Balance(100, 0, 100)
    assert books.balance(books.issued).total == 100


def test_nothing_is_spent_below_the_floor(books: Books) -> None:
    books.give(books.wang, 100, "k1")
    with pytest.raises(ledger.InsufficientBalance, match="可用 100，需要 101") as refusal:
        books.move(books.wang, books.li, 101, "k2")
    assert refusal.value.facts == {"available": 100, "needed": 101}
    books.move(books.wang, books.li, 100, "k3")
    assert books.balance(books.wang).total == 0


def test_nothing_rises_above_the_ceiling(books: Books) -> None:
    db.write(ledger.change_limits, books.actor, books.wang, 0, 150)
    books.give(books.wang, 100, "k1")
    with pytest.raises(ledger.CeilingReached) as refusal:
        books.give(books.wang, 51, "k2")
    assert refusal.value.facts == {"room": 50, "needed": 51}
    books.give(books.wang, 50, "k3")


def test_lines_of_one_account_are_judged_together(books: Books) -> None:
    lines = (
        debit(books.wang, 30),
        credit(books.wang, 30),
        debit(books.issued, 1),
        credit(books.li, 1),
    )
    books.post(lines, "k1")
    assert books.balance(books.wang).total == 0
    assert len(books.statement("person:1").entries) == 1


def test_a_repeated_key_answers_the_first_result(books: Books) -> None:
    first = books.give(books.wang, 100, "k1")
    books.move(books.wang, books.li, 100, "k2")
    assert books.give(books.wang, 100, "k1") == first
    assert books.balance(books.wang).total == 0
    assert books.move(books.wang, books.li, 100, "k2").transaction_id > first.transaction_id
    with pytest.raises(KeyReused):
        books.give(books.wang, 101, "k1")


def test_the_same_key_is_free_in_another_book(books: Books) -> None:
    books.give(books.wang, 100, "k1")
    other = make_books(slug="other")
    other.give(other.wang, 7, "k1")
    assert other.balance(other.wang).total == 7


def test_accounts_of_another_book_or_community_are_unknown(books: Books) -> None:
    other = make_books(slug="other")
    with pytest.raises(ledger.UnknownAccount):
        books.post((debit(books.issued, 5), credit(other.wang, 5)), "k1")
    stranger = Books(other.actor, books.book_id, books.issued, books.wang, books.li)
    with pytest.raises(ledger.UnknownBook):
        stranger.give(books.wang, 5, "k1")
    with pytest.raises(ledger.UnknownAccount), db.read() as session:
        ledger.get_account(session, other.actor.community_id, books.wang)


def test_no_entry_crosses_a_unit(books: Books) -> None:
    coins = open_account(
        books.actor, books.book_id, "coins", AccountType.LIABILITY, "", None, "MIN"
    )
    with pytest.raises(ledger.Unbalanced):
        books.post((debit(books.issued, 5), credit(coins, 5)), "k1")
    gate = open_account(books.actor, books.book_id, "gate", AccountType.EQUITY, "", None)
    minutes = open_account(
        books.actor, books.book_id, "gate/min", AccountType.EQUITY, "", None, "MIN"
    )
    exchange = (debit(books.issued, 5), credit(gate, 5), debit(minutes, 60), credit(coins, 60))
    # Points into minutes through an exchange account each: every unit adds up by itself.
    books.post(exchange, "k2")
    assert books.balance(coins).total == 60


def test_a_closed_account_takes_nothing(books: Books) -> None:
    books.give(books.wang, 5, "k1")
    with pytest.raises(ledger.AccountNotEmpty):
        db.write(ledger.close_account, books.actor, books.wang)
    books.move(books.wang, books.li, 5, "k2")
    db.write(ledger.close_account, books.actor, books.wang)
    with pytest.raises(ledger.AccountClosed):
        books.give(books.wang, 5, "k3")
    with pytest.raises(ledger.AccountClosed):
        db.write(ledger.close_account, books.actor, books.wang)


def test_limits_that_the_balance_breaks_are_refused(books: Books) -> None:
    books.give(books.wang, 100, "k1")
    with pytest.raises(ledger.LimitBroken, match="100"):
        db.write(ledger.change_limits, books.actor, books.wang, 101, None)
    with pytest.raises(ledger.UnknownAccount):
        db.write(ledger.change_limits, books.actor, 999, 0, None)
    db.write(ledger.change_limits, books.actor, books.wang, 100, 100)
    with pytest.raises(ledger.InsufficientBalance):
        books.move(books.wang, books.li, 1, "k2")


def test_opening_an_account_twice_gives_the_same(books: Books) -> None:
    again = open_account(
        books.actor, books.book_id, "person/1", AccountType.LIABILITY, "person:1", 0
    )
    assert again == books.wang
    with pytest.raises(ledger.AccountDiffers):
        open_account(books.actor, books.book_id, "person/1", AccountType.ASSET, "person:1", 0)
    with db.read() as session:
        find = (session, books.actor.community_id, ledger.BookKind.POINTS)
        assert ledger.find_account(*find, "person/1") == books.wang
        assert ledger.find_account(*find, "person/9") is None


@pytest.mark.parametrize(
    ("purpose", "key"), [("", "k"), ("p" * 201, "k"), ("p", ""), ("p", "k" * 121)]
)
def test_texts_out_of_range_are_bad_input(books: Books, purpose: str, key: str) -> None:
    with pytest.raises(ledger.BadPosting):
        books.post((debit(books.issued, 5), credit(books.wang, 5)), key, purpose=purpose)


def test_one_line_alone_is_bad_input(books: Books) -> None:
    with pytest.raises(ledger.BadPosting):
        books.post((debit(books.issued, 5),), "k1")


def open_many(session: Session, actor: Actor, book_id: int, count: int) -> tuple[int, ...]:
    wanted = tuple((f"home/{each}", f"unit:{each}") for each in range(count))
    kind = ledger.AccountType.LIABILITY
    return ledger.ensure_accounts(session, actor, book_id, "PTS", kind, wanted)


def test_an_opening_day_of_ten_thousand_homes_is_one_transaction(
    database: Database, books: Books
) -> None:
    homes = db.write(open_many, books.actor, books.book_id, 20_000)
    if not database.is_sqlite:
        # As autovacuum does within the minute: a kept plan knows a table of a few rows.
        with create_engine(database.writer_engine.url, poolclass=NullPool).begin() as connection:
            connection.execute(text("ANALYZE ledger_account"))
    lines = (debit(books.issued, 20_000), *(credit(each, 1) for each in homes))
    books.post(lines, "opening")
    assert (books.balance(homes[0]).total, books.balance(homes[-1]).total) == (1, 1)
    with pytest.raises(ledger.BadPosting):
        books.post((debit(books.issued, 20_100), *[credit(homes[0], 1)] * 20_100), "more")


def reverse(books: Books, transaction_id: int, key: str) -> ledger.Posted:
    made: ledger.Posted = db.write(ledger.reverse, books.actor, transaction_id, "记错了", key)
    return made


def test_a_reversal_mirrors_once_and_is_linked(books: Books) -> None:
    posted = books.give(books.wang, 100, "k1")
    undone = reverse(books, posted.transaction_id, "k2")
    assert books.balance(books.wang).total == 0
    assert reverse(books, posted.transaction_id, "k2") == undone
    with pytest.raises(ledger.AlreadyReversed):
        reverse(books, posted.transaction_id, "k3")
    with pytest.raises(ledger.NotReversible):
        reverse(books, undone.transaction_id, "k4")
    entries = books.statement("person:1").entries
    assert [(each.amount, each.reverses) for each in entries] == [
        (100, None),
        (-100, posted.transaction_id),
    ]


def test_a_reversal_says_when_the_receiver_has_spent_it(books: Books) -> None:
    posted = books.give(books.wang, 100, "k1")
    books.move(books.wang, books.li, 30, "k2")
    with pytest.raises(ledger.AlreadySpent, match="只剩 70，不能冲销 100"):
        reverse(books, posted.transaction_id, "k3")


def test_a_reversal_is_never_dated_before_the_original(books: Books) -> None:
    posted = books.give(books.wang, 100, "k1", on=TODAY + timedelta(days=9))
    assert reverse(books, posted.transaction_id, "k2").effective_on == TODAY + timedelta(days=9)
    late = books.give(books.wang, 100, "k3", on=TODAY - timedelta(days=9))
    assert reverse(books, late.transaction_id, "k4").effective_on == TODAY


def test_a_transaction_of_another_community_is_not_reversed(books: Books) -> None:
    posted = books.give(books.wang, 100, "k1")
    other = make_books(slug="other")
    with pytest.raises(ledger.UnknownTransaction):
        db.write(ledger.reverse, other.actor, posted.transaction_id, "x", "k2")


def test_many_lines_go_in_at_once(books: Books, database: Database) -> None:
    open_one = (books.actor, books.book_id)
    bills = [
        open_account(*open_one, f"unit/{i}", AccountType.ASSET, f"unit:{i}", 0) for i in range(40)
    ]
    shares = ledger.allocate(100_000, range(1, 41))
    lines = [debit(account, part) for account, part in zip(bills, shares, strict=True)]
    books.post((*lines, credit(books.li, 100_000)), "bills")
    assert sum(books.balance(account).total for account in bills) == 100_000


def test_the_clock_is_read_when_the_post_is_written(books: Books) -> None:
    with clock.fixed(clock.at(TODAY, 23, 59) + timedelta(minutes=1)):
        assert books.give(books.wang, 1, "k1").effective_on == TODAY + timedelta(days=1)


def bill(books: Books, key: str, amount: int, to: int | None = None) -> Posting:
    lines = (debit(books.issued, amount), credit(to or books.wang, amount))
    return Posting(books.book_id, lines, "points", "bill", key)


def test_many_posts_at_once_stand_as_if_one_by_one(books: Books) -> None:
    owners = (books.wang, books.li)
    many = tuple(bill(books, f"k{n}", 1 + n, owners[n % 2]) for n in range(30))
    spent = Posting(
        books.book_id, (debit(books.wang, 225), credit(books.li, 225)), "p", "s", "spend",
        effective_on=TODAY - timedelta(days=3),
    )  # fmt: skip
    posted = db.write(ledger.post_all, books.actor, (*many, spent))
    assert len({each.transaction_id for each in posted}) == 31
    assert [each.effective_on for each in posted[-2:]] == [TODAY, spent.effective_on]
    assert books.balance(books.wang).total == 0
    assert books.balance(books.li).total == 465
    shown = books.statement("person:1").entries
    assert [each.balance_after for each in shown][-2:] == [225, 0]
    with db.read() as session:
        day = TODAY - timedelta(days=1)
        assert ledger.balance_on(session, books.actor.community_id, books.wang, day) == -225


def test_one_refused_of_many_leaves_none(books: Books) -> None:
    spent = Posting(
        books.book_id, (debit(books.wang, 4), credit(books.li, 4)), "p", "s", "spend"
    )  # fmt: skip
    with pytest.raises(ledger.InsufficientBalance) as refusal:
        db.write(ledger.post_all, books.actor, (bill(books, "k1", 3), spent, bill(books, "k2", 3)))
    assert refusal.value.facts == {"available": 3, "needed": 4}
    assert books.balance(books.wang).total == 0
    with pytest.raises(ledger.BadPosting):
        db.write(ledger.post_all, books.actor, (bill(books, "k1", 3), bill(books, "", 3)))


def test_many_repeat_their_keys_one_by_one(books: Books) -> None:
    first = books.give(books.wang, 1, "k0")
    again = Posting(
        books.book_id, (debit(books.issued, 1), credit(books.wang, 1)), "points", "bill", "k0"
    )  # fmt: skip
    with pytest.raises(KeyReused):
        db.write(ledger.post_all, books.actor, (bill(books, "k1", 3), again))
    many = tuple(bill(books, f"k{n}", 2) for n in range(1, 4))
    answers = db.write(ledger.post_all, books.actor, many)
    assert db.write(ledger.post_all, books.actor, (*many, bill(books, "k4", 2)))[:3] == answers
    assert db.write(ledger.post_all, books.actor, (many[0], many[0])) == (answers[0], answers[0])
    assert books.balance(books.wang).total == 9
    assert first.transaction_id < answers[0].transaction_id


def test_many_release_a_hold_that_has_expired(books: Books) -> None:
    books.give(books.wang, 10, "k1")
    lines = (debit(books.wang, 10), credit(books.li, 10))
    ends = clock.now() + timedelta(hours=1)
    db.write(ledger.hold, books.actor, Posting(books.book_id, lines, "p", "s", "h1"), ends)
    with clock.fixed(ends):
        spend = tuple(
            Posting(books.book_id, (debit(books.wang, 5), credit(books.li, 5)), "p", "s", key)
            for key in ("a", "b")
        )
        db.write(ledger.post_all, books.actor, spend)
        assert books.balance(books.li).total == 10


def test_no_post_at_all_is_nothing(books: Books) -> None:
    assert db.write(ledger.post_all, books.actor, ()) == ()
