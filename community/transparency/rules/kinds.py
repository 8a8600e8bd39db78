"""The kinds of records in plain words; each room names its own."""

from __future__ import annotations

from collections.abc import Mapping

_titles: dict[str, str] = {}


def name_kinds(titles: Mapping[str, str]) -> None:
    """Let pages call kinds of records by words; a room does so once, when it is imported."""
    _titles.update(titles)


def title_of(kind: str) -> str:
    """Tell a kind in words, to be translated where it is shown; itself when nobody named it."""
    return _titles.get(kind, kind)
