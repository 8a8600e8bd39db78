"""Codes drawn here are read back by a decoder that others wrote."""

from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from community.web import qr

pytestmark = pytest.mark.once

ADDRESS = "HTTPS://GUIHUALI.EXAMPLE/Q/ABCDEFGH234567"


def draw(rows: list[list[bool]], pixels: int = 6) -> Image.Image:
    picture = Image.new("L", (len(rows), len(rows)), 255)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            picture.putpixel((x, y), 0 if is_dark else 255)
    return picture.resize((len(rows) * pixels,) * 2, Image.Resampling.NEAREST)


def read(picture: Image.Image) -> str:
    found = zxingcpp.read_barcode(picture)
    assert found is not None
    return found.text


@pytest.mark.parametrize("text", [ADDRESS, "https://a.example/v#检查点", "A" * 300])
@pytest.mark.parametrize("is_printed", [False, True])
def test_png_is_read_back(text: str, *, is_printed: bool) -> None:
    assert read(Image.open(BytesIO(qr.qr_png(text, is_printed=is_printed)))) == text


def test_svg_draws_the_same_modules() -> None:
    rows = qr.modules(ADDRESS)
    drawn = str(qr.qr_svg(ADDRESS, "我的码"))
    again = [[False] * len(rows) for _ in rows]
    for run in drawn.split('d="')[1].split('"', maxsplit=1)[0].split("z")[:-1]:
        x, rest = run.removeprefix("M").split(" ")
        y, length = rest.split("v")[0].split("h")
        for step in range(int(length)):
            again[int(y)][int(x) + step] = True
    assert again == rows
    assert read(draw(again)) == ADDRESS


def test_four_light_modules_stand_around_the_code() -> None:
    rows = qr.modules(ADDRESS)
    edge = [*rows[:4], *rows[-4:], *([row[:4] for row in rows]), *([row[-4:] for row in rows])]
    assert not any(any(row) for row in edge)
    assert any(rows[4])


def test_printed_code_survives_a_stain() -> None:
    rows = qr.modules(ADDRESS, is_printed=True)
    picture = draw(rows)
    side = picture.width
    picture.paste(255, (side // 2, side // 2, side // 2 + side // 6, side // 2 + side // 6))
    assert read(picture) == ADDRESS


def test_label_is_escaped() -> None:
    assert "<script>" not in qr.qr_svg("A", '"><script>')
