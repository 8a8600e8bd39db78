"""Opening a file: XLSX, XLS or CSV into grids, with its limits.

What the office uploaded is never kept: `marking.write_workbook` writes the same cells anew,
formulas as their values and identity-card numbers as birth dates.
"""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from community.identity.importing.cells import (
    LOST_TEXT,
    Cell,
    Grid,
    LostFormula,
    MonthDay,
    Raw,
    make_grid,
)
from community.identity.importing.headers import Column
from community.identity.importing.layout import find_layout
from community.identity.importing.mistakes import UnreadableCellError, UnreadableFile
from community.identity.importing.values import UNREADABLE_CARD, looks_like_id_card, read_id_card
from community.kernel.errors import N_

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LARGEST_FILE = 10 << 20
LARGEST_UNPACKED = 60 << 20
MOST_UNPACKED_RATIO = 200
MOST_SHEETS = 20
MOST_ROWS = 20_000
MOST_COLUMNS = 60

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_YEARLESS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_CARD_INSIDE = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
LEFT_OUT = "（证件号已略去）"
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


class FileTooLarge(UnreadableFile):
    """The file, or what it unpacks to, is larger than a residents' sheet can be."""

    message = N_("文件太大：最多 10 MB、{rows} 行、{columns} 列。请删去空白行列，或分楼栋导入。")


class FileNotSheet(UnreadableFile):
    """The file is neither XLSX nor XLS nor CSV."""

    message = N_("这个文件不是表格。请上传 Excel（.xlsx、.xls）或 CSV 文件。")


class FileLocked(UnreadableFile):
    """The workbook asks for a password."""

    message = N_("这个表格设了打开密码。请在 Excel 里去掉密码、另存后再上传。")


class FileBroken(UnreadableFile):
    """The file says it is a workbook, but cannot be read."""

    message = N_("这个表格打不开，可能已损坏。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。")


class NoTableFound(UnreadableFile):
    """No sheet holds a header we know."""

    message = N_("没有找到表头。请确认有一行写着“姓名”“楼栋”“房号”等列名，并且在前 {rows} 行之内。")


def read_file(content: bytes) -> tuple[Grid, ...]:
    """Open a file of any of the three kinds, told by its first bytes and not by its name.

    Raises: UnreadableFile.
    """
    if len(content) > LARGEST_FILE:
        raise too_large()
    if content.startswith(_ZIP):
        return _read_xlsx(content)
    if content.startswith(_OLE):
        return _read_xls(content)
    return _read_csv(content)


def too_large() -> FileTooLarge:
    """Make the refusal of a file that is too large."""
    return FileTooLarge(rows=MOST_ROWS, columns=MOST_COLUMNS)


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
            return replace(cell, value=_born(cell.value, today))
        if isinstance(cell.value, str) and _CARD_INSIDE.search(cell.value):
            return replace(cell, value=_CARD_INSIDE.sub(LEFT_OUT, cell.value))
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


def _read_xlsx(content: bytes) -> tuple[Grid, ...]:
    has_formulas = _check_zip(content)
    # Costs 0.2 s; only imports need it.
    import openpyxl  # costs 0.2 s
    from openpyxl.utils.exceptions import InvalidFileException  # costs with openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
        written = (
            openpyxl.load_workbook(io.BytesIO(content), keep_links=False) if has_formulas else None
        )
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
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if len(shown) > MOST_SHEETS:
        raise too_large()
    return tuple(
        _grid_of_sheet(sheet, written[sheet.title] if written is not None else None)
        for sheet in shown
    )


def _check_zip(content: bytes) -> bool:
    """Refuse a zip bomb or an XML with entities; tell whether there are formulas."""
    has_formulas = False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            if "xl/workbook.xml" not in packed.namelist():
                raise FileNotSheet
            unpacked = sum(member.file_size for member in members)
            if unpacked > LARGEST_UNPACKED or unpacked > MOST_UNPACKED_RATIO * len(content):
                raise too_large()
            for member in members:
                if not member.filename.endswith((".xml", ".rels")):
                    continue
                with packed.open(member) as opened:
                    # The directory may lie about the size; the stream cannot.
                    text = opened.read(LARGEST_UNPACKED + 1)
                if len(text) > LARGEST_UNPACKED:
                    raise too_large()
                if _ENTITY.search(text):
                    raise FileBroken
                has_formulas |= b"<f>" in text or b"<f " in text
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise FileBroken from error
    return has_formulas


def _grid_of_sheet(sheet: Worksheet, written: Worksheet | None) -> Grid:
    rows: list[list[Raw]] = []
    # An office's sheet often claims a million formatted rows; what counts is the last value.
    if (sheet.max_column or 0) > MOST_COLUMNS * 20:
        raise too_large()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        formulas = written[number] if written is not None else None
        row = [
            _value_of_cell(cell, formulas[place] if formulas else None)
            for place, cell in enumerate(cells)
        ]
        rows.append(_trimmed(row))
        if len(rows[-1]) > MOST_COLUMNS or number > MOST_ROWS * 5:
            raise too_large()
    rows = _without_blank_end(rows)
    merged = [
        (area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1)
        for area in sheet.merged_cells.ranges
    ]
    return make_grid(sheet.title, rows, merged)


def _value_of_cell(cell: Any, formula: Any) -> Raw:
    value = cell.value
    if value is None and formula is not None and formula.data_type == "f":
        return LostFormula()
    if isinstance(value, datetime | date):
        return _day(value, str(cell.number_format))
    return to_raw(value)


def _day(value: date, number_format: str) -> Raw:
    day = value.date() if isinstance(value, datetime) else value
    is_yearless = "y" not in _YEARLESS.sub("", number_format).lower()
    return MonthDay(day.month, day.day) if is_yearless else day


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


def _trimmed(row: list[Raw]) -> list[Raw]:
    while row and row[-1] in {None, ""}:
        row.pop()
    return row


def _without_blank_end(rows: list[list[Raw]]) -> list[list[Raw]]:
    while rows and not rows[-1]:
        rows.pop()
    if len(rows) > MOST_ROWS:
        raise too_large()
    return rows


def _read_xls(content: bytes) -> tuple[Grid, ...]:
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
    if len(shown) > MOST_SHEETS:
        raise too_large()
    return tuple(_grid_of_xls(book, sheet) for sheet in shown)


def _grid_of_xls(book: Any, sheet: Any) -> Grid:
    rows: list[list[Raw]] = []
    for number in range(sheet.nrows):
        row = [_value_of_xls(book, sheet, number, column) for column in range(sheet.ncols)]
        rows.append(_trimmed(row))
        if len(rows[-1]) > MOST_COLUMNS:
            raise too_large()
    merged = [(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells]
    return make_grid(sheet.name, _without_blank_end(rows), merged)


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


def _read_csv(content: bytes) -> tuple[Grid, ...]:
    text = _decode(content)
    if "\x00" in text or text.lstrip()[:1] == "<":
        raise FileNotSheet
    first_lines = "\n".join(text.splitlines()[:HEADER_LINES])
    delimiter = max("\t;,，", key=first_lines.count)
    rows: list[list[Raw]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
                raise too_large()
            # Excel's way to keep a text a text: ="0101"
            rows.append(_trimmed([re.sub(r'^="(.*)"$', r"\1", cell) for cell in cells]))
            if len(rows) > MOST_ROWS * 5:
                raise too_large()
    except csv.Error as error:
        raise FileBroken from error
    return (make_grid("", _without_blank_end(rows), []),)


HEADER_LINES = 10


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        codings = ["utf-16"]
    else:
        codings = ["utf-8-sig", "gb18030"]
    for coding in codings:
        try:
            return content.decode(coding)
        except UnicodeDecodeError:
            continue
    raise FileNotSheet
