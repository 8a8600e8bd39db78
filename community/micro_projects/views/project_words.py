"""Words and colours by which pages show projects."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import url_for
from flask_babel import gettext

from community.micro_projects.rules import deciding, funding, joining, money, projects, states
from community.micro_projects.views.blueprint import views

_S = states.ProjectState
STATE_TAGS = {
    _S.DRAFT: "plain",
    _S.SUBMITTED: "blue",
    _S.ENDORSING: "blue",
    _S.COSTING: "amber",
    _S.VOTING: "amber",
    _S.NOTICE: "amber",
    _S.REVIEW: "amber",
    _S.RETURNED: "amber",
    _S.CLOSED: "done",
    _S.EVALUATED: "done",
    _S.APPROVED: "done",
}
_TITLES: dict[type, dict[Any, str]] = {
    states.ProjectState: dict(states.STATE_TITLES),
    states.ProjectGroup: dict(states.GROUP_TITLES),
    projects.ProjectKind: dict(projects.KIND_TITLES),
    projects.ProjectCategory: dict(projects.CATEGORY_TITLES),
    projects.Funding: dict(projects.FUNDING_TITLES),
    projects.ProposalOrigin: dict(projects.ORIGIN_TITLES),
    money.MoneySource: dict(money.SOURCE_TITLES),
    funding.PledgeState: dict(funding.PLEDGE_TITLES),
    joining.MergerState: dict(joining.MERGER_TITLES),
    deciding.ReviewOutcome: dict(deciding.OUTCOME_TITLES),
}


@views.app_template_filter()
def project_word(value: Any) -> str:
    """Tell in the reader's language a choice of projects."""
    told: str = gettext(_TITLES[type(value)][value])
    return told


@views.app_template_filter()
def station_word(state: states.ProjectState) -> str:
    """Tell the name of a station of the line."""
    told: str = gettext(states.STATION_TITLES[state])
    return told


@views.app_template_filter()
def project_tag(state: states.ProjectState) -> tuple[str, str]:
    """Tell where a project stands, and the colour of the word."""
    if state in {_S.REJECTED, _S.EXPIRED, _S.WITHDRAWN, _S.MERGED}:
        return project_word(state), "plain"
    return project_word(state), STATE_TAGS.get(state, "blue")


def options_of(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """List the choices of an enum for a form."""
    return [(each.value, project_word(each)) for each in kind]


@views.app_template_filter()
def typed_yuan(fen: int) -> str:
    """Write an amount as one types it into a field: no comma between thousands."""
    return money.yuan(fen)


@views.app_template_filter()
def project_segment(
    group: states.ProjectGroup, counts: dict[states.ProjectGroup, int], wanted: dict[str, Any]
) -> tuple[str, str, bool]:
    """Give a segment of the list: its address, its word with a count, whether it is open."""
    address = url_for("micro_projects.projects", group=group.value)
    return address, f"{project_word(group)} {counts[group]}", wanted.get("group") is group
