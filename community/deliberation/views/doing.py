"""What a reader can do now: each part of the room adds its own lines to the 议事 page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing to do: where it leads, what it is, by when; what is late comes first."""

    url: str
    icon: str
    title: str
    sub: str = ""
    tag: str = ""
    kind: str = "amber"
    order: int = 50


_sources: list[Callable[[], list[Doing]]] = []


def add_doing(source: Callable[[], list[Doing]]) -> Callable[[], list[Doing]]:
    """Let a part list what the reader of this request can do with it; usable as a decorator."""
    if source not in _sources:
        _sources.append(source)
    return source


def list_doing() -> list[Doing]:
    """List everything the reader can do now."""
    found = [each for source in _sources for each in source()]
    return sorted(found, key=lambda each: each.order)
