"""Workbooks of any program: the same cells as openpyxl gives, and no file that takes us down."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import openpyxl
import pytest

from community.kernel.sheets import (
    FileBroken,
    FileTooLarge,
    Grid,
    Limits,
    LostFormula,
    MonthDay,
    Raw,
    open_sheets,
)

SMALL = Limits(rows=1_000, columns=20)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    '<numFmts><numFmt numFmtId="170" formatCode="m&quot;月&quot;d&quot;日&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="20"/>'
    "</cellXfs>"
)


def packed(sheet: str, *, strings: str = "", book: str = "", root: str = "worksheet") -> bytes:
    """Write a workbook by hand; `sheet` is what stands inside its only sheet."""
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{book}<sheets>'
        '<sheet name="明细" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        + "".join(
            f'<Relationship Id="rId{number}" Type="{LINKS}/{kind}" Target="{target}"/>'
            for number, (kind, target) in enumerate(
                [
                    ("worksheet", "/xl/worksheets/sheet1.xml"),
                    ("sharedStrings", "sharedStrings.xml"),
                    ("styles", "styles.xml"),
                ],
                start=1,
            )
        )
        + "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<{root} xmlns="{MAIN}">{sheet}</{root}>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{STYLES}</styleSheet>',
    }
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in parts.items():
            opened.writestr(name, text)
    return kept.getvalue()


def read(content: bytes, limits: Limits = SMALL) -> Grid:
    return open_sheets(content, limits).grids[0]


def values(sheet: str, **rest: str) -> list[list[Raw]]:
    grid = read(packed(f"<sheetData>{sheet}</sheetData>", **rest))
    return [[cell.value for cell in row] for row in grid.rows]


def saved(book: openpyxl.Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def as_openpyxl_gives_it(value: object) -> Raw:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, time | timedelta):
        return str(value)
    assert value is None or isinstance(value, int | str | date)
    return value


@pytest.mark.parametrize("seed", range(5))
def test_any_cells_are_those_that_openpyxl_reads(seed: int) -> None:
    chance = random.Random(seed)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    made = (
        lambda: None,
        lambda: chance.randrange(-(10**12), 10**12),
        lambda: chance.randrange(-(10**9), 10**9) / 100,
        lambda: chance.choice(["物业费", " 两端有空格 ", "<&>\"'", "00123", "1-2", "行\n行", "𠮷"]),
        lambda: chance.random() < 0.5,
        lambda: date(2020, 1, 1) + timedelta(days=chance.randrange(3_000)),
        lambda: datetime.fromisoformat("2026-01-02T03:04:05"),
        lambda: time(8, 30),
        lambda: timedelta(hours=30),
    )
    for row in range(1, 60):
        for column in range(1, 15):
            value = chance.choice(made)()
            if value is not None:
                sheet.cell(row, column, value)
    content = saved(book)
    shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    expected = [[as_openpyxl_gives_it(value) for value in row] for row in shown.values]
    assert [[cell.value for cell in row] for row in read(content).rows] == expected


def test_days_times_and_days_without_a_year_are_told_by_their_format() -> None:
    day = '<row><c s="1"><v>46348</v></c><c s="2"><v>46348</v></c><c s="3"><v>0.5</v></c></row>'
    assert values(day) == [[date(2026, 11, 22), MonthDay(11, 22), "12:00:00"]]
    apple = values(day, book='<workbookPr date1904="1"/>')
    assert apple[0][0] == date(2030, 11, 23)
    # A number too large for a day stays a number.
    assert values('<row><c s="1"><v>99999999</v></c></row>') == [[99999999]]


def test_numbers_are_exact_and_text_stays_text() -> None:
    row = (
        '<row r="1"><c r="A1"><v>1234.5599999999999</v></c><c r="B1"><v>-12</v></c>'
        '<c r="C1"><v>1.5E3</v></c><c r="D1" t="inlineStr"><is><t>007</t></is></c>'
        '<c r="E1" t="e"><v>#N/A</v></c><c r="F1" t="d"><v>2026-01-02T00:00:00</v></c></row>'
    )
    assert values(row) == [
        [Decimal("1234.56"), -12, Decimal(1500), "007", "#N/A", date(2026, 1, 2)]
    ]


def test_formulas_give_what_was_computed() -> None:
    cells = (
        "<c><f>1+1</f><v>2</v></c>",
        "<c><f>SUM(A1:A9)</f></c>",
        '<c><f>"00123"</f></c>',
        '<c t="str"><f>IF(A1="","",A1)</f><v></v></c>',
        '<c t="str"><f>A1&amp;"元"</f><v>2元</v></c>',
    )
    found = values(f"<row>{''.join(cells)}</row>")
    assert found == [[2, LostFormula(), "00123", None, "2元"]]


def test_shared_texts_join_their_runs_without_how_they_are_read_aloud() -> None:
    strings = (
        "<si><t>张三</t></si><si><r><t>物</t></r><r><t>业费</t></r>"
        "<rPh><t>ウーイェ</t></rPh></si><si><t>一行_x000D_二行</t></si><si/>"
    )
    row = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(4))
    assert values(f"<row>{row}<c><v>1</v></c></row>", strings=strings) == [
        ["张三", "物业费", "一行\r二行", None, 1]
    ]


def test_prefixes_and_gaps_are_as_they_come() -> None:
    inside = (
        f'<x:sheetData xmlns:x="{MAIN}"><x:row r="2"><x:c r="C2"><x:v>5</x:v></x:c></x:row>'
        "</x:sheetData>"
    )
    assert [[cell.value for cell in row] for row in read(packed(inside)).rows] == [
        [None, None, None],
        [None, None, 5],
    ]


def test_merged_areas_copy_their_corner() -> None:
    grid = read(
        packed(
            '<sheetData><row r="1"><c r="A1"><v>7</v></c><c r="C1"><v>8</v></c></row>'
            '<row r="2"><c r="C2"><v>9</v></c></row></sheetData>'
            '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="C1"/></mergeCells>'
        )
    )
    assert [[(cell.value, cell.is_copied) for cell in row] for row in grid.rows] == [
        [(7, False), (7, True), (8, False)],
        [(7, True), (7, True), (9, False)],
    ]


def test_formatted_but_empty_rows_count_for_nothing() -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert values(far) == [[1]]


@pytest.mark.parametrize(
    "cell",
    ['<row r="1048576"><c><v>1</v></c></row>', '<row><c r="XFD1"><v>1</v></c></row>'],
)
def test_a_value_far_outside_is_refused_and_fills_no_memory(cell: str) -> None:
    with pytest.raises(FileTooLarge):
        values(cell)


@pytest.mark.parametrize(
    "sheet",
    [
        "<sheetData><row><c><v>nan</v></c></row></sheetData>",
        '<sheetData><row><c t="s"><v>5</v></c></row></sheetData>',
        '<sheetData><row><c r="!1"><v>5</v></c></row></sheetData>',
        "<sheetData><row><c><v>5</v></row></sheetData>",
        "<sheetData>" + "<row><c><v>1</v></c><c><v>1</v></c></row>" * 900 + "</sheetData>"
        "<mergeCells>" + '<mergeCell ref="A1:B900"/>' * 2 + "</mergeCells>",
    ],
)
def test_what_no_program_writes_is_called_broken(sheet: str) -> None:
    with pytest.raises(FileBroken):
        read(packed(sheet))


def test_entities_are_refused_in_whatever_coding() -> None:
    content = packed("<sheetData/>")
    for text in (
        b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'.encode(
            "utf-16"
        ),
    ):
        kept = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(kept, "w") as new:
            for name in old.namelist():
                new.writestr(name, text if "sheet1" in name else old.read(name))
        with pytest.raises(FileBroken):
            read(kept.getvalue())


def test_a_directory_that_lies_about_sizes_gains_nothing() -> None:
    sheet = "<sheetData>" + "<row><c><v>1</v></c></row>" * 900 + "</sheetData>"
    content = bytearray(packed(sheet))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as opened:
        told = opened.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    assert content.count(told) == 2
    with pytest.raises(FileBroken):
        read(bytes(content).replace(told, (100).to_bytes(4, "little")))
