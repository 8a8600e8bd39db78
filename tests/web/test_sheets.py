"""Sheets keep text as text and numbers as exact numbers."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from community.web.sheets import Cell, Fen, Minutes, Sheet, write_sheets

pytestmark = pytest.mark.once


def read(*sheets: Sheet) -> Worksheet:
    book = openpyxl.load_workbook(BytesIO(write_sheets(*sheets)))
    return book.worksheets[0]


def cell_of(value: Cell) -> object:
    return read(Sheet("表", ["列"], [[value]])).cell(row=2, column=1)


@pytest.mark.parametrize(
    "text", ["=1+1", "=HYPERLINK(1)", "+86", "-5", "@x", "007", "1e5", "2026-11-22"]
)
def test_typed_text_stays_text(text: str) -> None:
    cell = read(Sheet("表", ["列"], [[text]])).cell(row=2, column=1)
    assert cell.data_type == "s"
    assert cell.value == text


def test_headings_are_text_too() -> None:
    cell = read(Sheet("表", ["=1+1"], [])).cell(row=1, column=1)
    assert (cell.data_type, cell.value) == ("s", "=1+1")


@pytest.mark.parametrize(
    ("value", "kept", "shown_as"),
    [
        (7, 7, "General"),
        (0, 0, "General"),
        (Fen(1234567), Decimal("12345.67"), "#,##0.00"),
        (Fen(-5), Decimal("-0.05"), "#,##0.00"),
        (Minutes(100), Decimal("1.66"), "#,##0.00"),
        (date(2026, 11, 22), datetime(2026, 11, 22), "yyyy-mm-dd"),  # noqa: DTZ001 - Excel's own
        (
            datetime(2026, 11, 22, 2, 0, tzinfo=UTC),
            datetime(2026, 11, 22, 10, 0),  # noqa: DTZ001 - Excel knows no zones
            "yyyy-mm-dd hh:mm",
        ),
    ],
)
def test_values_keep_their_type(value: Cell, kept: object, shown_as: str) -> None:
    cell = read(Sheet("表", ["列"], [[value]])).cell(row=2, column=1)
    found = Decimal(str(cell.value)) if isinstance(kept, Decimal) else cell.value
    assert found == kept
    assert cell.number_format == shown_as


def test_long_number_is_not_rounded() -> None:
    cell = read(Sheet("表", ["列"], [[6222020200112233445]])).cell(row=2, column=1)
    assert cell.value == "6222020200112233445"


def test_control_characters_do_not_break_the_file() -> None:
    assert read(Sheet("表", ["列"], [["a\x00b\x1fc"]])).cell(row=2, column=1).value == "abc"


def test_sheet_name_that_excel_refuses_is_mended() -> None:
    assert (
        read(Sheet("2026/11 [草稿]*" + "长" * 40, ["列"], [])).title
        == "2026 11  草稿  " + "长" * 18
    )


def test_lines_above_come_first() -> None:
    page = read(Sheet("表", ["列"], [["值"]], above=["标题", "说明"]))
    assert [page.cell(row=row, column=1).value for row in (1, 2, 3, 4)] == [
        "标题",
        "说明",
        "列",
        "值",
    ]
    assert page.freeze_panes == "A4"
