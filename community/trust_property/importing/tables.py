"""Finding the table in a sheet: below titles and notes, with a header over one or two rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from community.kernel.sheets import Cell, Grid
from community.trust_property.importing.statement import Column
from community.trust_property.importing.values import (
    UnreadableValueError,
    is_nothing,
    read_day,
    read_fen,
    tidy,
)
from community.trust_property.importing.words import recognize

# A service's notes above its table seldom take more.
HEADER_WITHIN_ROWS = 80
_SHORT_YEAR = re.compile(r"(\d{2})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
# No statement is read that is older than this year of the century.
_EARLIEST = 15
_DIGITS = re.compile(r"\d{3}")
MONEY = (Column.AMOUNT, Column.INCOME, Column.EXPENSE)


@dataclass(frozen=True, slots=True)
class Table:
    """Where a sheet's table begins; rows count from 0, `header_row` is None without a header."""

    grid: Grid
    header_row: int | None
    first_row: int
    headers: tuple[str, ...]

    @property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """Give the rows below the header, whatever stands there."""
        return self.grid.rows[self.first_row :]

    def above(self) -> list[str]:
        """Write the rows above the header as text, cells parted by a blank."""
        last = self.first_row if self.header_row is None else self.header_row
        return [row_text(cells) for cells in self.grid.rows[:last]]


def with_full_years(table: Table, place: int | None) -> Table:
    """Write 26-01-05 with its century where a column's first number can only be the year."""
    if place is None:
        return table
    short = [found for row in table.rows if (found := _SHORT_YEAR.match(tidy(row[place].value)))]
    firsts, middles, lasts = ({int(found.group(at)) for found in short} for at in (1, 3, 4))
    is_year = firsts and min(firsts) >= _EARLIEST and max(firsts) < 40 and len(firsts) <= 2
    if not is_year or max(middles) > 12 or max(lasts) > 31:
        return table
    if min(lasts) >= _EARLIEST and len(lasts) <= len(firsts):
        return table
    rows = [*table.grid.rows[: table.first_row]]
    for row in table.rows:
        text = tidy(row[place].value)
        cell = row[place]._replace(value=f"20{text}") if _SHORT_YEAR.match(text) else row[place]
        rows.append((*row[:place], cell, *row[place + 1 :]))
    return replace(table, grid=replace(table.grid, rows=tuple(rows)))


def row_text(cells: tuple[Cell, ...]) -> str:
    """Write a row as text, each merged cell once."""
    told = [tidy(cell.value) for cell in cells if cell.value is not None and not cell.is_copied]
    return "  ".join([text for text in told if text])


def find_table(grid: Grid) -> Table | None:
    """Find the header that explains most, else the first rows that look like entries."""
    best: tuple[int, Table] | None = None
    for row in range(min(HEADER_WITHIN_ROWS, len(grid.rows))):
        for height in (1, 2):
            headers = _headers_at(grid, row, height)
            # A header repeated on a new page explains as much: the first one wins. One row wins
            # over two, or a title would count as a header's upper half.
            merit = _merit(headers) - (height - 1)
            if merit > 0 and (best is None or merit > best[0]):
                best = merit, Table(grid, row, row + height, headers)
    return best[1] if best else _table_by_content(grid)


def _headers_at(grid: Grid, row: int, height: int) -> tuple[str, ...]:
    upper = [cell.text for cell in grid.rows[row]]
    if height == 1:
        return tuple(upper)
    if row + 1 >= len(grid.rows):
        return ()
    lower = [cell.text for cell in grid.rows[row + 1]]
    if len({text for text in upper if text}) < 2:
        return ()
    if any(_DIGITS.search(text) for text in upper) or _is_account_block(upper, lower):
        return ()
    changed = [text for above, text in zip(upper, lower, strict=True) if text and text != above]
    if any(_DIGITS.search(text) for text in lower) or sum(map(bool, map(recognize, changed))) < 2:
        return ()
    # A title above a group stands in its first column only when the cells were not merged.
    group, joined = "", []
    for above, below in zip(upper, lower, strict=True):
        group = above or (group if below else "")
        joined.append(below if not group or group == below else f"{group}{below}")
    return tuple(joined)


def _is_account_block(upper: list[str], lower: list[str]) -> bool:
    """Tell labels and their values above a header from the titles of its groups of columns."""
    pairs = [(above, below) for above, below in zip(upper, lower, strict=True) if above]
    if any(below in {"", above} for above, below in pairs):
        return False
    following = zip(upper, [*upper[1:], "end"], strict=True)
    return any(above and after not in {"", above} for above, after in following)


def _merit(headers: tuple[str, ...]) -> int:
    found: dict[Column, int] = {}
    for header in headers:
        for column, weight in recognize(header).items():
            found[column] = max(found.get(column, 0), weight)
    if Column.DATE not in found or not any(column in found for column in MONEY):
        return 0
    filled = sum(map(bool, headers))
    return sum(found.values()) if filled >= 2 else 0


def _table_by_content(grid: Grid) -> Table | None:
    """Find the first of three rows, or of all there are, that hold a day and an amount."""
    looks = [looks_like_entry(cells) for cells in grid.rows[: HEADER_WITHIN_ROWS + 3]]
    for row, looked in enumerate(looks):
        if not looked or sum(looks[row : row + 3]) < min(3, len(looks) - row):
            continue
        above = grid.rows[row - 1] if row else ()
        words = [cell.text for cell in above]
        is_header = len([text for text in words if text and not _DIGITS.search(text)]) >= 3
        headers = tuple(words) if is_header else ("",) * grid.width
        return Table(grid, row - 1 if is_header else None, row, headers)
    return None


def looks_like_entry(cells: tuple[Cell, ...]) -> bool:
    """Tell whether a row holds a day, and an amount elsewhere."""
    days = money = 0
    for cell in cells:
        if is_nothing(cell.value):
            continue
        try:
            days += read_day(cell.value) is not None
            continue
        except UnreadableValueError:
            pass_on = cell.value
        try:
            money += read_fen(pass_on) is not None
        except UnreadableValueError:
            continue
    return days > 0 and money > 0
