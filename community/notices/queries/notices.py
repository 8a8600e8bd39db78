"""Reading public notices, their postings and their objections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.errors import NotFound
from community.notices.models import Notice, NoticeObjection, NoticePosting
from community.notices.rules import NoticeKind, NoticePhase, Outcome, phase_of

MOST_ARCHIVED = 100


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as its page shows it."""

    id: int
    number: int
    title: str
    body: str
    kind: NoticeKind
    phase: NoticePhase
    subject: str
    contact: str
    opens_at: datetime
    closes_at: datetime
    published_at: datetime
    replaces_id: int | None
    withdrawn_at: datetime | None
    withdrawn_reason: str

    @property
    def code(self) -> str:
        """Tell the number printed on the sheet, as in 2026-0015."""
        return f"{clock.day_of(self.published_at).year}-{self.number:04d}"


@dataclass(frozen=True, slots=True)
class PostingView:
    """A proof of posting."""

    id: int
    file_id: int
    place: str
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """An objection with its answer, if any."""

    id: int
    notice_id: int
    notice_title: str
    person_id: int
    reason: str
    raised_at: datetime
    answer_due_on: date
    answer: str
    outcome: Outcome | None
    answered_at: datetime | None

    @property
    def is_late(self) -> bool:
        """Tell whether the answer is overdue today."""
        return self.answered_at is None and self.answer_due_on < clock.today()


def get_notice(session: Session, community_id: int, notice_id: int) -> NoticeView:
    """Give a notice of a community.

    Raises: NotFound.
    """
    row = session.get(Notice, notice_id)
    if row is None or row.community_id != community_id:
        raise NotFound
    return view_of(row)


def find_notice_for(session: Session, community_id: int, subject: str) -> NoticeView | None:
    """Find the latest notice a room published for a subject of its own."""
    row = session.scalar(
        select(Notice)
        .where(Notice.community_id == community_id, Notice.subject == subject)
        .order_by(Notice.id.desc())
        .limit(1)
    )
    return None if row is None else view_of(row)


def notices_by_phase(session: Session, community_id: int, phase: NoticePhase) -> list[NoticeView]:
    """List a community's notices of a phase: open ones by their end, others newest first."""
    now = clock.now()
    query = select(Notice).where(Notice.community_id == community_id)
    if phase is NoticePhase.WITHDRAWN:
        query = query.where(Notice.withdrawn_at.is_not(None))
    else:
        query = query.where(Notice.withdrawn_at.is_(None))
    if phase is NoticePhase.COMING:
        query = query.where(Notice.opens_at > now).order_by(Notice.opens_at)
    elif phase is NoticePhase.OPEN:
        query = query.where(Notice.opens_at <= now, Notice.closes_at > now)
        query = query.order_by(Notice.closes_at)
    elif phase is NoticePhase.ARCHIVED:
        query = query.where(Notice.closes_at <= now).order_by(Notice.closes_at.desc())
    else:
        query = query.order_by(Notice.id.desc())
    return [view_of(row) for row in session.scalars(query.limit(MOST_ARCHIVED))]


def postings_of(session: Session, community_id: int, notice_id: int) -> list[PostingView]:
    """List the proofs that a notice hung, by time."""
    query = (
        select(NoticePosting)
        .where(NoticePosting.community_id == community_id, NoticePosting.notice_id == notice_id)
        .order_by(NoticePosting.posted_at, NoticePosting.id)
    )
    return [
        PostingView(row.id, row.file_id, row.place, row.posted_at) for row in session.scalars(query)
    ]


def objections_of(session: Session, community_id: int, notice_id: int) -> list[ObjectionView]:
    """List the objections to a notice: unanswered ones first, then by time."""
    return _objections(session, community_id, NoticeObjection.notice_id == notice_id)


def due_objections(session: Session, community_id: int) -> list[ObjectionView]:
    """List what waits for an answer, the most urgent first."""
    return _objections(session, community_id, NoticeObjection.answered_at.is_(None))


def due_objection_count(session: Session, community_id: int) -> int:
    """Count what waits for an answer."""
    query = select(func.count()).where(
        NoticeObjection.community_id == community_id, NoticeObjection.answered_at.is_(None)
    )
    return session.scalar(query) or 0


def is_objecting(session: Session, community_id: int, notice_id: int, person_id: int) -> bool:
    """Tell whether a person's objection to a notice still waits for its answer."""
    query = select(NoticeObjection.id).where(
        NoticeObjection.community_id == community_id,
        NoticeObjection.notice_id == notice_id,
        NoticeObjection.person_id == person_id,
        NoticeObjection.answered_at.is_(None),
    )
    return session.scalar(query.limit(1)) is not None


def _objections(session: Session, community_id: int, chosen: object) -> list[ObjectionView]:
    query = (
        select(NoticeObjection, Notice.title)
        .join(
            Notice,
            (Notice.id == NoticeObjection.notice_id)
            & (Notice.community_id == NoticeObjection.community_id),
        )
        .where(NoticeObjection.community_id == community_id, chosen)  # type: ignore[arg-type]
        .order_by(
            NoticeObjection.answered_at.is_not(None),
            NoticeObjection.answer_due_on,
            NoticeObjection.id,
        )
    )
    return [
        ObjectionView(
            row.id,
            row.notice_id,
            title,
            row.person_id,
            row.reason,
            row.raised_at,
            row.answer_due_on,
            row.answer,
            row.outcome,
            row.answered_at,
        )
        for row, title in session.execute(query)
    ]


def view_of(row: Notice) -> NoticeView:
    """Turn a row into what may leave the room."""
    return NoticeView(
        row.id,
        row.number,
        row.title,
        row.body,
        row.kind,
        phase_of(row.opens_at, row.closes_at, row.withdrawn_at, clock.now()),
        row.subject,
        row.contact,
        row.opens_at,
        row.closes_at,
        row.published_at,
        row.replaces_id,
        row.withdrawn_at,
        row.withdrawn_reason,
    )
