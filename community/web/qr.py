"""QR codes as pictures that any phone camera reads: SVG on pages and paper, PNG where asked."""

from __future__ import annotations

from io import BytesIO

import qrcode
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q

# ISO/IEC 18004 asks for four light modules around the code; scanners miss codes without them.
QUIET_MODULES = 4


def modules(text: str, *, is_printed: bool = False) -> list[list[bool]]:
    """Give a text's code as rows of dark modules, quiet zone included.

    Printed codes correct a quarter of their area, since paper is folded and smudged.
    """
    code = qrcode.QRCode(
        error_correction=ERROR_CORRECT_Q if is_printed else ERROR_CORRECT_M, border=QUIET_MODULES
    )
    code.add_data(text)
    code.make(fit=True)
    return code.get_matrix()


def qr_svg(text: str, label: str, *, is_printed: bool = False) -> Markup:
    """Draw a code as an SVG image with a label that is read aloud."""
    rows = modules(text, is_printed=is_printed)
    drawn = "".join(_runs(row, place) for place, row in enumerate(rows))
    return Markup(
        '<svg class="qr-code" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" '
        'shape-rendering="crispEdges" xmlns="http://www.w3.org/2000/svg">'
        '<rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#000"/></svg>'
    ).format(len(rows), label, drawn)


def qr_png(text: str, *, pixels: int = 8, is_printed: bool = False) -> bytes:
    """Draw a code as a PNG of `pixels` a module."""
    from PIL import Image  # a megabyte that most requests do not need

    rows = modules(text, is_printed=is_printed)
    small = Image.new("1", (len(rows), len(rows)), 1)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                small.putpixel((x, y), 0)
    side = len(rows) * pixels
    answer = BytesIO()
    small.resize((side, side), Image.Resampling.NEAREST).save(answer, "PNG")
    return answer.getvalue()


def _runs(row: list[bool], y: int) -> str:
    """Draw a row as one box per run of dark modules: half the bytes, no hairlines between."""
    path, start = [], None
    for x, is_dark in enumerate([*row, False]):
        if is_dark and start is None:
            start = x
        elif not is_dark and start is not None:
            path.append(f"M{start} {y}h{x - start}v1h{start - x}z")
            start = None
    return "".join(path)
