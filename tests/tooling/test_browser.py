"""Debian's Chromium is driven by Playwright and can run what the pages need."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import BrowserMissing, find_chromium

pytestmark = pytest.mark.once

VENDORED = Path(__file__).parents[2] / "static/vendor"
AXE = Path(__file__).parents[1] / "vendor/axe.min.js"


def test_vendored_scripts_load(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<!doctype html><html lang=zh><title>页</title><main><h1>页</h1></main>")
    for script in ("htmx.min.js", "zxing-reader.js", "echarts.common.min.js"):
        page.add_script_tag(path=VENDORED / script)
    page.add_script_tag(path=AXE)
    found = page.evaluate("[typeof htmx, typeof ZXingWASM.readBarcodes, typeof echarts.init]")
    violations = page.evaluate("axe.run().then(result => result.violations.length)")
    page.close()
    assert found == ["object", "function", "function"]
    assert violations == 0


def test_missing_browser_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BrowserMissing, match="apt-get install chromium-headless-shell"):
        find_chromium()
