"""Reading awards: who is to do the work, why, until when it may be objected to, what blocks it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.micro_projects.errors.awards import AwardNotFound
from community.micro_projects.models import Award, Complaint, Project
from community.micro_projects.rules.awards import (
    SPLIT_WINDOW,
    STANDING,
    AwardState,
    DirectGround,
    SmallJob,
)
from community.micro_projects.rules.complaints import ComplaintState
from community.micro_projects.rules.tenders import TenderMethod

SMALL_METHODS = (TenderMethod.DIRECT, TenderMethod.QUOTATION)


@dataclass(frozen=True, slots=True)
class AwardView:
    """An award as everybody reads it; `tender_id` and `bid_id` are None for a direct one."""

    id: int
    project_id: int
    project_title: str
    tender_id: int | None
    bid_id: int | None
    organization_id: int
    organization_name: str
    method: TenderMethod
    amount_fen: int
    state: AwardState
    place: int
    ground: DirectGround | None
    reason: str
    near_jobs: tuple[int, ...]
    split_words: str
    noticed_at: datetime
    standstill_until: datetime | None
    final_at: datetime | None
    ended_at: datetime | None
    ended_words: str
    closed_at: datetime | None


def find_award(session: Session, community_id: int, award_id: int) -> AwardView:
    """Get an award of the community in any state.

    Raises: AwardNotFound.
    """
    row = session.get(Award, award_id)
    if row is None or row.community_id != community_id:
        raise AwardNotFound
    return _views(session, community_id, [row])[0]


def award_amount(session: Session, community_id: int, award_id: int) -> int:
    """Tell an award's amount in fen.

    Raises: AwardNotFound.
    """
    return find_award(session, community_id, award_id).amount_fen


def awards(session: Session, community_id: int) -> tuple[AwardView, ...]:
    """List the newest awards."""
    rows = session.scalars(
        select(Award).where(Award.community_id == community_id).order_by(Award.id.desc()).limit(100)
    )
    return _views(session, community_id, rows)


def awards_of_project(
    session: Session, community_id: int, project_id: int
) -> tuple[AwardView, ...]:
    """List a project's awards, the first first."""
    rows = session.scalars(
        select(Award)
        .where(Award.community_id == community_id, Award.project_id == project_id)
        .order_by(Award.id)
    )
    return _views(session, community_id, rows)


def awards_of_tender(session: Session, community_id: int, tender_id: int) -> tuple[AwardView, ...]:
    """List a tender's awards, the first first."""
    rows = session.scalars(
        select(Award)
        .where(Award.community_id == community_id, Award.tender_id == tender_id)
        .order_by(Award.id)
    )
    return _views(session, community_id, rows)


def awards_of_organization(
    session: Session, community_id: int, organization_id: int
) -> tuple[AwardView, ...]:
    """List what an organisation was awarded, the newest first."""
    rows = session.scalars(
        select(Award)
        .where(Award.community_id == community_id, Award.organization_id == organization_id)
        .order_by(Award.id.desc())
    )
    return _views(session, community_id, rows)


def standing_award(session: Session, community_id: int, project_id: int) -> AwardView | None:
    """Find the award that holds a project's place now."""
    row = session.scalar(
        select(Award).where(
            Award.community_id == community_id,
            Award.project_id == project_id,
            Award.state.in_(STANDING),
            Award.closed_at.is_(None),
        )
    )
    return None if row is None else _views(session, community_id, [row])[0]


def open_blocks(session: Session, community_id: int, award_id: int) -> int:
    """Count the objections and complaints that block an award's contract until answered."""
    return int(
        session.scalar(
            select(func.count()).where(
                Complaint.community_id == community_id,
                Complaint.award_id == award_id,
                Complaint.state == ComplaintState.OPEN,
                Complaint.is_blocking,
            )
        )
        or 0
    )


def is_contractable(session: Session, community_id: int, award_id: int) -> bool:
    """Tell whether a contract may be signed on an award now.

    Raises: AwardNotFound.
    """
    found = find_award(session, community_id, award_id)
    return (
        found.state is AwardState.ACTIVE
        and found.closed_at is None
        and not open_blocks(session, community_id, award_id)
    )


def small_jobs(
    session: Session, community_id: int, since: date | None = None
) -> tuple[SmallJob, ...]:
    """List the jobs of the last year that were given without a sealed tender."""
    first = since or clock.today() - SPLIT_WINDOW
    rows = session.execute(
        select(Award, Project)
        .join(Project, Project.id == Award.project_id)
        .where(
            Award.community_id == community_id,
            Award.method.in_(SMALL_METHODS),
            Award.state.in_(STANDING),
            Award.noticed_at >= clock.at(first - timedelta(days=1)),
        )
        .order_by(Award.id)
    )
    return tuple(
        SmallJob(
            project.id,
            project.title,
            project.kind.value,
            project.place,
            award.amount_fen,
            clock.day_of(award.noticed_at),
        )
        for award, project in rows
    )


def _views(session: Session, community_id: int, rows: Iterable[Award]) -> tuple[AwardView, ...]:
    found = list(rows)
    names = {each.id: each.name for each in identity.organizations(session, community_id)}
    rows_of = session.scalars(
        select(Project).where(
            Project.community_id == community_id,
            Project.id.in_({row.project_id for row in found}),
        )
    )
    titles = {row.id: row.title for row in rows_of}
    return tuple(
        AwardView(
            row.id,
            row.project_id,
            titles.get(row.project_id, ""),
            row.tender_id,
            row.bid_id,
            row.organization_id,
            names.get(row.organization_id, ""),
            row.method,
            row.amount_fen,
            row.state,
            row.place,
            row.ground,
            row.reason,
            tuple(int(each) for each in row.near_jobs),
            row.split_words,
            row.noticed_at,
            row.standstill_until,
            row.final_at,
            row.ended_at,
            row.ended_words,
            row.closed_at,
        )
        for row in found
    )
