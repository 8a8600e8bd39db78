"""QR codes as pictures that any phone camera reads: SVG on pages and paper, PNG where asked."""

from __future__ import annotations

from io import BytesIO

import qrcode
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q

# ISO/IEC 18004 asks for four light modules around the code; scanners miss codes without them.
QUIET_MODULES = 4


# A phone's photo is 12 million pixels; more is an attack on our memory.
MOST_PIXELS = 50_000_000
READ_SIDE = 2_000


def modules(text: str, *, is_printed: bool = False, is_screen: bool = False) -> list[list[bool]]:
    """Give a text's code as rows of dark modules, quiet zone included.

    Printed codes correct a quarter of their area, since paper is folded and smudged; a clean
    screen that is scanned from two metres away has the fewest, largest modules instead.
    """
    clean = ERROR_CORRECT_L if is_screen else ERROR_CORRECT_M
    code = qrcode.QRCode(
        error_correction=ERROR_CORRECT_Q if is_printed else clean, border=QUIET_MODULES
    )
    code.add_data(text)
    code.make(fit=True)
    return code.get_matrix()


def qr_svg(text: str, label: str, *, is_printed: bool = False, is_screen: bool = False) -> Markup:
    """Draw a code as an SVG image with a label that is read aloud."""
    rows = modules(text, is_printed=is_printed, is_screen=is_screen)
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


def read_code(picture: bytes) -> str | None:
    """Read the first QR code in an uploaded picture; None when there is none."""
    import zxingcpp  # a megabyte that only a page without a camera needs
    from PIL import Image, UnidentifiedImageError  # as above

    try:
        opened = Image.open(BytesIO(picture))
        if opened.width * opened.height > MOST_PIXELS:
            return None
        opened.draft("L", (READ_SIDE, READ_SIDE))
        shade = opened.convert("L")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        return None
    shade.thumbnail((READ_SIDE, READ_SIDE))
    found = zxingcpp.read_barcodes(
        shade, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    )
    return found[0].text if found else None


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
