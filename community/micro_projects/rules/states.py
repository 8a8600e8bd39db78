"""Where a project stands, and the one table of steps; the database refuses any other."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from community.kernel.errors import N_

S = TypeVar("S", bound=StrEnum)


class ProjectState(StrEnum):
    """Where a project stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    MERGED = "merged"
    ENDORSING = "endorsing"
    COSTING = "costing"
    VOTING = "voting"
    NOTICE = "notice"
    REVIEW = "review"
    APPROVED = "approved"
    PROCURING = "procuring"
    DELIVERING = "delivering"
    ACCEPTING = "accepting"
    EVALUATED = "evaluated"
    CLOSED = "closed"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


STATE_TITLES = {
    ProjectState.DRAFT: N_("草稿"),
    ProjectState.SUBMITTED: N_("等待社区核对"),
    ProjectState.MERGED: N_("已合并"),
    ProjectState.ENDORSING: N_("征集附议"),
    ProjectState.COSTING: N_("测算预算"),
    ProjectState.VOTING: N_("议事会表决"),
    ProjectState.NOTICE: N_("公示"),
    ProjectState.REVIEW: N_("街道审核"),
    ProjectState.APPROVED: N_("已入项目库"),
    ProjectState.PROCURING: N_("选定实施单位"),
    ProjectState.DELIVERING: N_("实施中"),
    ProjectState.ACCEPTING: N_("验收"),
    ProjectState.EVALUATED: N_("居民评价"),
    ProjectState.CLOSED: N_("已结项"),
    ProjectState.RETURNED: N_("退回修改"),
    ProjectState.REJECTED: N_("未通过"),
    ProjectState.WITHDRAWN: N_("已撤回"),
    ProjectState.EXPIRED: N_("已过期"),
}
_S = ProjectState
_EXITS = frozenset({_S.WITHDRAWN, _S.EXPIRED, _S.REJECTED})
STEPS: Mapping[ProjectState, frozenset[ProjectState]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED}),
    _S.SUBMITTED: _EXITS | {_S.ENDORSING, _S.MERGED, _S.RETURNED},
    _S.ENDORSING: _EXITS | {_S.COSTING, _S.MERGED},
    _S.COSTING: _EXITS | {_S.VOTING, _S.REVIEW},
    _S.VOTING: _EXITS | {_S.NOTICE, _S.COSTING},
    _S.NOTICE: _EXITS | {_S.REVIEW, _S.RETURNED},
    _S.REVIEW: _EXITS | {_S.APPROVED, _S.RETURNED},
    _S.APPROVED: _EXITS | {_S.PROCURING},
    # A tender that failed puts the project back into the library.
    # Where nobody goes on after a contract broke off, what is done is judged as it stands.
    _S.PROCURING: _EXITS | {_S.DELIVERING, _S.APPROVED, _S.EVALUATED},
    # A contract that broke off half-way is finished by a successor, or the rest is given up.
    _S.DELIVERING: frozenset({_S.ACCEPTING, _S.PROCURING, _S.EVALUATED}),
    _S.ACCEPTING: frozenset({_S.EVALUATED, _S.DELIVERING}),
    _S.EVALUATED: frozenset({_S.CLOSED}),
    # Back from the desk's check it is handed in anew; back from notice or review, costed anew.
    _S.RETURNED: _EXITS | {_S.SUBMITTED, _S.COSTING},
    _S.MERGED: frozenset({_S.SUBMITTED, _S.ENDORSING}),
    _S.CLOSED: frozenset(),
    _S.REJECTED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.EXPIRED: frozenset(),
}
# What everybody sees in lists.
LISTED = frozenset(ProjectState) - {_S.DRAFT, _S.MERGED, _S.WITHDRAWN}
# The budget is fixed and the yearly quota bears it.
FUNDED = frozenset(
    {_S.APPROVED, _S.PROCURING, _S.DELIVERING, _S.ACCEPTING, _S.EVALUATED, _S.CLOSED}
)
OVER = frozenset({_S.CLOSED, _S.REJECTED, _S.WITHDRAWN, _S.EXPIRED, _S.MERGED})
GOING = LISTED - OVER
# The line of stations on a project's page, in their order.
STATIONS = (
    _S.SUBMITTED,
    _S.ENDORSING,
    _S.COSTING,
    _S.VOTING,
    _S.NOTICE,
    _S.REVIEW,
    _S.APPROVED,
    _S.PROCURING,
    _S.DELIVERING,
    _S.ACCEPTING,
    _S.EVALUATED,
    _S.CLOSED,
)
# Chosen by the jury of a call, a venture project comes before the street without a council's vote.
VENTURE_STATIONS = (_S.COSTING, *STATIONS[STATIONS.index(_S.REVIEW) :])

# A station's own name, whether the project has been there or not.
STATION_TITLES = {
    _S.SUBMITTED: N_("提出建议"),
    _S.ENDORSING: N_("征集附议"),
    _S.COSTING: N_("测算预算"),
    _S.VOTING: N_("议事会表决"),
    _S.NOTICE: N_("公示"),
    _S.REVIEW: N_("街道审核"),
    _S.APPROVED: N_("批准入库"),
    _S.PROCURING: N_("选定实施单位"),
    _S.DELIVERING: N_("实施"),
    _S.ACCEPTING: N_("验收"),
    _S.EVALUATED: N_("居民评价"),
    _S.CLOSED: N_("结项"),
}


def may_move(old: ProjectState, new: ProjectState) -> bool:
    """Tell whether a project may go from one state to another."""
    return new in STEPS[old]


def steps_sql(column: str, steps: Mapping[S, frozenset[S]]) -> str:
    """Write as a trigger's condition that a column's change is not in a table of steps."""
    allowed = " OR ".join(
        f"(OLD.{column} = '{old.value}' AND NEW.{column} = '{new.value}')"
        for old, found in steps.items()
        for new in sorted(found)
    )
    return f"NEW.{column} <> OLD.{column} AND NOT ({allowed})"


class ProjectGroup(StrEnum):
    """How far projects are, in a resident's four words."""

    IDEAS = "ideas"
    DECIDING = "deciding"
    DOING = "doing"
    DONE = "done"
    STOPPED = "stopped"


GROUP_TITLES = {
    ProjectGroup.IDEAS: N_("征集中"),
    ProjectGroup.DECIDING: N_("决定中"),
    ProjectGroup.DOING: N_("办理中"),
    ProjectGroup.DONE: N_("已办好"),
    ProjectGroup.STOPPED: N_("没有办成"),
}
GROUPS = {
    ProjectGroup.IDEAS: frozenset({_S.SUBMITTED, _S.ENDORSING}),
    ProjectGroup.DECIDING: frozenset({_S.COSTING, _S.VOTING, _S.NOTICE, _S.REVIEW, _S.RETURNED}),
    ProjectGroup.DOING: frozenset({_S.APPROVED, _S.PROCURING, _S.DELIVERING, _S.ACCEPTING}),
    ProjectGroup.DONE: frozenset({_S.EVALUATED, _S.CLOSED}),
    ProjectGroup.STOPPED: frozenset({_S.REJECTED, _S.EXPIRED}),
}
