"""Buying the set of projects with the most votes together, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from community.deliberation.tallies.greedy import Bought
from community.deliberation.tallies.projects import Budget
from community.deliberation.tallies.values import Step


@dataclass(slots=True)
class _Set:
    """Sets of one cost and one worth: the projects in all of them, and in any."""

    cost: int
    worth: int
    in_all: int
    in_any: int


def buy_best_set(budget: Budget, *, by_cost: bool) -> Bought:
    """Find the set with the most votes (or votes times cost) that the budget allows.

    Of equal sets the cheaper wins; several of the same worth and cost are a tie.
    """
    projects = [project for project in budget.projects if project.cost <= budget.money]
    items = [
        (project.cost, project.score * (project.cost if by_cost else 1)) for project in projects
    ]
    # The most worth for its money first: then the bound below cuts early.
    order = sorted(range(len(items)), key=lambda place: _ratio(items[place]), reverse=True)
    best = _solve([items[place] for place in order], budget.money)
    numbers = [projects[place].number for place in order]
    sure = tuple(sorted(numbers[bit] for bit in range(len(numbers)) if best.in_all >> bit & 1))
    doubtful = best.in_any & ~best.in_all
    tie = tuple(sorted(numbers[bit] for bit in range(len(numbers)) if doubtful >> bit & 1))
    if tie and set(tie) <= set(budget.lot):
        return _by_lot(budget, tie, by_cost=by_cost)
    step = Step("best_set", {"cost": best.cost, "worth": best.worth})
    return Bought(sure, tie, (step,))


def _by_lot(budget: Budget, tie: Sequence[int], *, by_cost: bool) -> Bought:
    """Settle a tie of sets: the one that holds what the lot names first, then second, and so on."""
    worths = {
        project.number: project.score * (project.cost if by_cost else 1)
        for project in budget.projects
    }
    order = [number for number in budget.lot if number in tie]
    # Each place of the lot outweighs all later ones, and all together less than one vote.
    scale = 1 << len(order)
    items, numbers = [], []
    for project in budget.projects:
        if project.cost <= budget.money:
            bonus = (
                1 << (len(order) - 1 - order.index(project.number))
                if project.number in order
                else 0
            )
            # Costs are scaled too, so that the cheaper of equal worth still wins before the lot.
            items.append((project.cost, worths[project.number], bonus))
            numbers.append(project.number)
    total_cost = sum(cost for cost, _, _ in items) + 1
    weighed = [(cost, (worth * total_cost - cost) * scale + bonus) for cost, worth, bonus in items]
    best = _solve(weighed, budget.money)
    chosen = tuple(sorted(numbers[bit] for bit in range(len(numbers)) if best.in_all >> bit & 1))
    cost = budget.cost(chosen)
    worth = sum(worths[number] for number in chosen)
    return Bought(chosen, (), (Step("best_set", {"cost": cost, "worth": worth}),))


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
