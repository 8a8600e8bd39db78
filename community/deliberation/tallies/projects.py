"""A participatory budget as its counts need it: projects, and voters of equal ballots as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from community.deliberation.tallies.kinds import BallotForm, TieOrder, Utility
from community.deliberation.tallies.settings import Settled
from community.deliberation.tallies.values import Ballot, Option

TIE_ORDERS: Final[Mapping[TieOrder, tuple[str, ...]]] = {
    TieOrder.REPORT: (),
    TieOrder.MOST_VOTES: ("votes",),
    TieOrder.LEAST_COST: ("cost",),
    TieOrder.MOST_VOTES_LEAST_COST: ("votes", "cost"),
    TieOrder.LEAST_COST_MOST_VOTES: ("cost", "votes"),
}


# All voters of one ballot who want a project: their group, how many they are, and what it is worth
# to each; where a project is worth the same to everybody (`Project.worth`) that is 1.
Supporter = tuple[int, int, int]


@dataclass(frozen=True)
class Project:
    """A project with its votes; `score` orders it for greedy, `worth` scales its utility.

    `utility` adds up what it is worth to all supporters, before `worth`. `is_alike`: each supporter
    is one voter, and it is worth the same to all. `pick` takes the supporters' out of all purses.
    """

    number: int
    cost: int
    votes: int
    score: int
    worth: int
    supporters: Sequence[Supporter]
    utility: int
    is_alike: bool
    pick: Callable[[Sequence[int]], tuple[int, ...]]


@dataclass(frozen=True)
class Budget:
    """The whole question: money, voters, and the projects that may be bought."""

    money: int
    voters: int
    groups: tuple[tuple[Ballot, int], ...]
    projects: tuple[Project, ...]
    lot: tuple[int, ...]
    ties: str = TieOrder.REPORT

    def claim(self, project: Project) -> tuple[int, ...]:
        """Order projects of equal claim by the poll's own rule, before any lot."""
        by_name = {"votes": -project.votes, "cost": project.cost}
        return tuple(by_name[name] for name in TIE_ORDERS[TieOrder(self.ties)])

    def cost(self, numbers: Sequence[int] | frozenset[int]) -> int:
        """Add up what projects cost."""
        costs = {project.number: project.cost for project in self.projects}
        return sum(costs[number] for number in numbers)


def read_budget(
    settled: Settled, options: Sequence[Option], grouped: Mapping[Ballot, int]
) -> tuple[Budget, tuple[Project, ...]]:
    """Bring ballots into the form counts need; also gives the projects with too few votes."""
    worth_of = _values(settled, options, grouped)
    merged: Counter[Ballot] = Counter()
    for ballot, times in grouped.items():
        merged[tuple(sorted(ballot))] += times
    supporters: dict[int, list[Supporter]] = {option.number: [] for option in options}
    for group, (ballot, times) in enumerate(merged.items()):
        for number, value in ballot:
            supporters[number].append((group, times, worth_of(value) if worth_of else value))
    utility = settled.word("utility")
    projects = [
        _project(option, supporters[option.number], utility)
        for option in sorted(options, key=_number)
    ]
    least = settled.whole("least_votes")
    return Budget(
        money=settled.whole("budget"),
        voters=sum(grouped.values()),
        groups=tuple(merged.items()),
        projects=tuple(project for project in projects if project.score >= least),
        lot=settled.lot(),
        ties=settled.word("ties"),
    ), tuple(project for project in projects if project.score < least)


def _number(option: Option) -> int:
    return option.number


class _Borda:
    """A rank as points: the last place a ballot may give is worth one."""

    def __init__(self, places: int) -> None:
        self._places = places

    def __call__(self, rank: int) -> int:
        return self._places - rank + 1


def _values(
    settled: Settled, options: Sequence[Option], grouped: Mapping[Ballot, int]
) -> _Borda | None:
    if settled.word("form") != BallotForm.RANKED:
        return None
    longest = max((len(ballot) for ballot in grouped), default=0)
    places = settled.whole("places") or settled.whole("most_projects") or len(options)
    return _Borda(max(places, longest))


def _project(option: Option, wanted: Sequence[Supporter], kind: str) -> Project:
    """Make a project; by points each ballot says itself what the project is worth to it."""
    votes = score = 0
    for _, times, value in wanted:
        votes += times
        score += times * value
    by_points = kind == Utility.POINTS
    if any(value != 1 for _, _, value in wanted):
        wanted = [
            (group, times, value if by_points else 1) for group, times, value in wanted if value > 0
        ]
    return Project(
        number=option.number,
        cost=option.cost,
        votes=votes,
        score=score,
        worth=option.cost if kind == Utility.COST else 1,
        supporters=wanted,
        utility=sum(times * utility for _, times, utility in wanted),
        is_alike=all(times == utility == 1 for _, times, utility in wanted),
        pick=_picker([group for group, _, _ in wanted]),
    )


def _picker(groups: Sequence[int]) -> Callable[[Sequence[int]], tuple[int, ...]]:
    """Take several purses at once: in C, where a loop of ours takes five times as long."""
    if len(groups) > 1:
        return itemgetter(*groups)
    return lambda purses: tuple(purses[group] for group in groups)
