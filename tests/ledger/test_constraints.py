"""What the database itself refuses, going around the application."""

from __future__ import annotations

import sqlite3
from datetime import date

import psycopg
import pytest

from community import ledger
from community.kernel import db
from community.kernel.db import Database, Statements
from community.ledger import PolicyChange
from tests.ledger.books import Books, around
from tests.ledger.test_lots import earn
from tests.ledger.test_periods import OCTOBER, close

REFUSED = (sqlite3.IntegrityError, psycopg.errors.IntegrityError, psycopg.errors.RaiseException)


@pytest.fixture
def posted(books: Books) -> int:
    return books.give(books.wang, 100, "k1").transaction_id


TABLES = (
    "ledger_transaction",
    "ledger_entry",
    "ledger_seal",
    "ledger_period_balance",
    "ledger_policy",
    "ledger_voucher",
)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("sql", ["UPDATE {} SET community_id = community_id", "DELETE FROM {}"])
def test_records_are_append_only(
    books: Books, posted: int, database: Database, table: str, sql: str
) -> None:
    close(books, OCTOBER)
    close(books, OCTOBER)
    change = PolicyChange(books.book_id, "", 10**9, 1, "committee", date(2026, 11, 22))
    db.write(ledger.set_first_policy, books.actor, change)
    with around(database) as (at, _):
        at.run(
            "INSERT INTO ledger_voucher (community_id, transaction_id, title, sha256, added_at)"
            " VALUES (?, ?, 'a', 'b', 0)",
            (books.actor.community_id, posted),
        )
        with pytest.raises(REFUSED, match="append-only"):
            at.run(sql.format(table))


ENTRY = (
    "INSERT INTO ledger_entry (community_id, transaction_id, line, account_id, amount, is_pending,"
    " effective_on, booked_on, holder_id, sequence, balance_after)"
    " VALUES (?, ?, ?, ?, ?, FALSE, ?, 20261122, ?, ?, 0)"
)
OPEN = (
    "INSERT INTO ledger_transaction (community_id, book_id, kind, request_key, request_hash,"
    " purpose, source, effective_on, recorded_at, canonical)"
    " VALUES (?, ?, 'post', 'around', ?, 'p', 's', 20261122, 0, ?)"
)
SEAL = "INSERT INTO ledger_seal (transaction_id, community_id, digest) VALUES (?, ?, ?)"


def open_transaction(at: Statements, books: Books) -> int:
    where = (books.actor.community_id, books.book_id, b"h", b"c")
    made = at.insert(OPEN, where)
    assert made is not None
    return made


def add_entry(
    at: Statements, books: Books, transaction_id: int, line: int, account: int, amount: int,
    day: int = 20261122,
) -> None:  # fmt: skip
    community_id = books.actor.community_id
    place = (account, 1_000 + line)
    at.run(ENTRY, (community_id, transaction_id, line, account, amount, day, *place))


def test_a_sealed_transaction_takes_no_entry(books: Books, posted: int, database: Database) -> None:
    with around(database) as (at, _), pytest.raises(REFUSED, match="sealed"):
        add_entry(at, books, posted, 3, books.wang, 5)


def test_a_closed_period_takes_no_entry(books: Books, posted: int, database: Database) -> None:
    close(books, OCTOBER)
    close(books, OCTOBER)
    with around(database) as (at, _):
        transaction_id = open_transaction(at, books)
        with pytest.raises(REFUSED, match="period is closed"):
            add_entry(at, books, transaction_id, 1, books.wang, 5, 20261031)


@pytest.mark.parametrize("amounts", [(), (5,), (5, -4)], ids=["no line", "one line", "not zero"])
def test_an_unbalanced_transaction_is_not_sealed(
    books: Books, database: Database, amounts: tuple[int, ...]
) -> None:
    with around(database) as (at, _):
        transaction_id = open_transaction(at, books)
        for line, amount in enumerate(amounts, start=1):
            account = books.wang if amount < 0 else books.issued
            add_entry(at, books, transaction_id, line, account, amount)
        with pytest.raises(REFUSED, match="two lines"):
            at.run(SEAL, (transaction_id, books.actor.community_id, b"d"))


def test_lines_of_two_books_are_not_sealed(books: Books, database: Database) -> None:
    reserve = db.write(ledger.ensure_book, books.actor, ledger.BookKind.RESERVE)
    kind = ledger.AccountType.LIABILITY
    other = db.write(ledger.ensure_account, books.actor, reserve, "PTS", "x", kind, "", None)
    with around(database) as (at, _):
        transaction_id = open_transaction(at, books)
        add_entry(at, books, transaction_id, 1, books.issued, 5)
        add_entry(at, books, transaction_id, 2, other, -5)
        with pytest.raises(REFUSED, match="of its book"):
            at.run(SEAL, (transaction_id, books.actor.community_id, b"d"))


def test_a_sealed_pair_passes_the_same_way(books: Books, database: Database) -> None:
    with around(database) as (at, _):
        transaction_id = open_transaction(at, books)
        add_entry(at, books, transaction_id, 1, books.issued, 5)
        add_entry(at, books, transaction_id, 2, books.wang, -5)
        at.run(SEAL, (transaction_id, books.actor.community_id, b"d"))


@pytest.mark.parametrize(
    "change",
    [
        "posted_debits = posted_debits + 101",
        "pending_debits = 101",
        "ceiling = 99",
        "floor = 101",
        "posted_debits = -1",
        "normal = 1",
        "state = 'gone'",
    ],
)
def test_limits_hold_without_the_application(
    books: Books, posted: int, database: Database, change: str
) -> None:
    with around(database) as (at, _), pytest.raises(REFUSED):
        at.run(f"UPDATE ledger_account SET {change} WHERE id = ?", (books.wang,))


@pytest.mark.parametrize("column", ["book_id", "community_id", "unit", "path", "parent_id"])
def test_an_account_keeps_its_identity(books: Books, database: Database, column: str) -> None:
    with around(database) as (at, _), pytest.raises(REFUSED, match="keeps its book"):
        at.run(f"UPDATE ledger_account SET {column} = {column} WHERE id = ?", (books.wang,))


def test_accounts_are_not_deleted(books: Books, database: Database) -> None:
    with around(database) as (at, _), pytest.raises(REFUSED, match="not deleted"):
        at.run("DELETE FROM ledger_account WHERE id = ?", (books.wang,))


def test_a_closed_period_is_not_reopened(books: Books, database: Database) -> None:
    close(books, OCTOBER)
    close(books, OCTOBER)
    for day in ("NULL", "20260930"):
        with around(database) as (at, _), pytest.raises(REFUSED, match="stays closed"):
            at.run(f"UPDATE ledger_book SET closed_through = {day}")


def test_a_key_is_used_once_a_book(books: Books, posted: int, database: Database) -> None:
    with around(database) as (at, _):
        open_transaction(at, books)
        with pytest.raises(REFUSED):
            open_transaction(at, books)


def test_a_lot_of_a_lot_is_impossible(books: Books, database: Database) -> None:
    earn(books, 5, None, "e1")
    with around(database) as (at, _), pytest.raises(REFUSED):
        at.run(
            "INSERT INTO ledger_account (community_id, book_id, unit, path, type, normal, owner,"
            " is_summary, parent_id, posted_debits, posted_credits, pending_debits,"
            " pending_credits, sequence, last_booked_on, late_days, early_days, state, opened_at)"
            " SELECT community_id, book_id, unit, 'again', type, normal, owner, TRUE, id,"
            " 0, 0, 0, 0, 0, 0, 0, 0, 'open', 0 FROM ledger_account WHERE is_summary"
        )
