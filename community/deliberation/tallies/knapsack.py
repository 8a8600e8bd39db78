"""Buying the set of projects with the most votes together, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Final

from community.deliberation.tallies.greedy import Bought
from community.deliberation.tallies.projects import Budget
from community.deliberation.tallies.values import BadCount, Step

# Sets kept at once; costs in whole hundreds never come near it, see `is_countable`.
MOST_SETS: Final = 100_000


@dataclass(slots=True)
class _Set:
    """Sets of one cost and one worth: the projects in all of them, and in any."""

    cost: int
    worth: int
    in_all: int
    in_any: int


def is_countable(costs: Sequence[int], money: int) -> bool:
    """Tell whether the best set can be found whatever the votes: the sums of costs are few."""
    step = gcd(*costs)
    return 1 << len(costs) <= MOST_SETS or (step > 0 and money // step < MOST_SETS)


def buy_best_set(budget: Budget, *, by_cost: bool) -> Bought:
    """Find the set with the most votes (or votes times cost) that the budget allows.

    Of equal sets the cheaper wins; several of the same worth and cost are a tie, which a public
    lot settles by what it names first. What is free is always bought.
    Raises: BadCount (too_many_sets).
    """
    free = [one for one in budget.projects if not one.cost]
    items = {
        one.number: (one.cost, one.score * (one.cost if by_cost else 1))
        for one in budget.projects
        if 0 < one.cost <= budget.money
    }
    best, sure, tie = _settle(items, budget.money)
    if tie and set(tie) <= set(budget.lot):
        order = [number for number in budget.lot if number in tie]
        best, sure, tie = _settle(_weigh(items, order), budget.money)
    worth = sum(items[number][1] for number in sure) if not tie else best.worth
    worth += 0 if by_cost else sum(one.score for one in free)
    step = Step("best_set", {"cost": best.cost, "worth": worth})
    return Bought((*(one.number for one in free), *sure), tie, (step,))


def _settle(
    items: Mapping[int, tuple[int, int]], money: int
) -> tuple[_Set, tuple[int, ...], tuple[int, ...]]:
    """Solve, and name what is in every best set and what only in some."""
    # The most worth for its money first: then the bound below cuts early.
    numbers = sorted(items, key=lambda number: _ratio(items[number]), reverse=True)
    best = _solve([items[number] for number in numbers], money)
    sure = [number for bit, number in enumerate(numbers) if best.in_all >> bit & 1]
    some = [number for bit, number in enumerate(numbers) if (best.in_any & ~best.in_all) >> bit & 1]
    return best, tuple(sorted(sure)), tuple(sorted(some))


def _weigh(
    items: Mapping[int, tuple[int, int]], order: Sequence[int]
) -> dict[int, tuple[int, int]]:
    """Let the cheaper of equal sets outweigh the lot, and each place of it all later ones."""
    scale = 1 << len(order)
    whole = sum(cost for cost, _ in items.values()) + 1
    bonus = {number: scale >> place >> 1 for place, number in enumerate(order)}
    return {
        number: (cost, (worth * whole - cost) * scale + bonus.get(number, 0))
        for number, (cost, worth) in items.items()
    }


def _ratio(item: tuple[int, int]) -> tuple[int, int]:
    cost, worth = item
    return (worth << 64) // max(cost, 1), worth


def _solve(items: Sequence[tuple[int, int]], money: int) -> _Set:
    """Go through the items keeping, for each cost, only sets that may still become the best."""
    floor = _reach(items, money)
    sets = [_Set(0, 0, 0, 0)]
    for place, (cost, worth) in enumerate(items):
        bit = 1 << place
        with_it = [
            _Set(each.cost + cost, each.worth + worth, each.in_all | bit, each.in_any | bit)
            for each in sets
            if each.cost + cost <= money
        ]
        sets = _keep_best(sorted(sets + with_it, key=lambda one: (one.cost, -one.worth)))
        rest = items[place + 1 :]
        sets = [each for each in sets if _bound(rest, money - each.cost, each.worth) >= floor]
        if len(sets) > MOST_SETS:
            raise BadCount("too_many_sets")
    return max(sets, key=lambda one: (one.worth, -one.cost))


def _keep_best(ordered: Sequence[_Set]) -> list[_Set]:
    """Drop a set that costs no less and is worth no more than another; join the equal ones."""
    kept: list[_Set] = []
    for each in ordered:
        if kept and each.worth <= kept[-1].worth:
            if (each.cost, each.worth) == (kept[-1].cost, kept[-1].worth):
                both, last = kept[-1], each
                kept[-1] = _Set(
                    each.cost, each.worth, both.in_all & last.in_all, both.in_any | last.in_any
                )
            continue
        kept.append(each)
    return kept


def _reach(items: Sequence[tuple[int, int]], money: int) -> int:
    """Give a worth that can be reached for certain."""
    reached = 0
    for cost, worth in items:
        if cost <= money:
            money -= cost
            reached += worth
    return reached


def _bound(rest: Sequence[tuple[int, int]], money: int, worth: int) -> int:
    """Give a worth that no set can pass: the rest in order, the last one in part."""
    for cost, more in rest:
        if cost > money:
            return worth + -(-more * money // cost)
        money -= cost
        worth += more
    return worth
