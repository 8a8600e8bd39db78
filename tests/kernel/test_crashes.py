"""Killed in the middle of load, again and again: every answered write is there, all else is not."""

from __future__ import annotations

import os
import random
import select
import signal
import threading
import time
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy.orm import Session

from community import app as assembly
from community import ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.ledger import AccountType, BookKind, Posting, credit, debit
from tests.kernel.writers import SYSTEM, open_database

ROUNDS = 20
THREADS = 6
ANSWERS = 25
RESIDENT = Actor.system(1)


def open_books(session: Session, actor: Actor) -> tuple[int, ...]:
    db.statements(session).insert(
        "INSERT INTO community (slug, name, street, district, is_demo, opened_at)"
        " VALUES ('a', 'a', '', '', FALSE, ?)",
        (clock.micros(clock.now()),),
    )
    book_id = ledger.ensure_book(session, RESIDENT, BookKind.POINTS)
    kind = AccountType.LIABILITY
    opened = [
        ledger.ensure_account(session, RESIDENT, book_id, "PTS", path, kind, "", None)
        for path in ("a", "b", "c")
    ]
    return (book_id, *opened)


def load(file: Path, books: tuple[int, ...], turn: int, answers: int) -> NoReturn:
    """Post from several threads for ever, telling the pipe each key that was answered."""
    database = open_database(file)
    book_id, *accounts = books

    def post(thread: int) -> None:
        chance = random.Random(turn * THREADS + thread)
        number = 0
        while True:
            source, target = chance.sample(accounts, 2)
            key = f"{turn}-{thread}-{number}"
            lines = (debit(source, 5), credit(target, 5))
            database.write(ledger.post, RESIDENT, Posting(book_id, lines, "p", "s", key))
            os.write(answers, f"{key}\n".encode())
            number += 1

    for thread in range(THREADS):
        threading.Thread(target=post, args=(thread,), daemon=True).start()
    while True:
        time.sleep(1)


def kill_in_the_middle(file: Path, books: tuple[int, ...], turn: int) -> list[str]:
    """Start a process, let it answer a few, kill it; gives the keys it had answered."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            load(file, books, turn, writing)
        finally:
            os._exit(1)
    os.close(writing)
    told = b""
    wanted = ANSWERS + turn * 3
    while told.count(b"\n") < wanted and select.select([reading], [], [], 20)[0]:
        more = os.read(reading, 1 << 16)
        if not more:
            break
        told += more
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(reading, 1 << 16):
        told += more
    os.close(reading)
    return told.decode().splitlines()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "crash.db"


@pytest.mark.slow
def test_twenty_kills_lose_no_answered_write(file: Path) -> None:
    database = open_database(file, has_all_tables=True)
    books = database.write(open_books, SYSTEM)
    database.close()
    answered: list[str] = []
    for turn in range(ROUNDS):
        keys = kill_in_the_middle(file, books, turn)
        assert len(keys) >= ANSWERS
        answered += keys
    survivor = open_database(file)
    check_all(survivor, answered)
    lines = (debit(books[1], 5), credit(books[2], 5))
    survivor.write(ledger.post, RESIDENT, Posting(books[0], lines, "p", "s", "after"))
    survivor.close()


def check_all(database: Database, answered: list[str]) -> None:
    with database.read() as session:
        rows = db.statements(session).all("SELECT request_key FROM ledger_transaction")
        kept = {row[0] for row in rows}
        assert set(answered) <= kept
        # A kill may come between the commit and its answers: at most one batch a round.
        assert len(kept) - len(answered) <= ROUNDS * THREADS
        assert assembly.problems(session) == []
