"""Spreadsheets of any kind opened into grids of cells; it knows no room's columns.

XLSX, XLS, CSV in any usual coding, and the HTML and XML tables that banks name `.xls`.
"""

from community.kernel.sheets.cells import (
    EMPTY,
    LOST_TEXT,
    Cell,
    Grid,
    LostFormula,
    MonthDay,
    Raw,
    clean,
    make_grid,
    plain_text,
)
from community.kernel.sheets.limits import (
    FileBroken,
    FileLocked,
    FileNotSheet,
    FileTooLarge,
    Limits,
    UnreadableFile,
)
from community.kernel.sheets.opening import Opened, open_sheets
from community.kernel.sheets.text import decode, has_entities

__all__ = [
    "EMPTY",
    "LOST_TEXT",
    "Cell",
    "FileBroken",
    "FileLocked",
    "FileNotSheet",
    "FileTooLarge",
    "Grid",
    "Limits",
    "LostFormula",
    "MonthDay",
    "Opened",
    "Raw",
    "UnreadableFile",
    "clean",
    "decode",
    "has_entities",
    "make_grid",
    "open_sheets",
    "plain_text",
]
