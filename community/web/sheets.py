"""XLSX files for offices: what a person typed stays text and never becomes a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Response

from community.kernel import clock

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 48
# Excel shows a longer whole number rounded (phone numbers fit, card numbers do not).
MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Fen:
    """An amount in fen that the sheet shows, and adds up, in yuan."""

    fen: int


@dataclass(frozen=True, slots=True)
class Minutes:
    """A duration in minutes that the sheet shows in hours, cut to two decimals."""

    minutes: int


Cell = str | int | date | datetime | Fen | Minutes | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a name, headings, rows, and lines above the headings such as a title."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    above: Sequence[str] = ()


def write_sheets(*sheets: Sheet) -> bytes:
    """Write a workbook."""
    import openpyxl  # 0.2 s that most requests do not need

    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    for sheet in sheets:
        _fill(book.create_sheet(_sheet_name(sheet.name)), sheet)
    answer = BytesIO()
    book.save(answer)
    return answer.getvalue()


def send_sheets(file_name: str, *sheets: Sheet) -> Response:
    """Answer with a workbook to keep; `file_name` without its ending, in any language."""
    return send_file(f"{file_name}.xlsx", write_sheets(*sheets), MEDIA_TYPE)


def send_file(file_name: str, content: bytes, media_type: str, *, inline: bool = False) -> Response:
    """Answer with bytes under a name that browsers of any language keep."""
    answer = Response(content, mimetype=media_type)
    way = "inline" if inline else "attachment"
    answer.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(file_name)}"
    return answer


def write_cell(page: Worksheet, row: int, column: int, value: Cell) -> None:
    """Write one value with the type it has; text is always text, so `=1+1` stays what it is."""
    cell: Any = page.cell(row=row, column=column)
    if value is None:
        return
    if isinstance(value, Fen):
        cell.value, cell.number_format = Decimal(value.fen).scaleb(-2), "#,##0.00"
    elif isinstance(value, Minutes):
        cell.value = Decimal(value.minutes * 100 // 60).scaleb(-2)
        cell.number_format = "#,##0.00"
    elif isinstance(value, datetime):
        cell.value = value.astimezone(clock.SHANGHAI).replace(tzinfo=None)
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.value, cell.number_format = value, "yyyy-mm-dd"
    elif isinstance(value, int) and len(str(abs(value))) <= MOST_DIGITS:
        cell.value = value
    else:
        cell.value, cell.number_format = _clean(str(value)), "@"
        # Set last: openpyxl guesses a formula from a leading "=" when the value is set.
        cell.data_type = "s"


def _fill(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.styles import Font  # 0.2 s that most requests do not need
    from openpyxl.utils import get_column_letter  # as above

    for place, words in enumerate(sheet.above, start=1):
        write_cell(page, place, 1, words)
        page.cell(row=place, column=1).font = Font(bold=place == 1)
    top = len(sheet.above) + 1
    for column, head in enumerate(sheet.heads, start=1):
        write_cell(page, top, column, head)
        page.cell(row=top, column=column).font = Font(bold=True)
    for row, values in enumerate(sheet.rows, start=top + 1):
        for column, value in enumerate(values, start=1):
            write_cell(page, row, column, value)
    for column, head in enumerate(sheet.heads, start=1):
        texts = [head, *(_shown(values[column - 1]) for values in sheet.rows[:200])]
        width = max(sum(2 if ord(each) > 0x2E80 else 1 for each in text) for text in texts)
        page.column_dimensions[get_column_letter(column)].width = min(width + 2, WIDEST)
    page.freeze_panes = f"A{top + 1}"


def _shown(value: Cell) -> str:
    return "" if value is None else str(value)[:WIDEST]


def _clean(text: str) -> str:
    # XML 1.0 has no place for control characters; Excel refuses a file that carries one.
    return "".join(each for each in text if each in "\n\t" or ord(each) >= 32)


def _sheet_name(name: str) -> str:
    # Excel's own limits: 31 characters and none of these.
    return "".join(" " if each in "[]:*?/\\" else each for each in name)[:31] or "1"
