"""What leads a project to its approval, as pages and commands read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.micro_projects.models import (
    Project,
    ProjectCosting,
    ProjectQuota,
    ProjectQuote,
    ProjectReview,
    ProjectVote,
    VentureApplication,
)
from community.micro_projects.queries.notice_standing import NoticeStanding, standing_of
from community.micro_projects.rules.deciding import ReviewOutcome, head_of, subject_of
from community.micro_projects.rules.states import FUNDED, ProjectState


@dataclass(frozen=True, slots=True)
class CostingView:
    """A costing: what each thing costs, and whose money it is."""

    version: int
    lines: tuple[tuple[str, int], ...]
    budget_fen: int
    cofunding_fen: int
    matched_fen: int
    words: str
    costed_at: datetime

    @property
    def fiscal_fen(self) -> int:
        """Tell what is left for the fiscal side."""
        return self.budget_fen - self.cofunding_fen - self.matched_fen


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A firm's price; `file_id` is its paper."""

    id: int
    firm: str
    amount_fen: int
    file_id: int | None


@dataclass(frozen=True, slots=True)
class VoteView:
    """A vote asked for, and its result when there is one."""

    asked_at: datetime
    budget_fen: int
    passed: bool | None
    decided_on: date | None
    ref: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A request to the street office and its answer."""

    id: int
    project_id: int
    number: int
    title: str
    budget_fen: int
    asked_at: datetime
    due_on: date
    outcome: ReviewOutcome | None
    words: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuotaView:
    """A year's quota: what was granted and what approvals have reserved."""

    year: int
    amount_fen: int
    reserved_fen: int

    @property
    def free_fen(self) -> int:
        """Tell what is left."""
        return self.amount_fen - self.reserved_fen


def newest_costing(session: Session, community_id: int, project_id: int) -> CostingView | None:
    """Find the costing in force."""
    row = session.scalar(
        select(ProjectCosting)
        .where(ProjectCosting.community_id == community_id, ProjectCosting.project_id == project_id)
        .order_by(ProjectCosting.version.desc())
        .limit(1)
    )
    if row is None:
        return None
    return CostingView(
        row.version,
        tuple((str(name), int(fen)) for name, fen in row.lines),
        row.budget_fen,
        row.cofunding_fen,
        row.matched_fen,
        row.words,
        row.costed_at,
    )


def quotes_of(session: Session, community_id: int, project_id: int) -> tuple[QuoteView, ...]:
    """List a project's quotes, the lowest first."""
    rows = session.scalars(
        select(ProjectQuote)
        .where(ProjectQuote.community_id == community_id, ProjectQuote.project_id == project_id)
        .order_by(ProjectQuote.amount_fen, ProjectQuote.id)
    )
    return tuple(QuoteView(row.id, row.firm, row.amount_fen, row.file_id) for row in rows)


def find_open_vote(session: Session, community_id: int, project_id: int) -> ProjectVote | None:
    """Find the vote a project waits for; a row of the room's own."""
    return session.scalar(
        select(ProjectVote).where(
            ProjectVote.community_id == community_id,
            ProjectVote.project_id == project_id,
            ProjectVote.decided_on.is_(None),
        )
    )


def votes_of(session: Session, community_id: int, project_id: int) -> tuple[VoteView, ...]:
    """List the votes a project went through."""
    rows = session.scalars(
        select(ProjectVote)
        .where(ProjectVote.community_id == community_id, ProjectVote.project_id == project_id)
        .order_by(ProjectVote.id)
    )
    return tuple(
        VoteView(row.asked_at, row.budget_fen, row.passed, row.decided_on, row.ref) for row in rows
    )


def voted_budget(session: Session, community_id: int, project_id: int) -> int | None:
    """Tell the largest budget the council agreed to for this very project.

    What was agreed to under another title, kind or need counts for nothing. None where it agreed
    to none.
    """
    row = session.get_one(Project, project_id)
    asked = head_of(row.number, row.title, row.kind, row.need)
    votes = session.scalars(
        select(ProjectVote).where(
            ProjectVote.community_id == community_id,
            ProjectVote.project_id == project_id,
            ProjectVote.passed.is_(True),
        )
    )
    budgets = [each.budget_fen for each in votes if all(part in each.text for part in asked)]
    return max(budgets, default=None)


def granted_by_call(session: Session, community_id: int, project_id: int) -> int | None:
    """Tell what the jury of a call granted to a venture project; None for every other."""
    return session.scalar(
        select(VentureApplication.granted_fen).where(
            VentureApplication.community_id == community_id,
            VentureApplication.project_id == project_id,
        )
    )


def agreed_budget(session: Session, community_id: int, project_id: int) -> int | None:
    """Tell the largest budget that was agreed to: by the jury of a call, else by the council."""
    granted = granted_by_call(session, community_id, project_id)
    return granted if granted is not None else voted_budget(session, community_id, project_id)


def notice_standing(session: Session, community_id: int, project_id: int) -> NoticeStanding | None:
    """Tell how a project's newest notice stands; None when there is none that hangs or hung."""
    return standing_of(session, community_id, subject_of(project_id))


def reviews_of(session: Session, community_id: int, project_id: int) -> tuple[ReviewView, ...]:
    """List the requests to the street about a project, the newest first."""
    return _reviews(session, community_id, project_id=project_id)


def open_reviews(session: Session, community_id: int) -> tuple[ReviewView, ...]:
    """List what waits for the street's answer, the most urgent first."""
    return tuple(sorted(_reviews(session, community_id), key=lambda each: (each.due_on, each.id)))


def _reviews(
    session: Session, community_id: int, project_id: int | None = None
) -> tuple[ReviewView, ...]:
    chosen = (
        select(ProjectReview, Project.title)
        .join(
            Project,
            (Project.community_id == ProjectReview.community_id)
            & (Project.id == ProjectReview.project_id),
        )
        .where(ProjectReview.community_id == community_id)
        .order_by(ProjectReview.id.desc())
    )
    if project_id is None:
        chosen = chosen.where(
            ProjectReview.answered_at.is_(None), Project.state == ProjectState.REVIEW
        )
    else:
        chosen = chosen.where(ProjectReview.project_id == project_id)
    return tuple(
        ReviewView(
            row.id,
            row.project_id,
            row.number,
            title,
            row.budget_fen,
            row.asked_at,
            row.due_on,
            row.outcome,
            row.words,
            row.answered_at,
        )
        for row, title in session.execute(chosen)
    )


def quotas(session: Session, actor: Actor) -> tuple[QuotaView, ...]:
    """List a community's yearly quotas, the newest first."""
    rows = session.scalars(
        select(ProjectQuota)
        .where(ProjectQuota.community_id == actor.community_id)
        .order_by(ProjectQuota.year.desc())
    )
    return tuple(QuotaView(row.year, row.amount_fen, row.reserved_fen) for row in rows)


def count_funded(session: Session, community_id: int) -> int:
    """Count the projects of the library and beyond."""
    return (
        session.scalar(
            select(func.count()).where(
                Project.community_id == community_id, Project.state.in_(FUNDED)
            )
        )
        or 0
    )
