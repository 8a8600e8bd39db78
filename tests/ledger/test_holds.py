"""Holds: set aside at once, settled at most once, over by the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from community import ledger
from community.kernel import clock, db, jobs
from community.kernel.errors import KeyReused
from community.ledger import Balance, Posting, credit, debit
from community.ledger.models.books import OpenHold
from tests.conftest import NOON
from tests.ledger.books import Books, make_books

HOUR = timedelta(hours=1)


def hold(books: Books, amount: int, key: str = "h") -> int:
    posting = Posting(
        books.book_id, (debit(books.wang, amount), credit(books.li, amount)), "redeem", "r:1", key
    )
    made: int = db.write(ledger.hold, books.actor, posting, NOON + HOUR).transaction_id
    return made


def settle(books: Books, hold_id: int, key: str, amount: int | None = None) -> ledger.Posted:
    made: ledger.Posted = db.write(ledger.settle, books.actor, hold_id, key, amount)
    return made


def count_open_holds() -> int:
    with db.read() as session:
        return session.scalar(select(func.count(OpenHold.hold_id.distinct()))) or 0


@pytest.fixture
def rich(books: Books) -> Books:
    books.give(books.wang, 100, "k0")
    return books


def test_a_hold_counts_against_the_floor_at_once(rich: Books) -> None:
    hold(rich, 80)
    assert rich.balance(rich.wang) == Balance(20, 80, 100)
    assert rich.balance(rich.li) == Balance(0, 0, 0)
    with pytest.raises(ledger.InsufficientBalance, match="可用 20，需要 21"):
        rich.move(rich.wang, rich.li, 21, "k1")
    with pytest.raises(ledger.InsufficientBalance):
        hold(rich, 21, "h2")
    rich.move(rich.wang, rich.li, 20, "k2")


def test_a_hold_counts_against_the_receivers_ceiling(rich: Books) -> None:
    db.write(ledger.change_limits, rich.actor, rich.li, 0, 50)
    hold(rich, 30)
    with pytest.raises(ledger.CeilingReached) as refusal:
        hold(rich, 21, "h2")
    assert refusal.value.facts == {"room": 20, "needed": 21}


def test_a_hold_is_settled_once(rich: Books) -> None:
    hold_id = hold(rich, 80)
    first = settle(rich, hold_id, "s1")
    assert settle(rich, hold_id, "s1") == first
    with pytest.raises(ledger.HoldResolved):
        settle(rich, hold_id, "s2")
    with pytest.raises(ledger.HoldResolved):
        db.write(ledger.release, rich.actor, hold_id, "r1")
    assert rich.balance(rich.wang) == Balance(20, 0, 20)
    assert rich.balance(rich.li) == Balance(80, 0, 80)


def test_a_part_is_settled_and_the_rest_is_freed(rich: Books) -> None:
    hold_id = hold(rich, 80)
    with pytest.raises(ledger.HoldExceeded):
        settle(rich, hold_id, "s0", 81)
    settle(rich, hold_id, "s1", 30)
    assert rich.balance(rich.wang) == Balance(70, 0, 70)
    with pytest.raises(ledger.HoldResolved):
        settle(rich, hold_id, "s2", 50)


def test_a_released_hold_frees_all(rich: Books) -> None:
    hold_id = hold(rich, 80)
    first = db.write(ledger.release, rich.actor, hold_id, "r1")
    assert db.write(ledger.release, rich.actor, hold_id, "r1") == first
    with pytest.raises(ledger.HoldResolved):
        db.write(ledger.release, rich.actor, hold_id, "r2")
    assert rich.balance(rich.wang) == Balance(100, 0, 100)


def test_readings_ignore_a_hold_from_the_moment_it_is_over(rich: Books) -> None:
    hold(rich, 80)
    with clock.fixed(NOON + HOUR - timedelta(microseconds=1)):
        assert rich.balance(rich.wang).available == 20
    with clock.fixed(NOON + HOUR):
        assert rich.balance(rich.wang) == Balance(100, 0, 100)
        assert rich.owned("person:1") == Balance(100, 0, 100)


def test_a_command_releases_expired_holds_first(rich: Books) -> None:
    hold_id = hold(rich, 80)
    with clock.fixed(NOON + HOUR):
        rich.move(rich.wang, rich.li, 100, "k1")
        with pytest.raises(ledger.HoldExpired):
            settle(rich, hold_id, "s1")
    assert rich.balance(rich.wang) == Balance(0, 0, 0)


def test_an_expired_hold_is_not_settled_before_anything_released_it(rich: Books) -> None:
    hold_id = hold(rich, 80)
    with clock.fixed(NOON + HOUR):
        with pytest.raises(ledger.HoldExpired):
            settle(rich, hold_id, "s1")
        assert db.write(ledger.release_expired, rich.actor) == 1
        assert db.write(ledger.release_expired, rich.actor) == 0


def test_one_account_may_have_several_holds(rich: Books) -> None:
    first, second = hold(rich, 30, "h1"), hold(rich, 30, "h2")
    settle(rich, second, "s2")
    assert rich.balance(rich.wang) == Balance(40, 30, 70)
    with clock.fixed(NOON + HOUR):
        assert rich.balance(rich.wang).available == 70
    db.write(ledger.release, rich.actor, first, "r1")
    assert rich.balance(rich.wang) == Balance(70, 0, 70)


def test_a_repeated_hold_is_one_hold(rich: Books) -> None:
    assert hold(rich, 80) == hold(rich, 80)
    with clock.fixed(NOON + 2 * HOUR):
        assert hold(rich, 80) > 0
    with pytest.raises(KeyReused):
        hold(rich, 81)


def test_a_hold_that_is_already_over_is_bad_input(rich: Books) -> None:
    with clock.fixed(NOON + HOUR), pytest.raises(ledger.BadPosting):
        hold(rich, 1)


def test_a_settled_hold_can_be_reversed(rich: Books) -> None:
    settled = settle(rich, hold(rich, 80), "s1")
    db.write(ledger.reverse, rich.actor, settled.transaction_id, "退货", "v1")
    assert rich.balance(rich.wang) == Balance(100, 0, 100)


def test_a_hold_of_another_community_is_unknown(rich: Books) -> None:
    hold_id = hold(rich, 80)
    other = make_books(slug="other")
    for command in (ledger.settle, ledger.release):
        with pytest.raises(ledger.UnknownTransaction):
            db.write(command, other.actor, hold_id, "x1")
    posted = rich.give(rich.wang, 1, "k9")
    with pytest.raises(ledger.UnknownTransaction):
        settle(rich, posted.transaction_id, "s1")


def test_the_tidy_up_releases_expired_holds_and_no_others(rich: Books) -> None:
    hold(rich, 30)
    with clock.fixed(NOON + HOUR - timedelta(seconds=1)):
        jobs.run_due()
        assert count_open_holds() == 1
    with clock.fixed(NOON + HOUR * 2):
        jobs.run_due()
        assert count_open_holds() == 0
        assert rich.balance(rich.wang) == Balance(100, 0, 100)
