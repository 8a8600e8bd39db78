"""What a satisfaction survey tells: nothing as a percentage below its threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from community.kernel.errors import N_


class Satisfaction(IntEnum):
    """The five answers, best last."""

    VERY_BAD = 1
    BAD = 2
    FAIR = 3
    GOOD = 4
    VERY_GOOD = 5


TITLES = {
    Satisfaction.VERY_GOOD: N_("很满意"),
    Satisfaction.GOOD: N_("满意"),
    Satisfaction.FAIR: N_("一般"),
    Satisfaction.BAD: N_("不满意"),
    Satisfaction.VERY_BAD: N_("很不满意"),
}


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """What everybody may see: counts and the share content, only from the threshold on.

    `content_bp` is the share of 满意 and 很满意 in basis points, rounded half up.
    """

    answers: int
    threshold: int
    counts: tuple[int, ...] = ()
    content_bp: int | None = None

    @property
    def is_shown(self) -> bool:
        """Tell whether there are enough answers."""
        return self.content_bp is not None


def count_answers(levels: Sequence[int], threshold: int) -> SurveyResult:
    """Count answers; below the threshold nothing but their number is told."""
    answers = len(levels)
    if answers < max(threshold, 1):
        return SurveyResult(answers, threshold)
    counts = tuple(sum(level == each for level in levels) for each in reversed(Satisfaction))
    content = counts[0] + counts[1]
    content_bp = (content * 10_000 * 2 + answers) // (2 * answers)
    return SurveyResult(answers, threshold, counts, content_bp)


def is_open(opens_at: datetime, closes_at: datetime, now: datetime) -> bool:
    """Tell whether a survey takes answers: from its first instant to before its last."""
    return opens_at <= now < closes_at
