"""Cells and grids: what remains of a spreadsheet once its file format is forgotten."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from community.kernel.sheets.limits import FileBroken

# How a formula without a value is written into the file we keep.
LOST_TEXT = "#公式无值"

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class MonthDay:
    """What Excel makes of a typed "1-2": a day without a year.

    `year` is the one Excel made up, or the one a bank's column does not show.
    """

    month: int
    day: int
    year: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class LostFormula:
    """A formula whose value the program that wrote the file never computed."""


Raw = str | int | Decimal | date | MonthDay | LostFormula | None


class Cell(NamedTuple):
    """A cell's value; `is_copied` when it stands in a merged area, away from its corner."""

    value: Raw = None
    is_copied: bool = False

    @property
    def text(self) -> str:
        """Give the value as clean text."""
        return plain_text(self.value)

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing is written here."""
        return self.text == ""


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: its name and its rows, all of one width; row 0 is the sheet's first."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def width(self) -> int:
        """Tell how many columns there are."""
        return len(self.rows[0]) if self.rows else 0

    def cell(self, row: int, column: int) -> Cell:
        """Give a cell, an empty one outside."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return EMPTY
        return self.rows[row][column]


def clean(text: str) -> str:
    """Make full-width characters ordinary, drop invisible ones, fold blanks into one."""
    if text.isascii():
        return " ".join(text.split())
    folded = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    return _BLANKS.sub(" ", folded).strip()


def plain_text(value: Raw) -> str:
    """Write a value as clean text: 101.0 as 101, a day as 2026-01-02, "1-2" as 1-2."""
    if value is None or isinstance(value, LostFormula):
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Decimal):
        whole = value.to_integral_value()
        return str(int(whole)) if whole == value else f"{value.normalize():f}"
    if isinstance(value, MonthDay):
        return f"{value.month}-{value.day}"
    return value.isoformat() if isinstance(value, date) else str(value)


def make_grid(name: str, rows: list[list[Raw]], merged: list[tuple[int, int, int, int]]) -> Grid:
    """Even out rows and fill merged areas (top, left, bottom, right; both ends included).

    Raises: FileBroken when areas overlap, as no program writes them: filling would have no end.
    """
    width = max((len(row) for row in rows), default=0)
    cells = [
        [EMPTY if value is None else Cell(value) for value in row] + [EMPTY] * (width - len(row))
        for row in rows
    ]
    left_over = len(cells) * width
    for top, left, far_bottom, far_right in merged:
        bottom, right = min(far_bottom, len(cells) - 1), min(far_right, width - 1)
        if top > bottom or left > right:
            continue
        left_over -= (bottom - top + 1) * (right - left + 1)
        if left_over < 0:
            raise FileBroken
        corner = cells[top][left].value
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    cells[row][column] = Cell(corner, is_copied=True)
    return Grid(clean(name), tuple(tuple(row) for row in cells))
