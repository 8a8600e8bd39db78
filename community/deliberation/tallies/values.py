"""What goes into a count and what comes out: plain values, whole numbers and fractions only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any, Final

# (option number, whole number) pairs; what the number means depends on the kind.
Ballot = tuple[tuple[int, int], ...]
Setting = Mapping[str, int | str | bool]
# A fraction as it is kept and shown: numerator, denominator.
Share = tuple[int, int]
Plain = int | str | bool | None | tuple["Plain", ...]

WANTED: Final = 1  # the number beside an option that is simply chosen


class BadCount(ValueError):
    """A count's input is wrong; `code` names the reason, the room makes the sentence."""

    def __init__(self, code: str, **facts: int | str) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name} {value}" for name, value in self.facts.items())
        return f"{self.code} ({facts})" if facts else self.code


class BadSetting(BadCount):
    """A setting has an unknown name or a value outside its range."""


class BadBallot(BadCount):
    """A ballot does not fit its kind, its options or its limits."""


@dataclass(frozen=True)
class Option:
    """Something to choose; the cost is a project's, in whole units of money."""

    number: int
    cost: int = 0


@dataclass(frozen=True)
class Roll:
    """Everybody who may vote: heads, and for owners their area in 0.01 m².

    `invalid` of them took part with a ballot that says nothing: they count for the quorum alone.
    """

    heads: int
    area: int = 0
    invalid: int = 0


@dataclass(frozen=True)
class OwnerBallot:
    """One owner's entry of the roll: what was said, and the area it stands for in 0.01 m².

    `is_cast` false: the ballot was delivered with proof and never came back. An owner whose ballot
    was not delivered is on the roll only.
    """

    ballot: Ballot
    area: int
    is_cast: bool = True


@dataclass(frozen=True)
class Measure:
    """One bar against its threshold; `includes`: exactly the threshold is enough (以上)."""

    name: str
    part: int
    whole: int
    need: Share
    includes: bool
    is_met: bool


@dataclass(frozen=True)
class Step:
    """One thing that happened in the count; a page makes its sentence from the code."""

    code: str
    facts: Mapping[str, Plain] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """The result of a count.

    `totals` are (option, votes or points). `passed` is None where nothing passes or fails. `tie`
    names all members of a tie that decides; it is never broken here, so `winners` are those who
    win however the tie falls. `unfilled` counts seats without a winner, ties aside.
    """

    kind: str
    votes: int
    winners: tuple[int, ...]
    passed: bool | None = None
    tie: tuple[int, ...] = ()
    totals: tuple[tuple[int, int], ...] = ()
    unfilled: int = 0
    measures: tuple[Measure, ...] = ()
    facts: Mapping[str, Plain] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()

    def as_plain(self) -> dict[str, Any]:
        """Give the outcome as JSON holds it: whole numbers, texts, lists."""
        return {each.name: plain(getattr(self, each.name)) for each in fields(self)}


def plain(value: Any) -> Any:
    """Turn tuples into lists, values into objects and a fraction into its two numbers."""
    if isinstance(value, Fraction):
        return [value.numerator, value.denominator]
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, Measure | Step):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    return value


def share(value: Fraction) -> Share:
    """Give a fraction as its two numbers."""
    return value.numerator, value.denominator


def measure(name: str, part: int, whole: int, need: Share, *, includes: bool) -> Measure:
    """Compare a part with its threshold by whole numbers; of nothing, nothing is met."""
    left, right = part * need[1], whole * need[0]
    is_met = whole > 0 and (left >= right if includes else left > right)
    return Measure(name, part, whole, need, includes, is_met)
