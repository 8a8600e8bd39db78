"""Motions and amendments: the steps of each, exact words, and what an amendment makes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from community.deliberation.errors.motions import WordsNotOnce
from community.kernel.errors import N_

State = TypeVar("State", bound=StrEnum)


class MotionState(StrEnum):
    """Where a motion or an amendment stands."""

    MOVED = "moved"
    SECONDED = "seconded"
    VOTING = "voting"
    CARRIED = "carried"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


MOTION_TITLES: dict[MotionState, str] = {
    MotionState.MOVED: N_("等附议"),
    MotionState.SECONDED: N_("讨论中"),
    MotionState.VOTING: N_("正在手机表决"),
    MotionState.CARRIED: N_("通过"),
    MotionState.LOST: N_("没有通过"),
    MotionState.WITHDRAWN: N_("已撤回"),
}
MOTION_STEPS: Mapping[MotionState, frozenset[MotionState]] = {
    MotionState.MOVED: frozenset({MotionState.SECONDED, MotionState.WITHDRAWN}),
    MotionState.SECONDED: frozenset(
        {MotionState.VOTING, MotionState.CARRIED, MotionState.LOST, MotionState.WITHDRAWN}
    ),
    MotionState.VOTING: frozenset({MotionState.SECONDED, MotionState.CARRIED, MotionState.LOST}),
    MotionState.CARRIED: frozenset(),
    MotionState.LOST: frozenset(),
    MotionState.WITHDRAWN: frozenset(),
}
PENDING = frozenset({MotionState.MOVED, MotionState.SECONDED, MotionState.VOTING})
DECIDED = frozenset({MotionState.CARRIED, MotionState.LOST})


def steps_sql(steps: Mapping[State, frozenset[State]]) -> str:
    """Write as a trigger's condition that a state does not follow its table."""
    allowed = " OR ".join(
        f"(OLD.state = '{old.value}' AND NEW.state = '{new.value}')"
        for old, found in steps.items()
        for new in sorted(found)
    )
    return f"NEW.state <> OLD.state AND NOT ({allowed})"


def words_hash(words: str) -> str:
    """Give the hexadecimal SHA-256 by which exact words are known."""
    return hashlib.sha256(words.encode()).hexdigest()


def amend(words: str, from_words: str, to_words: str) -> str:
    """Replace words that occur exactly once; empty `from_words` adds at the end.

    Raises: WordsNotOnce.
    """
    if not from_words:
        return f"{words}{to_words}"
    found = words.count(from_words)
    if found != 1:
        raise WordsNotOnce(words=from_words, times=found)
    return words.replace(from_words, to_words)


def amended(words: str, changes: Iterable[tuple[str, str]]) -> str:
    """Apply carried amendments in the order in which they were voted.

    Raises: WordsNotOnce.
    """
    for from_words, to_words in changes:
        words = amend(words, from_words, to_words)
    return words
