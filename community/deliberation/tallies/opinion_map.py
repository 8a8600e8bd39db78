"""The opinion map: who answers alike, by the mathematics of Polis; it knows no names.

Linear algebra needs real numbers: this file is the house's one exception, and what it finds out is
a picture, which decides nothing. What the groups hold is counted in `opinion_groups`, exactly.

Source: C. Small et al., Polis: Scaling Deliberation by Mapping High Dimensional Opinion Spaces
(2021); Polis keeps its answers with the opposite sign.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from community.deliberation.tallies.opinion_groups import (
    Answers,
    GroupView,
    count_answers,
    dividing_statements,
    representative_statements,
    uniting_statements,
)
from community.deliberation.tallies.opinion_rows import (
    MapSettings,
    OpinionMap,
    Row,
    answers_all_alike,
    canonical_rows,
)

Reals = NDArray[np.float64]

# Polis' own figures.
FEWEST_PEOPLE = 15
MOST_BASE_CLUSTERS = 100
MOST_GROUPS = 5
PEOPLE_PER_GROUP = 12
# Polis stops after 100 steps and starts the next run where it stood; we start anew each time.
MOST_STEPS = 5_000
MOST_ROUNDS = 100
# Several starts, the tightest grouping wins: one unlucky start is not an opinion.
STARTS = 12
MILLI = 1_000
NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Components:
    """The mean answer of each statement, and the two directions in which people differ most."""

    centre: Reals
    first: Reals
    second: Reals


def draw_map(rows: Sequence[Row], seed: bytes, settings: MapSettings) -> OpinionMap | None:
    """Compute the map of the answers; None while too few people answered enough of them.

    The same rows in any order, with the same seed, give the same map.
    """
    answered = [row for row in canonical_rows(rows) if any(one is not None for one in row)]
    kept = answered
    if settings.sets_same_aside:
        # Two answers alike are no sign of anything yet.
        enough = min(settings.fewest_answers, len(rows[0]) if rows else 0)
        kept = [row for row in answered if not _is_set_aside(row, enough)]
    if not kept:
        return None
    matrix = to_matrix(kept)
    placed = clusterable(matrix, settings.fewest_answers)
    if len(placed) < 2 * settings.smallest_group or matrix.shape[1] < 2:
        return None
    places = project(matrix, find_components(matrix))[placed]
    labels, clearness = find_groups(places, seed)
    return _describe(
        [kept[number] for number in placed],
        places,
        labels,
        clearness,
        settings,
        (len(answered), len(answered) - len(kept), len(kept) - len(placed)),
    )


def _is_set_aside(row: Row, enough: int) -> bool:
    return sum(one is not None for one in row) >= enough and answers_all_alike(row)


def to_matrix(rows: Sequence[Row]) -> Reals:
    """Lay the answers out as a matrix; what was not answered is not a number."""
    return np.array([[np.nan if one is None else one for one in row] for row in rows], dtype=float)


def clusterable(matrix: Reals, fewest_answers: int) -> list[int]:
    """Choose who answered enough to be placed; the most active ones where these are too few."""
    counts = (~np.isnan(matrix)).sum(axis=1)
    enough = min(fewest_answers, matrix.shape[1])
    chosen = [number for number, count in enumerate(counts) if count >= enough]
    if len(chosen) < FEWEST_PEOPLE:
        rest = [number for number in np.argsort(-counts, kind="stable") if number not in chosen]
        chosen += [int(number) for number in rest[: FEWEST_PEOPLE - len(chosen)]]
    return sorted(chosen)


def find_components(matrix: Reals) -> Components:
    """Find the centre and the two principal components by power iteration, as Polis does.

    A statement nobody has answered yet has its centre at 0.
    """
    given = ~np.isnan(matrix)
    counts = given.sum(axis=0)
    filled = np.where(given, matrix, 0.0)
    centre = filled.sum(axis=0) / np.maximum(counts, 1)
    # Who did not answer stands at the statement's mean: no opinion is no distance.
    apart = np.where(given, matrix - centre, 0.0)
    first = _strongest_direction(apart)
    second = _strongest_direction(apart - np.outer(apart @ first, first))
    return Components(centre, first, second)


def _strongest_direction(apart: Reals) -> Reals:
    """Find the first eigenvector; its entries sum to more than 0, so that all see one picture.

    Polis starts from all ones where it knows nothing better. Ours are unequal by a hair: answers
    that mirror one another would cancel out.
    """
    numbers = _numbers(b"start")
    direction = np.array([1 + next(numbers) / 100 for _ in range(apart.shape[1])])
    length = 0.0
    for _ in range(MOST_STEPS):
        product = apart.T @ (apart @ direction)
        reached = float(np.linalg.norm(product))
        if reached <= NOTHING:
            return np.zeros(apart.shape[1])
        product /= reached
        is_there = abs(reached - length) <= 1e-15 * reached and np.allclose(
            product, direction, rtol=0, atol=NOTHING
        )
        direction, length = product, reached
        if is_there:
            break
    total = float(direction.sum())
    leaning = total if abs(total) > 1e-9 else direction[int(np.abs(direction).argmax())]
    return -direction if leaning < 0 else direction


def project(matrix: Reals, components: Components) -> Reals:
    """Place each person on the map; who answered little is pushed out, as Polis does."""
    given = ~np.isnan(matrix)
    apart = np.where(given, matrix - components.centre, 0.0)
    places = np.column_stack((apart @ components.first, apart @ components.second))
    counts = np.maximum(given.sum(axis=1), 1)
    return np.asarray(places * np.sqrt(matrix.shape[1] / counts)[:, None], dtype=np.float64)


def find_groups(places: Reals, seed: bytes) -> tuple[NDArray[np.int64], int]:
    """Group the places into 2 to 5 groups; return each one's group and how clearly they part.

    Up to 100 base clusters first; then k-means over k, and the k with the best silhouette.
    """
    spots, base = np.unique(places, axis=0, return_inverse=True)
    base = base.reshape(-1)
    if len(spots) > MOST_BASE_CLUSTERS:
        centres = _settle(places, places[_first_distinct(places, MOST_BASE_CLUSTERS)], None)
        base = _nearest(places, centres)
        used, base = np.unique(base, return_inverse=True)
        spots = centres[used]
    weights = np.bincount(base, minlength=len(spots)).astype(float)
    most = min(MOST_GROUPS, 2 + len(places) // PEOPLE_PER_GROUP, len(spots))
    best_labels, best = np.zeros(len(spots), dtype=np.int64), -1.0
    apart = np.sqrt(((spots[:, None, :] - spots[None, :, :]) ** 2).sum(axis=2))
    for k in range(2, most + 1):
        labels = _tightest(spots, weights, k, seed)
        shape = silhouette(apart, labels, weights)
        # Nearly the same is the same: the last digits differ between machines.
        if shape > best + 1e-9:
            best_labels, best = labels, shape
    return _by_size(best_labels[base], places), round(best * MILLI)


def _first_distinct(places: Reals, most: int) -> NDArray[np.int64]:
    _, firsts = np.unique(places, axis=0, return_index=True)
    return np.sort(firsts)[:most]


def _nearest(places: Reals, centres: Reals) -> NDArray[np.int64]:
    squares = ((places[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    return np.asarray(squares.argmin(axis=1), dtype=np.int64)


def _settle(places: Reals, centres: Reals, weights: Reals | None) -> Reals:
    """Move the centres to the mean of what is nearest to them until they stand still."""
    heavy = np.ones(len(places)) if weights is None else weights
    for _ in range(MOST_ROUNDS):
        labels = _nearest(places, centres)
        mass = np.bincount(labels, weights=heavy, minlength=len(centres))
        sums = np.column_stack(
            [
                np.bincount(labels, weights=heavy * places[:, axis], minlength=len(centres))
                for axis in range(places.shape[1])
            ]
        )
        moved = np.where(mass[:, None] > 0, sums / np.maximum(mass, 1e-300)[:, None], centres)
        if np.allclose(moved, centres, rtol=0, atol=1e-9):
            break
        centres = moved
    return centres


def _tightest(spots: Reals, weights: Reals, k: int, seed: bytes) -> NDArray[np.int64]:
    """Group from several seeded starts and keep the grouping with the least spread."""
    best: tuple[float, NDArray[np.int64]] | None = None
    for start in range(STARTS):
        numbers = _numbers(seed + bytes([k, start]))
        centres = _settle(spots, _spread_out(spots, weights, k, numbers), weights)
        labels = _nearest(spots, centres)
        spread = float((weights * ((spots - centres[labels]) ** 2).sum(axis=1)).sum())
        if best is None or spread < best[0] - 1e-9:
            best = (spread, labels)
    assert best is not None
    return best[1]


def _numbers(seed: bytes) -> Iterator[float]:
    """Make numbers from 0 to 1 out of SHA-256, alike on every machine and in every version."""
    count = 0
    while True:
        block = hashlib.sha256(seed + count.to_bytes(8, "big")).digest()
        yield int.from_bytes(block[:6], "big") / (1 << 48)
        count += 1


def _spread_out(spots: Reals, weights: Reals, k: int, numbers: Iterator[float]) -> Reals:
    """Choose k starting centres far from one another (k-means++)."""
    chosen = [_pick(weights, next(numbers))]
    while len(chosen) < k:
        squares = ((spots[:, None, :] - spots[chosen][None, :, :]) ** 2).sum(axis=2).min(axis=1)
        chosen.append(_pick(weights * squares, next(numbers)))
    return spots[chosen]


def _pick(shares: Reals, number: float) -> int:
    sums = np.cumsum(shares)
    place = int(np.searchsorted(sums, number * sums[-1], side="right"))
    return min(place, len(shares) - 1)


def silhouette(apart: Reals, labels: NDArray[np.int64], weights: Reals) -> float:
    """Tell how clearly the groups part, -1 to 1; somebody alone in a group counts 0.

    `weights` says how many people stand on each spot.
    """
    groups = np.unique(labels)
    if len(groups) < 2:
        return 0.0
    belongs = (labels[:, None] == groups[None, :]) * weights[:, None]
    sizes = belongs.sum(axis=0)
    sums = apart @ belongs
    own = np.searchsorted(groups, labels)
    rows = np.arange(len(labels))
    inside = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[rows, own] = np.inf
    outside = means.min(axis=1)
    widest = np.maximum(np.maximum(inside, outside), NOTHING)
    scores = np.where(sizes[own] == 1, 0.0, (outside - inside) / widest)
    return float((scores * weights).sum() / weights.sum())


def _by_size(labels: NDArray[np.int64], places: Reals) -> NDArray[np.int64]:
    """Number the groups from the largest; of two alike, from left to right."""
    groups = np.unique(labels)
    order = sorted(
        groups, key=lambda one: (-int((labels == one).sum()), *places[labels == one].mean(axis=0))
    )
    numbers = {int(old): new for new, old in enumerate(order)}
    return np.array([numbers[int(one)] for one in labels], dtype=np.int64)


def _describe(
    rows: Sequence[Row],
    places: Reals,
    labels: NDArray[np.int64],
    clearness: int,
    settings: MapSettings,
    counts: tuple[int, int, int],
) -> OpinionMap:
    sizes = np.bincount(labels)
    shown = [int(one) for one in np.flatnonzero(sizes >= settings.smallest_group)]
    tallies: list[tuple[Answers, ...]] = [
        count_answers([row for row, label in zip(rows, labels, strict=True) if label == one])
        for one in shown
    ]
    groups = tuple(
        GroupView(
            number,
            int(sizes[one]),
            tally,
            representative_statements(number, tallies),
        )
        for number, (one, tally) in enumerate(zip(shown, tallies, strict=True))
    )
    numbers = {one: number for number, one in enumerate(shown)}
    points = tuple(
        (round(x * MILLI), round(y * MILLI), numbers.get(int(label), -1))
        for (x, y), label in zip(places.tolist(), labels, strict=True)
    )
    return OpinionMap(
        *counts,
        points,
        groups,
        len(rows) - sum(group.people for group in groups),
        uniting_statements(tallies),
        dividing_statements(tallies),
        clearness,
    )
