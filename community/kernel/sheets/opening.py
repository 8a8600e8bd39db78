"""Opening a file: what it is, is told by its first bytes and not by its name."""

from __future__ import annotations

from dataclasses import dataclass

from community.kernel.sheets.cells import Grid
from community.kernel.sheets.limits import FileNotSheet, Limits
from community.kernel.sheets.markup import read_markup
from community.kernel.sheets.text import decode, read_text
from community.kernel.sheets.xls import read_xls
from community.kernel.sheets.xlsx import read_xlsx

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# What people send instead: papers, pictures, archives. Their bytes could pass for some text.
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's sheets; `encoding` is xlsx, xls, or a text file's coding."""

    grids: tuple[Grid, ...]
    encoding: str


def open_sheets(content: bytes, limits: Limits, words: tuple[str, ...] = ()) -> Opened:
    """Open a sheet of any kind; `words` help to tell the coding of text.

    Raises: UnreadableFile.
    """
    if len(content) > limits.file:
        raise limits.too_large()
    if content.startswith(_OTHERS):
        raise FileNotSheet
    if content.startswith(_ZIP):
        return Opened(read_xlsx(content, limits), "xlsx")
    if content.startswith(_OLE):
        return Opened(read_xls(content, limits), "xls")
    text, encoding = decode(content, words)
    if text.lstrip("\ufeff \t\r\n")[:1] == "<":
        return Opened(read_markup(text, limits), encoding)
    return Opened((read_text(text, limits),), encoding)
