"""XLSX into grids: one walk over the XML, which builds no tree and follows no formula.

openpyxl makes an object of every cell, and reads a sheet twice to tell a formula from its value:
the rows of 50,000 bank lines took it 10 s of processor time, this walk takes 3.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from xml.parsers import expat

from community.kernel.sheets.cells import LOST_TEXT, Grid, LostFormula, Raw, make_grid
from community.kernel.sheets.limits import FileBroken, FileNotSheet, Limits
from community.kernel.sheets.text import without_blank_end
from community.kernel.sheets.values import day_of_cell, to_raw

Area = tuple[int, int, int, int]
Attributes = dict[str, str]

_WORKBOOK = "xl/workbook.xml"
_ONLY_TEXT = re.compile(r'"([^"]*)"$')
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BEFORE_COLON = re.compile(r"^.*:")


def read_xlsx(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    """Read the visible sheets of a workbook.

    Raises: UnreadableFile.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _check_sizes(packed, len(content), limits)
            book = _read_book(packed, limits)
            if len(book.shown) > limits.sheets:
                raise limits.too_large()
            return tuple(_read_sheet(packed, book, *each, limits) for each in book.shown)
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        NotImplementedError,  # a way of packing that zipfile does not know
        RuntimeError,  # a packed file with a password
        OSError,
        EOFError,
        KeyError,
        ValueError,
        IndexError,
    ) as error:
        raise FileBroken from error


def _check_sizes(packed: zipfile.ZipFile, size: int, limits: Limits) -> None:
    """Refuse a zip bomb; what a member unpacks to beyond its told size, zipfile never gives."""
    if _WORKBOOK not in packed.namelist():
        raise FileNotSheet
    unpacked = sum(member.file_size for member in packed.infolist())
    if unpacked > limits.unpacked or unpacked > limits.unpacked_ratio * size:
        raise limits.too_large()


@dataclass(slots=True)
class _Book:
    """What the sheets of a workbook share; `formats` are those of days, by a cell's style."""

    shown: list[tuple[str, str]] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    formats: list[str | None] = field(default_factory=list)
    counts_from_1904: bool = False


class _Names(dict[str, str]):
    """Names without their prefix: a file holds few, each a million times."""

    def __missing__(self, name: str) -> str:
        return self.setdefault(name, _BEFORE_COLON.sub("", name))


def _walk(
    packed: zipfile.ZipFile,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    words: Callable[[str], None] | None = None,
) -> None:
    """Walk over a part's XML; names come without their prefix, entities are refused."""
    names = _Names()

    def refuse(*_declared: object) -> None:
        raise FileBroken

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(names[name], attributes)
    if end is not None:
        parser.EndElementHandler = lambda name: end(names[name])
    if words is not None:
        parser.CharacterDataHandler = words
    with packed.open(part) as opened:
        parser.ParseFile(opened)


def _read_book(packed: zipfile.ZipFile, limits: Limits) -> _Book:
    book = _Book()
    sheets: dict[str, str] = {}
    others: dict[str, str] = {}

    def relation(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/")
            kind = attributes["Type"].rpartition("/")[2]
            if kind == "worksheet":
                sheets[attributes["Id"]] = path
            else:
                others[kind] = path

    def part(name: str, attributes: Attributes) -> None:
        if name == "workbookPr":
            book.counts_from_1904 = attributes.get("date1904") in {"1", "true"}
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            known = {_BEFORE_COLON.sub("", each): value for each, value in attributes.items()}
            # What else may stand here are charts and old macros.
            if known["id"] in sheets:
                book.shown.append((attributes["name"], sheets[known["id"]]))

    _walk(packed, "xl/_rels/workbook.xml.rels", relation)
    _walk(packed, _WORKBOOK, part)
    known = set(packed.namelist())
    if (path := others.get("sharedStrings", "")) in known:
        book.strings = _Strings(limits).read(packed, path)
    if (path := others.get("styles", "")) in known:
        book.formats = _read_formats(packed, path)
    return book


def _unescaped(text: str) -> str:
    """Give the characters that XML cannot hold, which are written as `_x000D_`."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)


class _Strings:
    """The texts that cells share; how a text is read aloud is left out."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.found: list[str] = []
        self.text = ""
        self.takes = self.is_aloud = False

    def read(self, packed: zipfile.ZipFile, path: str) -> list[str]:
        _walk(packed, path, self._start, self._end, self._words)
        return self.found

    def _start(self, name: str, _attributes: Attributes) -> None:
        if name == "t":
            self.takes = not self.is_aloud
        elif name == "si":
            self.text = ""
        elif name == "rPh":
            self.is_aloud = True

    def _words(self, text: str) -> None:
        if self.takes:
            self.text += text

    def _end(self, name: str) -> None:
        if name == "t":
            self.takes = False
        elif name == "rPh":
            self.is_aloud = False
        elif name == "si":
            self.found.append(_unescaped(self.text))
            if len(self.found) > self.limits.rows * self.limits.columns:
                raise self.limits.too_large()


def _read_formats(packed: zipfile.ZipFile, path: str) -> list[str | None]:
    """Give the number format of every style that shows a day or a time, None for the others."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format  # openpyxl costs 0.2 s

    own: dict[str, str] = {}
    found: list[str | None] = []
    is_inside = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal is_inside
        if name == "numFmt":
            own[attributes["numFmtId"]] = attributes["formatCode"]
        elif name == "cellXfs":
            is_inside = True
        elif name == "xf" and is_inside:
            number = attributes.get("numFmtId", "0")
            told = own.get(number) or BUILTIN_FORMATS.get(int(number), "General")
            found.append(told if is_date_format(told) else None)

    def end(name: str) -> None:
        nonlocal is_inside
        is_inside = is_inside and name != "cellXfs"

    _walk(packed, path, start, end)
    return found


def _read_sheet(packed: zipfile.ZipFile, book: _Book, name: str, path: str, limits: Limits) -> Grid:
    sheet = _Sheet(book, limits)
    _walk(packed, path, sheet.start, sheet.end, sheet.words)
    return make_grid(name, without_blank_end(sheet.rows, limits), sheet.merged)


class _Sheet:
    """Takes in one sheet's cells as they come; what is empty leaves nothing."""

    __slots__ = (
        "book",
        "column",
        "formula",
        "is_aloud",
        "kind",
        "limits",
        "merged",
        "row",
        "row_number",
        "rows",
        "style",
        "text",
        "value",
    )

    def __init__(self, book: _Book, limits: Limits) -> None:
        self.book = book
        self.limits = limits
        self.rows: list[list[Raw]] = []
        self.merged: list[Area] = []
        self.row: list[Raw] = []
        self.row_number = self.column = 0
        self.kind = self.style = ""
        self.text: str | None = None
        self.value: str | None = None
        self.formula: str | None = None
        self.is_aloud = False

    def start(self, name: str, attributes: Attributes) -> None:
        """Take in a beginning."""
        if name == "c":
            place = attributes.get("r")
            # Some programs leave the places out.
            self.column = _column_of(place.rstrip("0123456789")) if place else self.column + 1
            self.kind = attributes.get("t", "n")
            self.style = attributes.get("s", "")
            self.value = self.formula = None
        elif name in {"v", "t", "f"}:
            self.text = None if self.is_aloud else ""
        elif name == "row":
            self.row_number = max(self.row_number + 1, int(attributes.get("r", 0)))
            self.column = 0
            self.row = []
        elif name == "rPh":
            self.is_aloud = True
        elif name == "mergeCell" and ":" in attributes["ref"]:
            self.merged.append(_area_of(attributes["ref"]))

    def words(self, text: str) -> None:
        """Take in what stands between the marks."""
        if self.text is not None:
            self.text += text

    def end(self, name: str) -> None:
        """Take in an end."""
        if name == "c":
            value = self._value()
            if value is not None:
                self._put(value)
        elif name == "v":
            self.value, self.text = self.text, None
        elif name == "t":
            self.value, self.text = (self.value or "") + (self.text or ""), None
        elif name == "f":
            self.formula, self.text = self.text, None
        elif name == "row" and self.row:
            # An office's sheet often claims a million formatted rows: only filled ones count.
            if self.row_number > self.limits.rows:
                raise self.limits.too_large()
            self.rows += [[] for _ in range(self.row_number - 1 - len(self.rows))]
            self.rows.append(self.row)
        elif name == "rPh":
            self.is_aloud = False

    def _put(self, value: Raw) -> None:
        missing = self.column - len(self.row)
        if missing == 1:
            self.row.append(value)
        elif self.column > self.limits.columns:
            raise self.limits.too_large()
        else:
            self.row += [None] * missing
            self.row[self.column - 1] = value
        if len(self.row) > self.limits.columns:
            raise self.limits.too_large()

    def _value(self) -> Raw:
        text, kind = self.value, self.kind
        if not text:
            return self._value_of_formula()
        if kind in {"inlineStr", "str", "e"}:
            return LostFormula() if text == LOST_TEXT else _unescaped(text)
        if kind == "s":
            return to_raw(self.book.strings[int(text)] or None)
        if kind == "b":
            return to_raw(text.strip() in {"1", "true"})
        if kind == "d":
            return date.fromisoformat(text.strip()[:10])
        number = _number(text)
        told = self.book.formats[int(self.style)] if self.style and self.book.formats else None
        return number if told is None else self._moment(number, told)

    def _value_of_formula(self) -> Raw:
        """Tell a formula that was never computed; one that is only a text needs no program."""
        if self.formula is None or (self.kind == "str" and self.value == ""):
            return None
        found = _ONLY_TEXT.match(self.formula)
        return found.group(1) or None if found else LostFormula()

    def _moment(self, number: int | Decimal, told: str) -> Raw:
        """Read a day or a time, which a workbook counts in days."""
        from openpyxl.styles.numbers import is_timedelta_format  # costs with openpyxl
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel  # as above

        epoch = MAC_EPOCH if self.book.counts_from_1904 else WINDOWS_EPOCH
        try:
            value = from_excel(float(number), epoch, timedelta=is_timedelta_format(told))
        except (OverflowError, ValueError):
            return number
        return day_of_cell(value, told) if isinstance(value, datetime | date) else to_raw(value)


def _number(text: str) -> int | Decimal:
    """Read a number exactly as the workbook's own program shows it: floats by their repr."""
    text = text.strip()
    if text.lstrip("-").isdecimal():
        return int(text)
    number = Decimal(repr(float(text)))
    if not number.is_finite():
        raise ValueError("a cell's number has no end")
    return number


@lru_cache(maxsize=1024)
def _column_of(letters: str) -> int:
    """Give a column's number, from 1: B is 2, AA is 27."""
    number = 0
    for letter in letters.lstrip("$"):
        if not "A" <= letter <= "Z":
            raise ValueError("a cell stands in no column")
        number = number * 26 + ord(letter) - 64
    return number


def _area_of(told: str) -> Area:
    """Read a merged area as top, left, bottom, right, from 0."""
    found = _AREA.match(told)
    if found is None:
        raise ValueError("a merged area has two corners")
    left, top, right, bottom = found.groups()
    return int(top) - 1, _column_of(left) - 1, int(bottom) - 1, _column_of(right) - 1
