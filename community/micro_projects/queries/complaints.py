"""Reading objections and complaints: the words public, the writer masked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import calendar, clock
from community.kernel.actor import Actor
from community.kernel.masks import mask_name
from community.micro_projects.models import Complaint
from community.micro_projects.queries.award_terms import award_terms
from community.micro_projects.queries.awards import find_award
from community.micro_projects.rules.complaints import (
    ComplaintGround,
    ComplaintKind,
    ComplaintState,
    Remedy,
)


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """An objection or a complaint; `by` is an organisation's name or a masked one."""

    id: int
    kind: ComplaintKind
    tender_id: int | None
    award_id: int | None
    after_id: int | None
    by: str
    ground: ComplaintGround
    words: str
    made_at: datetime
    due_on: date
    is_overdue: bool
    is_blocking: bool
    state: ComplaintState
    remedy: Remedy | None
    answer: str
    answered_at: datetime | None
    is_mine: bool
    # The last day on which the street may be asked after an objection; None where it may not.
    complain_until: date | None


def complaints_of(session: Session, actor: Actor, award_id: int) -> tuple[ComplaintView, ...]:
    """List what was said against an award, the first first.

    Raises: AwardNotFound.
    """
    find_award(session, actor.community_id, award_id)
    rows = session.scalars(
        select(Complaint)
        .where(Complaint.community_id == actor.community_id, Complaint.award_id == award_id)
        .order_by(Complaint.id)
    )
    return _views(session, actor, rows)


def open_complaints(session: Session, actor: Actor) -> tuple[ComplaintView, ...]:
    """List what waits for an answer, the first due first."""
    rows = session.scalars(
        select(Complaint)
        .where(
            Complaint.community_id == actor.community_id,
            Complaint.state == ComplaintState.OPEN,
        )
        .order_by(Complaint.due_on, Complaint.id)
    )
    return _views(session, actor, rows)


def complain_until(session: Session, row: Complaint) -> date | None:
    """Give the last day on which the street may be asked after an objection.

    None while it may still be answered, and where it was upheld or withdrawn.
    """
    today = clock.today()
    is_overdue = row.state is ComplaintState.OPEN and today > row.due_on
    if row.kind is not ComplaintKind.OBJECTION or not (
        is_overdue or row.state is ComplaintState.REJECTED
    ):
        return None
    days = award_terms(session, row.community_id, today).complaint_days
    since = row.due_on if row.answered_at is None else clock.day_of(row.answered_at)
    return calendar.add_working_days(session, row.community_id, since, days)


def _views(session: Session, actor: Actor, rows: Iterable[Complaint]) -> tuple[ComplaintView, ...]:
    found = list(rows)
    if not found:
        return ()
    firms = {one.id: one.name for one in identity.organizations(session, actor.community_id)}
    cards = identity.people(
        session, actor.community_id, {row.made_by for row in found if row.made_by is not None}
    )

    def by(row: Complaint) -> str:
        if row.organization_id is not None:
            return firms.get(row.organization_id, "")
        card = cards.get(row.made_by or 0)
        return "" if card is None else mask_name(card.name)

    return tuple(
        ComplaintView(
            row.id,
            row.kind,
            row.tender_id,
            row.award_id,
            row.after_id,
            by(row),
            row.ground,
            row.words,
            row.made_at,
            row.due_on,
            row.state is ComplaintState.OPEN and clock.today() > row.due_on,
            row.is_blocking,
            row.state,
            row.remedy,
            row.answer,
            row.answered_at,
            row.made_by is not None and row.made_by == actor.subject_id,
            complain_until(session, row),
        )
        for row in found
    )
