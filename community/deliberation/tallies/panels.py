"""Drawing a panel (圆桌) by lot: within quotas, one of a household, the same at every repetition.

The lot puts all candidates in one order (`lots.rank`). Going down that order, a candidate gets a
seat if, with that seat taken, all quotas can still be met; otherwise the next is looked at. So the
panel is the first in the lot's order that meets the quotas, and when there is none, that is known
before anybody is drawn. Between two candidates of the same features and of households alike the
chance is exactly equal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from community.deliberation.tallies.quotas import (
    MOST_FEATURES,
    Bounds,
    Cell,
    Key,
    Seats,
    TooHard,
    fill,
)
from community.kernel.lots import BadLot, rank

MOST_DEAD_ENDS = 500
SEPARATOR = "|"


@dataclass(frozen=True)
class Candidate:
    """One who may be drawn: a public token, a household's token, one value of each feature."""

    token: str
    household: str
    features: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """Write the line by which this candidate stands in the published list."""
        return SEPARATOR.join((self.token, self.household, *self.features))


@dataclass(frozen=True)
class Quota:
    """How many seats a value of a feature gets: at least, at most."""

    feature: int
    value: str
    least: int
    most: int


@dataclass(frozen=True)
class PanelRules:
    """How many seats, within which quotas."""

    seats: int
    quotas: tuple[Quota, ...] = ()


class NoPanel(BadLot):
    """No panel can meet the quotas; `quotas` names those of which loosening any one would help."""

    def __init__(self, code: str, *quotas: Quota, **facts: int | str) -> None:
        super().__init__(code, **facts)
        self.quotas = quotas


def read_line(line: str) -> Candidate:
    """Read a line of the published list."""
    token, household, *features = line.split(SEPARATOR)
    return Candidate(token, household, tuple(features))


def draw_panel(
    seed: bytes,
    candidates: Sequence[Candidate],
    rules: PanelRules,
    kept: Collection[str] = (),
    excluded: Collection[str] = (),
) -> tuple[Candidate, ...]:
    """Draw a panel, in the lot's order.

    `kept` (tokens) have a seat already and `excluded` have declined: what is drawn fills the seats
    that are left, by the same list and seed. Raises: NoPanel, BadLot.
    """
    check_rules(rules, candidates)
    lines = {one.line: one for one in candidates}
    order = [lines[line] for line in rank(seed, [one.line for one in candidates])]
    sitting = [one for one in order if one.token in set(kept)]
    free = [one for one in order if one.token not in set(kept) | set(excluded)]
    draw = _Draw(free, rules, sitting)
    draw.check_possible()
    return draw.run()


def check_rules(rules: PanelRules, candidates: Sequence[Candidate]) -> None:
    """Refuse rules that contradict themselves. Raises: NoPanel."""
    features = {len(one.features) for one in candidates}
    if len(features) > 1 or max(features, default=0) > MOST_FEATURES:
        raise NoPanel("features")
    if rules.seats < 1:
        raise NoPanel("none_to_draw")
    named = [(quota.feature, quota.value) for quota in rules.quotas]
    for quota in rules.quotas:
        if (
            quota.least > quota.most
            or quota.least < 0
            or named.count((quota.feature, quota.value)) > 1
        ):
            raise NoPanel("quota", quota, value=quota.value)
    for feature in {quota.feature for quota in rules.quotas}:
        least = sum(quota.least for quota in rules.quotas if quota.feature == feature)
        if least > rules.seats:
            raise NoPanel("leasts_above_seats", feature=feature, least=least, seats=rules.seats)


class _State(NamedTuple):
    """What is still open after some seats were given."""

    left: int
    bounds: Mapping[Key, Bounds]
    # By cell, the households that can still send somebody.
    present: Mapping[Cell, int]

    def find_plan(self) -> dict[Cell, int] | None:
        """Find a way to fill the seats that are left; None when there is none."""
        try:
            return fill(Seats(self.left, self.present, self.bounds))
        except TooHard as hard:
            raise NoPanel("undecided") from hard

    def is_hopeless(self) -> bool:
        """Tell what needs no search: too many of a value, or more wanted than seats are left."""
        wanted: dict[int, int] = defaultdict(int)
        for (feature, _), (least, most) in self.bounds.items():
            if most < 0:
                return True
            wanted[feature] += max(least, 0)
        return any(least > self.left for least in wanted.values())

    def without(self, quota: Quota) -> _State:
        """Give the same without one quota."""
        bounds = {
            key: value for key, value in self.bounds.items() if key != (quota.feature, quota.value)
        }
        return self._replace(bounds=bounds)


class _Draw:
    """One going down the lot's order."""

    def __init__(
        self, free: Sequence[Candidate], rules: PanelRules, sitting: Sequence[Candidate]
    ) -> None:
        self.rules = rules
        self.taken: list[Candidate] = []
        self.used = {one.household for one in sitting}
        self.free = [one for one in free if one.household not in self.used]
        self.cells: dict[str, set[Cell]] = defaultdict(set)
        for one in self.free:
            self.cells[one.household].add(one.features)
        present: dict[Cell, int] = defaultdict(int)
        for cells in self.cells.values():
            for cell in cells:
                present[cell] += 1
        self.start = _State(
            rules.seats,
            {(quota.feature, quota.value): (quota.least, quota.most) for quota in rules.quotas},
            present,
        )
        for one in sitting:
            self.start = self._after(self.start, one)
        self.dead_ends = 0

    def check_possible(self) -> None:
        """Say why no panel is possible, before anybody is drawn. Raises: NoPanel."""
        if len(self.cells) < self.start.left:
            raise NoPanel("too_few_households", wanted=self.start.left, present=len(self.cells))
        for quota in self.rules.quotas:
            least, most = self.start.bounds[quota.feature, quota.value]
            homes = {
                one.household for one in self.free if one.features[quota.feature] == quota.value
            }
            if len(homes) < least:
                have = len(homes) + quota.least - least
                raise NoPanel(
                    "value_short", quota, value=quota.value, least=quota.least, present=have
                )
            if most < 0:
                raise NoPanel("value_full", quota, value=quota.value, most=quota.most)
        if self.start.find_plan() is None:
            raise NoPanel("together", *self._loosenable())

    def _loosenable(self) -> list[Quota]:
        """Name the quotas of which dropping any single one would make a panel possible."""
        return [
            quota
            for quota in self.rules.quotas
            if self.start.without(quota).find_plan() is not None
        ]

    def run(self) -> tuple[Candidate, ...]:
        """Go down the order; step back when households stand in each other's way."""
        if not self._go_on(0, self.start, self.start.find_plan() or {}, frozenset()):
            raise NoPanel("together", *self._loosenable())
        return tuple(self.taken)

    def _go_on(
        self, place: int, state: _State, plan: Mapping[Cell, int], refused: frozenset[Cell]
    ) -> bool:
        if state.left == 0:
            return True
        closed = set(refused)
        for number in range(place, len(self.free)):
            one = self.free[number]
            if one.features in closed or one.household in self.used:
                continue
            after = self._after(state, one)
            following = self._plan_after(after, one, plan)
            if following is None:
                # What cannot be met now cannot be met with one seat fewer either; another of the
                # same cell may fare better only if this household takes more than one cell away.
                if len(self.cells[one.household]) == 1:
                    closed.add(one.features)
                continue
            self.taken.append(one)
            self.used.add(one.household)
            if self._go_on(number + 1, after, following, frozenset(closed)):
                return True
            self.taken.pop()
            self.used.discard(one.household)
            self.dead_ends += 1
            if self.dead_ends > MOST_DEAD_ENDS:
                raise NoPanel("undecided")
        return False

    def _after(self, state: _State, one: Candidate) -> _State:
        bounds = {
            key: (least - 1, most - 1) if one.features[key[0]] == key[1] else (least, most)
            for key, (least, most) in state.bounds.items()
        }
        present = dict(state.present)
        for cell in self.cells.get(one.household, ()):
            present[cell] -= 1
        return _State(state.left - 1, bounds, present)

    def _plan_after(
        self, state: _State, one: Candidate, plan: Mapping[Cell, int]
    ) -> Mapping[Cell, int] | None:
        if state.is_hopeless():
            return None
        if plan.get(one.features, 0):
            # The way found before had this seat in it: it goes on without looking anew.
            rest = dict(plan)
            rest[one.features] -= 1
            if all(count <= state.present.get(cell, 0) for cell, count in rest.items()):
                return rest
        return state.find_plan()
