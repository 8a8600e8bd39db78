"""What goes into an opinion map and what comes out; no linear algebra, so it is quick to import.

A row is one person's answers, a column a statement: 1 (agrees), 0 (passes), -1 (disagrees) or None
(not answered).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from community.deliberation.tallies.opinion_groups import Dividing, GroupView, Uniting

Row = tuple[int | None, ...]

# Polis' own figure.
FEWEST_ANSWERS = 7


@dataclass(frozen=True, slots=True)
class MapSettings:
    """What a conversation sets: the smallest group that is shown, and whom to leave out."""

    smallest_group: int = 5
    sets_same_aside: bool = False
    fewest_answers: int = FEWEST_ANSWERS


@dataclass(frozen=True, slots=True)
class OpinionMap:
    """A computed map; points are (x, y, group) in thousandths, group -1: too small to show."""

    people: int
    set_aside: int
    too_few_answers: int
    points: tuple[tuple[int, int, int], ...]
    groups: tuple[GroupView, ...]
    people_in_small_groups: int
    uniting: tuple[Uniting, ...]
    dividing: tuple[Dividing, ...]
    clearness: int
    """How clearly the groups part: the silhouette in thousandths, -1,000 to 1,000."""


def canonical_rows(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Sort the rows by their answers alone, so that their order tells nothing of who or when."""
    return tuple(sorted(rows, key=lambda row: [9 if one is None else one for one in row]))


def matrix_hash(rows: Sequence[Row]) -> str:
    """Name a matrix: SHA-256 over its rows in canonical order, one a line, as the export has them.

    Anyone who holds the exported matrix finds the same name, and from it the same map.
    """
    lines = "".join(write_row(row) + "\n" for row in canonical_rows(rows))
    return hashlib.sha256(lines.encode()).hexdigest()


def write_row(row: Row) -> str:
    """Write one person's answers as a line of the export: 1, 0, -1 or nothing."""
    return ",".join("" if one is None else str(one) for one in row)


def answers_all_alike(row: Row) -> bool:
    """Tell whether somebody gave one and the same answer to everything they answered."""
    given = {one for one in row if one is not None}
    return len(given) == 1
