"""A community with a book and accounts to post between, and short names for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.db import Database, Statements
from community.kernel.db.session import RAW
from community.ledger import (
    AccountType,
    Balance,
    BookKind,
    Posted,
    Posting,
    StatementPage,
    credit,
    debit,
)
from tests import builders
from tests.scenes import kept


@dataclass(frozen=True)
class Books:
    """A points book: `issued` has no limits, the two residents' accounts have a floor of 0."""

    actor: Actor
    book_id: int
    issued: int
    wang: int
    li: int

    def give(self, to: int, amount: int, key: str, on: date | None = None) -> Posted:
        lines = (debit(self.issued, amount), credit(to, amount))
        return self.post(lines, key, on)

    def move(self, source: int, to: int, amount: int, key: str) -> Posted:
        return self.post((debit(source, amount), credit(to, amount)), key)

    def post(
        self, lines: tuple[ledger.Line, ...], key: str, on: date | None = None, purpose: str = "p"
    ) -> Posted:
        posting = Posting(self.book_id, lines, purpose, "s", key, on)
        made: Posted = db.write(ledger.post, self.actor, posting)
        return made

    def balance(self, account_id: int) -> Balance:
        with db.read() as session:
            return ledger.get_account(session, self.actor.community_id, account_id).balance

    def owned(self, owner: str) -> Balance:
        with db.read() as session:
            return ledger.balance_of(session, self.actor.community_id, BookKind.POINTS, owner)

    def on(self, account_id: int, day: date, known_on: date | None = None) -> int:
        with db.read() as session:
            return ledger.balance_on(session, self.actor.community_id, account_id, day, known_on)

    def statement(
        self,
        owner: str,
        since: date | None = None,
        until: date | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> StatementPage:
        with db.read() as session:
            return ledger.statement(
                session,
                self.actor.community_id,
                BookKind.POINTS,
                owner,
                since,
                until,
                after,
                limit=limit,
            )


@contextmanager
def around(database: Database) -> Iterator[tuple[Statements, Session]]:
    """Give a connection of one's own, going around the writer; all is undone in the end."""
    url = database.writer_engine.url
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        at = Statements(raw, is_postgres=not database.is_sqlite)
        if database.is_sqlite:
            raw.isolation_level = None
            for pragma in ("foreign_keys=ON", "busy_timeout=2000"):
                at.run(f"PRAGMA {pragma}")
            at.run("BEGIN")
        try:
            with Session(bind=connection, info={RAW: at}) as session:
                yield at, session
                raw.rollback()
        finally:
            raw.rollback()
    engine.dispose()


@kept
def make_books(name: str = "", slug: str = "guihua", kind: BookKind = BookKind.POINTS) -> Books:
    """Open a book with three accounts, in a community of its own unless there is one."""
    community_id = builders.make_community(slug)
    return open_books(Actor.system(community_id), name, kind)


def open_books(actor: Actor, name: str = "", kind: BookKind = BookKind.POINTS) -> Books:
    """Open a book with three accounts."""
    book_id = db.write(ledger.ensure_book, actor, kind, name)
    issued = open_account(actor, book_id, "issued", AccountType.EXPENSE, "", None)
    wang = open_account(actor, book_id, "person/1", AccountType.LIABILITY, "person:1", 0)
    li = open_account(actor, book_id, "person/2", AccountType.LIABILITY, "person:2", 0)
    return Books(actor, book_id, issued, wang, li)


def open_account(
    actor: Actor,
    book_id: int,
    path: str,
    kind: AccountType,
    owner: str,
    floor: int | None,
    unit: str = "PTS",
) -> int:
    """Open one account."""
    arguments = (book_id, unit, path, kind, owner, floor)
    made: int = db.write(ledger.ensure_account, actor, *arguments)
    return made
