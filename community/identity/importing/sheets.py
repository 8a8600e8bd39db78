"""The whole way from an uploaded file to what it tells, with the office's own choice of columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from community.identity.importing.files import NoTableFound, read_file, without_id_cards
from community.identity.importing.headers import Column
from community.identity.importing.layout import (
    HEADER_WITHIN_ROWS,
    Layout,
    choose_columns,
    find_layout,
)
from community.identity.importing.marking import write_workbook
from community.identity.importing.people import Census, take_census
from community.identity.importing.reading import Line, Problem, read_sheet
from community.kernel.sheets import Grid

# The office's choice: sheet number -> what each of its columns holds.
Choice = dict[int, tuple[Column | None, ...]]


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of a file: its grids, where their tables are, and all they tell."""

    grids: tuple[Grid, ...]
    layouts: tuple[Layout | None, ...]
    census: Census
    problems: tuple[Problem, ...]
    skipped_rows: int

    @property
    def lists_residents(self) -> bool:
        """Tell whether the file names everybody who lives there, and not owners only."""
        return any(layout and Column.NAME in layout.columns for layout in self.layouts)

    def marked(self, more: tuple[Problem, ...] = ()) -> bytes:
        """Write the file with its mistakes marked."""
        return write_workbook(self.grids, (*self.problems, *more))


def clean_upload(content: bytes, today: date) -> bytes:
    """Turn an upload into the workbook that may be kept: no formulas, no identity-card numbers.

    Raises: UnreadableFile.
    """
    grids = without_id_cards(read_file(content), today)
    if not any(find_layout(grid) for grid in grids):
        raise NoTableFound(rows=HEADER_WITHIN_ROWS)
    return write_workbook(grids, ())


def understand(kept: bytes, today: date, choice: Choice | None = None) -> Understanding:
    """Read a kept workbook.

    Raises: UnreadableFile.
    """
    grids = read_file(kept)
    layouts = tuple(
        _chosen(find_layout(grid), (choice or {}).get(index)) for index, grid in enumerate(grids)
    )
    lines: list[Line] = []
    problems: list[Problem] = []
    unread: set[str] = set()
    skipped = 0
    for index, (grid, layout) in enumerate(zip(grids, layouts, strict=True)):
        if layout is None:
            continue
        reading = read_sheet(index, grid, layout, today)
        lines += reading.lines
        problems += reading.problems
        unread |= reading.unread_names
        skipped += reading.skipped_rows
    areas = {
        index: places[0]
        for index, layout in enumerate(layouts)
        if layout and (places := layout.places_of(Column.AREA))
    }
    census = take_census(lines, areas, frozenset(unread))
    return Understanding(grids, layouts, census, (*problems, *census.problems), skipped)


def _chosen(layout: Layout | None, columns: tuple[Column | None, ...] | None) -> Layout | None:
    if layout is None or columns is None:
        return layout
    return choose_columns(layout, columns)
