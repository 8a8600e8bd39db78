"""What the ledger's benchmarks share: a database with one book, and F1, their floor."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from community import app as assembly
from community import ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database, options
from community.kernel.tables import Base
from community.ledger import AccountType, BookKind, Posting, credit, debit

assert assembly.CHECKS, "the assembly registers every room's tables"

ACCOUNTS = 200
ACTOR = Actor.system(1)
ROOM = -(10**12)


class Books:
    """Our ledger in a database of its own: one book, 200 accounts."""

    def __init__(self, where: Path | str) -> None:
        """Make the tables and the book, in a new SQLite file of a folder or at an address."""
        self.url = where if isinstance(where, str) else f"sqlite:///{where}/ours.db"
        make_tables(self.url)
        self.open()
        self.book_id, *self.accounts = self.database.write(open_book, Actor.system(0))

    @classmethod
    def opened(cls, url: str, book_id: int, accounts: Sequence[int]) -> Books:
        """Open what another process has made."""
        books = cls.__new__(cls)
        books.url, books.book_id, books.accounts = url, book_id, list(accounts)
        books.open()
        return books

    def open(self) -> None:
        """Open the database, and make it the one of this process."""
        self.database = open_database(self.url)

    def posting(self, key: str, chance: random.Random) -> Posting:
        """Make a transfer of 5 between two accounts drawn at random."""
        source, target = chance.sample(self.accounts, 2)
        lines = (debit(source, 5), credit(target, 5))
        return Posting(self.book_id, lines, "points", "shift:1", key)

    def post(self, key: str, chance: random.Random) -> None:
        """Post one transfer and see it on disk."""
        self.database.write(ledger.post, ACTOR, self.posting(key, chance))

    def close(self) -> None:
        """Close the database, every invariant held."""
        with self.database.read() as session:
            assert assembly.problems(session) == []
        self.database.close()


def make_tables(url: str, *only: str) -> None:
    """Make every room's tables in a database, or only some; those it has stay."""
    engine = create_engine(url)
    tables = [Base.metadata.tables[name] for name in only]
    Base.metadata.create_all(engine, tables or None)
    engine.dispose()


def open_database(url: str) -> Database:
    """Open a database, and make it the one of this process."""
    readers, writer = (
        create_engine(url, **options(url, writable=writable)) for writable in (False, True)
    )
    database = Database(readers, writer)
    db.attach(database)
    return database


def open_book(session: Session, actor: Actor) -> tuple[int, ...]:
    """Open a community, a book and its accounts."""
    db.statements(session).insert(
        "INSERT INTO community (slug, name, street, district, is_demo, opened_at)"
        " VALUES ('a', 'a', '', '', FALSE, ?)",
        (clock.micros(clock.now()),),
    )
    book_id = ledger.ensure_book(session, ACTOR, BookKind.POINTS)
    kind = AccountType.LIABILITY
    return (
        book_id,
        *(
            ledger.ensure_account(
                session, ACTOR, book_id, "PTS", f"person/{n}", kind, f"person:{n}", ROOM
            )
            for n in range(ACCOUNTS)
        ),
    )


class Floor:
    """F1: raw sqlite3, WAL, synchronous=FULL, one commit per transfer, nothing but the rows."""

    def __init__(self, folder: Path) -> None:
        self.connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "wal_autocheckpoint=0",
            "cache_size=-65536",
        ):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.executescript(
            """
            CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL,
             floor INTEGER NOT NULL);
            CREATE TABLE posting (id INTEGER PRIMARY KEY, request_key TEXT NOT NULL UNIQUE,
             purpose TEXT NOT NULL, source TEXT NOT NULL, recorded_at INTEGER NOT NULL);
            CREATE TABLE entry (id INTEGER PRIMARY KEY, posting_id INTEGER NOT NULL,
             account_id INTEGER NOT NULL, amount INTEGER NOT NULL);
            """
        )
        self.connection.executemany(
            "INSERT INTO account VALUES (?, 0, ?)", [(n, ROOM) for n in range(ACCOUNTS)]
        )
        self.made = 0

    def transfer(self, key: str, chance: random.Random) -> None:
        """Write one posting, two entries and two guarded balances, and commit."""
        source, target = chance.sample(range(ACCOUNTS), 2)
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        posting_id = run(
            "INSERT INTO posting (request_key, purpose, source, recorded_at) VALUES (?, ?, ?, ?)",
            (key, "points", "shift:1", 1),
        ).lastrowid
        for account_id, amount in ((source, -5), (target, 5)):
            guarded = run(
                "UPDATE account SET balance = balance + ? WHERE id = ? AND balance + ? >= floor",
                (amount, account_id, amount),
            )
            assert guarded.rowcount == 1
            run(
                "INSERT INTO entry (posting_id, account_id, amount) VALUES (?, ?, ?)",
                (posting_id, account_id, amount),
            )
        run("COMMIT")
        self.made += 1
        if self.made % 800 == 0:
            run("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
