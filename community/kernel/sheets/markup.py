"""Tables in HTML and in Excel's XML of 2003, which banks and offices name `.xls`."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from community.kernel.sheets.cells import Grid, Raw, make_grid
from community.kernel.sheets.limits import FileBroken, FileNotSheet, Limits
from community.kernel.sheets.text import trimmed, without_blank_end

_XML_SHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_WIDEST = 100


def read_markup(text: str, limits: Limits) -> tuple[Grid, ...]:
    """Read every table of a page, or every sheet of an XML workbook.

    Raises: UnreadableFile.
    """
    if "urn:schemas-microsoft-com:office:spreadsheet" in text[:4000] and "<Workbook" in text[:4000]:
        return _read_xml_workbook(text, limits)
    tables = _Tables(limits)
    tables.feed(text)
    tables.close()
    grids = tuple(make_grid("", rows, merged) for rows, merged in tables.found if rows)
    if not grids:
        raise FileNotSheet
    return grids


class _Tables(HTMLParser):
    """Collects the cells of every table; a cell over several columns or rows is merged."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits = limits
        self.found: list[tuple[list[list[Raw]], list[tuple[int, int, int, int]]]] = []
        self.open: list[int] = []
        self.words: list[str] | None = None
        self.spans = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.found.append(([], []))
            self.open.append(len(self.found) - 1)
            self.words = None
        elif tag == "tr" and self.open:
            self._end_cell()
            self._rows.append([])
            if len(self._rows) > self.limits.rows:
                raise self.limits.too_large()
        elif tag in {"td", "th"} and self.open:
            self._end_cell()
            given = dict(attrs)
            self.spans = (_span(given.get("colspan")), _span(given.get("rowspan")))
            self.words = []
        elif tag == "br" and self.words is not None:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr"}:
            self._end_cell()
        elif tag == "table" and self.open:
            self._end_cell()
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.words is not None:
            self.words.append(data)

    @property
    def _rows(self) -> list[list[Raw]]:
        return self.found[self.open[-1]][0]

    def _end_cell(self) -> None:
        if self.words is None or not self.open:
            return
        if not self._rows:
            self._rows.append([])
        rows, merged = self.found[self.open[-1]]
        top, left = len(rows) - 1, len(rows[-1])
        across, down = self.spans
        while any(a < top <= c and b <= left <= d for a, b, c, d in merged):
            rows[-1].append(None)
            left += 1
        rows[-1] += ["".join(self.words).strip(), *(None,) * (across - 1)]
        if across > 1 or down > 1:
            merged.append((top, left, top + down - 1, left + across - 1))
        self.words = None
        if len(rows[-1]) > self.limits.columns:
            raise self.limits.too_large()


def _span(given: str | None) -> int:
    return min(int(given), _WIDEST) if given and given.isdigit() and int(given) else 1


def _read_xml_workbook(text: str, limits: Limits) -> tuple[Grid, ...]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise FileBroken
    try:
        book = ET.fromstring(_DECLARATION.sub("", text))  # noqa: S314  no entities, above
    except ET.ParseError as error:
        raise FileBroken from error
    return tuple(
        make_grid(sheet.get(f"{_XML_SHEET}Name", ""), _rows_of_xml(sheet, limits), [])
        for sheet in book.iter(f"{_XML_SHEET}Worksheet")
    )


def _rows_of_xml(sheet: ET.Element, limits: Limits) -> list[list[Raw]]:
    rows: list[list[Raw]] = []
    for row in sheet.iter(f"{_XML_SHEET}Row"):
        rows += [[] for _ in range(_skipped(len(rows), row, limits.rows))]
        cells: list[Raw] = []
        for cell in row.iter(f"{_XML_SHEET}Cell"):
            cells += [None] * _skipped(len(cells), cell, limits.columns)
            held = cell.find(f"{_XML_SHEET}Data")
            cells.append(None if held is None else "".join(held.itertext()))
            across = cell.get(f"{_XML_SHEET}MergeAcross", "")
            cells += [None] * (int(across) if across.isdigit() and int(across) < _WIDEST else 0)
        if len(cells) > limits.columns:
            raise limits.too_large()
        rows.append(trimmed(cells))
    return without_blank_end(rows, limits)


def _skipped(made: int, element: ET.Element, most: int) -> int:
    """Tell how many rows or cells are left out before this one, which says its own place."""
    place = element.get(f"{_XML_SHEET}Index", "")
    return max(0, min(int(place), most) - 1 - made) if place.isdigit() else 0
