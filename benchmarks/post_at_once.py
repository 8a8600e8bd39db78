"""32 callers at once sharing commits, against the same callers with one commit each."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.books import Books
from benchmarks.harness import Row, at_least, at_most, percentile, scratch, sync_cost
from community.kernel.db import sqlite_batch, sqlite_writer

CALLERS = 32
TURNS = 6
SECONDS = 1.0
SLOWER = 0.002


def run() -> list[Row]:
    """Measure on the disk as it is, then with 2 ms added after every COMMIT in both arms."""
    with scratch() as folder:
        books = Books(folder)
        sync = sync_cost(folder)
        rows = [*compare(books, "", 4, sync, shows_latency=True)]
        with slower_commits():
            rows += compare(books, ", 2 ms added after COMMIT", 15, sync, shows_latency=False)
        books.close()
    return rows


def compare(
    books: Books, label: str, asked: float, sync: float, *, shows_latency: bool
) -> Iterator[Row]:
    """Let both arms work in turns; their rates are of the whole run."""
    shared: list[int] = []
    alone: list[int] = []
    for turn in range(TURNS):
        shared += hammer(books, f"s{label}{turn}")
        with one_commit_each():
            alone += hammer(books, f"a{label}{turn}")
    seconds = TURNS * SECONDS
    yield at_least(
        f"32 callers, times one commit each{label}",
        asked,
        len(shared) / max(len(alone), 1),
        shared_per_second=len(shared) / seconds,
        alone_per_second=len(alone) / seconds,
        sync_us=sync,
    )
    if shows_latency:
        yield at_most("32 callers, p99", 25, percentile(shared, 99) / 1_000, "ms")


def hammer(books: Books, turn: str) -> list[int]:
    """Post from all callers for a while; gives the nanoseconds of each post."""
    taken: list[list[int]] = [[] for _ in range(CALLERS)]
    stop = time.monotonic() + SECONDS

    def call(caller: int) -> None:
        chance = random.Random(caller)
        number = 0
        while time.monotonic() < stop:
            began = time.perf_counter_ns()
            books.post(f"{turn}-{caller}-{number}", chance)
            taken[caller].append(time.perf_counter_ns() - began)
            number += 1

    threads = [threading.Thread(target=call, args=(caller,)) for caller in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [each for one in taken for each in one]


@contextmanager
def one_commit_each() -> Iterator[None]:
    """Let every command commit by itself."""
    before, sqlite_writer.BATCH_COMMANDS = sqlite_writer.BATCH_COMMANDS, 1
    yield
    sqlite_writer.BATCH_COMMANDS = before


@contextmanager
def slower_commits() -> Iterator[None]:
    """Add 2 ms after every COMMIT, as on a slower disk."""
    before = sqlite_batch.on_commit
    sqlite_batch.on_commit = lambda commands, took: time.sleep(SLOWER)
    yield
    sqlite_batch.on_commit = before
