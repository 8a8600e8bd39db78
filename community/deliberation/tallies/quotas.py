"""Whether seats can still be filled within quotas: an exact answer, by flows and branching.

Candidates are counted by cell: one value of each feature. With one or two features a flow of whole
numbers is exact. With three, a flow through the pairs of neighbouring features fits all quotas, and
the cells of each middle value are then fitted by a flow of their own; where that fails, the pairs'
figures are branched on until one fits or none is left.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Cell = tuple[str, ...]
Key = tuple[int, str]  # a feature and its value
Pair = tuple[int, str, str]  # the left feature, its value, its right neighbour's value
Bounds = tuple[int, int]
Edge = list[int]

MOST_FEATURES = 3
MOST_BRANCHES = 2_000


class TooHard(Exception):
    """There are more ways to try than may be tried: undecided, which is not impossible."""


@dataclass(frozen=True)
class Seats:
    """What is to be filled: how many seats, at most how many by cell, and bounds by value."""

    count: int
    present: Mapping[Cell, int]
    bounds: Mapping[Key, Bounds]


def fill(seats: Seats) -> dict[Cell, int] | None:
    """Find how many to take of each cell so that every quota holds; None when there is no way.

    Raises: TooHard.
    """
    features = len(next(iter(seats.present), ()))
    assert features <= MOST_FEATURES
    if seats.count == 0:
        return {} if all(least <= 0 for least, _ in seats.bounds.values()) else None
    if not seats.present or any(most < max(least, 0) for least, most in seats.bounds.values()):
        return None
    if features == 0:
        return {(): seats.count} if seats.present[()] >= seats.count else None
    branches = _Branches(seats, features)
    return branches.search({})


class _Branches:
    def __init__(self, seats: Seats, features: int) -> None:
        self.seats = seats
        self.features = features
        self.left = MOST_BRANCHES
        self.pairs: dict[Pair, int] = defaultdict(int)
        self.values: dict[Key, int] = defaultdict(int)
        for cell, count in seats.present.items():
            for feature, value in enumerate(cell):
                self.values[feature, value] += count
                if feature + 1 < features:
                    self.pairs[feature, value, cell[feature + 1]] += count

    def search(self, limits: dict[Pair, Bounds]) -> dict[Cell, int] | None:
        """Fit the pairs within these limits, then the cells; branch where the cells do not fit."""
        self.left -= 1
        if self.left < 0:
            raise TooHard
        flows = self._fit_pairs(limits)
        if flows is None:
            return None
        if self.features == 1:
            return {(value,): flow for (_, value, _), flow in flows.items() if flow}
        if self.features == 2:
            return {(left, right): flow for (_, left, right), flow in flows.items() if flow}
        cells: dict[Cell, int] = {}
        for middle in sorted({cell[1] for cell in self.seats.present}):
            fitted, reached = self._fit_cells(middle, flows)
            if reached:
                return self._branch(middle, flows, limits, reached)
            cells |= fitted
        return cells

    def _branch(
        self,
        middle: str,
        flows: Mapping[Pair, int],
        limits: dict[Pair, Bounds],
        reached: Mapping[Pair, int],
    ) -> dict[Cell, int] | None:
        """Look first where a pair asks for no more than its cells could give; then elsewhere."""
        for pair, most in reached.items():
            low, high = limits.get(pair, (0, self.pairs[pair]))
            if low <= most < flows[pair]:
                return self.search(limits | {pair: (low, most)}) or self.search(
                    limits | {pair: (most + 1, high)}
                )
        for pair in self._pairs_at(middle):
            low, high = limits.get(pair, (0, self.pairs[pair]))
            if low < high:
                now = flows[pair]
                parts = ((now, now), (low, now - 1), (now + 1, high))
                found = (self.search(limits | {pair: part}) for part in parts if part[0] <= part[1])
                return next((each for each in found if each is not None), None)
        return None

    def _pairs_at(self, middle: str) -> Iterator[Pair]:
        for pair in self.pairs:
            feature, left, right = pair
            if (left if feature == 1 else right) == middle:
                yield pair

    def _fit_pairs(self, limits: Mapping[Pair, Bounds]) -> dict[Pair, int] | None:
        """Send the seats through one value of each feature, within quotas and limits."""
        net = _Net()
        last = self.features - 1
        for key, present in self.values.items():
            least, most = self.seats.bounds.get(key, (0, self.seats.count))
            net.add(("in", key), ("out", key), max(least, 0), min(most, present))
            if key[0] == 0:
                net.add("start", ("in", key), 0, present)
            if key[0] == last:
                net.add(("out", key), "end", 0, present)
        for pair, present in self.pairs.items():
            feature, left, right = pair
            low, high = limits.get(pair, (0, present))
            net.add(("out", (feature, left)), ("in", (feature + 1, right)), low, high)
        if any(
            least > 0 and key not in self.values for key, (least, _) in self.seats.bounds.items()
        ):
            return None
        if not net.carries("start", "end", self.seats.count):
            return None
        if self.features == 1:
            return {
                (0, value, ""): net.flow(("in", (0, value)), ("out", (0, value)))
                for _, value in self.values
            }
        return {
            (feature, left, right): net.flow(("out", (feature, left)), ("in", (feature + 1, right)))
            for feature, left, right in self.pairs
        }

    def _fit_cells(
        self, middle: str, flows: Mapping[Pair, int]
    ) -> tuple[dict[Cell, int], dict[Pair, int]]:
        """Fit the cells of one middle value to the pairs' figures.

        Where they do not fit, the second answer tells how far each pair came.
        """
        net = _Net()
        lefts = {pair: n for pair, n in flows.items() if pair[0] == 0 and pair[2] == middle}
        rights = {pair: n for pair, n in flows.items() if pair[0] == 1 and pair[1] == middle}
        for pair, count in lefts.items():
            net.add("start", ("left", pair[1]), 0, count)
        for pair, count in rights.items():
            net.add(("right", pair[2]), "end", 0, count)
        cells = [cell for cell in self.seats.present if cell[1] == middle]
        for cell in cells:
            net.add(("left", cell[0]), ("right", cell[2]), 0, self.seats.present[cell])
        if net.carries("start", "end", sum(lefts.values())):
            found = {cell: net.flow(("left", cell[0]), ("right", cell[2])) for cell in cells}
            return {cell: count for cell, count in found.items() if count}, {}
        came = {pair: net.flow("start", ("left", pair[1])) for pair in lefts}
        came |= {pair: net.flow(("right", pair[2]), "end") for pair in rights}
        return {}, came


class _Net:
    """A network of pipes with a least and a most; whole numbers in, whole numbers out."""

    def __init__(self) -> None:
        self._edges: dict[object, dict[object, Edge]] = defaultdict(dict)
        self._pipes: dict[tuple[object, object], Bounds] = {}

    def add(self, start: object, end: object, least: int, most: int) -> None:
        """Lay a pipe."""
        self._pipes[start, end] = (least, most)

    def flow(self, start: object, end: object) -> int:
        """Tell what runs through a pipe, once the network carries."""
        _, most = self._pipes[start, end]
        return most - self._edges[start][end][0]

    def carries(self, start: object, end: object, wanted: int) -> bool:
        """Tell whether exactly this much can run from start to end within all bounds."""
        if any(least > most for least, most in self._pipes.values()):
            return False
        # A least amount is paid by a second source and sink: all of it must arrive there.
        owed: dict[object, int] = defaultdict(int)
        self._edges.clear()
        for (left, right), (least, most) in self._pipes.items():
            self._lay(left, right, most - least)
            owed[right] += least
            owed[left] -= least
        owed[start] += wanted
        owed[end] -= wanted
        total = 0
        for node, amount in owed.items():
            if amount > 0:
                self._lay("source", node, amount)
                total += amount
            elif amount < 0:
                self._lay(node, "sink", -amount)
        while total:
            pushed = self._push()
            if not pushed:
                return False
            total -= pushed
        return True

    def _lay(self, left: object, right: object, room: int) -> None:
        self._edges[left][right] = [room]
        self._edges[right].setdefault(left, [0])

    def _push(self) -> int:
        """Push as much as one shortest way lets through; 0 when there is none."""
        came: dict[object, object] = {"source": None}
        waiting: deque[object] = deque(["source"])
        while waiting and "sink" not in came:
            node = waiting.popleft()
            for following, edge in self._edges[node].items():
                if edge[0] and following not in came:
                    came[following] = node
                    waiting.append(following)
        if "sink" not in came:
            return 0
        way: list[tuple[Edge, Edge]] = []
        here: object = "sink"
        while here != "source":
            before = came[here]
            way.append((self._edges[before][here], self._edges[here][before]))
            here = before
        amount = min(there[0] for there, _ in way)
        for there, back in way:
            there[0] -= amount
            back[0] += amount
        return amount
