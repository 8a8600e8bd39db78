"""Pledges and matched donations, decided on plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from community.kernel.errors import N_
from community.micro_projects.rules.states import ProjectState

WHOLE_BP = 10_000
# A first pledge of one yuan is as welcome as any.
LEAST_PLEDGE_FEN = 1_00
MOST_PLEDGE_FEN = 50_000_00


class PledgeState(StrEnum):
    """How far a resident's pledge has come."""

    PLEDGED = "pledged"
    WITHDRAWN = "withdrawn"
    PAID = "paid"
    LAPSED = "lapsed"
    REFUNDED = "refunded"


PLEDGE_TITLES = {
    PledgeState.PLEDGED: N_("已认筹，还没交款"),
    PledgeState.WITHDRAWN: N_("已撤回"),
    PledgeState.PAID: N_("已交款"),
    PledgeState.LAPSED: N_("项目没有成，不用交款"),
    PledgeState.REFUNDED: N_("已全额退款"),
}
PLEDGE_STEPS: Mapping[PledgeState, frozenset[PledgeState]] = {
    PledgeState.PLEDGED: frozenset({PledgeState.WITHDRAWN, PledgeState.PAID, PledgeState.LAPSED}),
    PledgeState.WITHDRAWN: frozenset({PledgeState.PLEDGED}),
    PledgeState.PAID: frozenset({PledgeState.REFUNDED}),
    PledgeState.LAPSED: frozenset(),
    PledgeState.REFUNDED: frozenset(),
}
# From the vote on residents pledge; once it has passed, and with the target, they pay in.
PLEDGING = frozenset({ProjectState.VOTING, ProjectState.NOTICE, ProjectState.REVIEW})
COLLECTING = frozenset({ProjectState.NOTICE, ProjectState.REVIEW, ProjectState.APPROVED})
FAILED = frozenset({ProjectState.REJECTED, ProjectState.WITHDRAWN, ProjectState.EXPIRED})


def may_collect(state: ProjectState, pledged_fen: int, target_fen: int) -> bool:
    """Tell whether pledges are paid in: the vote has passed and the target is reached."""
    return state in COLLECTING and 0 < target_fen <= pledged_fen


def is_drive_over(last_day: date | None, today: date) -> bool:
    """Tell whether a drive's last day has passed; that day itself still counts."""
    return last_day is not None and today > last_day


def has_drive_failed(
    state: ProjectState, last_day: date | None, today: date, pledged_fen: int, target_fen: int
) -> bool:
    """Tell whether a drive ended without the vote or the target, though nothing was written yet."""
    if not target_fen or not is_drive_over(last_day, today):
        return False
    return state is ProjectState.VOTING or (state in PLEDGING and pledged_fen < target_fen)


def match_due(paid_fen: int, match_bp: int, most_fen: int) -> int:
    """Tell what a donor owes for what residents paid in; part of a fen is the donor's to keep."""
    return min(most_fen, paid_fen * match_bp // WHOLE_BP)
