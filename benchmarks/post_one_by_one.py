"""One post after the other, all features on, against F1."""

from __future__ import annotations

import random

from benchmarks.books import Books, Floor
from benchmarks.harness import Row, at_least, interleave, median, scratch, sync_cost

ROUNDS = 2_000


def run() -> list[Row]:
    """Measure."""
    with scratch() as folder:
        books, floor = Books(folder), Floor(folder)
        ours, theirs = random.Random(1), random.Random(1)
        taken = interleave(
            {
                "ours": lambda number: books.post(f"key-{number}", ours),
                "floor": lambda number: floor.transfer(f"key-{number}", theirs),
            },
            ROUNDS,
        )
        books.close()
        sync = sync_cost(folder)
    ours_us, floor_us = median(taken["ours"]), median(taken["floor"])
    return [
        at_least(
            "post one by one, all features on, times F1",
            0.85,
            floor_us / ours_us,
            ours_us=ours_us,
            floor_us=floor_us,
            sync_us=sync,
        )
    ]
