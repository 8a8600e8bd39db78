"""PostgreSQL: one client posting a hundred by one call, against eight posting one by one.

The server is a temporary one that waits for its disk, as a real one does. Every client is a
process of its own, so that no interpreter lock is measured.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Any

from psycopg import sql

from benchmarks.books import ACTOR, Books
from benchmarks.harness import Row, at_least
from community import ledger
from tests import postgres

CLIENTS = 8
ARRAY = 100
TURNS = 5
SECONDS = 1.5
# A client that has not come by then never will.
PATIENCE = 120
# Against the settings of the tests.
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


def run() -> list[Row]:
    """Let both arms work in turns; their rates are of the whole run."""
    arrays = singles = 0
    with server() as url:
        books = Books(url)
        with clients(books) as (start, done, counts):
            for turn in range(TURNS):
                start.wait(PATIENCE)
                done.wait(PATIENCE)
                singles += sum(counts.get(timeout=PATIENCE) for _ in range(CLIENTS))
                arrays += post_arrays(books, turn)
        books.close()
    seconds = TURNS * SECONDS
    return [
        at_least(
            "PostgreSQL, arrays of 100, times 8 clients one by one",
            1.5,
            arrays / max(singles, 1),
            arrays_per_second=arrays / seconds,
            one_by_one_per_second=singles / seconds,
        )
    ]


def post_arrays(books: Books, turn: int) -> int:
    """Post arrays for a while; tells how many transactions that made."""
    chance = random.Random(turn)
    stop = time.monotonic() + SECONDS
    made = 0
    while time.monotonic() < stop:
        postings = tuple(books.posting(f"a{turn}-{made + n}", chance) for n in range(ARRAY))
        books.database.write(ledger.post_all, ACTOR, postings)
        made += ARRAY
    return made


@contextmanager
def server() -> Iterator[str]:
    """Start a PostgreSQL that writes to the disk; gives the address of an empty database."""
    folder = postgres.make_folder()
    try:
        postgres.start_cluster(folder)
        for setting in DURABLE:
            on = sql.SQL("ALTER SYSTEM SET {} = on").format(sql.Identifier(setting))
            postgres.execute(folder, on)
        postgres.execute(folder, sql.SQL("SELECT pg_reload_conf()").format())
        yield postgres.name_url(folder, postgres.TEMPLATE)
    finally:
        postgres.remove_cluster(folder)


@dataclass(frozen=True)
class Shared:
    """What a client process needs: where to post, and when."""

    url: str
    book_id: int
    accounts: tuple[int, ...]
    start: Any
    done: Any
    counts: Any


@contextmanager
def clients(books: Books) -> Iterator[tuple[Any, Any, Any]]:
    """Give eight processes that post whenever they are started, and what they count."""
    apart = multiprocessing.get_context("spawn")
    start, done = apart.Barrier(CLIENTS + 1), apart.Barrier(CLIENTS + 1)
    counts = apart.Queue()
    shared = Shared(books.url, books.book_id, tuple(books.accounts), start, done, counts)
    processes: list[BaseProcess] = [
        apart.Process(target=post_singles, args=(number, shared), daemon=True)
        for number in range(CLIENTS)
    ]
    for each in processes:
        each.start()
    try:
        yield start, done, counts
    finally:
        for each in processes:
            each.terminate()
            each.join()


def post_singles(number: int, shared: Shared) -> None:
    """Post one by one, a turn at a time, until the process is ended."""
    books = Books.opened(shared.url, shared.book_id, shared.accounts)
    chance = random.Random(number)
    made = 0
    while True:
        shared.start.wait()
        first, stop = made, time.monotonic() + SECONDS
        while time.monotonic() < stop:
            books.post(f"c{number}-{made}", chance)
            made += 1
        shared.done.wait()
        shared.counts.put(made - first)
