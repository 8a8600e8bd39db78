"""What a room says and what its English catalogue holds, read by Babel as the tools do."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

COMMUNITY = Path(__file__).parents[1] / "community"
KEYWORDS = {"_": None, "gettext": None, "N_": None, "lazy_gettext": None, "ngettext": (1, 2)}
MARKED = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})\(")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]


def rooms() -> list[str]:
    """Name the packages that say anything to a reader: by a glance, for every run asks."""
    return sorted(
        {
            path.relative_to(COMMUNITY).parts[0]
            for path in COMMUNITY.glob("*/**/*")
            if path.suffix in {".py", ".html"} and MARKED.search(path.read_text(encoding="utf-8"))
        }
    )


@cache
def sentences_of(room: str) -> frozenset[str]:
    """List every sentence a room marks for translation."""
    found = extract_from_dir(
        str(COMMUNITY / room),
        METHODS,
        keywords=KEYWORDS,
        options_map={"**.html": {"silent": "false"}},
    )
    said: set[str] = set()
    for _file, _line, message, _comments, _context in found:
        said.update([message] if isinstance(message, str) else [part for part in message if part])
    return frozenset(said)


@cache
def catalogue_of(room: str) -> Catalog:
    """Read a room's English catalogue; an empty one when there is none."""
    path = COMMUNITY / room / "translations/en/LC_MESSAGES/messages.po"
    if not path.is_file():
        return Catalog(locale="en")
    with path.open("rb") as opened:
        return read_po(opened, locale="en")


def translations_of(room: str) -> dict[str, str]:
    """Give each sentence of a catalogue with its English; plural forms joined."""
    return {
        message.id if isinstance(message.id, str) else message.id[0]: (
            message.string if isinstance(message.string, str) else " ".join(message.string or ())
        )
        for message in catalogue_of(room)
        if message.id
    }
