"""The file given back: the same cells, with a red fill and a comment wherever a mistake stands."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from community.identity.importing.reading import Problem
from community.kernel.sheets import LOST_TEXT, Grid, LostFormula, MonthDay, Raw

RED = "FFFFC7CE"
FIRST_COLUMN_WIDTH, OTHER_COLUMN_WIDTH = 18, 14


def write_workbook(
    grids: Iterable[Grid],
    problems: Iterable[Problem],
    translate: Callable[[str], str] = str,
) -> bytes:
    """Write grids as XLSX, each problem marked in its cell; a whole row in its first cell."""
    # Costs 0.2 s; only imports need it.
    import openpyxl  # costs 0.2 s

    book = openpyxl.Workbook()
    for first in list(book.worksheets):
        book.remove(first)
    marks = _by_cell(problems, translate)
    for index, grid in enumerate(grids):
        sheet = book.create_sheet(_title(grid.name, index))
        areas = merged_areas(grid)
        _write_cells(sheet, grid, areas)
        corners = _corners(areas)
        for (row, column), sentences in marks[index].items():
            # A comment in a merged area shows only at its corner.
            top, left = corners.get((row, max(column, 0)), (row, max(column, 0)))
            _mark(sheet.cell(top + 1, left + 1), sentences)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _by_cell(
    problems: Iterable[Problem], translate: Callable[[str], str]
) -> dict[int, dict[tuple[int, int], list[str]]]:
    marks: dict[int, dict[tuple[int, int], list[str]]] = defaultdict(lambda: defaultdict(list))
    for problem in problems:
        said = problem.mistake.sentence(translate)
        found = marks[problem.sheet][problem.row, problem.column]
        if said not in found:
            found.append(said)
    return marks


def _title(name: str, index: int) -> str:
    # Excel refuses these characters and more than 31 of any.
    kept = "".join(each for each in name if each not in "[]:*?/\\").strip("'")[:28]
    return kept or f"Sheet{index + 1}"


def _corners(areas: list[tuple[int, int, int, int]]) -> dict[tuple[int, int], tuple[int, int]]:
    return {
        (row, column): (top, left)
        for top, left, bottom, right in areas
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }


def _write_cells(sheet: Any, grid: Grid, areas: list[tuple[int, int, int, int]]) -> None:
    from openpyxl.utils import get_column_letter  # costs with openpyxl

    for row, cells in enumerate(grid.rows, start=1):
        for column, cell in enumerate(cells, start=1):
            if cell.value is not None and not cell.is_copied:
                _write(sheet.cell(row, column), cell.value)
    for top, left, bottom, right in areas:
        sheet.merge_cells(
            start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
        )
    for column in range(1, grid.width + 1):
        width = FIRST_COLUMN_WIDTH if column == 1 else OTHER_COLUMN_WIDTH
        sheet.column_dimensions[get_column_letter(column)].width = width


def _write(target: Any, value: Raw) -> None:
    if isinstance(value, LostFormula):
        value = LOST_TEXT
    if isinstance(value, MonthDay):
        # A leap year, so that 2-29 has its day; the format hides it.
        target.value = date(2000, value.month, value.day)
        target.number_format = 'm"-"d'
        return
    if isinstance(value, Decimal):
        target.value = value if abs(value) < 10**15 else f"{value:f}"
        return
    if isinstance(value, date):
        target.value, target.number_format = value, "yyyy-mm-dd"
        return
    # As text even when it begins with "=": what somebody typed never becomes a live formula.
    target.value = value
    if isinstance(value, str):
        target.data_type, target.number_format = "s", "@"


def _mark(target: Any, sentences: list[str]) -> None:
    from openpyxl.comments import Comment  # costs with openpyxl
    from openpyxl.styles import PatternFill  # costs with openpyxl

    earlier = [target.comment.text] if target.comment else []
    target.fill = PatternFill("solid", start_color=RED, end_color=RED)
    target.comment = Comment("\n".join([*earlier, *sentences]), "导入检查", width=320, height=90)


def merged_areas(grid: Grid) -> list[tuple[int, int, int, int]]:
    """Find the merged areas again: copied cells with the corner they were copied from."""
    areas = []
    seen: set[tuple[int, int]] = set()
    for row, cells in enumerate(grid.rows):
        for column, cell in enumerate(cells):
            if cell.is_copied or (row, column) in seen:
                continue
            right = column
            while _copies(grid, row, right + 1, cell.value, seen):
                right += 1
            bottom = row
            while all(
                _copies(grid, bottom + 1, each, cell.value, seen)
                for each in range(column, right + 1)
            ):
                bottom += 1
            if (bottom, right) != (row, column):
                areas.append((row, column, bottom, right))
                seen |= {
                    (each, other)
                    for each in range(row, bottom + 1)
                    for other in range(column, right + 1)
                }
    return areas


def _copies(grid: Grid, row: int, column: int, value: Raw, seen: set[tuple[int, int]]) -> bool:
    if (row, column) in seen or row >= len(grid.rows) or column >= grid.width:
        return False
    cell = grid.cell(row, column)
    return cell.is_copied and cell.value == value
