"""A second count by the Scottish rules, paper by paper in decimals, to compare the first with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Decimal

PLACES = Decimal("0.00001")


class RealTie(Exception):
    """Only a lot could settle this."""


def elect(papers: Mapping[tuple[int, ...], int], seats: int, numbers: Sequence[int]) -> set[int]:
    """Name those elected. Raises: RealTie."""
    every = [paper for paper, times in papers.items() for _ in range(times)]
    quota = Decimal(len(every) // (seats + 1) + 1)
    piles: dict[int, list[tuple[tuple[int, ...], Decimal]]] = {number: [] for number in numbers}
    hopeful, elected, waiting = set(numbers), set[int](), set[int]()
    for paper in every:
        piles[paper[0]].append((paper, Decimal(1)))
    kept: dict[int, Decimal] = {}
    stages: list[dict[int, Decimal]] = []
    while True:
        votes = {one: kept.get(one, sum((v for _, v in piles[one]), Decimal(0))) for one in numbers}
        stages.append(votes)
        reached = {one for one in hopeful if votes[one] >= quota}
        hopeful -= reached
        elected |= reached
        waiting |= {one for one in reached if votes[one] > quota}
        if len(elected) == seats:
            return elected
        if len(hopeful) + len(elected) <= seats:
            return elected | hopeful
        if waiting:
            leaving = _pick(waiting, stages, most=True)
            waiting.discard(leaving)
            surplus, total = votes[leaving] - quota, votes[leaving]
            kept[leaving] = quota
        else:
            leaving = _pick(hopeful, stages, most=False)
            hopeful.discard(leaving)
            surplus = total = Decimal(1)
            kept[leaving] = Decimal(0)
        for paper, value in piles[leaving]:
            worth = (surplus * value / total).quantize(PLACES, ROUND_DOWN)
            later = next((one for one in paper if one in hopeful), None)
            if later is not None:
                piles[later].append((paper, worth))
        piles[leaving] = []


def _pick(among: set[int], stages: Sequence[Mapping[int, Decimal]], *, most: bool) -> int:
    for votes in reversed(stages):
        edge = (max if most else min)(votes[one] for one in among)
        among = {one for one in among if votes[one] == edge}
        if len(among) == 1:
            return among.pop()
    raise RealTie
