"""Messy sheets, made on the spot as offices have them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl
import xlwt

from community.identity.importing.people import Draft
from community.identity.importing.sheets import Understanding, clean_upload, understand

TODAY = date(2026, 11, 22)
HEADER = ["楼栋", "单元", "房号", "姓名", "手机号", "建筑面积"]


def make_book(
    sheets: dict[str, Sequence[Sequence[Any]]], merged: dict[str, Sequence[str]] | None = None
) -> openpyxl.Workbook:
    """Make a workbook of sheets with their rows and merged areas."""
    book = openpyxl.Workbook()
    for sheet in list(book.worksheets):
        book.remove(sheet)
    for name, rows in sheets.items():
        made = book.create_sheet(name)
        for row in rows:
            made.append(list(row))
        for area in (merged or {}).get(name, ()):
            made.merge_cells(area)
    return book


def save(book: openpyxl.Workbook) -> bytes:
    """Give a workbook's bytes."""
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def make_xlsx(*rows: Any, merged: Sequence[str] = (), name: str = "住户") -> bytes:
    """Make a file of one sheet."""
    return save(make_book({name: rows}, {name: merged}))


def id_card(birth: str, *, order: int = 1) -> str:
    """Invent an identity-card number of an area that does not exist, with its check digit."""
    digits = f"990101{birth}{order:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return digits + "10X98765432"[total % 11]


def make_xls(*rows: Any, merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """Make an old .xls; merged areas are (top, bottom, left, right) with their value on top."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("住户")
    inside = {
        (row, column)
        for top, bottom, left, right in merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if value is None or (row, column) in inside:
                continue
            style = xlwt.easyxf(num_format_str="m-d" if isinstance(value, date) else "General")
            sheet.write(row, column, value, style)
    for top, bottom, left, right in merged:
        sheet.write_merge(top, bottom, left, right, rows[top][left])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def read(content: bytes) -> Understanding:
    """Take a file in and read what was kept of it."""
    return understand(clean_upload(content, TODAY), TODAY)


def people(content: bytes) -> dict[str, Draft]:
    """Give the people of a file without mistakes, by name."""
    found = read(content)
    assert not found.problems, sentences(found)
    return {draft.name: draft for draft in found.census.people}


def sentences(found: Understanding) -> list[str]:
    """Give what is wrong with a file, in words."""
    return [problem.mistake.sentence() for problem in found.problems]
