"""Tidy-ups and long work of deliberation; each part registers its own."""

from __future__ import annotations

from collections.abc import Callable

from community.deliberation.jobs import opinions, polls, rolls

__all__ = ["register", "rolls"]
PARTS: tuple[Callable[[], None], ...] = (polls.register, opinions.register)


def register() -> None:
    """Register them; `app.py` does so once."""
    for part in PARTS:
        part()
