"""Pictures and sheets that the demo's people upload: drawn here, nobody's real paper."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from community.kernel import files

if TYPE_CHECKING:
    from PIL import ImageDraw

WALL, PAPER, INK, PALE = "#b9b3a6", "#fbfaf5", "#4a4f4c", "#c9c6bc"


def photograph_sheet(name: str, rows: int) -> files.Ready:
    """Draw a sheet of paper with so many written lines, as a phone would photograph it."""
    from PIL import Image, ImageDraw  # 0.1 s that most starts do not need

    picture = Image.new("RGB", (900, 1200), WALL)
    pen = ImageDraw.Draw(picture)
    pen.polygon([(90, 70), (815, 95), (800, 1130), (75, 1110)], fill=PAPER)
    pen.rectangle((300, 150, 600, 180), fill=INK)
    for row in range(rows):
        _write_line(pen, 260 + row * 90, row)
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=80)
    return files.take_in(files.Upload(f"{name}.jpg", made.getvalue()), files.IMAGES)


def _write_line(pen: ImageDraw.ImageDraw, top: int, row: int) -> None:
    pen.line((150, top + 60, 750, top + 60), fill=PALE, width=2)
    for left, wide in ((170, 90 + row % 3 * 14), (350, 110), (520, 110), (680, 60)):
        pen.rectangle((left, top + 20, left + wide, top + 36), fill=INK)


def write_workbook(name: str, rows: Sequence[Sequence[str | int]]) -> files.Ready:
    """Write rows into a workbook's first sheet, as an office would save it."""
    import openpyxl  # 0.2 s that most starts do not need

    book = openpyxl.Workbook()
    book.worksheets[0].title = name
    for row in rows:
        book.worksheets[0].append(list(row))
    made = io.BytesIO()
    book.save(made)
    return files.take_in(files.Upload(f"{name}.xlsx", made.getvalue()), files.SHEETS)
