"""The opinion map of 1,000 people and the draw of 30 from 3,000, beside one pass over the input."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.harness import Row
from community.deliberation.tallies.opinion_map import draw_map
from community.deliberation.tallies.opinion_rows import MapSettings
from community.deliberation.tallies.opinion_rows import Row as Answers
from community.deliberation.tallies.panels import Candidate, PanelRules, Quota, draw_panel
from community.kernel.lots import hash_candidates

AGES: Final = ("18-34", "35-49", "50-64", "65-74", "75+")


def run() -> list[Row]:
    """Measure both."""
    chance = random.Random(5)
    answers = [_answer(chance, number % 4) for number in range(1_000)]
    candidates = [_candidate(chance, number) for number in range(3_000)]
    rules = PanelRules(
        30,
        (
            *(Quota(0, age, 5, 7) for age in AGES),
            *(Quota(1, f"{number}", 2, 4) for number in range(1, 11)),
            Quota(2, "f", 13, 17),
            Quota(2, "m", 12, 17),
        ),
    )
    return [
        _measure("opinion map of 1,000 people and 100 viewpoints", 3_000, lambda: _map(answers)),
        _measure(
            "30 of 3,000 drawn within 17 quotas, one of a household",
            200,
            lambda: draw_panel(b"seed", candidates, rules),
            lambda: hash_candidates([one.line for one in candidates]),
        ),
    ]


def _map(answers: Sequence[Answers]) -> object:
    return draw_map(answers, b"seed", MapSettings())


def _measure(
    name: str,
    milliseconds: int,
    act: Callable[[], object],
    floor: Callable[[], object] | None = None,
) -> Row:
    """Take the best of five by processor time: nothing here waits."""
    taken = _best(act)
    figures = {"times_the_lists_hash": taken / max(_best(floor), 1)} if floor else {}
    measured = f"{taken // 1_000_000} ms of processor time"
    return Row(
        name,
        f"at most {milliseconds:,} ms",
        measured,
        taken <= milliseconds * 1_000_000,
        figures,
    )


def _best(act: Callable[[], object]) -> int:
    spent = []
    for _ in range(5):
        began = time.process_time_ns()
        act()
        spent.append(time.process_time_ns() - began)
    return min(spent)


def _answer(chance: random.Random, camp: int) -> Answers:
    leaning = random.Random(camp)
    lean = [leaning.choice((-1, 1)) for _ in range(100)]
    return tuple(
        None if chance.random() < 0.2 else (one if chance.random() < 0.85 else 0) for one in lean
    )


def _candidate(chance: random.Random, number: int) -> Candidate:
    home = chance.randrange(1_400)
    features = (chance.choice(AGES), f"{home % 10 + 1}", chance.choice(("f", "m", "")))
    return Candidate(f"t{number:05d}", f"h{home}", features)
