"""Balances as of a past day, and statement pages, at a million entries."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from benchmarks.books import ACCOUNTS, ACTOR, Books
from benchmarks.harness import Row, at_most, interleave, median, percentile, scratch
from community import ledger
from community.kernel import clock, db
from community.kernel.db import Statements
from community.ledger import BookKind

START = date(2023, 1, 1)
DAYS = 1_000
MANY, FEW = 1_000_000, 1_000
ROUNDS = 400
_BY_KEY = (
    "SELECT balance_after FROM ledger_entry"
    " WHERE community_id = 1 AND transaction_id = ? AND line = 1"
)


def run() -> list[Row]:
    """Measure on one account with a million entries beside one with a thousand."""
    with scratch() as folder:
        large, small = folder / "large", folder / "small"
        for each in (large, small):
            each.mkdir()
        many, few = Books(large), Books(small)
        fill(large / "ours.db", many, MANY)
        fill(small / "ours.db", few, FEW)
        rows = [*past_balances(many), *pages(many, few)]
        many.database.close()
        few.database.close()
    return rows


def fill(file: Path, books: Books, entries: int) -> None:
    """Write a history by plain SQL: the first account is in every transaction.

    One of fifty is booked up to ten days after it counts. Through the application this would
    take minutes; the columns that no reading touches are left short.
    """
    first = books.accounts[0]
    chance = random.Random(7)
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-262144")
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("BEGIN")
    others = dict.fromkeys(range(ACCOUNTS), (0, 0))
    for start in range(0, entries, 50_000):
        postings: list[tuple[object, ...]] = []
        rows: list[tuple[int, ...]] = []
        for number in range(start, min(start + 50_000, entries)):
            booked = START + timedelta(days=number * DAYS // entries)
            late = chance.randint(1, 10) if number % 50 == 0 else 0
            effective = clock.day_number(booked - timedelta(days=late))
            day = clock.day_number(booked)
            other = 1 + number % (ACCOUNTS - 1)
            place, balance = others[other]
            others[other] = (place + 1, balance + 5)
            postings.append((number + 1, books.book_id, f"k{number}", effective))
            head = (number + 1, effective, day)
            rows += (
                (*head, 1, first, -5, number + 1, -5 * (number + 1)),
                (*head, 2, books.accounts[other], 5, place + 1, balance + 5),
            )
        write_chunk(connection, postings, rows)
    connection.execute("UPDATE ledger_account SET late_days = 10")
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    connection.close()


def write_chunk(
    connection: sqlite3.Connection,
    postings: Sequence[Sequence[object]],
    rows: Sequence[Sequence[object]],
) -> None:
    """Insert some transactions and their entries."""
    connection.executemany(
        "INSERT INTO ledger_transaction (community_id, id, book_id, kind, request_key,"
        " request_hash, purpose, source, effective_on, recorded_at, canonical)"
        " VALUES (1, ?, ?, 'post', ?, x'00', 'points', 'shift:1', ?, 0, x'00')",
        postings,
    )
    connection.executemany(
        "INSERT INTO ledger_entry (community_id, is_pending, transaction_id, effective_on,"
        " booked_on, line, account_id, amount, sequence, balance_after, holder_id)"
        " VALUES (1, 0, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?5)",
        rows,
    )


def past_balances(books: Books) -> list[Row]:
    """Ask for balances on days drawn at random."""
    chance = random.Random(3)
    with books.database.read() as session:
        at = db.statements(session)
        at.one("SELECT 1")

        def one(number: int) -> None:
            day = START + timedelta(days=chance.randrange(DAYS))
            ledger.balance_on(session, ACTOR.community_id, books.accounts[0], day)

        def all_of_them(number: int) -> None:
            day = START + timedelta(days=chance.randrange(DAYS))
            ledger.balances_on(session, ACTOR.community_id, books.accounts, day)

        def floor(number: int) -> None:
            at.one(_BY_KEY, (chance.randrange(MANY) + 1,))

        taken = interleave({"one": one, "floor": floor}, ROUNDS, 5)
        together = interleave({"all": all_of_them}, 60)
        in_sql = sql_time(books, one)
    return [
        at_most(
            "a balance as of a past day at 1M entries, in SQL",
            50,
            in_sql,
            "us",
            with_python_us=median(taken["one"]),
            one_row_by_its_key_us=median(taken["floor"]),
            p99_us=percentile(taken["one"], 99),
        ),
        at_most("200 balances as of a past day", 5, median(together["all"]) / 1_000, "ms"),
    ]


def sql_time(books: Books, act: Callable[[int], None]) -> float:
    """Measure the part of a reading that is spent in statements, in microseconds (median)."""
    spent = [0]
    run = Statements.all

    def timed(at: Statements, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        began = time.perf_counter_ns()
        rows = run(at, sql, parameters)
        spent[0] += time.perf_counter_ns() - began
        return rows

    taken = []
    Statements.all = timed  # type: ignore[assignment,method-assign]
    try:
        for number in range(ROUNDS):
            spent[0] = 0
            act(number)
            taken.append(spent[0])
    finally:
        Statements.all = run  # type: ignore[method-assign]
    return median(taken)


def pages(many: Books, few: Books) -> list[Row]:
    """Ask for statement pages from days drawn at random, in both histories."""
    with many.database.read() as large, few.database.read() as small:

        def page(session: Session, owner: str, chance: random.Random) -> Callable[[int], None]:
            def ask(number: int) -> None:
                since = START + timedelta(days=chance.randrange(DAYS - 100))
                found = ledger.statement(
                    session, ACTOR.community_id, BookKind.POINTS, owner, since, None
                )
                assert len(found.entries) == 50

            return ask

        taken = interleave(
            {
                "large": page(large, "person:0", random.Random(5)),
                "small": page(small, "person:0", random.Random(5)),
            },
            ROUNDS,
        )
    return [
        at_most(
            "a statement page at 1,000,000 entries, times the same at 1,000",
            1.3,
            median(taken["large"]) / median(taken["small"]),
            "",
            large_us=median(taken["large"]),
            small_us=median(taken["small"]),
        )
    ]
