"""What groups of one opinion map hold: what marks each, what unites all, what divides them.

It works on counted answers only, and exactly: a test's z is kept as its signed square, a fraction.
Statements are numbered by their column.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

# One-sided, 90 %: Polis' own threshold, z = 1.2816, squared.
SIGNIFICANT = Fraction(12_816, 10_000) ** 2
MOST_MARKS = 5
MOST_SHOWN = 5
HALF = Fraction(1, 2)


class Side(StrEnum):
    """Which way a group, or everybody, leans on a statement."""

    AGREE = "agree"
    DISAGREE = "disagree"


class Answers(NamedTuple):
    """How a group answered one statement; `given` counts passes too."""

    agree: int
    disagree: int
    given: int

    def on(self, side: Side) -> int:
        """Count the answers on one side."""
        return self.agree if side is Side.AGREE else self.disagree


@dataclass(frozen=True, slots=True)
class Mark:
    """A statement that marks a group: most of it leans this way, and more than the others do.

    `z_own` and `z_against` are thousandths of the two tests: against one half, and against the
    rest.
    """

    statement: int
    side: Side
    answers: Answers
    z_own: int
    z_against: int
    is_best_agreed: bool = False


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group as it is shown: its number, how many people, their answers, what marks it."""

    number: int
    people: int
    answers: tuple[Answers, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Uniting:
    """A statement on which most of every group leans the same way.

    `consensus` is the group-aware consensus in ten-thousandths: the product over the groups.
    """

    statement: int
    side: Side
    consensus: int


@dataclass(frozen=True, slots=True)
class Dividing:
    """A statement that most of one group agrees with and most of another disagrees with."""

    statement: int
    agreeing_group: int
    disagreeing_group: int
    gap: int
    """Points of a hundred between the two groups' shares that agree."""


def count_answers(rows: Sequence[Sequence[int | None]]) -> tuple[Answers, ...]:
    """Count the answers of each column."""
    return tuple(
        Answers(
            sum(one == 1 for one in column),
            sum(one == -1 for one in column),
            sum(one is not None for one in column),
        )
        for column in zip(*rows, strict=True)
    )


def likelihood(successes: int, trials: int) -> Fraction:
    """Estimate a share from few answers: one imagined answer each way (Laplace)."""
    return Fraction(successes + 1, trials + 2)


def square(value: Fraction) -> Fraction:
    """Square a number and keep its sign, so that the order stays."""
    return value * abs(value)


def thousandths(signed_square: Fraction) -> int:
    """Give the root of a signed square in thousandths, rounded half up (by its size)."""
    size = abs(signed_square) * 4_000_000
    root = (math.isqrt(size.numerator // size.denominator) + 1) // 2
    return -root if signed_square < 0 else root


def test_share(successes: int, trials: int) -> Fraction:
    """Give the signed square of z of a share against one half, as Polis smooths it."""
    return Fraction(square(Fraction(2 * (successes + 1) - (trials + 1))), trials + 1)


def test_two_shares(inside: int, outside: int, inside_of: int, outside_of: int) -> Fraction:
    """Give the signed square of z of a group's share against the rest's, as Polis smooths it."""
    hits, other_hits = inside + 1, outside + 1
    count, other_count = inside_of + 1, outside_of + 1
    together = Fraction(hits + other_hits, count + other_count)
    if together >= 1:
        return Fraction(0)
    width = together * (1 - together) * (Fraction(1, count) + Fraction(1, other_count))
    return Fraction(square(Fraction(hits, count) - Fraction(other_hits, other_count)), width)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One statement in one group against the rest, on both sides."""

    statement: int
    answers: Answers
    rest: Answers

    def share(self, side: Side) -> Fraction:
        """Estimate the group's share on this side."""
        return likelihood(self.answers.on(side), self.answers.given)

    def times(self, side: Side) -> Fraction:
        """Tell how many times as likely the group is to lean this way as the rest."""
        return Fraction(self.share(side), likelihood(self.rest.on(side), self.rest.given))

    def own(self, side: Side) -> Fraction:
        """Test the group's share against one half."""
        return test_share(self.answers.on(side), self.answers.given)

    def against(self, side: Side) -> Fraction:
        """Test the group's share against the rest's."""
        own, rest = self.answers, self.rest
        return test_two_shares(own.on(side), rest.on(side), own.given, rest.given)

    @property
    def side(self) -> Side:
        """Tell which side marks the group more."""
        agrees = self.against(Side.AGREE) > self.against(Side.DISAGREE)
        return Side.AGREE if agrees else Side.DISAGREE

    def passes(self) -> bool:
        """Tell whether both tests hold on one side."""
        return any(
            self.own(side) > SIGNIFICANT and self.against(side) > SIGNIFICANT for side in Side
        )

    def weight(self, side: Side) -> Fraction:
        """Weigh how well the statement stands for the group (squared, with its sign)."""
        return square(self.times(side)) * self.against(side) * self.own_weight(side)

    def own_weight(self, side: Side) -> Fraction:
        """Weigh how firmly the group leans this way (squared, with its sign)."""
        return square(self.share(side)) * self.own(side)

    def mark(self, side: Side, *, is_best_agreed: bool = False) -> Mark:
        """Put it as a mark of the group."""
        return Mark(
            self.statement,
            side,
            self.answers,
            thousandths(self.own(side)),
            thousandths(self.against(side)),
            is_best_agreed,
        )


def compare(number: int, tallies: Sequence[Sequence[Answers]]) -> tuple[Comparison, ...]:
    """Compare one group with all the others, statement by statement."""
    return tuple(
        Comparison(
            statement,
            own,
            Answers(
                sum(tally[statement].agree for tally in tallies) - own.agree,
                sum(tally[statement].disagree for tally in tallies) - own.disagree,
                sum(tally[statement].given for tally in tallies) - own.given,
            ),
        )
        for statement, own in enumerate(tallies[number])
    )


def representative_statements(
    number: int, tallies: Sequence[Sequence[Answers]], hidden: frozenset[int] = frozenset()
) -> tuple[Mark, ...]:
    """Choose up to five statements that mark a group, by Polis' rule; agreed ones first.

    The best agreed one comes first, so that each group is also shown by what it wants.
    """
    compared = [one for one in compare(number, tallies) if one.statement not in hidden]
    best_agreed = _best_agreed(compared)
    enough = [one for one in compared if one.passes()]
    if not enough:
        if best_agreed is not None:
            return (best_agreed.mark(best_agreed.side, is_best_agreed=True),)
        best = max(compared, key=lambda one: one.against(one.side), default=None)
        return () if best is None else (best.mark(best.side),)
    chosen = sorted(
        (one for one in enough if one is not best_agreed), key=lambda one: -one.weight(one.side)
    )
    marks = [one.mark(one.side) for one in chosen]
    if best_agreed is not None:
        marks = [best_agreed.mark(best_agreed.side, is_best_agreed=True), *marks]
    return tuple(sorted(marks[:MOST_MARKS], key=lambda mark: mark.side is not Side.AGREE))


def _best_agreed(compared: Sequence[Comparison]) -> Comparison | None:
    best: Comparison | None = None
    for one in compared:
        if one.answers.agree == one.answers.disagree == 0:
            continue
        if best is None:
            is_better = one.own(Side.AGREE) > SIGNIFICANT or (
                one.times(Side.AGREE) > 1 and one.share(Side.AGREE) > HALF
            )
        elif best.times(Side.AGREE) > 1:
            is_better = one.weight(Side.AGREE) > best.weight(Side.AGREE)
        else:
            is_better = one.own_weight(Side.AGREE) > best.own_weight(Side.AGREE)
        if is_better:
            best = one
    return best


def group_aware_consensus(
    statement: int, side: Side, tallies: Sequence[Sequence[Answers]]
) -> Fraction:
    """Multiply the groups' shares: high only where each single group leans this way."""
    product = Fraction(1)
    for tally in tallies:
        product *= likelihood(tally[statement].on(side), tally[statement].given)
    return product


def uniting_statements(tallies: Sequence[Sequence[Answers]]) -> tuple[Uniting, ...]:
    """List what unites: more than half of every group on one side, strongest consensus first."""
    found = [
        (group_aware_consensus(statement, side, tallies), statement, side)
        for statement in range(len(tallies[0]) if tallies else 0)
        for side in Side
        if all(
            2 * tally[statement].on(side) > tally[statement].given
            and likelihood(tally[statement].on(side), tally[statement].given) > HALF
            for tally in tallies
        )
    ]
    found.sort(key=lambda one: (-one[0], one[1]))
    return tuple(
        Uniting(statement, side, round(consensus * 10_000))
        for consensus, statement, side in found[:MOST_SHOWN]
    )


def dividing_statements(tallies: Sequence[Sequence[Answers]]) -> tuple[Dividing, ...]:
    """List what divides: most of one group agrees, most of another disagrees, widest gap first."""
    found = []
    for statement in range(len(tallies[0]) if tallies else 0):
        shares = [likelihood(tally[statement].agree, tally[statement].given) for tally in tallies]
        for_it = max(range(len(tallies)), key=lambda group: shares[group])
        against = max(
            range(len(tallies)),
            key=lambda group: likelihood(
                tallies[group][statement].disagree, tallies[group][statement].given
            ),
        )
        yes, no = tallies[for_it][statement], tallies[against][statement]
        if 2 * yes.agree <= yes.given or 2 * no.disagree <= no.given:
            continue
        if test_two_shares(yes.agree, no.agree, yes.given, no.given) <= SIGNIFICANT:
            continue
        found.append((shares[for_it] - shares[against], statement, for_it, against))
    found.sort(key=lambda one: (-one[0], one[1]))
    return tuple(
        Dividing(statement, for_it, against, round(gap * 100))
        for gap, statement, for_it, against in found[:MOST_SHOWN]
    )
