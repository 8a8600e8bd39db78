"""A server on loopback, phones to visit it with, and a camera that sees a picture we choose."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Playwright,
    ViewportSize,
)

from tests.browser import QUIET, find_chromium
from tests.loopback import serve

PHONE: ViewportSize = {"width": 390, "height": 844}
FRAMES = 8


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """Serve the test's application and give its address."""
    with serve(app) as address:
        yield address


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """Give a resident's phone, signed in nowhere."""
    context = open_phone(browser, site)
    yield context
    context.close()


def open_phone(browser: Browser, site: str) -> BrowserContext:
    context = browser.new_context(
        base_url=site, viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True
    )
    context.set_default_timeout(10_000)
    return context


CameraPhone = Callable[[bytes], AbstractContextManager[BrowserContext]]


@pytest.fixture
def camera_phone(playwright: Playwright, site: str, tmp_path: Path) -> CameraPhone:
    """Give phones whose camera sees a PNG picture."""

    @contextmanager
    def see(picture: bytes) -> Iterator[BrowserContext]:
        film = tmp_path / "camera.mjpeg"
        film.write_bytes(_film(picture))
        started = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=[
                *QUIET,
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={film}",
            ],
        )
        context = open_phone(started, site)
        context.grant_permissions(["camera"], origin=site)
        try:
            yield context
        finally:
            context.close()
            started.close()

    return see


def _film(picture: bytes) -> bytes:
    from PIL import Image  # heavy, and only camera stories need it

    frame = Image.new("RGB", (640, 480), "white")
    code = Image.open(io.BytesIO(picture)).convert("RGB")
    code.thumbnail((400, 400))
    frame.paste(code, ((640 - code.width) // 2, (480 - code.height) // 2))
    jpeg = io.BytesIO()
    frame.save(jpeg, "JPEG", quality=92)
    return jpeg.getvalue() * FRAMES
