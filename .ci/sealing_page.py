"""Write static/seal.html, the sealing page that works without network, from the site's own modules.

One file that a bidder keeps, whose hash anyone can compare; it says itself that it may not connect.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "static/js/sealing"
SKELETON = ROOT / ".ci/sealing_page.html"
TARGET = ROOT / "static/seal.html"
PARTS = ("bytes", "shamir", "envelope", "keys", "content", "offline")
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./[a-z-]+\.js";\n', re.MULTILINE)


def digest(text: str) -> str:
    """Give the hash by which the page's own policy knows a part of it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def read_part(name: str) -> str:
    """Return a module without its imports and exports: all stand in one script."""
    text = (MODULES / f"{name}.js").read_text(encoding="utf-8")
    return re.sub(r"^export ", "", _IMPORT.sub("", text), flags=re.MULTILINE).strip()


def build() -> str:
    """Return the text of the page."""
    script = '\n"use strict";\n' + "\n\n".join(map(read_part, PARTS)) + "\n"
    assert "</script" not in script
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)
    page = SKELETON.read_text(encoding="utf-8")
    style = page.partition("<style>")[2].partition("</style>")[0]
    filled = {
        "@SCRIPT_HASH@": digest(script),
        "@STYLE_HASH@": digest(style),
        "@SCRIPT@": script,
    }
    for mark, text in filled.items():
        page = page.replace(mark, text)
    return page


def main() -> int:
    """Write the file, or with --check only tell whether it is as it should be."""
    text = build()
    if "--check" in sys.argv[1:]:
        return 0 if TARGET.read_text(encoding="utf-8") == text else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
