"""Telling a tie that decides from one that changes nothing, by trying every way it could fall."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Result = TypeVar("Result")
Group = tuple[int, ...]
Outcomes = frozenset[frozenset[int]]


@dataclass(frozen=True)
class Tried(Generic[Result]):
    """One way through a count: its result, its winners, and the ties it met, in order."""

    result: Result
    winners: frozenset[int]
    ties: tuple[Group, ...]


@dataclass(frozen=True)
class Fallen(Generic[Result]):
    """What holds however the ties fall: the sure winners, and the members of a tie that decides.

    `ends` are the winners of every way, empty where there are too many to try. `result` is the
    way in which every tie falls to its lowest number; up to the deciding tie it is what happened.
    """

    result: Result
    winners: frozenset[int]
    ends: Outcomes
    tie: Group = ()
    decides_at: int = -1


class TooManyWays(Exception):  # told as a tie, not as a mistake
    """There are more ways than may be tried."""


class Chooser:
    """Settles the ties of one way: by the public lot, by what is tried, else the lowest number."""

    def __init__(self, choices: Sequence[int], lot: Sequence[int]) -> None:
        self._choices = choices
        self._lot = lot
        self.ties: list[Group] = []

    def choose(self, members: Sequence[int], *, last: bool = False) -> int:
        """Choose one of the tied; a lot gives its first, or for an exclusion its last."""
        if len(members) == 1:
            return members[0]
        if set(members) <= set(self._lot):
            return (max if last else min)(members, key=self._lot.index)
        self.ties.append(tuple(sorted(members)))
        met = len(self.ties)
        return self._choices[met - 1] if met <= len(self._choices) else min(members)


def try_every_way(run: Callable[[Sequence[int]], Tried[Result]], most: int) -> Fallen[Result]:
    """Follow a count through its ties; `run` takes what each tie in turn falls to.

    After `most` ways the first tie counts as deciding: then nobody can say that it does not.
    """
    first = run(())
    if not first.ties:
        return Fallen(first.result, first.winners, frozenset({first.winners}))
    ways = _Ways(run, most)
    choices: tuple[int, ...] = ()
    try:
        every = ways.follow(())
        sure = frozenset.intersection(*every)
        while len(ties := ways.take(choices).ties) > len(choices):
            group = ties[len(choices)]
            ends = {ways.follow((*choices, member)) for member in group}
            if len(ends) > 1:
                return Fallen(first.result, sure, every, group, len(choices))
            choices = (*choices, min(group))
    except TooManyWays:
        # Untried ways may drop any winner, so none is sure.
        return Fallen(first.result, frozenset(), frozenset(), first.ties[0], 0)
    return Fallen(first.result, first.winners, every)


class _Ways(Generic[Result]):
    """The ways tried so far."""

    def __init__(self, run: Callable[[Sequence[int]], Tried[Result]], most: int) -> None:
        self._run = run
        self._left = most
        self._taken: dict[tuple[int, ...], Tried[Result]] = {}
        self._followed: dict[tuple[int, ...], Outcomes] = {}

    def take(self, choices: tuple[int, ...]) -> Tried[Result]:
        if choices not in self._taken:
            if not self._left:
                raise TooManyWays
            self._left -= 1
            self._taken[choices] = self._run(choices)
        return self._taken[choices]

    def follow(self, choices: tuple[int, ...]) -> Outcomes:
        if choices not in self._followed:
            tried = self.take(choices)
            ends = frozenset({tried.winners})
            if len(tried.ties) > len(choices):
                group = tried.ties[len(choices)]
                ends = frozenset().union(*(self.follow((*choices, one)) for one in group))
            self._followed[choices] = ends
        return self._followed[choices]
