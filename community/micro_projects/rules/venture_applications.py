"""An application to a call: its way, and whose matched money it brings."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from community.kernel.errors import N_


class ApplicationState(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SPONSORING = "sponsoring"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    INELIGIBLE = "ineligible"
    ELIGIBLE = "eligible"
    CHOSEN = "chosen"
    PASSED = "passed"
    NAMED = "named"
    DROPPED = "dropped"


APPLICATION_TITLES = {
    ApplicationState.DRAFT: N_("没有提交"),
    ApplicationState.SPONSORING: N_("等依托单位同意"),
    ApplicationState.SUBMITTED: N_("已提交"),
    ApplicationState.WITHDRAWN: N_("已撤回"),
    ApplicationState.INELIGIBLE: N_("不符合条件"),
    ApplicationState.ELIGIBLE: N_("进入评审"),
    ApplicationState.CHOSEN: N_("入选"),
    ApplicationState.PASSED: N_("没有入选"),
    ApplicationState.NAMED: N_("拟接续，公示中"),
    ApplicationState.DROPPED: N_("入选后没有办成"),
}
_S = ApplicationState
APPLICATION_STEPS: Mapping[ApplicationState, frozenset[ApplicationState]] = {
    _S.DRAFT: frozenset({_S.SPONSORING, _S.SUBMITTED}),
    # The sponsor agrees, or hands it back.
    _S.SPONSORING: frozenset({_S.SUBMITTED, _S.DRAFT}),
    # Taken back before the end, to change it or for good; screened after it.
    _S.SUBMITTED: frozenset({_S.DRAFT, _S.WITHDRAWN, _S.ELIGIBLE, _S.INELIGIBLE}),
    _S.ELIGIBLE: frozenset({_S.INELIGIBLE, _S.WITHDRAWN, _S.CHOSEN, _S.PASSED}),
    _S.INELIGIBLE: frozenset({_S.ELIGIBLE}),
    # The choice was opened again.
    _S.CHOSEN: frozenset({_S.ELIGIBLE, _S.DROPPED}),
    # Or named for what a broken-off project left; an objection may undo that.
    _S.PASSED: frozenset({_S.ELIGIBLE, _S.NAMED}),
    _S.NAMED: frozenset({_S.CHOSEN, _S.PASSED}),
    _S.WITHDRAWN: frozenset(),
    _S.DROPPED: frozenset(),
}
# What may be changed by whoever wrote it.
CHANGEABLE = frozenset({_S.DRAFT})
# What everybody reads once the call is judged.
TOLD_APPLICATIONS = frozenset(
    {_S.INELIGIBLE, _S.ELIGIBLE, _S.CHOSEN, _S.PASSED, _S.NAMED, _S.DROPPED}
)
# What has to be screened before anything is scored.
HANDED_IN = TOLD_APPLICATIONS | {_S.SUBMITTED}
# What takes its place in the one application an organisation or a group may make.
LIVING = frozenset(ApplicationState) - {_S.WITHDRAWN}


class MatchState(StrEnum):
    """Whether money that others gave counts."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


MATCH_TITLES = {
    MatchState.REPORTED: N_("等社区核实"),
    MatchState.CONFIRMED: N_("已核实"),
    MatchState.REFUSED: N_("不算配套"),
}
MATCH_STEPS: Mapping[MatchState, frozenset[MatchState]] = {
    MatchState.REPORTED: frozenset({MatchState.CONFIRMED, MatchState.REFUSED}),
    MatchState.CONFIRMED: frozenset(),
    MatchState.REFUSED: frozenset(),
}
