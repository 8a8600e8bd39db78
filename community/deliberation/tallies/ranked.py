"""Counting rankings: instant run-off, and the single transferable vote by the Scottish rules.

Source: Scottish Local Government Elections Order 2007 (SSI 2007/42), Schedule 1, rules 45–52.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final

from community.deliberation.tallies.kinds import PollKind, RankedRule
from community.deliberation.tallies.settings import Settled
from community.deliberation.tallies.simple import measure_quorum
from community.deliberation.tallies.ties import Chooser, Tried, try_every_way
from community.deliberation.tallies.values import Ballot, Option, Outcome, Plain, Roll, Step

SCALE: Final = 100_000  # votes are kept in units of 0.00001 (rule 48(3))
WORK: Final = 2_000_000  # papers looked at again for ties; more ways are not tried
Preferences = tuple[int, ...]


def count_ranked(
    settled: Settled, options: Sequence[Option], grouped: Mapping[Ballot, int], roll: Roll | None
) -> Outcome:
    """Count rankings and seat the winners; a tie that no former stage settles is reported."""
    papers: Counter[Preferences] = Counter()
    for ballot, times in grouped.items():
        papers[tuple(option for option, _ in sorted(ballot, key=itemgetter(1)))] += times
    votes = sum(papers.values())
    seats = settled.whole("seats")
    quorum = measure_quorum(settled, votes, roll)
    passed = all(each.is_met for each in quorum) if quorum else None
    totals = Counter[int]()
    for preferences, times in papers.items():
        totals[preferences[0]] += times
    firsts = tuple((option.number, totals[option.number]) for option in options)
    if not votes or not options:
        return Outcome(PollKind.RANKED, votes, (), passed, totals=firsts, unfilled=seats)
    numbers = tuple(option.number for option in options)
    is_runoff = settled.word("rule") == RankedRule.IRV

    def run(choices: Sequence[int]) -> Tried[_Count]:
        chooser = Chooser(choices, settled.lot())
        count = _Count(papers, numbers, seats, chooser, is_runoff=is_runoff)
        count.run()
        return Tried(count, frozenset(count.elected), tuple(chooser.ties))

    fallen = try_every_way(run, max(8, min(500, WORK // len(papers))))
    count = fallen.result
    leading = tuple(number for number in count.elected if number in fallen.winners)
    return Outcome(
        kind=PollKind.RANKED,
        votes=votes,
        winners=leading if passed is not False else (),
        passed=passed,
        tie=fallen.tie,
        totals=firsts,
        unfilled=seats - len(count.elected),
        measures=quorum,
        facts={
            "rule": settled.word("rule"),
            "quota": count.first_quota,
            "scale": count.scale,
            "leading": leading,
            "tied_seats": len(count.elected) - len(leading) if fallen.tie else 0,
        },
        steps=tuple(
            count.steps[: count.tie_stages[fallen.decides_at]] if fallen.tie else count.steps
        ),
    )


@dataclass(slots=True)
class _Pile:
    """The papers of one candidate: (preferences, place reached, value of one, how many)."""

    votes: int = 0
    papers: list[tuple[Preferences, int, int, int]] = field(default_factory=list)


class _Count:
    """One count, stage by stage; every stage adds up to all votes."""

    def __init__(
        self,
        papers: Mapping[Preferences, int],
        numbers: Sequence[int],
        seats: int,
        chooser: Chooser,
        *,
        is_runoff: bool,
    ) -> None:
        self.scale = 1 if is_runoff else SCALE
        self.elected: list[int] = []
        self.steps: list[Step] = []
        self.tie_stages: list[int] = []
        self.first_quota = 0
        self._is_runoff = is_runoff
        self._seats = seats
        self._chooser = chooser
        self._continuing = set(numbers)
        self._piles = {number: _Pile() for number in numbers}
        self._pending: list[int] = []
        self._exhausted = 0
        self._lost = 0
        self._history: list[dict[int, int]] = []
        self._quota = (sum(papers.values()) // (seats + 1) + 1) * self.scale  # rule 46
        for preferences, times in papers.items():
            pile = self._piles[preferences[0]]
            pile.papers.append((preferences, 1, self.scale, times))
            pile.votes += self.scale * times

    def run(self) -> None:
        """Go through the stages until every seat is filled or nobody is left."""
        self._end_stage("first_preferences", 0)
        while self._continuing and len(self.elected) < self._seats:
            if len(self._continuing) <= self._seats - len(self.elected):
                self._fill_last()
            elif self._pending:
                self._transfer_surplus(self._choose_surplus())
            else:
                self._exclude(self._choose_exclusion())

    def _give(self, preferences: Preferences, place: int, value: int, times: int) -> bool:
        """Give papers to the next available preference, if there is one."""
        for later in range(place, len(preferences)):
            number = preferences[later]
            if number in self._continuing:
                pile = self._piles[number]
                pile.papers.append((preferences, later + 1, value, times))
                pile.votes += value * times
                return True
        return False

    def _transfer_surplus(self, number: int) -> None:
        """Transfer a surplus, each paper at its value times the surplus over the votes: rule 48."""
        pile = self._piles[number]
        total, surplus = pile.votes, pile.votes - self._quota
        left = surplus
        for preferences, place, value, times in pile.papers:
            part = value * surplus // total
            left -= part * times
            if not self._give(preferences, place, part, times):
                self._exhausted += part * times
        self._lost += left
        pile.votes, pile.papers = self._quota, []
        self._pending.remove(number)
        self._end_stage("surplus", number)

    def _exclude(self, number: int) -> None:
        """Transfer the papers of the last candidate at the value they came with: rule 50."""
        pile = self._piles[number]
        self._continuing.discard(number)
        for preferences, place, value, times in pile.papers:
            if not self._give(preferences, place, value, times):
                self._exhausted += value * times
        pile.votes, pile.papers = 0, []
        self._end_stage("excluded", number)

    def _fill_last(self) -> None:
        """Elect the continuing candidates: no more of them than seats are left (rule 52)."""
        rest = sorted(self._continuing, key=lambda one: (-self._piles[one].votes, one))
        self.elected += rest
        self._continuing.clear()
        self._note("last_seats", 0, rest)

    def _end_stage(self, code: str, number: int) -> None:
        if self._is_runoff:
            self._quota = sum(self._piles[one].votes for one in self._continuing) // 2 + 1
        self.first_quota = self.first_quota or self._quota
        reached = [one for one in self._continuing if self._piles[one].votes >= self._quota]
        reached.sort(key=lambda one: (-self._piles[one].votes, one))
        self._continuing -= set(reached)
        self.elected += reached
        self._pending += [one for one in reached if self._piles[one].votes > self._quota]
        self._note(code, number, reached)
        self._history.append({number: pile.votes for number, pile in self._piles.items()})

    def _note(self, code: str, number: int, elected: Sequence[int]) -> None:
        votes = tuple((number, pile.votes) for number, pile in self._piles.items())
        facts: dict[str, Plain] = {
            "option": number,
            "votes": votes,
            "exhausted": self._exhausted,
            "lost": self._lost,
            "quota": self._quota,
            "elected": tuple(elected),
        }
        self.steps.append(Step(code, facts))

    def _choose_surplus(self) -> int:
        most = max(self._piles[one].votes for one in self._pending)
        tied = [one for one in self._pending if self._piles[one].votes == most]
        return self._settle(tied, last=False)

    def _choose_exclusion(self) -> int:
        fewest = min(self._piles[one].votes for one in self._continuing)
        tied = sorted(one for one in self._continuing if self._piles[one].votes == fewest)
        staying = len(self._continuing) - len(tied)
        if not fewest and staying >= self._seats - len(self.elected):
            return tied[0]  # without a vote between them, all go, in any order
        return self._settle(tied, last=True)

    def _settle(self, tied: list[int], *, last: bool) -> int:
        """Settle equal votes by the latest stage at which they were not equal: rules 49, 51."""
        for votes in reversed(self._history):
            extreme = (min if last else max)(votes[one] for one in tied)
            tied = [one for one in tied if votes[one] == extreme]
        met = len(self._chooser.ties)
        chosen = self._chooser.choose(tied, last=last)
        if len(self._chooser.ties) > met:
            self.tie_stages.append(len(self.steps))
        return chosen
