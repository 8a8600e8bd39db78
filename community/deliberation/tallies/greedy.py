"""Buying the projects with the most votes first, with and without skipping what no longer fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from community.deliberation.tallies.projects import Budget, Project
from community.deliberation.tallies.values import Step


@dataclass(frozen=True)
class Bought:
    """What a budget buys: in order, the members of a tie that decides, and what happened."""

    winners: tuple[int, ...]
    tie: tuple[int, ...] = ()
    steps: tuple[Step, ...] = ()


def buy_greedily(budget: Budget, *, skip: bool, already: Sequence[int] = ()) -> Bought:
    """Buy in falling order of votes while money lasts; equal votes that do not all fit are a tie.

    Without skipping, the first project that does not fit ends it.
    """
    left = budget.money - budget.cost(tuple(already))
    winners, steps = list(already), list[Step]()
    waiting = sorted(
        (project for project in budget.projects if project.number not in already),
        key=lambda project: (-project.score, budget.claim(project), project.number),
    )
    for _, group in groupby(waiting, key=lambda one: (-one.score, budget.claim(one))):
        tied = list(group)
        fitting = [project for project in tied if project.cost <= left]
        if _is_open(fitting if skip else tied, left, skip=skip):
            numbers = [project.number for project in (fitting if skip else tied)]
            if not set(numbers) <= set(budget.lot):
                members = tuple(sorted(numbers))
                return Bought(tuple(winners), members, (*steps, Step("tie", {"options": members})))
            tied.sort(key=lambda project: _place(budget.lot, project))
        for project in tied:
            is_bought = project.cost <= left
            left -= project.cost if is_bought else 0
            winners += [project.number] if is_bought else []
            steps.append(_step(project, left, is_bought=is_bought))
            if not is_bought and not skip:
                return Bought(tuple(winners), (), tuple(steps))
    return Bought(tuple(winners), (), tuple(steps))


def _is_open(tied: Sequence[Project], left: int, *, skip: bool) -> bool:
    """Tell whether the order of equals decides what is bought.

    Without skipping it also does not decide when nothing of them fits.
    """
    if len(tied) < 2 or sum(project.cost for project in tied) <= left:
        return False
    return skip or any(project.cost <= left for project in tied)


def _place(lot: Sequence[int], project: Project) -> int:
    return lot.index(project.number) if project.number in lot else len(lot)


def _step(project: Project, left: int, *, is_bought: bool) -> Step:
    facts = {"option": project.number, "cost": project.cost, "votes": project.votes}
    facts |= {"score": project.score, "left": left}
    return Step("bought" if is_bought else "too_costly", facts)
