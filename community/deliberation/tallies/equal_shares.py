"""The Method of Equal Shares: everybody has a purse, and supporters pay their projects together.

Source: Peters, Pierczyński, Skowron, Proportional participatory budgeting with additive utilities,
NeurIPS 2021. Purses are exact: whole numbers over one growing denominator.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from community.deliberation.tallies.projects import Budget, Project
from community.deliberation.tallies.ties import Chooser, Fallen, Tried, try_every_way
from community.deliberation.tallies.values import Step, share

WAYS = 64  # of a tie among projects; more are not tried
FINE = 64  # binary places of a rate's key


class Offer(NamedTuple):
    """What a project would cost its supporters now: `left / whole` for a unit of utility.

    `key` is that rate rounded down: a whole number compares ten times as fast as a fraction, and
    only equal keys need the exact rate.
    """

    key: int
    left: int
    weight: int
    whole: int

    def compare(self, other: Offer) -> int:
        """Tell by the sign which rate is lower; 0 where they are exactly equal."""
        return self.key - other.key or self.left * other.whole - other.left * self.whole


@dataclass(frozen=True)
class Sale:
    """One project bought: the most a purse paid, how many paid, how many were emptied by it."""

    number: int
    most_paid: Fraction
    payers: int
    emptied: int


@dataclass(frozen=True)
class Shared:
    """What equal purses buy, in order, and the money left behind each project not bought."""

    sales: tuple[Sale, ...]
    left_behind: tuple[tuple[int, Fraction], ...]


def split(cost: Fraction, purses: Sequence[Fraction]) -> tuple[Fraction, ...] | None:
    """Split a cost as equally as purses allow; None where they do not hold it together."""
    if sum(purses) < cost:
        return None
    paid: dict[int, Fraction] = {}
    left = cost
    for waiting, place in enumerate(sorted(range(len(purses)), key=purses.__getitem__)):
        paid[place] = min(purses[place], left * Fraction(1, len(purses) - waiting))
        left -= paid[place]
    return tuple(paid[place] for place in range(len(purses)))


def share_equally(budget: Budget, purse: Fraction) -> Fallen[Purses]:
    """Buy with a given purse for everybody; ties that change nothing are passed over."""

    def run(choices: Sequence[int]) -> Tried[Purses]:
        chooser = Chooser(choices, budget.lot)
        purses = Purses(budget, purse, chooser)
        purses.buy_all()
        winners = frozenset(sale.number for sale in purses.sales)
        return Tried(purses, winners, tuple(chooser.ties))

    return try_every_way(run, WAYS)


class Purses:
    """The purses of all groups of voters; a group's ballots are equal, so its purses are.

    A purse is a whole number over `_denominator`, which grows with every purchase.
    """

    def __init__(self, budget: Budget, purse: Fraction, chooser: Chooser) -> None:
        self.sales: list[Sale] = []
        self._budget = budget
        self._chooser = chooser
        self._denominator = purse.denominator
        self._money = [purse.numerator] * len(budget.groups)
        self._projects = {project.number: project for project in budget.projects}
        # A rate only rises as purses empty, so an old one is a lower bound and most projects are
        # looked at rarely.
        self._waiting = [
            ((project.cost << FINE) // (project.utility * max(project.worth, 1)), project.number)
            for project in budget.projects
            if project.utility
        ]
        heapq.heapify(self._waiting)

    def buy_all(self) -> None:
        """Buy the project of the lowest rate again and again until none can be paid."""
        while best := self._find_best():
            offers = {project.number: offer for project, offer in best}
            chosen = self._choose([project for project, _ in best])
            for number, offer in offers.items():
                if number != chosen:
                    heapq.heappush(self._waiting, (offer.key, number))
            self._buy(self._projects[chosen], offers[chosen])

    def left_behind(self) -> tuple[tuple[int, Fraction], ...]:
        """Give the money that supporters of each project not bought have left."""
        bought = {sale.number for sale in self.sales}
        return tuple(
            (number, Fraction(self._behind(project), self._denominator))
            for number, project in self._projects.items()
            if number not in bought
        )

    def _behind(self, project: Project) -> int:
        return sum(self._money[group] * times for group, times, _ in project.supporters)

    def _find_best(self) -> list[tuple[Project, Offer]]:
        """Find the projects of the lowest rate; more than one is a tie."""
        best: list[tuple[Project, Offer]] = []
        while self._waiting and (not best or self._waiting[0][0] <= best[0][1].key):
            _, number = heapq.heappop(self._waiting)
            project = self._projects[number]
            offer = self._offer(project)
            if offer is None:
                continue
            order = offer.compare(best[0][1]) if best else 0
            if order > 0:
                heapq.heappush(self._waiting, (offer.key, number))
                continue
            if order < 0:
                for other, beaten in best:
                    heapq.heappush(self._waiting, (beaten.key, other.number))
                best = []
            best.append((project, offer))
        return best

    def _offer(self, project: Project) -> Offer | None:
        """Find the rate at which the supporters can pay together; None: they cannot."""
        left = project.cost * self._denominator
        found = (self._split_alike if project.is_alike else self._split)(project, left)
        if found is None:
            return None
        left, weight = found
        whole = weight * self._denominator * max(project.worth, 1)
        return Offer((left << FINE) // whole, left, weight, whole)

    def _split_alike(self, project: Project, left: int) -> tuple[int, int] | None:
        """Split a cost where every purse counts once; most projects of a hall are like that."""
        purses: Sequence[int] = project.pick(self._money)
        held = sum(purses)
        if held < left:
            return None
        while purses:
            # Who cannot pay an equal part pays all there is, and the others share the rest.
            part = -(-left // len(purses))
            able = [purse for purse in purses if purse >= part]
            if len(able) == len(purses):
                break
            rest = sum(able)
            left -= held - rest
            purses, held = able, rest
        return left, len(purses) or 1

    def _split(self, project: Project, left: int) -> tuple[int, int] | None:
        """Split a cost among groups of voters, by what the project is worth to each."""
        money = self._money
        paying = [
            (money[group], times, utility)
            for group, times, utility in project.supporters
            if money[group]
        ]
        weight = held = 0
        for purse, times, utility in paying:
            held += purse * times
            weight += times * utility
        if held < left:
            return None
        while paying:
            able = []
            emptied = lighter = 0
            for one in paying:
                purse, times, utility = one
                if purse * weight < left * utility:
                    emptied += purse * times
                    lighter += times * utility
                else:
                    able.append(one)
            if not lighter:
                break
            left -= emptied
            weight -= lighter
            paying = able
        return left, weight or 1

    def _choose(self, tied: Sequence[Project]) -> int:
        """Choose among equal rates: by the poll's order, then as a tie, unless none can matter."""
        if len(tied) > 1:
            first = min(self._budget.claim(project) for project in tied)
            tied = [project for project in tied if self._budget.claim(project) == first]
        if len(tied) > 1 and self._are_apart(tied):
            return min(project.number for project in tied)
        return self._chooser.choose(sorted(project.number for project in tied))

    def _are_apart(self, tied: Sequence[Project]) -> bool:
        """Tell whether no purse pays for two of them: then all are bought in any order."""
        seen: set[int] = set()
        for project in tied:
            groups = {group for group, _, _ in project.supporters if self._money[group]}
            if groups & seen:
                return False
            seen |= groups
        return True

    def _buy(self, project: Project, offer: Offer) -> None:
        common = gcd(offer.left, offer.weight)
        part, finer = offer.left // common, offer.weight // common
        if finer > 1:
            self._money = [purse * finer for purse in self._money]
        money = self._money
        payers = emptied = most = 0
        for group, times, utility in project.supporters:
            purse, due = money[group], part * utility
            if not purse:
                continue
            payers += times
            if purse > due:
                money[group] = purse - due
            else:
                money[group] = 0
                emptied += times
                due = purse
            most = due if due > most else most  # noqa: FURB136  half the time of max()
        self._denominator *= finer
        paid = Fraction(most, self._denominator)
        self.sales.append(Sale(project.number, paid, payers, emptied))


def explain(budget: Budget, purses: Purses, purse: Fraction) -> list[Step]:
    """Tell who paid for what, and how much was missing for the rest."""
    costs = {project.number: project for project in budget.projects}
    steps = [Step("purse", {"each": share(purse), "purses": budget.voters})]
    for sale in purses.sales:
        project = costs[sale.number]
        facts = {"option": sale.number, "cost": project.cost, "votes": project.votes}
        facts |= {"payers": sale.payers, "emptied": sale.emptied}
        steps.append(Step("paid", {**facts, "most_paid": share(sale.most_paid)}))
    for number, left in purses.left_behind():
        project = costs[number]
        facts = {"option": number, "cost": project.cost, "votes": project.votes}
        steps.append(Step("not_paid", {**facts, "left_behind": share(left)}))
    return steps
