"""Surveys, gallery, papers, reports and how organisations did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.micro_projects.errors.surveys import SurveyNotFound
from community.micro_projects.models import (
    ClosingReport,
    ClosingRules,
    Contract,
    Performance,
    ProjectPaper,
    Survey,
    SurveyAnswer,
    YearEnd,
)
from community.micro_projects.rules.closing import PRESET, ClosingTerms, Outcome, YearEndWay
from community.micro_projects.rules.milestones import PaperKind
from community.micro_projects.rules.surveys import SurveyResult, count_answers, is_open


@dataclass(frozen=True, slots=True)
class SurveyView:
    """A project's survey."""

    id: int
    project_id: int
    place: str
    threshold: int
    opens_at: datetime
    closes_at: datetime
    is_open: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class PaperView:
    """A picture or paper of a project."""

    id: int
    kind: PaperKind
    title: str
    file_id: int
    sha256: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class ReportView:
    """What a project came to."""

    words: str
    served_people: int
    paid_fen: int
    freed_fen: int
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class PerformanceView:
    """How an organisation did on one contract."""

    contract_id: int
    contract_title: str
    outcome: Outcome
    amount_fen: int
    milestones: int
    late: int
    late_days: int
    returned: int
    problems: int
    content_bp: int | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class YearEndView:
    """What a year's end meant for a contract."""

    year: int
    way: YearEndWay
    unpaid_fen: int
    until_on: date | None
    rule: str


def find_survey(session: Session, community_id: int, project_id: int) -> SurveyView | None:
    """Find a project's survey."""
    row = session.scalar(
        select(Survey).where(Survey.community_id == community_id, Survey.project_id == project_id)
    )
    if row is None:
        return None
    now = clock.now()
    return SurveyView(
        row.id,
        row.project_id,
        row.place,
        row.threshold,
        row.opens_at,
        row.closes_at,
        is_open(row.opens_at, row.closes_at, now),
        now >= row.closes_at,
    )


def get_survey(session: Session, community_id: int, project_id: int) -> SurveyView:
    """Get a project's survey.

    Raises: SurveyNotFound.
    """
    found = find_survey(session, community_id, project_id)
    if found is None:
        raise SurveyNotFound
    return found


def has_answered(session: Session, community_id: int, survey_id: int, person_id: int) -> bool:
    """Tell whether a resident answered already."""
    found = session.scalar(
        select(SurveyAnswer.id).where(
            SurveyAnswer.community_id == community_id,
            SurveyAnswer.survey_id == survey_id,
            SurveyAnswer.person_id == person_id,
        )
    )
    return found is not None


def survey_result(session: Session, community_id: int, survey: SurveyView) -> SurveyResult:
    """Count a survey; nothing but the number of answers while it runs or below its threshold."""
    levels = session.scalars(
        select(SurveyAnswer.level).where(
            SurveyAnswer.community_id == community_id, SurveyAnswer.survey_id == survey.id
        )
    ).all()
    if not survey.is_over:
        return SurveyResult(len(levels), survey.threshold)
    return count_answers(levels, survey.threshold)


def survey_words(session: Session, community_id: int, survey: SurveyView) -> tuple[str, ...]:
    """Give what residents wrote, sorted by the words themselves so that no order tells who.

    Empty below the threshold and while the survey runs.
    """
    if not survey_result(session, community_id, survey).is_shown:
        return ()
    rows = session.scalars(
        select(SurveyAnswer.words)
        .where(
            SurveyAnswer.community_id == community_id,
            SurveyAnswer.survey_id == survey.id,
            SurveyAnswer.words != "",
        )
        .order_by(SurveyAnswer.words)
    )
    return tuple(rows)


def papers_of(session: Session, community_id: int, project_id: int) -> tuple[PaperView, ...]:
    """List a project's pictures and papers, the oldest first."""
    rows = session.scalars(
        select(ProjectPaper)
        .where(ProjectPaper.community_id == community_id, ProjectPaper.project_id == project_id)
        .order_by(ProjectPaper.id)
    )
    return tuple(
        PaperView(row.id, row.kind, row.title, row.file_id, row.sha256, row.added_at)
        for row in rows
    )


def find_report(session: Session, community_id: int, project_id: int) -> ReportView | None:
    """Find a project's closing report."""
    row = session.scalar(
        select(ClosingReport).where(
            ClosingReport.community_id == community_id, ClosingReport.project_id == project_id
        )
    )
    if row is None:
        return None
    return ReportView(row.words, row.served_people, row.paid_fen, row.freed_fen, row.closed_at)


def performance_of(
    session: Session, community_id: int, organization_id: int
) -> tuple[PerformanceView, ...]:
    """List how an organisation did on its contracts here, the newest first."""
    rows = session.execute(
        select(Performance, Contract.title)
        .join(
            Contract,
            (Contract.community_id == Performance.community_id)
            & (Contract.id == Performance.contract_id),
        )
        .where(
            Performance.community_id == community_id,
            Performance.organization_id == organization_id,
        )
        .order_by(Performance.id.desc())
    )
    return tuple(
        PerformanceView(
            row.contract_id,
            title,
            row.outcome,
            row.amount_fen,
            row.milestones,
            row.late,
            row.late_days,
            row.returned,
            row.problems,
            row.content_bp,
            row.recorded_at,
        )
        for row, title in rows
    )


def year_ends_of(session: Session, community_id: int, contract_id: int) -> tuple[YearEndView, ...]:
    """List what the ends of years meant for a contract."""
    rows = session.scalars(
        select(YearEnd)
        .where(YearEnd.community_id == community_id, YearEnd.contract_id == contract_id)
        .order_by(YearEnd.year)
    )
    return tuple(
        YearEndView(row.year, row.way, row.unpaid_fen, row.until_on, row.rule) for row in rows
    )


def closing_terms(session: Session, community_id: int, on: date) -> ClosingTerms:
    """Give the rule set in force on a day; the shipped preset where none was set."""
    row = session.scalar(
        select(ClosingRules)
        .where(ClosingRules.community_id == community_id, ClosingRules.valid_from <= on)
        .order_by(ClosingRules.valid_from.desc(), ClosingRules.id.desc())
        .limit(1)
    )
    if row is None:
        return PRESET
    return ClosingTerms(
        row.survey_days,
        row.survey_threshold,
        row.carry_month,
        row.carry_day,
        row.locality,
        row.basis,
        row.valid_from,
    )
