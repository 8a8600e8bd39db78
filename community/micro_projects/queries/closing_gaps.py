"""What a project still lacks before it can be closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.micro_projects.models import (
    Contract,
    Milestone,
    ProjectPaper,
    ProjectPayment,
    SiteNote,
)
from community.micro_projects.queries.closing import find_survey
from community.micro_projects.rules.milestones import (
    LIVE,
    Finding,
    PaperKind,
)
from community.micro_projects.rules.payments import PaymentState


@dataclass(frozen=True, slots=True)
class ClosingGaps:
    """Open ends: money, answers, the survey, the picture of the result."""

    unpaid: int
    unanswered: int
    has_survey: bool
    # Until when the survey runs; None once it is over, or where there is none.
    survey_closes_at: datetime | None
    has_picture: bool

    @property
    def is_ready(self) -> bool:
        """Tell whether nothing is missing."""
        is_judged = self.has_survey and self.survey_closes_at is None
        return not self.unpaid and not self.unanswered and is_judged and self.has_picture


def closing_gaps(session: Session, community_id: int, project_id: int) -> ClosingGaps:
    """List what a project still lacks."""
    survey = find_survey(session, community_id, project_id)
    running = survey is not None and not survey.is_over
    return ClosingGaps(
        _unpaid(session, community_id, project_id),
        _unanswered(session, community_id, project_id),
        survey is not None,
        survey.closes_at if survey is not None and running else None,
        _has_picture(session, community_id, project_id),
    )


def _unpaid(session: Session, community_id: int, project_id: int) -> int:
    """Count the milestones, of all the project's contracts, whose money has not gone out."""
    found = session.scalar(
        select(func.count())
        .select_from(Milestone)
        .join(
            Contract,
            (Contract.community_id == Milestone.community_id)
            & (Contract.id == Milestone.contract_id),
        )
        .outerjoin(
            ProjectPayment,
            (ProjectPayment.community_id == Milestone.community_id)
            & (ProjectPayment.milestone_id == Milestone.id)
            & (ProjectPayment.state == PaymentState.PAID),
        )
        .where(
            Milestone.community_id == community_id,
            Contract.project_id == project_id,
            Contract.signed_at.is_not(None),
            Milestone.state.in_(LIVE),
            ProjectPayment.id.is_(None),
        )
    )
    return int(found or 0)


def _unanswered(session: Session, community_id: int, project_id: int) -> int:
    found = session.scalar(
        select(func.count())
        .select_from(SiteNote)
        .join(
            Contract,
            (Contract.community_id == SiteNote.community_id)
            & (Contract.id == SiteNote.contract_id),
        )
        .where(
            SiteNote.community_id == community_id,
            Contract.project_id == project_id,
            SiteNote.finding == Finding.PROBLEM,
            SiteNote.answered_at.is_(None),
        )
    )
    return int(found or 0)


def _has_picture(session: Session, community_id: int, project_id: int) -> bool:
    found = session.scalar(
        select(ProjectPaper.id)
        .where(
            ProjectPaper.community_id == community_id,
            ProjectPaper.project_id == project_id,
            ProjectPaper.kind == PaperKind.AFTER,
        )
        .limit(1)
    )
    return found is not None
