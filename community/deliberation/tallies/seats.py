"""Giving seats to the options with the most; a tie at the last seat is reported, never broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby


@dataclass(frozen=True)
class Seated:
    """Who won for certain, who is tied for how many seats, and how many seats stay empty."""

    winners: tuple[int, ...]
    tie: tuple[int, ...] = ()
    tied_seats: int = 0
    unfilled: int = 0


def give_seats(
    counted: Mapping[int, int] | Mapping[int, Fraction], seats: int, lot: Sequence[int] = ()
) -> Seated:
    """Give seats in falling order; a public lot settles a tie whose members it all names."""
    winners: list[int] = []
    ordered = sorted(counted, key=lambda number: (-counted[number], number))
    for _, group in groupby(ordered, key=lambda number: counted[number]):
        tied, left = list(group), seats - len(winners)
        if len(tied) > left:
            if left and not set(tied) <= set(lot):
                return Seated(tuple(winners), tuple(sorted(tied)), left)
            tied = sorted(tied, key=lot.index)[:left] if left else []
        winners += tied
    return Seated(tuple(winners), unfilled=seats - len(winners))
