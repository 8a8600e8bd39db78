"""Every shape keeps the house's measures on a phone, in large type of each size, on a desktop."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from tests.looking import DESKTOP, ELDER, PHONE, Mode, look_at
from tests.loopback import serve
from tests.web.gate import Gate

pytestmark = pytest.mark.once
SIZES = tuple(
    replace(ELDER, name=f"elder {size}", cookies=(*ELDER.cookies, ("elder_text", size)))
    for size in ("22", "24", "26", "28", "30")
)
NARROW = Mode("narrow phone", 320, 640)


@pytest.mark.parametrize(
    "mode", [PHONE, NARROW, ELDER, *SIZES, DESKTOP], ids=lambda mode: mode.name
)
@pytest.mark.parametrize("path", ["/gallery", "/gate"])
def test_every_shape_keeps_the_measures(browser: Browser, mode: Mode, path: str) -> None:
    with serve(Gate().app) as address:
        context = browser.new_context(
            viewport={"width": mode.width, "height": mode.height}, service_workers="block"
        )
        context.add_cookies(
            [{"name": name, "value": value, "url": address} for name, value in mode.cookies]
        )
        page = context.new_page()
        page.goto(f"{address}{path}")
        page.wait_for_load_state("networkidle")
        found = look_at(page, mode)
        context.close()
    assert found == []


BROKEN = """<!DOCTYPE html><html lang="zh"><title>坏</title><main><h1>坏</h1>
<p style="font-size:11px">太小的字</p><button style="height:20px">按</button>
<div style="width:900px">宽</div><img src="x.png"></main></html>"""


def test_a_broken_page_is_found(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(BROKEN)
    found = "\n".join(look_at(page, PHONE))
    page.close()
    for words in ("small words: 11.0 px", "small target", "scrolls sideways", "axe image-alt"):
        assert words in found
