"""Where the tests' browser is: Debian's own Chromium, never one that a test library downloads."""

import shutil

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
