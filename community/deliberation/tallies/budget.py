"""Participatory budgets: which rule buys, how Equal Shares goes on, what it is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from community.deliberation.tallies.equal_shares import Purses, explain, share_equally
from community.deliberation.tallies.greedy import Bought, buy_greedily
from community.deliberation.tallies.kinds import (
    BudgetRule,
    Comparison,
    Completion,
    PollKind,
    Stop,
    Utility,
)
from community.deliberation.tallies.knapsack import buy_best_set
from community.deliberation.tallies.projects import Budget, Project, read_budget
from community.deliberation.tallies.settings import Settled
from community.deliberation.tallies.simple import measure_quorum
from community.deliberation.tallies.ties import Fallen
from community.deliberation.tallies.values import Ballot, Option, Outcome, Roll, Step

# A project with one supporter could ask for steps without end; then the purses stay as they are.
MOST_STEPS: Final = 20_000
PARTS: Final = 200


def count_budget(
    settled: Settled, options: Sequence[Option], grouped: Mapping[Ballot, int], roll: Roll | None
) -> Outcome:
    """Count a participatory budget; what is bought never costs more than the budget."""
    budget, unwanted = read_budget(settled, options, grouped)
    quorum = measure_quorum(settled, budget.voters, roll)
    passed = all(each.is_met for each in quorum) if quorum else None
    bought = _buy(settled, budget)
    assert budget.cost(bought.winners) <= budget.money
    projects = sorted((*budget.projects, *unwanted), key=lambda project: project.number)
    return Outcome(
        kind=PollKind.BUDGET,
        votes=budget.voters,
        winners=bought.winners if passed is not False else (),
        passed=passed,
        tie=bought.tie,
        totals=tuple((project.number, project.score) for project in projects),
        measures=quorum,
        facts={
            "rule": settled.word("rule"),
            "budget": budget.money,
            "spent": budget.cost(bought.winners) if passed is not False else 0,
            "votes": tuple((project.number, project.votes) for project in projects),
            "leading": bought.winners,
        },
        steps=(*bought.steps, *(_unwanted(project) for project in unwanted)),
    )


def _unwanted(project: Project) -> Step:
    facts = {"option": project.number, "cost": project.cost, "votes": project.votes}
    return Step("too_few_votes", {**facts, "score": project.score})


def _buy(settled: Settled, budget: Budget) -> Bought:
    rule = settled.word("rule")
    if rule == BudgetRule.KNAPSACK:
        return buy_best_set(budget, by_cost=settled.word("utility") == Utility.COST)
    if rule != BudgetRule.EQUAL_SHARES:
        return buy_greedily(budget, skip=rule == BudgetRule.GREEDY)
    shared = _share(settled, budget)
    if shared.tie or settled.word("comparison") == Comparison.NONE:
        return shared
    return _compare(settled, budget, shared)


@dataclass(frozen=True)
class _Round:
    """One purse tried: what it buys, and the least and the most that costs, ties considered."""

    purse: Fraction
    fallen: Fallen[Purses]
    least: int
    most: int


def _share(settled: Settled, budget: Budget) -> Bought:
    """Share equally, then go on as the setting says."""
    if not budget.voters:
        return Bought(())
    step = settled.whole("step") or max(1, budget.money // budget.voters // PARTS)
    purse = Fraction(budget.money, budget.voters)
    if settled.flag("whole_purses"):
        purse = Fraction(int(purse) // step * step)
    completion = settled.word("completion")
    found = _try(budget, purse)
    if completion in {Completion.ADD1, Completion.ADD1_UTILITARIAN}:
        is_first = settled.word("stop") == Stop.FIRST_EXHAUSTIVE
        found = _add_to_purses(budget, found, step, until_exhaustive=is_first)
    steps = explain(budget, found.fallen.result, found.purse)
    order = [sale.number for sale in found.fallen.result.sales]
    winners = tuple(number for number in order if number in found.fallen.winners)
    if found.fallen.tie or found.most > budget.money:
        tie = found.fallen.tie
        return Bought(winners, tie, (*steps, Step("tie", {"options": tie})))
    if completion not in {Completion.UTILITARIAN, Completion.ADD1_UTILITARIAN}:
        return Bought(winners, (), tuple(steps))
    more = buy_greedily(budget, skip=True, already=winners)
    added = [
        Step("added", each.facts) if each.code == "bought" else each
        for each in more.steps
        if each.code != "too_costly"
    ]
    return Bought(more.winners, more.tie, (*steps, *added))


def _try(budget: Budget, purse: Fraction) -> _Round:
    fallen = share_equally(budget, purse)
    costs = [budget.cost(end) for end in fallen.ends]
    if not costs:
        costs = [budget.cost(tuple(sale.number for sale in fallen.result.sales))]
    return _Round(purse, fallen, min(costs), max(costs))


def _add_to_purses(budget: Budget, found: _Round, step: int, *, until_exhaustive: bool) -> _Round:
    """Add a step to every purse as long as what it buys stays within the budget (Add1)."""
    for _ in range(MOST_STEPS):
        if until_exhaustive and _is_exhaustive(budget, found):
            return found
        if len(found.fallen.result.sales) == sum(1 for one in budget.projects if one.supporters):
            return found
        following = _try(budget, found.purse + step)
        if following.least > budget.money:
            return found
        found = following
        if found.most > budget.money:
            return found  # whether this is within the budget hangs on a tie: it is reported
    return found


def _is_exhaustive(budget: Budget, found: _Round) -> bool:
    bought = {sale.number for sale in found.fallen.result.sales}
    left = budget.money - budget.cost(frozenset(bought))
    return all(one.cost > left for one in budget.projects if one.number not in bought)


def _compare(settled: Settled, budget: Budget, shared: Bought) -> Bought:
    """Let greedy take the place of Equal Shares where more voters are better off with it."""
    greedy = buy_greedily(budget, skip=True)
    if greedy.tie:
        return Bought(greedy.winners, greedy.tie, (*shared.steps, *greedy.steps[-1:]))
    chosen, other = frozenset(shared.winners), frozenset(greedy.winners)
    for_shared = for_greedy = 0
    for ballot, times in budget.groups:
        wanted = {number for number, value in ballot if value > 0}
        here, there = len(wanted & chosen), len(wanted & other)
        if settled.word("comparison") == Comparison.EXCLUSION:
            here, there = min(here, 1), min(there, 1)
        for_shared += times if here > there else 0
        for_greedy += times if there > here else 0
    facts = {"for_shared": for_shared, "for_greedy": for_greedy}
    compared = Step("compared", {**facts, "greedy_wins": for_greedy > for_shared})
    if for_greedy > for_shared:
        return Bought(greedy.winners, (), (*shared.steps, compared, *greedy.steps))
    return Bought(shared.winners, (), (*shared.steps, compared))
