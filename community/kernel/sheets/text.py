"""Text files into rows: the coding, the delimiter and the quotes are found, not asked for."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from community.kernel.sheets.cells import Grid, Raw, make_grid
from community.kernel.sheets.limits import FileBroken, FileNotSheet, Limits

DELIMITERS = "\t,;|，"
_LOOKED_AT = 200
_LOST = "\N{REPLACEMENT CHARACTER}"
_KEPT_AS_TEXT = re.compile(r'^="(.*)"$', re.DOTALL)
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def has_entities(xml: bytes) -> bool:
    """Tell whether an XML declares its own entities, which can grow without bound."""
    return _ENTITY.search(xml) is not None


def decode(content: bytes, words: tuple[str, ...] = ()) -> tuple[str, str]:
    """Decode text and tell its coding; `words` are those such a file is likely to hold.

    Banks cut names in the middle of a character, so a few lost ones are borne with.
    Raises: FileNotSheet.
    """
    for mark, coding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(coding, "replace"), coding
    if wide := _unmarked_utf_16(content):
        return content.decode(wide, "replace"), wide
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _most_likely(content, words)


def _unmarked_utf_16(content: bytes) -> str | None:
    start = content[:4000]
    if start.count(0) < len(start) // 10:
        return None
    coding = "utf-16-le" if start[1::2].count(0) > start[0::2].count(0) else "utf-16-be"
    lines = start[: len(start) // 2 * 2].decode(coding, "replace")
    return None if "\x00" in lines or _LOST in lines else coding


def _most_likely(content: bytes, words: tuple[str, ...]) -> tuple[str, str]:
    tried = []
    for order, coding in enumerate(("utf-8", "gb18030", "big5", "cp1252")):
        text = content.decode(coding, "replace")
        known = sum(text.count(word) for word in words)
        tried.append((known - 3 * text.count(_LOST), -order, text, coding))
    _, _, text, coding = max(tried)
    if text.count(_LOST) > 4 + len(text) // 50:
        raise FileNotSheet
    return text, coding


def read_text(text: str, limits: Limits) -> Grid:
    """Read delimited text.

    Raises: UnreadableFile.
    """
    if "\x00" in text:
        raise FileNotSheet
    delimiter = find_delimiter(text)
    rows = _parsed(text, delimiter, csv.QUOTE_MINIMAL, limits)
    if any("\n" in cell and cell.count(delimiter) > 3 for row in rows for cell in row):
        # A quotation mark that is never closed swallowed the lines after it.
        rows = _parsed(text, delimiter, csv.QUOTE_NONE, limits)
        rows = [[_unquoted(cell) for cell in row] for row in rows]
    cells: list[list[Raw]] = [trimmed([_plain(cell) for cell in row]) for row in rows]
    return make_grid("", without_blank_end(cells, limits), [])


def _plain(cell: str) -> str:
    kept = cell.strip(" \t")
    return _KEPT_AS_TEXT.sub(r"\1", kept) if kept[:1] == "=" else kept


def _parsed(text: str, delimiter: str, quoting: int, limits: Limits) -> list[list[str]]:
    rows = []
    try:
        lines = io.StringIO(text, newline="")
        for cells in csv.reader(lines, delimiter=delimiter, quoting=quoting):  # type: ignore[arg-type] # typeshed wants a literal
            if len(cells) > limits.columns and any(cells[limits.columns :]):
                raise limits.too_large()
            rows.append(cells[: limits.columns])
            if len(rows) > limits.rows * 5:
                raise limits.too_large()
    except csv.Error as error:
        raise FileBroken from error
    return rows


def _unquoted(cell: str) -> str:
    kept = cell.strip(" \t")
    return kept[1:-1] if len(kept) > 1 and kept[0] == kept[-1] == '"' else kept


def find_delimiter(text: str) -> str:
    """Find what parts the columns: what cuts most lines into equally many pieces."""
    lines = text.splitlines()[:_LOOKED_AT]

    def merit(delimiter: str) -> int:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            return 0
        return max(((width - 1) * count for width, count in widths.items()), default=0)

    return max(DELIMITERS, key=merit)


def trimmed(row: list[Raw]) -> list[Raw]:
    """Drop the empty cells at a row's end."""
    while row and (row[-1] is None or row[-1] == ""):
        row.pop()
    return row


def without_blank_end(rows: list[list[Raw]], limits: Limits) -> list[list[Raw]]:
    """Drop the empty rows at a sheet's end.

    Raises: FileTooLarge.
    """
    while rows and not rows[-1]:
        rows.pop()
    if len(rows) > limits.rows:
        raise limits.too_large()
    return rows
