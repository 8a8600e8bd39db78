"""Short ways to write ballots in tests of the counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from community.deliberation.tallies import Ballot, Option, Outcome, Roll, count

# The budget of 1,100: project = cost, voters who want it.
PARK = {
    1: (700, (0, 1, 2, 3, 4, 5, 10)),  # bike
    2: (400, (0, 1, 2, 3, 4, 5)),  # gym
    3: (250, (1, 3, 4, 6, 9)),  # park
    4: (200, (6, 7, 8, 9)),  # play
    5: (100, (6, 8, 9)),  # library
}


def options(last: int) -> tuple[Option, ...]:
    return tuple(Option(number) for number in range(1, last + 1))


def ranking(*numbers: int) -> Ballot:
    return tuple((number, rank) for rank, number in enumerate(numbers, start=1))


def approving(*numbers: int) -> Ballot:
    return tuple((number, 1) for number in numbers)


def rank(papers: Mapping[tuple[int, ...], int], seats: int, last: int, *, lot: str = "") -> Outcome:
    """Count rankings by the Scottish rules."""
    ballots = [ranking(*paper) for paper, times in papers.items() for _ in range(times)]
    setting: dict[str, int | str | bool] = {"rule": "stv_scottish", "seats": seats, "lot": lot}
    return count("ranked", setting, options(last), ballots)


def spend(
    projects: Mapping[int, tuple[int, Sequence[int]]],
    budget: int,
    voters: int,
    **setting: str | int,
) -> Outcome:
    """Count a budget of approvals."""
    ballots = [
        approving(*(number for number, (_, wanting) in projects.items() if voter in wanting))
        for voter in range(voters)
    ]
    chosen = tuple(Option(number, cost) for number, (cost, _) in projects.items())
    return count("budget", {"budget": budget, **setting}, chosen, ballots)


def vote(
    kind: str, ballots: Sequence[Ballot], last: int = 0, heads: int = 0, **setting: str | int | bool
) -> Outcome:
    """Count any kind."""
    return count(kind, setting, options(last), ballots, Roll(heads) if heads else None)
