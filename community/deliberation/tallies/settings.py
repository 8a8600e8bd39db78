"""The settings of each kind, their defaults and their ranges, frozen with the poll."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from community.deliberation.tallies.kinds import (
    BallotForm,
    BudgetRule,
    Comparison,
    Completion,
    PollKind,
    RankedRule,
    Silent,
    Stop,
    TieOrder,
    Utility,
)
from community.deliberation.tallies.values import BadSetting, Setting

MOST: Final = 10**15


@dataclass(frozen=True)
class Whole:
    """A whole number in a range."""

    default: int
    least: int = 0
    most: int = MOST

    def settle(self, name: str, value: int | str | bool) -> int:
        """Check a value. Raises: BadSetting."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadSetting("not_whole", setting=name)
        if not self.least <= value <= self.most:
            raise BadSetting("out_of_range", setting=name, least=self.least, most=self.most)
        return value


@dataclass(frozen=True)
class Choice:
    """One of the words of an enumeration."""

    default: str
    words: tuple[str, ...]

    def settle(self, name: str, value: int | str | bool) -> str:
        """Check a value. Raises: BadSetting."""
        if value not in self.words:
            raise BadSetting("unknown_word", setting=name)
        return str(value)


@dataclass(frozen=True)
class Flag:
    """Yes or no."""

    default: bool = False

    def settle(self, name: str, value: int | str | bool) -> bool:
        """Check a value. Raises: BadSetting."""
        if not isinstance(value, bool):
            raise BadSetting("not_yes_or_no", setting=name)
        return value


@dataclass(frozen=True)
class Lot:
    """The order a public lot gave, as option numbers parted by commas; it settles ties."""

    default: str = ""

    def settle(self, name: str, value: int | str | bool) -> str:
        """Check a value. Raises: BadSetting."""
        if not isinstance(value, str):
            raise BadSetting("not_an_order", setting=name)
        try:
            order = read_lot(value)
        except ValueError:
            raise BadSetting("not_an_order", setting=name) from None
        if len(set(order)) != len(order):
            raise BadSetting("not_an_order", setting=name)
        return value


Field = Whole | Choice | Flag | Lot


def read_lot(text: str) -> tuple[int, ...]:
    """Read a lot's order. Raises: ValueError."""
    return tuple(int(number) for number in text.split(",")) if text else ()


QUORUM: Final[dict[str, Field]] = {
    "quorum_num": Whole(0),
    "quorum_den": Whole(1, 1),
}
THRESHOLD: Final[dict[str, Field]] = {
    "threshold_num": Whole(1),
    "threshold_den": Whole(2, 1),
    "threshold_includes": Flag(),
    "base": Choice("present", ("present", "votes", "roll")),
}
SEATS: Final[dict[str, Field]] = {"seats": Whole(1, 1, 1000), "lot": Lot()}
# An option also needs this part of those present; 0: the most votes are enough.
FLOOR: Final[dict[str, Field]] = {
    "threshold_num": Whole(0),
    "threshold_den": Whole(1, 1),
    "threshold_includes": Flag(),
}
BUDGET: Final[dict[str, Field]] = {
    "budget": Whole(0),
    "rule": Choice(BudgetRule.EQUAL_SHARES, tuple(BudgetRule)),
    "form": Choice(BallotForm.APPROVAL, tuple(BallotForm)),
    "utility": Choice(Utility.COST, tuple(Utility)),
    "completion": Choice(Completion.ADD1, tuple(Completion)),
    "stop": Choice(Stop.WITHIN_BUDGET, tuple(Stop)),
    "comparison": Choice(Comparison.NONE, tuple(Comparison)),
    # What Add1 adds to every purse, 0: a two-hundredth of the first purse; with whole purses that
    # one is rounded down to steps.
    "step": Whole(0),
    "whole_purses": Flag(),
    "ties": Choice(TieOrder.REPORT, tuple(TieOrder)),
    "least_projects": Whole(0),
    "most_projects": Whole(0),
    "most_cost": Whole(0),
    "points": Whole(0),
    "least_points": Whole(1, -MOST),
    # What the first of a ranking is worth; 0: as many as a ballot may rank.
    "places": Whole(0),
    "least_votes": Whole(1, 1),
    "lot": Lot(),
}
KNOWN: Final[Mapping[PollKind, Mapping[str, Field]]] = {
    PollKind.YES_NO: QUORUM | THRESHOLD,
    PollKind.SINGLE: QUORUM | SEATS | FLOOR,
    PollKind.MULTIPLE: QUORUM | SEATS | FLOOR | {"least": Whole(1), "most": Whole(0)},
    PollKind.APPROVAL: QUORUM | SEATS | FLOOR,
    PollKind.SCORE: QUORUM
    | SEATS
    | {"lowest": Whole(0, -1000, 1000), "highest": Whole(10, -1000, 1000)}
    | {"measure": Choice("sum", ("sum", "mean"))},
    PollKind.DOTS: QUORUM | SEATS | {"dots": Whole(10, 1), "most_each": Whole(0)},
    PollKind.RANKED: QUORUM | SEATS | {"rule": Choice(RankedRule.IRV, tuple(RankedRule))},
    PollKind.CONSENT: QUORUM | {"most_objections": Whole(0)},
    PollKind.OWNERS: {
        "item": Whole(9, 1, 9),
        "silent": Choice(Silent.STRICT, tuple(Silent)),
        # 0: a question of yes and no; else the options are candidates for so many seats.
        "seats": Whole(0, 0, 1000),
        "lot": Lot(),
    },
    PollKind.BUDGET: QUORUM | BUDGET,
}


@dataclass(frozen=True)
class Settled:
    """A kind's whole setting, defaults filled in."""

    values: Mapping[str, int | str | bool]

    def whole(self, name: str) -> int:
        """Give a whole number."""
        value = self.values[name]
        assert isinstance(value, int)
        return value

    def word(self, name: str) -> str:
        """Give a word."""
        return str(self.values[name])

    def flag(self, name: str) -> bool:
        """Tell yes or no."""
        return self.values[name] is True

    def lot(self) -> tuple[int, ...]:
        """Give the order of the public lot; empty where none was drawn."""
        return read_lot(str(self.values.get("lot", "")))


def check_setting(kind: str, setting: Setting) -> Settled:
    """Check a setting and fill in its defaults.

    Raises: BadSetting (unknown_kind, unknown_setting, not_whole, out_of_range, unknown_word,
    not_yes_or_no, not_an_order, too_many_seats, no_range).
    """
    if kind not in tuple(PollKind):
        raise BadSetting("unknown_kind", kind=kind)
    known = KNOWN[PollKind(kind)]
    for name in setting:
        if name not in known:
            raise BadSetting("unknown_setting", setting=name)
    values = {
        name: each.settle(name, setting[name]) if name in setting else each.default
        for name, each in known.items()
    }
    settled = Settled(values)
    if kind == PollKind.SCORE and settled.whole("lowest") >= settled.whole("highest"):
        raise BadSetting("no_range", setting="highest")
    if kind == PollKind.RANKED and values["rule"] == RankedRule.IRV and values["seats"] != 1:
        raise BadSetting("too_many_seats", setting="seats")
    return settled
