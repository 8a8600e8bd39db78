"""What the street office can answer, and what the words of a vote are."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from community.kernel.errors import N_
from community.micro_projects.rules.projects import KIND_TITLES, ProjectKind
from community.micro_projects.rules.states import ProjectState


class ReviewOutcome(StrEnum):
    """What the street office answers to a request."""

    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"


OUTCOME_TITLES = {
    ReviewOutcome.APPROVED: N_("批准入库"),
    ReviewOutcome.RETURNED: N_("退回修改"),
    ReviewOutcome.REJECTED: N_("不予批准"),
}
LEADS_TO = {
    ReviewOutcome.APPROVED: ProjectState.APPROVED,
    ReviewOutcome.RETURNED: ProjectState.RETURNED,
    ReviewOutcome.REJECTED: ProjectState.REJECTED,
}
_PREFIX = "project:"
MOST_LINES = 12


def subject_of(project_id: int) -> str:
    """Name a project as the subject of a poll or a notice."""
    return f"{_PREFIX}{project_id}"


def project_in(subject: str) -> int | None:
    """Find the project that a subject names; None for every other subject."""
    number = subject.removeprefix(_PREFIX)
    if not subject.startswith(_PREFIX) or not (number.isascii() and number.isdecimal()):
        return None
    return int(number)


def sum_of(lines: Sequence[tuple[str, int]]) -> int:
    """Add up what the things of a costing cost."""
    return sum(amount for _, amount in lines)


def head_of(number: int | None, title: str, kind: ProjectKind, need: str) -> tuple[str, str]:
    """Write the two sentences of a vote that say which project it is, and what for."""
    return f"第 {number} 号项目“{title}”（{KIND_TITLES[kind]}）", f"需求：{need}"
