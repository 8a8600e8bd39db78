"""Owners' joint decisions: the double majority by area and by head. Source: 民法典 Art. 278."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from community.deliberation.tallies.kinds import PollKind, Silent, Voice
from community.deliberation.tallies.seats import give_seats
from community.deliberation.tallies.settings import Settled
from community.deliberation.tallies.values import (
    BadCount,
    Measure,
    Option,
    Outcome,
    OwnerBallot,
    Roll,
    Share,
    measure,
)

# Two thirds of area and of heads take part; 以上 includes exactly two thirds (Art. 1259).
PARTICIPATION: Final[Share] = (2, 3)
# Raising maintenance funds (6), rebuilding (7), changing the use of common parts (8).
WEIGHTY_ITEMS: Final = frozenset({6, 7, 8})
WEIGHTY: Final[Share] = (3, 4)  # 以上: exactly three quarters pass
ORDINARY: Final[Share] = (1, 2)  # 过半数: exactly half fails


@dataclass(frozen=True)
class Weight:
    """So many heads, and the area they stand for."""

    heads: int = 0
    area: int = 0

    def __add__(self, other: Weight) -> Weight:
        return Weight(self.heads + other.heads, self.area + other.area)


def agreement_needed(item: int) -> tuple[Share, bool]:
    """Give the threshold of agreement of an item of Art. 278, and whether it includes itself."""
    return (WEIGHTY, True) if item in WEIGHTY_ITEMS else (ORDINARY, False)


def count_owners(
    settled: Settled, options: Sequence[Option], ballots: Sequence[OwnerBallot], roll: Roll
) -> Outcome:
    """Count an owners' decision, or an election by owners. Raises: BadCount (roll_too_small)."""
    cast = _add_up([each for each in ballots if each.is_cast])
    silent = _add_up([each for each in ballots if not each.is_cast])
    delivered = cast + silent
    if delivered.heads > roll.heads or delivered.area > roll.area:
        raise BadCount("roll_too_small")
    count = _count_election if settled.whole("seats") else _count_question
    return count(settled, options, ballots, roll, cast, silent)


def _count_question(
    settled: Settled,
    options: Sequence[Option],
    ballots: Sequence[OwnerBallot],
    roll: Roll,
    cast: Weight,
    silent: Weight,
) -> Outcome:
    said = {voice: _add_up(_for_option(ballots, voice)) for voice in Voice}
    rule = settled.word("silent")
    majority = _majority(said) if rule == Silent.WITH_MAJORITY else None
    yes = said[Voice.YES] + (silent if majority == Voice.YES else Weight())
    part = cast if rule == Silent.STRICT else cast + silent
    participation = _measure_both("participation", part, roll, PARTICIPATION, includes=True)
    need, includes = agreement_needed(settled.whole("item"))
    agreement = _measure_both("agreement", yes, part, need, includes=includes)
    passed = all(each.is_met for each in participation + agreement)
    return Outcome(
        kind=PollKind.OWNERS,
        votes=cast.heads,
        winners=(Voice.YES.value,) if passed else (),
        passed=passed,
        totals=tuple((voice.value, said[voice].heads) for voice in Voice),
        measures=participation + agreement,
        facts={
            "item": settled.whole("item"),
            "silent": rule,
            "silent_with": majority.value if majority else 0,
            "silent_heads": silent.heads,
            "silent_area": silent.area,
            "areas": tuple((voice.value, said[voice].area) for voice in Voice),
            "roll_heads": roll.heads,
            "roll_area": roll.area,
        },
    )


def _count_election(
    settled: Settled,
    options: Sequence[Option],
    ballots: Sequence[OwnerBallot],
    roll: Roll,
    cast: Weight,
    silent: Weight,
) -> Outcome:
    """Seat the candidates who reach the double majority, by heads.

    A delivered and silent owner names no candidate, so there is no majority to join: counting
    them as taking part is as far as either setting goes.
    """
    part = cast if settled.word("silent") == Silent.STRICT else cast + silent
    participation = _measure_both("participation", part, roll, PARTICIPATION, includes=True)
    need, includes = agreement_needed(settled.whole("item"))
    said = {option.number: _add_up(_for_option(ballots, option.number)) for option in options}
    standing = {
        number: weight.heads
        for number, weight in said.items()
        if all(
            each.is_met
            for each in _measure_both("agreement", weight, part, need, includes=includes)
        )
    }
    is_met = all(each.is_met for each in participation)
    seated = give_seats(standing if is_met else {}, settled.whole("seats"), settled.lot())
    return Outcome(
        kind=PollKind.OWNERS,
        votes=cast.heads,
        winners=seated.winners,
        passed=is_met and bool(seated.winners or seated.tie),
        tie=seated.tie,
        totals=tuple((number, weight.heads) for number, weight in said.items()),
        unfilled=seated.unfilled,
        measures=participation,
        facts={
            "item": settled.whole("item"),
            "silent": settled.word("silent"),
            "silent_heads": silent.heads,
            "silent_area": silent.area,
            "areas": tuple((number, weight.area) for number, weight in said.items()),
            "roll_heads": roll.heads,
            "roll_area": roll.area,
            "tied_seats": seated.tied_seats,
        },
    )


def _majority(said: dict[Voice, Weight]) -> Voice | None:
    """Find the voice that leads alone by heads and by area; silence joins no divided majority."""
    leaders = {_leader(said, lambda one: one.heads), _leader(said, lambda one: one.area)}
    return leaders.pop() if len(leaders) == 1 else None


def _leader(said: dict[Voice, Weight], read: Callable[[Weight], int]) -> Voice | None:
    most = max(read(weight) for weight in said.values())
    leading = [voice for voice, weight in said.items() if read(weight) == most]
    return leading[0] if len(leading) == 1 and most else None


def _for_option(ballots: Sequence[OwnerBallot], number: int) -> list[OwnerBallot]:
    return [
        each
        for each in ballots
        if each.is_cast and any(option == number for option, _ in each.ballot)
    ]


def _add_up(ballots: Sequence[OwnerBallot]) -> Weight:
    return Weight(len(ballots), sum(each.area for each in ballots))


def _measure_both(
    name: str, part: Weight, whole: Weight | Roll, need: Share, *, includes: bool
) -> tuple[Measure, Measure]:
    return (
        measure(f"{name}_heads", part.heads, whole.heads, need, includes=includes),
        measure(f"{name}_area", part.area, whole.area, need, includes=includes),
    )
