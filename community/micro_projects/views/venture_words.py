"""Words and colours by which pages show calls and applications."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from community.kernel.errors import N_
from community.micro_projects.queries.venture_calls import CallView
from community.micro_projects.rules.venture_applications import (
    APPLICATION_TITLES,
    MATCH_TITLES,
    ApplicationState,
    MatchState,
)
from community.micro_projects.rules.venture_calls import (
    CALL_BARS,
    CALL_TITLES,
    CallPhase,
    CallState,
)
from community.micro_projects.views.blueprint import views

_PHASES = {
    CallPhase.SOON: (N_("还没开始"), "plain"),
    CallPhase.TAKING: (N_("正在征集"), "blue"),
    CallPhase.ENDED: (N_("已截止，等待评审"), "amber"),
}
_CALL_TAGS = {
    CallState.DRAFT: "plain",
    CallState.JUDGING: "amber",
    CallState.NOTICE: "amber",
    CallState.CHOSEN: "blue",
    CallState.CLOSED: "done",
    CallState.CANCELLED: "plain",
}
_APPLICATION_TAGS = {
    ApplicationState.DRAFT: "plain",
    ApplicationState.SPONSORING: "amber",
    ApplicationState.SUBMITTED: "blue",
    ApplicationState.ELIGIBLE: "blue",
    ApplicationState.INELIGIBLE: "red",
    ApplicationState.NAMED: "amber",
    ApplicationState.CHOSEN: "done",
}
_MATCH_TAGS = {MatchState.REPORTED: "amber", MatchState.CONFIRMED: "done"}


@views.app_template_filter()
def call_tag(call: CallView) -> tuple[str, str]:
    """Tell where a call stands by the clock, and the colour of the word."""
    if call.phase in _PHASES:
        word, colour = _PHASES[call.phase]
        return gettext(word), colour
    return gettext(CALL_TITLES[call.state]), _CALL_TAGS[call.state]


@views.app_template_filter()
def application_tag(state: ApplicationState) -> tuple[str, str]:
    """Tell where an application stands, and the colour of the word."""
    return gettext(APPLICATION_TITLES[state]), _APPLICATION_TAGS.get(state, "plain")


@views.app_template_filter()
def match_tag(state: MatchState) -> tuple[str, str]:
    """Tell whether matched money counts, and the colour of the word."""
    return gettext(MATCH_TITLES[state]), _MATCH_TAGS.get(state, "plain")


@views.app_template_filter()
def leverage(basis_points: Any) -> str:
    """Write a leverage as how many yuan others gave for each yuan granted."""
    if basis_points is None:
        return "—"
    hundredths = (int(basis_points) + 50) // 100
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def bar_words() -> dict[str, str]:
    """Say for each reason why somebody may not judge a call."""
    return {bar.value: gettext(words) for bar, words in CALL_BARS.items()}
