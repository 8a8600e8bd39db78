"""Month-end bills and imports: many posts in one command, against F1."""

from __future__ import annotations

import random

from benchmarks.books import ACTOR, Books, Floor
from benchmarks.harness import Row, at_least, interleave, median, scratch, sync_cost
from community import ledger

ROUNDS = 40
CHUNK = 200


def run() -> list[Row]:
    """Measure chunks of 200 posts beside 200 transfers of F1."""
    with scratch() as folder:
        books, floor = Books(folder), Floor(folder)
        ours, theirs = random.Random(1), random.Random(1)

        def post_chunk(number: int) -> None:
            postings = tuple(books.posting(f"b{number}-{n}", ours) for n in range(CHUNK))
            books.database.write(ledger.post_all, ACTOR, postings)

        def transfer_chunk(number: int) -> None:
            for n in range(CHUNK):
                floor.transfer(f"b{number}-{n}", theirs)

        taken = interleave({"ours": post_chunk, "floor": transfer_chunk}, ROUNDS)
        books.close()
        sync = sync_cost(folder)
    ours_us, floor_us = median(taken["ours"]) / CHUNK, median(taken["floor"]) / CHUNK
    return [
        at_least(
            "bulk, times F1", 4, floor_us / ours_us,
            ours_us=ours_us, floor_us=floor_us, sync_us=sync,
        )
    ]  # fmt: skip
