"""Measuring two arms in turns, so that a busy machine slows both; it knows no table."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
SYNCS = 200


@dataclass(frozen=True)
class Row:
    """One promise: what was asked, what was measured, whether it is kept."""

    promise: str
    asked: str
    measured: str
    is_kept: bool
    figures: dict[str, float] = field(default_factory=dict)


Benchmark = Callable[[], list[Row]]


def interleave(
    arms: dict[str, Callable[[int], object]], rounds: int, each: int = 1
) -> dict[str, list[int]]:
    """Call the arms in turns, `each` times a turn; gives nanoseconds per call of every turn.

    The order of the arms changes with every round, so that none always comes after another.
    """
    taken: dict[str, list[int]] = {name: [] for name in arms}
    names = list(arms)
    number = 0
    for turn in range(rounds):
        names.append(names.pop(0))
        for name in names if turn % 2 else reversed(names):
            act = arms[name]
            began = time.perf_counter_ns()
            for call in range(each):
                act(number + call)
            taken[name].append((time.perf_counter_ns() - began) // each)
        number += each
    return taken


def median(values: Sequence[int]) -> float:
    """Give the middle value in microseconds."""
    return statistics.median(values) / 1_000


def percentile(values: Sequence[int], hundredths: int) -> float:
    """Give the value that so many of a hundred stay below, in microseconds."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * hundredths // 100)] / 1_000


def sync_cost(folder: Path) -> float:
    """Measure what it costs to have 4 KB on the disk, in microseconds (median)."""
    taken = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(b"x" * 4096)
            began = time.perf_counter_ns()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter_ns() - began)
    return median(taken)


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder on the disk of the repository, where a sync is a real one (/tmp may not be)."""
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder:
        yield Path(folder)


def at_least(promise: str, asked: float, measured: float, **figures: float) -> Row:
    """Make a row of a ratio that must reach a figure."""
    return Row(promise, f">= {asked:g}", f"{measured:.2f}", measured >= asked, figures)


def at_most(promise: str, asked: float, measured: float, unit: str = "", **figures: float) -> Row:
    """Make a row of a figure that must not be passed."""
    said = f"{measured:.2f} {unit}".strip()
    return Row(promise, f"<= {asked:g} {unit}".strip(), said, measured <= asked, figures)


def keep(name: str, rows: list[Row]) -> None:
    """Keep a benchmark's rows as JSON, with the machine they were measured on."""
    RESULTS.mkdir(exist_ok=True)
    machine = {
        "processor": platform.machine(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load_average": os.getloadavg()[0],
    }
    content = {"machine": machine, "rows": [asdict(row) for row in rows]}
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def show(name: str, rows: list[Row]) -> None:
    """Print a benchmark's rows: asked beside measured."""
    print(f"\n{name}")
    for row in rows:
        print(f"  {'ok ' if row.is_kept else 'MISSED'} {row.promise}")
        print(f"      asked {row.asked}, measured {row.measured}")
        for label, figure in row.figures.items():
            print(f"      {label.replace('_', ' ')}: {figure:,.1f}")
