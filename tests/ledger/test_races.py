"""At once: exact balances, limits honoured to the unit, one winner; and what the guards are for."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, cast

import psycopg
import pytest
from sqlalchemy import NullPool, Table, create_engine
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import db
from community.kernel.db import Database, Statements
from community.kernel.db.session import RAW
from community.kernel.errors import WriteFailed
from community.ledger import Balance, Posting, credit, debit
from community.ledger.models.books import Entry
from community.ledger.service import held
from tests.conftest import World
from tests.ledger.books import Books
from tests.ledger.test_holds import hold, settle

THREADS = 12


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run acts at once; gives what each answered, or the refusal it raised."""

    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except (ledger.InsufficientBalance, ledger.HoldResolved, ledger.LimitBroken) as refusal:
            return refusal

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, acts))


def pay(books: Books, number: int) -> Callable[[], Any]:
    return partial(books.move, books.wang, books.li, 5, f"pay{number}")


def test_a_hundred_payments_at_once_leave_exact_balances(books: Books) -> None:
    books.give(books.wang, 500, "k0")
    answers = at_once([pay(books, number) for number in range(100)])
    assert len({each.transaction_id for each in answers}) == 100
    assert books.balance(books.wang) == Balance(0, 0, 0)
    assert books.balance(books.li) == Balance(500, 0, 500)


def test_payments_both_ways_at_once_never_lock_each_other_out(books: Books) -> None:
    books.give(books.wang, 250, "k0")
    books.give(books.li, 250, "k1")
    back = [partial(books.move, books.li, books.wang, 5, f"back{n}") for n in range(50)]
    there = [pay(books, number) for number in range(50)]
    at_once([act for pair in zip(there, back, strict=True) for act in pair])
    assert books.balance(books.wang).total == books.balance(books.li).total == 250


def test_no_more_is_paid_than_there_is(books: Books) -> None:
    books.give(books.wang, 303, "k0")
    answers = at_once([pay(books, number) for number in range(100)])
    paid = [each for each in answers if isinstance(each, ledger.Posted)]
    assert len(paid) == 60
    assert books.balance(books.wang).total == 3


def test_a_limit_changed_at_the_same_moment_is_honoured_to_the_unit(books: Books) -> None:
    books.give(books.wang, 500, "k0")
    acts = [pay(books, number) for number in range(100)]
    acts.insert(20, lambda: db.write(ledger.change_limits, books.actor, books.wang, 203, None))
    answers = at_once(acts)
    paid = sum(isinstance(each, ledger.Posted) for each in answers)
    assert answers[20] is None
    assert paid == 59
    assert books.balance(books.wang).total == 500 - 59 * 5 == 205


def test_one_key_at_once_is_one_transaction(books: Books) -> None:
    books.give(books.wang, 500, "k0")
    answers = at_once([pay(books, 1)] * 20)
    assert len(set(answers)) == 1
    assert books.balance(books.li).total == 5


def test_a_hold_settled_at_once_is_settled_once(books: Books) -> None:
    books.give(books.wang, 100, "k0")
    hold_id = hold(books, 80)
    answers = at_once([partial(settle, books, hold_id, f"s{n}") for n in range(12)])
    assert sum(isinstance(each, ledger.Posted) for each in answers) == 1
    assert books.balance(books.li).total == 80


def spend_around(database: Database, books: Books, meet: threading.Barrier, key: str) -> object:
    """Spend everything on a connection of one's own, every statement a transaction of its own."""
    url = database.writer_engine.url
    raw: Any
    if database.is_sqlite:
        assert url.database is not None
        raw = sqlite3.connect(url.database, isolation_level=None, timeout=10)
    else:
        address = url.render_as_string(hide_password=False)
        raw = psycopg.connect(address.replace("+psycopg", ""), autocommit=True)
    lines = (debit(books.wang, 100), credit(books.li, 100))
    try:
        at = Statements(raw, is_postgres=not database.is_sqlite)
        with Session(info={RAW: at}) as session:
            posting = Posting(books.book_id, lines, "p", "s", key)
            return ledger.post(session, books.actor, posting)
    except (WriteFailed, threading.BrokenBarrierError) as error:
        return error
    finally:
        raw.close()


@pytest.fixture
def spend_twice(
    database: Database, world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], list[object]]:
    """Let two read the same balance before either writes: the race without its lock."""
    books.give(books.wang, 100, "k0")
    meet = threading.Barrier(2, timeout=10)
    read = held.hold_accounts

    def read_together(*arguments: Any) -> Any:
        found = read(*arguments)
        meet.wait()
        return found

    monkeypatch.setattr("community.ledger.service.recording.hold_accounts", read_together)

    def run() -> list[object]:
        with ThreadPoolExecutor(2) as pool:
            spent = [pool.submit(spend_around, database, books, meet, key) for key in ("a", "b")]
            return [each.result() for each in spent]

    return run


def test_without_the_lock_the_counters_tell_who_came_second(
    spend_twice: Callable[[], list[object]], world: World
) -> None:
    answers = spend_twice()
    assert sorted(type(each).__name__ for each in answers) == ["Posted", "WriteFailed"]
    # The loser's half-written transaction stands: nothing undid it here. So does nothing else.
    world.renew()


UNIQUE_PLACE = "uq_ledger_entry_statement"


@pytest.fixture
def no_unique_place(database: Database, world: World) -> Iterator[None]:
    """Take away the index that gives each place on a statement once."""
    table = cast("Table", Entry.__table__)
    index = next(each for each in table.indexes if each.name == UNIQUE_PLACE)
    engine = create_engine(database.writer_engine.url, poolclass=NullPool)
    index.drop(engine)
    yield
    world.renew()
    if not database.is_sqlite:
        index.create(engine)


@pytest.mark.usefixtures("no_unique_place")
def test_without_its_guards_the_same_money_is_spent_twice(
    spend_twice: Callable[[], list[object]], books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, _, _ = held._UPDATE.partition(" AND posted_debits")
    monkeypatch.setattr(held, "_UPDATE", f"{start} AND ? + ? + ? + ? >= 0")
    start, _, _ = held._UPDATE_ARRAYS.partition(" AND a.posted_debits")
    monkeypatch.setattr(held, "_UPDATE_ARRAYS", start)
    answers = spend_twice()
    assert [type(each).__name__ for each in answers] == ["Posted", "Posted"]
    assert books.balance(books.li).total == 100
    with db.read() as session:
        entries = db.statements(session).one(
            "SELECT SUM(amount) FROM ledger_entry WHERE account_id = ?", (books.li,)
        )
    assert entries is not None
    assert int(entries[0]) == -200


def test_without_the_rule_the_constraint_still_refuses(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.give(books.wang, 100, "k0")
    monkeypatch.setattr(held.Held, "refusal", lambda self, at: None)
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.CheckViolation)):
        books.move(books.wang, books.li, 101, "k1")
    assert books.balance(books.wang).total == 100
