"""What the public log adds to a post: a trust book that tells it, beside one that does not."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

from sqlalchemy.orm import Session

from benchmarks.books import ACTOR, Books
from benchmarks.harness import Row, at_most, scratch
from community import ledger, transparency
from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.ledger import AccountType, BookKind, Posting, credit, debit

ROUNDS = 200
WARM_UP = 10
EACH = 20
ACCOUNTS = 100

Act = Callable[[int], Posting]


def open_book(session: Session, actor: Actor, name: str, owner: str) -> tuple[int, ...]:
    """Open a public book with accounts, every other one of a resident's if an owner is given."""
    book_id = ledger.ensure_book(session, actor, BookKind.PROJECT, name)
    kind = AccountType.ASSET
    owners = [f"{owner}:{n}" if owner and n % 2 else "" for n in range(ACCOUNTS)]
    accounts = [
        ledger.ensure_account(session, actor, book_id, "CNY", f"{name}/{n}", kind, owners[n], None)
        for n in range(ACCOUNTS)
    ]
    return (book_id, *accounts)


def post_each(session: Session, actor: Actor, postings: tuple[Posting, ...]) -> None:
    """Post one after the other, as `post` does it, in one transaction."""
    for posting in postings:
        ledger.post(session, actor, posting)


def silence(session: Session, actor: Actor, book_id: int) -> None:
    """Turn a book's publishing off, which only a benchmark may."""
    at = db.statements(session)
    at.run("DROP TRIGGER ledger_account_identity")
    at.run("UPDATE ledger_account SET public_as = NULL WHERE book_id = ?", (book_id,))


def run() -> list[Row]:
    """Measure three arms in turns: silent, told, and told with residents' lines hidden."""
    with scratch() as folder:
        transparency.attach(folder, "localhost")
        books = Books(folder)
        arms = {}
        for name, owner in (("silent", ""), ("told", ""), ("hidden", "unit")):
            book_id, *accounts = books.database.write(open_book, ACTOR, name, owner)
            arms[name] = _arm(book_id, accounts)
            if name == "silent":
                books.database.write(silence, ACTOR, book_id)
        taken = _processor_time(arms, books.database)
        books.database.close()
    silent = statistics.median(taken["silent"])
    rows = []
    for name, words in (("told", "public accounts"), ("hidden", "residents' accounts")):
        added = [ours - theirs for ours, theirs in zip(taken[name], taken["silent"], strict=True)]
        figures = {"silent_us": silent / 1_000, "told_us": statistics.median(taken[name]) / 1_000}
        promise = f"processor time added by the public log to a post, {words}"
        rows.append(at_most(promise, 15, statistics.median(added) / 1_000, "us", **figures))
    return rows


def _processor_time(arms: dict[str, Act], database: Database) -> dict[str, list[int]]:
    """Call the arms in turns, 20 posts a turn; gives nanoseconds a post.

    Processor time, commit included: on a busy machine the wall clock tells the neighbours' load.
    """
    taken: dict[str, list[int]] = {name: [] for name in arms}
    names = list(arms)
    for turn in range(-WARM_UP, ROUNDS):
        names.append(names.pop(0))
        for name in names if turn % 2 else reversed(names):
            postings = [arms[name](turn * EACH + number) for number in range(EACH)]
            began = time.process_time_ns()
            database.write(post_each, ACTOR, tuple(postings))
            spent = time.process_time_ns() - began
            if turn >= 0:
                taken[name].append(spent // EACH)
    return taken


def _arm(book_id: int, accounts: list[int]) -> Act:
    chance = random.Random(1)

    def act(number: int) -> Posting:
        # A bill: from a resident's account, where the book has any, to the fund's own.
        source, target = chance.choice(accounts[1::2]), chance.choice(accounts[::2])
        lines = (debit(source, 500), credit(target, 500))
        return Posting(book_id, lines, "trust.bill", f"bill:{number}", f"key-{number}")

    return act
