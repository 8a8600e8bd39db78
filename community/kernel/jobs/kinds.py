"""What a kind of job is: plan, then chunks of at most 50 ms, then one command that shows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from community.kernel.actor import Actor

CHUNK_NANOSECONDS = 50_000_000

Arguments = Mapping[str, Any]


class Budget:
    """The time one chunk may hold the writer."""

    def __init__(self, nanoseconds: int = CHUNK_NANOSECONDS) -> None:
        """Start counting."""
        self._ends = time.monotonic_ns() + nanoseconds

    def lasts(self) -> bool:
        """Tell whether there is time for one more piece."""
        return time.monotonic_ns() < self._ends


@dataclass(frozen=True, slots=True)
class Step:
    """What a chunk is given: where it starts, how much there is, and what was made ready."""

    position: int
    total: int
    ready: Any = None
    budget: Budget = field(default_factory=Budget)


def _nothing_to_show(session: Session, actor: Actor, args: Arguments) -> None:
    """Leave everything as the chunks wrote it."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of long work.

    `plan(session, actor, args)` reads, refuses what cannot be done, and tells how many pieces
    there are. `chunk(session, actor, args, step)` is part of a command: it works from
    `step.position` on while `step.budget.lasts()` and returns the new position, which moves on
    in the same transaction. `finish(session, actor, args)` makes the whole visible at once and
    may return a plain result. `prepare(session, actor, args, position)` is optional: slow work
    (a PDF, a picture) done before each chunk, outside the writer; its plain result is `step.ready`.
    """

    name: str
    title: str
    plan: Callable[[Session, Actor, Arguments], int]
    chunk: Callable[[Session, Actor, Arguments, Step], int]
    finish: Callable[[Session, Actor, Arguments], Any] = _nothing_to_show
    prepare: Callable[[Session, Actor, Arguments, int], Any] | None = None
    attempts: int = 3


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> JobKind:
    """Make a kind of job known; a room does so when its `jobs.py` is imported."""
    _kinds[kind.name] = kind
    return kind


def get_kind(name: str) -> JobKind:
    """Give a kind by its name; KeyError when no room registered it."""
    return _kinds[name]


def title_of(name: str) -> str:
    """Tell the title of a kind, or its name once the room is gone."""
    return _kinds[name].title if name in _kinds else name
