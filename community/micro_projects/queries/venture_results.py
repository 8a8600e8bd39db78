"""The public show of a call's results: each project with pictures, leverage and the survey."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.micro_projects.queries.closing import (
    PaperView,
    ReportView,
    find_report,
    find_survey,
    papers_of,
    survey_result,
)
from community.micro_projects.queries.money import payouts_of
from community.micro_projects.queries.venture_applications import (
    ApplicationView,
    applications_of,
)
from community.micro_projects.queries.venture_calls import CallView, find_call
from community.micro_projects.rules.milestones import GALLERY
from community.micro_projects.rules.surveys import SurveyResult
from community.micro_projects.rules.venture_applications import ApplicationState


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of a chosen project."""

    application: ApplicationView
    gallery: tuple[PaperView, ...]
    survey: SurveyResult | None
    report: ReportView | None
    paid_fen: int


@dataclass(frozen=True, slots=True)
class CallResults:
    """What became of a call."""

    call: CallView
    shown: tuple[Shown, ...]

    @property
    def served_people(self) -> int:
        """Add up whom the closed projects served."""
        return sum(each.report.served_people for each in self.shown if each.report is not None)

    @property
    def paid_fen(self) -> int:
        """Add up what was paid."""
        return sum(each.paid_fen for each in self.shown)


def call_results(session: Session, actor: Actor, call_id: int) -> CallResults:
    """Give what became of a call, the first in its ranking first.

    Raises: CallNotFound.
    """
    call = find_call(session, actor, call_id)
    chosen = {ApplicationState.CHOSEN, ApplicationState.DROPPED}
    found = [
        each
        for each in applications_of(session, actor, call_id)
        if each.state in chosen and each.project_id is not None
    ]
    return CallResults(call, tuple(_shown(session, actor, each) for each in found))


def _shown(session: Session, actor: Actor, each: ApplicationView) -> Shown:
    here, project_id = actor.community_id, each.project_id or 0
    survey = find_survey(session, here, project_id)
    return Shown(
        each,
        tuple(one for one in papers_of(session, here, project_id) if one.kind in GALLERY),
        survey_result(session, here, survey) if survey is not None and survey.is_over else None,
        find_report(session, here, project_id),
        sum(one.amount_fen for one in payouts_of(session, here, project_id)),
    )
