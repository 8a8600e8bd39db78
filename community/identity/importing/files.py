"""Opening a residents' sheet: its limits, and no identity-card number beyond this file.

What the office uploaded is never kept: `marking.write_workbook` writes the same cells anew,
formulas as their values and identity-card numbers as birth dates.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from community.identity.importing.headers import Column
from community.identity.importing.layout import find_layout
from community.identity.importing.mistakes import UnreadableCellError
from community.identity.importing.values import UNREADABLE_CARD, looks_like_id_card, read_id_card
from community.kernel.errors import N_
from community.kernel.sheets import (
    Cell,
    FileTooLarge,
    Grid,
    Limits,
    Raw,
    UnreadableFile,
    open_sheets,
)

LIMITS = Limits()
LARGEST_FILE = LIMITS.file

_CARD_INSIDE = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
LEFT_OUT = "（证件号已略去）"


class NoTableFound(UnreadableFile):
    """No sheet holds a header we know."""

    message = N_("没有找到表头。请确认有一行写着“姓名”“楼栋”“房号”等列名，并且在前 {rows} 行之内。")


def read_file(content: bytes) -> tuple[Grid, ...]:
    """Open a file of any kind, told by its first bytes and not by its name.

    Raises: UnreadableFile.
    """
    return open_sheets(content, LIMITS).grids


def too_large() -> FileTooLarge:
    """Make the refusal of a file that is too large."""
    return LIMITS.too_large()


def without_id_cards(grids: tuple[Grid, ...], today: date) -> tuple[Grid, ...]:
    """Replace every identity-card number by the birth date it holds.

    In the column that says so, and wherever else a number of that shape stands. A number whose
    date cannot be read becomes a note, so that its row is still marked.
    """
    return tuple(_without_id_cards(grid, today) for grid in grids)


def _without_id_cards(grid: Grid, today: date) -> Grid:
    layout = find_layout(grid)
    columns = set(layout.places_of(Column.ID_CARD)) if layout else set()
    first = layout.first_row if layout else 0

    def replaced(row: int, column: int, cell: Cell) -> Cell:
        in_column = column in columns and row >= first
        if looks_like_id_card(cell.value) or (in_column and _has_digits(cell)):
            return cell._replace(value=_born(cell.value, today))
        if isinstance(cell.value, str) and _CARD_INSIDE.search(cell.value):
            return cell._replace(value=_CARD_INSIDE.sub(LEFT_OUT, cell.value))
        return cell

    rows = tuple(
        tuple(replaced(row, column, cell) for column, cell in enumerate(cells))
        for row, cells in enumerate(grid.rows)
    )
    return replace(grid, rows=rows)


def _has_digits(cell: Cell) -> bool:
    return isinstance(cell.value, str | int | Decimal) and len(re.sub(r"\D", "", cell.text)) > 8


def _born(value: Raw, today: date) -> Raw:
    try:
        birth = read_id_card(value, today)
    except UnreadableCellError as error:
        # The reason goes where the number stood, without a digit of it.
        return f"{UNREADABLE_CARD}{error.mistake.sentence()}"
    if birth is None:
        return None
    return birth.day.isoformat() if birth.day else str(birth.year)
