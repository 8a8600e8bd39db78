"""What happened in the demo's half a year: told in the order of time, as it was lived."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from community.kernel import clock


@dataclass(frozen=True, slots=True)
class Happening:
    """One act and when it took place; what is still to come is arranged now."""

    at: datetime
    act: Callable[[], None]


def live(happenings: Iterable[Happening]) -> None:
    """Let everything happen in its order: a statement must not show August after November."""
    now = clock.now()
    for each in sorted(happenings, key=lambda happening: happening.at):
        with clock.fixed(min(each.at, now)):
            each.act()
