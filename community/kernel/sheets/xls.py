"""XLS, the workbook of before 2007, into grids."""

from __future__ import annotations

import struct
from typing import Any

from community.kernel.sheets.cells import Grid, LostFormula, Raw, make_grid
from community.kernel.sheets.limits import FileBroken, FileLocked, Limits
from community.kernel.sheets.text import trimmed, without_blank_end
from community.kernel.sheets.values import day_of_cell, to_raw


def read_xls(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    """Read the visible sheets of an old workbook.

    Raises: UnreadableFile.
    """
    import xlrd  # costs 30 ms; only old files need it
    from xlrd.biffh import XLRDError  # costs with xlrd
    from xlrd.compdoc import CompDocError  # costs with xlrd

    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True)
    except XLRDError as error:
        said = str(error).lower()
        if "encrypt" in said or "find workbook" in said:
            raise FileLocked from error
        raise FileBroken from error
    except (
        CompDocError,
        struct.error,
        AssertionError,
        IndexError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        UnicodeDecodeError,
    ) as error:
        raise FileBroken from error
    shown = [sheet for sheet in book.sheets() if sheet.visibility == 0]
    if len(shown) > limits.sheets:
        raise limits.too_large()
    return tuple(_grid_of_xls(book, sheet, limits) for sheet in shown)


def _grid_of_xls(book: Any, sheet: Any, limits: Limits) -> Grid:
    rows: list[list[Raw]] = []
    for number in range(sheet.nrows):
        row = [_value_of_xls(book, sheet, number, column) for column in range(sheet.ncols)]
        rows.append(trimmed(row))
        if len(rows[-1]) > limits.columns:
            raise limits.too_large()
    merged = [(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells]
    return make_grid(sheet.name, without_blank_end(rows, limits), merged)


def _value_of_xls(book: Any, sheet: Any, row: int, column: int) -> Raw:
    import xlrd  # costs 30 ms; only old files need it

    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if kind in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
        return None
    if kind == xlrd.XL_CELL_ERROR:
        return LostFormula()
    if kind == xlrd.XL_CELL_BOOLEAN:
        return to_raw(bool(value))
    if kind == xlrd.XL_CELL_DATE:
        try:
            day = xlrd.xldate_as_datetime(value, book.datemode)
        except (xlrd.XLDateError, OverflowError, ValueError):
            return to_raw(value)
        form = book.format_map[book.xf_list[sheet.cell_xf_index(row, column)].format_key]
        return day_of_cell(day, form.format_str)
    return to_raw(value)
