"""Decisions and what follows: steps, lateness, and the two rates that are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from community.kernel.errors import N_


class DecisionState(StrEnum):
    """Where a decision stands."""

    MADE = "made"
    POSTED = "posted"
    FINAL = "final"
    DONE = "done"
    CLOSED = "closed"
    RETURNED = "returned"


DECISION_TITLES: dict[DecisionState, str] = {
    DecisionState.MADE: N_("等公示"),
    DecisionState.POSTED: N_("公示中"),
    DecisionState.FINAL: N_("正在办"),
    DecisionState.DONE: N_("已办完，等回看"),
    DecisionState.CLOSED: N_("已办结"),
    DecisionState.RETURNED: N_("异议成立，退回再议"),
}
DECISION_STEPS: Mapping[DecisionState, frozenset[DecisionState]] = {
    DecisionState.MADE: frozenset({DecisionState.POSTED}),
    DecisionState.POSTED: frozenset({DecisionState.FINAL, DecisionState.RETURNED}),
    DecisionState.FINAL: frozenset({DecisionState.DONE}),
    DecisionState.DONE: frozenset({DecisionState.CLOSED, DecisionState.FINAL}),
    DecisionState.CLOSED: frozenset(),
    DecisionState.RETURNED: frozenset(),
}
# What the way of a decision looks like on its page.
DECISION_WAY = (
    DecisionState.MADE,
    DecisionState.POSTED,
    DecisionState.FINAL,
    DecisionState.DONE,
    DecisionState.CLOSED,
)
NOT_DONE = frozenset({DecisionState.MADE, DecisionState.POSTED, DecisionState.FINAL})
SOLVED = frozenset({DecisionState.DONE, DecisionState.CLOSED})


class NoteKind(StrEnum):
    """What a note on a decision tells."""

    PROGRESS = "progress"
    DONE = "done"
    REVIEW_GOOD = "review_good"
    REVIEW_BAD = "review_bad"
    HANDED_ON = "handed_on"


NOTE_TITLES: dict[NoteKind, str] = {
    NoteKind.PROGRESS: N_("进展"),
    NoteKind.DONE: N_("办完"),
    NoteKind.REVIEW_GOOD: N_("回看：解决了"),
    NoteKind.REVIEW_BAD: N_("回看：没有解决，继续办"),
    NoteKind.HANDED_ON: N_("更换负责人或期限"),
}


def is_overdue(state: DecisionState, due_on: date, today: date) -> bool:
    """Tell whether a decision is late: the due day itself is still in time."""
    return state in NOT_DONE and today > due_on


def is_review_due(state: DecisionState, review_on: date, today: date) -> bool:
    """Tell whether it is time to look whether what was done has helped."""
    return state is DecisionState.DONE and today >= review_on


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of whole numbers; `basis_points` is cut, and None where there is no whole."""

    part: int
    whole: int

    @property
    def basis_points(self) -> int | None:
        """Tell the share in hundredths of a percent, rounded down."""
        return None if self.whole == 0 else self.part * 10_000 // self.whole
