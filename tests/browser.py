"""The tests' browser: Debian's own Chromium, never one that a test library downloads.

Playwright allows one driver a process, so every test of a worker shares the one made here.
"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PROGRAMS = ("chromium-headless-shell", "chromium")


class BrowserMissing(Exception):
    """No Chromium is installed here."""


def find_chromium() -> str:
    """Return the path to start, for Playwright's `executable_path`.

    Raises:
        BrowserMissing: when there is none; a story fails then, it never skips.
    """
    for name in PROGRAMS:
        if found := shutil.which(name):
            return found
    message = "Chromium is missing. Run `make test`, or: apt-get install chromium-headless-shell"
    raise BrowserMissing(message)


# --- pytest: this module is a plugin, named in tests/conftest.py ----------------------------------


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Give this worker's one driver."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Give a browser that all tests of this worker open their pages in."""
    started = playwright.chromium.launch(executable_path=find_chromium(), args=list(QUIET))
    yield started
    started.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what opens a page, so that `-m browser` leaves none out."""
    for item in items:
        if "playwright" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
