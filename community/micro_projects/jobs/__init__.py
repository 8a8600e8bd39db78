"""Tidy-ups of projects; each part registers its own."""

from __future__ import annotations

from collections.abc import Callable

from community.micro_projects.jobs import awards, projects, tenders

PARTS: tuple[Callable[[], None], ...] = (projects.register, tenders.register, awards.register)


def register() -> None:
    """Register them; `app.py` does so once."""
    for part in PARTS:
        part()
