"""A milestone's states, what is overdue, and who may judge whose work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from community.kernel.errors import N_
from community.micro_projects.errors.contracts import ContractorsOwn, OwnWork

MOST_FILES = 12


class MilestoneState(StrEnum):
    """Where a milestone stands."""

    PLANNED = "planned"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DROPPED = "dropped"


class Verdict(StrEnum):
    """What somebody else says to a delivery."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class NoteKind(StrEnum):
    """Who looked at the site."""

    SPOT_CHECK = "spot_check"
    SUPERVISION = "supervision"


class Finding(StrEnum):
    """What was seen."""

    GOOD = "good"
    PROBLEM = "problem"


class PaperKind(StrEnum):
    """What a paper of a project shows."""

    BEFORE = "before"
    AFTER = "after"
    SIGN_IN_SHEET = "sign_in_sheet"
    MINUTES = "minutes"
    OTHER = "other"


_M = MilestoneState
STEPS: Mapping[MilestoneState, frozenset[MilestoneState]] = {
    _M.PLANNED: frozenset({_M.SUBMITTED, _M.DROPPED}),
    _M.SUBMITTED: frozenset({_M.ACCEPTED, _M.RETURNED, _M.DROPPED}),
    _M.RETURNED: frozenset({_M.SUBMITTED, _M.DROPPED}),
    _M.ACCEPTED: frozenset(),
    _M.DROPPED: frozenset(),
}
# What the contractor still owes.
OWED = frozenset({_M.PLANNED, _M.RETURNED})
# What counts towards the contract's amount.
LIVE = frozenset({_M.PLANNED, _M.SUBMITTED, _M.RETURNED, _M.ACCEPTED})
# What a change or an end may still touch.
UNDONE = frozenset({_M.PLANNED, _M.RETURNED})

TITLES = {
    _M.PLANNED: N_("未开始"),
    _M.SUBMITTED: N_("待验收"),
    _M.RETURNED: N_("退回整改"),
    _M.ACCEPTED: N_("已验收"),
    _M.DROPPED: N_("已取消"),
}
KINDS = {NoteKind.SPOT_CHECK: N_("居民抽查"), NoteKind.SUPERVISION: N_("第三方监理")}
FINDINGS = {Finding.GOOD: N_("没有问题"), Finding.PROBLEM: N_("有问题")}
PAPERS = {
    PaperKind.BEFORE: N_("实施前"),
    PaperKind.AFTER: N_("实施后"),
    PaperKind.SIGN_IN_SHEET: N_("签到表"),
    PaperKind.MINUTES: N_("会议记录"),
    PaperKind.OTHER: N_("其他资料"),
}
# Pictures that everybody sees side by side.
GALLERY = frozenset({PaperKind.BEFORE, PaperKind.AFTER})


def may_step(old: MilestoneState, new: MilestoneState) -> bool:
    """Tell whether a milestone may go from one state to another."""
    return new in STEPS[old]


def is_overdue(state: MilestoneState, due_on: date, today: date) -> bool:
    """Tell whether the contractor is late; the due day itself still counts."""
    return state in OWED and today > due_on


def late_days(due_on: date, delivered_on: date) -> int:
    """Tell by how many days a delivery was late."""
    return max(0, (delivered_on - due_on).days)


def check_judge(
    judge_id: int | None, submitter_id: int | None, employer_id: int | None, contractor_id: int
) -> None:
    """Refuse a judge who submitted the work, or who works for the contractor.

    Raises: OwnWork, ContractorsOwn.
    """
    if judge_id is None or judge_id == submitter_id:
        raise OwnWork
    if employer_id == contractor_id:
        raise ContractorsOwn
