"""XLSX and XLS into grids: no formulas, no macros, no zip bombs, no XML entities."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from community.kernel.sheets.cells import LOST_TEXT, Grid, LostFormula, MonthDay, Raw, make_grid
from community.kernel.sheets.limits import FileBroken, FileLocked, FileNotSheet, Limits
from community.kernel.sheets.text import has_entities, trimmed, without_blank_end

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_ONLY_TEXT = re.compile(r'^="([^"]*)"$')
_YEARLESS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def read_xlsx(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    """Read the visible sheets of a workbook.

    Raises: UnreadableFile.
    """
    has_formulas = _check_zip(content, limits)
    from openpyxl.utils.exceptions import InvalidFileException  # openpyxl costs 0.2 s

    try:
        return _read_sheets(content, limits, has_formulas=has_formulas)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        SyntaxError,  # how the XML parser calls a text that is none
    ) as error:
        raise FileBroken from error


def _read_sheets(content: bytes, limits: Limits, *, has_formulas: bool) -> tuple[Grid, ...]:
    import openpyxl  # costs 0.2 s

    # Read-only is faster on a long statement; it leaves merged areas to us.
    book = openpyxl.load_workbook(
        io.BytesIO(content), read_only=True, data_only=True, keep_links=False
    )
    written = (
        openpyxl.load_workbook(io.BytesIO(content), keep_links=False) if has_formulas else None
    )
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if len(shown) > limits.sheets:
        raise limits.too_large()
    return tuple(
        _grid_of_sheet(
            sheet,
            written[sheet.title] if written is not None else None,
            _merged_areas(content, sheet),
            limits,
        )
        for sheet in shown
    )


def _merged_areas(content: bytes, sheet: Any) -> list[tuple[int, int, int, int]]:
    from openpyxl.utils import range_boundaries  # costs with openpyxl

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        text = packed.read(sheet._worksheet_path)  # noqa: SLF001  the library tells it nowhere else
    areas = []
    for found in _MERGED.findall(text):
        left, top, right, bottom = (edge or 1 for edge in range_boundaries(found.decode()))
        areas.append((top - 1, left - 1, bottom - 1, right - 1))
    return areas


def _check_zip(content: bytes, limits: Limits) -> bool:
    """Refuse a zip bomb or an XML with entities; tell whether there are formulas."""
    has_formulas = False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            if "xl/workbook.xml" not in packed.namelist():
                raise FileNotSheet
            unpacked = sum(member.file_size for member in members)
            if unpacked > limits.unpacked or unpacked > limits.unpacked_ratio * len(content):
                raise limits.too_large()
            for member in members:
                if not member.filename.endswith((".xml", ".rels")):
                    continue
                with packed.open(member) as opened:
                    # The directory may lie about the size; the stream cannot.
                    text = opened.read(limits.unpacked + 1)
                if len(text) > limits.unpacked:
                    raise limits.too_large()
                if has_entities(text):
                    raise FileBroken
                has_formulas |= b"<f>" in text or b"<f " in text
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise FileBroken from error
    return has_formulas


def _grid_of_sheet(
    sheet: Any,
    written: Worksheet | None,
    merged: list[tuple[int, int, int, int]],
    limits: Limits,
) -> Grid:
    rows: list[list[Raw]] = []
    # An office's sheet often claims a million formatted rows; what counts is the last value.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        formulas = written[number] if written is not None else ()
        row = [
            _value_of_cell(cell, formulas[place] if place < len(formulas) else None)
            for place, cell in enumerate(cells)
        ]
        rows.append(trimmed(row))
        if len(rows[-1]) > limits.columns or number > limits.rows * 5:
            raise limits.too_large()
    return make_grid(sheet.title, without_blank_end(rows, limits), merged)


def _value_of_cell(cell: Any, formula: Any) -> Raw:
    value = cell.value
    if value is None:
        if formula is None or formula.data_type != "f":
            return None
        # A formula that is only a text needs no program to compute it.
        found = _ONLY_TEXT.match(str(formula.value))
        return found.group(1) if found else LostFormula()
    if isinstance(value, datetime | date):
        return _day(value, str(cell.number_format))
    return to_raw(value)


def _day(value: date, number_format: str) -> Raw:
    day = value.date() if isinstance(value, datetime) else value
    is_yearless = "y" not in _YEARLESS.sub("", number_format).lower()
    return MonthDay(day.month, day.day, day.year) if is_yearless else day


def to_raw(value: object) -> Raw:
    """Take a value as a library gives it; numbers become exact decimals."""
    if value is None or isinstance(value, LostFormula | MonthDay | Decimal):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if value == LOST_TEXT:
        return LostFormula()
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str | int | date):
        return value
    if isinstance(value, time):
        return value.isoformat()
    # repr is the shortest decimal that means the same number.
    return Decimal(repr(value)) if isinstance(value, float) else str(value)


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
        return _day(day, form.format_str)
    return to_raw(value)
