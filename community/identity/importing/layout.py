"""Finding the table in a sheet: title rows, headers over one or two rows, and what each means."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from community.identity.importing.headers import Column, join_headers, recognize, recognize_pair
from community.identity.importing.places import find_building
from community.kernel.sheets import Grid

# Titles, dates and notes of an office seldom take more.
HEADER_WITHIN_ROWS = 30
PLACE_COLUMNS = {Column.ROOM, Column.ADDRESS}
PERSON_COLUMNS = {Column.NAME, Column.OWNER, Column.TENANT}
_DIGITS = re.compile(r"\d{3}")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a sheet's table begins and what its columns hold.

    `headers` and `columns` have an entry for each column of the sheet; None is left aside.
    `building` is what the sheet's name or title says, for sheets without such a column.
    """

    header_row: int
    header_height: int
    headers: tuple[str, ...]
    columns: tuple[Column | None, ...]
    building: str = ""

    @property
    def first_row(self) -> int:
        """Tell the first row below the header."""
        return self.header_row + self.header_height

    def places_of(self, column: Column) -> tuple[int, ...]:
        """Tell in which columns something stands; two 手机 columns are possible."""
        return tuple(index for index, found in enumerate(self.columns) if found is column)

    @property
    def is_readable(self) -> bool:
        """Tell whether people or units can be told from these columns."""
        held = set(self.columns)
        return bool(held & PLACE_COLUMNS) and bool(held & (PERSON_COLUMNS | {Column.AREA}))


def find_layout(grid: Grid) -> Layout | None:
    """Find the header that explains most columns; None when the sheet holds no such table."""
    candidates = [
        layout
        for row in range(min(HEADER_WITHIN_ROWS, len(grid.rows)))
        for height in (1, 2)
        if (layout := _layout_at(grid, row, height)) is not None
    ]
    best = max(candidates, key=_merit, default=None)
    if best is None or not best.is_readable:
        return None
    return replace(best, building=_building_of(grid, best.header_row))


def choose_columns(layout: Layout, chosen: tuple[Column | None, ...]) -> Layout:
    """Put the office's own choice of columns in place of what was understood."""
    padded = (*chosen, *(None,) * len(layout.columns))[: len(layout.columns)]
    return replace(layout, columns=padded)


def _layout_at(grid: Grid, row: int, height: int) -> Layout | None:
    upper = [cell.text for cell in grid.rows[row]]
    if height == 1:
        columns = tuple(recognize(text) for text in upper)
        headers = tuple(upper)
    else:
        lower = [cell.text for cell in grid.rows[row + 1]] if row + 1 < len(grid.rows) else []
        if not _is_second_header(upper, lower):
            return None
        pairs = list(zip(upper, lower, strict=True))
        columns = tuple(recognize_pair(*pair) for pair in pairs)
        headers = tuple(join_headers(*pair) for pair in pairs)
    if len(set(columns) - {None}) < 2:
        return None
    return Layout(row, height, headers, columns)


def _is_second_header(upper: list[str], lower: list[str]) -> bool:
    """Tell a second header row from a first row of people, where 业主 may stand too."""
    if not lower or any(_DIGITS.search(text) for text in lower):
        return False
    explained = [
        (above, below)
        for above, below in zip(upper, lower, strict=True)
        if below and above != below and recognize(below) is not None
    ]
    return len(explained) >= 2


def _merit(layout: Layout) -> tuple[int, int, int]:
    # One row wins a tie, or a title would count as a header's upper half; then the row further
    # up, since a header repeated on a new page explains as much.
    known = len(set(layout.columns) - {None})
    return known, -layout.header_height, -layout.header_row


def _building_of(grid: Grid, header_row: int) -> str:
    """Read the building off the sheet's name, else off the title rows."""
    if named := find_building(grid.name):
        return named
    for row in grid.rows[:header_row]:
        for cell in row:
            if named := find_building(cell.text):
                return named
    return ""
