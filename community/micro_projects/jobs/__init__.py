"""Tidy-ups of projects; each part registers its own."""

from __future__ import annotations

from collections.abc import Callable

PARTS: tuple[Callable[[], None], ...] = ()


def register() -> None:
    """Register them; `app.py` does so once."""
    for part in PARTS:
        part()
