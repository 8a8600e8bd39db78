"""When the books make somebody eligible for an honour, and which steps it takes."""

from __future__ import annotations

from enum import StrEnum

from community.kernel.errors import N_


class HonouredSubject(StrEnum):
    """Who is honoured: 文明市民 is a person, 最美家庭 a household."""

    PERSON = "person"
    HOUSEHOLD = "household"


class HonourState(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    DECLINED = "declined"


HONOUR_STEPS: dict[HonourState, frozenset[HonourState]] = {
    HonourState.PROPOSED: frozenset(
        {HonourState.APPROVED, HonourState.REJECTED, HonourState.DECLINED}
    ),
    HonourState.APPROVED: frozenset(),
    HonourState.REJECTED: frozenset(),
    HonourState.DECLINED: frozenset(),
}
HONOUR_TITLES = {
    HonourState.PROPOSED: N_("已提名"),
    HonourState.APPROVED: N_("已授予"),
    HonourState.REJECTED: N_("未通过"),
    HonourState.DECLINED: N_("本人谢绝"),
}


def is_eligible(
    served_minutes: int, earned_points: int, least_minutes: int, least_points: int
) -> bool:
    """Tell whether the books reach both thresholds (both included; 0 asks for nothing)."""
    return served_minutes >= least_minutes and earned_points >= least_points
