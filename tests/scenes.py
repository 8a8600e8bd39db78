"""Scenes that many tests begin with: made by their steps at first, then brought back by their rows.

Thirty acts through the writer take 50 ms, on PostgreSQL 150; bringing back their rows takes 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from community.kernel import clock

Given = ParamSpec("Given")
Made = TypeVar("Made")


class Store(Protocol):
    """A database that keeps its rows aside under a name and brings them back."""

    def is_empty(self) -> bool:
        """Tell whether nothing was written since it was emptied."""

    def keep(self, scene: str) -> None:
        """Keep what is in it."""

    def bring_back(self, scene: str) -> None:
        """Fill it, empty as it is, with what was kept."""


class Stage:
    """The scenes of one worker."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.used: Counter[object] = Counter()
        self.kept: dict[object, tuple[str, Any]] = {}

    def set_scene(self, key: object, make: Callable[[], Made]) -> Made:
        """Do as `make` does; what is made a second time is kept for the third."""
        if not self.store.is_empty():
            return make()
        if key in self.kept:
            name, made = self.kept[key]
            self.store.bring_back(name)
            copied: Made = deepcopy(made)
            return copied
        self.used[key] += 1
        found = make()
        if self.used[key] > 1:
            name = f"scene_{len(self.kept)}"
            self.store.keep(name)
            self.kept[key] = (name, deepcopy(found))
        return found


_stage: Stage | None = None


def use_stage(stage: Stage | None) -> None:
    """Let scenes be kept from now on; `tests.conftest` does so once a worker."""
    global _stage  # noqa: PLW0603  one worker has one database
    _stage = stage


def kept(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Keep what a step makes in an empty database, for the same arguments at the same moment."""

    @wraps(make)
    def set_scene(*given: Given.args, **named: Given.kwargs) -> Made:
        if _stage is None:
            return make(*given, **named)
        key = (make.__module__, make.__qualname__, given, tuple(sorted(named.items())), clock.now())
        return _stage.set_scene(key, lambda: make(*given, **named))

    return set_scene
