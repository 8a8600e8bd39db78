"""Reading tenders: what everybody may see of one, and what the desk sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity, sealing
from community.kernel import clock
from community.kernel.actor import Actor
from community.micro_projects import permissions
from community.micro_projects.errors.tenders import TenderNotFound
from community.micro_projects.models import (
    Project,
    Tender,
    TenderAmendment,
    TenderCriterion,
    TenderDocument,
    TenderOpener,
    TenderQuestion,
    TenderStep,
)
from community.micro_projects.queries.projects import ProjectView
from community.micro_projects.queries.projects import to_view as project_view
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.tenders import (
    ENDED,
    SEALED_METHODS,
    UNPUBLISHED,
    CriterionKind,
    TenderMethod,
    TenderState,
    Unconfirmed,
    phase_at,
)
from community.sealing import BoxLevel


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion with its points of one hundred."""

    id: int
    number: int
    kind: CriterionKind
    title: str
    text: str
    weight: int


@dataclass(frozen=True, slots=True)
class TenderView:
    """A tender as everybody reads it; `state` is where the clock says it stands.

    `written_state` is the one last written down, which a job may be late to change.
    """

    id: int
    community_id: int
    project_id: int
    number: int
    title: str
    text: str
    method: TenderMethod
    level: BoxLevel
    state: TenderState
    written_state: TenderState
    budget_fen: int
    opens_at: datetime | None
    questions_until: datetime | None
    deadline: datetime | None
    minimum_bids: int
    opener_threshold: int
    amendment_days: int
    unconfirmed: Unconfirmed
    rules_basis: str
    amendments: int
    attempt: int
    retender_of_id: int | None
    drafted_by: int | None
    drafted_at: datetime
    checked_by: int | None
    checked_at: datetime | None
    content_hash: str | None
    published_at: datetime | None
    box_id: int | None
    tree_id: int | None
    frozen_at: datetime | None
    frozen_hash: str | None
    frozen_salt: bytes | None
    opened_at: datetime | None
    opened_by: int | None
    ended_reason: str

    @property
    def is_sealed(self) -> bool:
        """Tell whether bids come in envelopes."""
        return self.method in SEALED_METHODS

    @property
    def is_public(self) -> bool:
        """Tell whether everybody may read it."""
        return self.published_at is not None or self.state not in {
            *UNPUBLISHED,
            TenderState.CANCELLED,
        }


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A file of a tender."""

    id: int
    title: str
    file_id: int
    amendment: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question and its answer; never who asked."""

    id: int
    words: str
    asked_at: datetime
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """A change of a published tender."""

    id: int
    number: int
    words: str
    deadline_before: datetime
    deadline_after: datetime
    amended_at: datetime


@dataclass(frozen=True, slots=True)
class TenderStepView:
    """One line of a tender's trace."""

    state: TenderState
    ref: str
    words: str
    stepped_by: int | None
    stepped_at: datetime


def find_tender(session: Session, community_id: int, tender_id: int) -> TenderView:
    """Get a tender of the community in any state, as the clock says it stands.

    Raises: TenderNotFound.
    """
    row = session.get(Tender, tender_id)
    if row is None or row.community_id != community_id:
        raise TenderNotFound
    return to_view(row)


def get_public_tender(session: Session, actor: Actor, tender_id: int) -> TenderView:
    """Get a tender that everybody may read, or a draft for the desk.

    Raises: TenderNotFound.
    """
    found = find_tender(session, actor.community_id, tender_id)
    if not found.is_public and not actor.may(permissions.READ.code):
        raise TenderNotFound
    return found


def public_tenders(session: Session, actor: Actor) -> tuple[TenderView, ...]:
    """List published tenders, the newest first."""
    rows = session.scalars(
        select(Tender)
        .where(Tender.community_id == actor.community_id, Tender.published_at.is_not(None))
        .order_by(Tender.published_at.desc(), Tender.id.desc())
        .limit(100)
    )
    return tuple(to_view(row) for row in rows)


def desk_tenders(session: Session, actor: Actor) -> tuple[TenderView, ...]:
    """List all tenders for the desk, the newest first."""
    rows = session.scalars(
        select(Tender)
        .where(Tender.community_id == actor.community_id)
        .order_by(Tender.id.desc())
        .limit(200)
    )
    return tuple(to_view(row) for row in rows)


def tenders_of(session: Session, community_id: int, project_id: int) -> tuple[TenderView, ...]:
    """List a project's tenders, the first attempt first."""
    rows = session.scalars(
        select(Tender)
        .where(Tender.community_id == community_id, Tender.project_id == project_id)
        .order_by(Tender.id)
    )
    return tuple(to_view(row) for row in rows)


def find_retender(session: Session, community_id: int, tender_id: int) -> TenderView | None:
    """Find the tender that repeats one that failed."""
    row = session.scalar(
        select(Tender).where(
            Tender.community_id == community_id, Tender.retender_of_id == tender_id
        )
    )
    return None if row is None else to_view(row)


def criteria_of(session: Session, community_id: int, tender_id: int) -> tuple[CriterionView, ...]:
    """List a tender's criteria by number."""
    rows = session.scalars(
        select(TenderCriterion)
        .where(TenderCriterion.community_id == community_id, TenderCriterion.tender_id == tender_id)
        .order_by(TenderCriterion.number)
    )
    return tuple(
        CriterionView(row.id, row.number, row.kind, row.title, row.text, row.weight) for row in rows
    )


def documents_of(session: Session, community_id: int, tender_id: int) -> tuple[DocumentView, ...]:
    """List a tender's files, the oldest first."""
    rows = session.scalars(
        select(TenderDocument)
        .where(TenderDocument.community_id == community_id, TenderDocument.tender_id == tender_id)
        .order_by(TenderDocument.id)
    )
    return tuple(
        DocumentView(row.id, row.title, row.file_id, row.amendment, row.added_at) for row in rows
    )


def get_document(session: Session, actor: Actor, document_id: int) -> tuple[TenderView, int]:
    """Give the tender and the stored file of one of its documents.

    Raises: TenderNotFound.
    """
    row = session.get(TenderDocument, document_id)
    if row is None or row.community_id != actor.community_id:
        raise TenderNotFound
    return get_public_tender(session, actor, row.tender_id), row.file_id


def questions_of(
    session: Session, community_id: int, tender_id: int, *, answered_only: bool = True
) -> tuple[QuestionView, ...]:
    """List a tender's questions, for everybody those that have their answer."""
    chosen = select(TenderQuestion).where(
        TenderQuestion.community_id == community_id, TenderQuestion.tender_id == tender_id
    )
    if answered_only:
        chosen = chosen.where(TenderQuestion.answered_at.is_not(None))
    return _questions(session.scalars(chosen.order_by(TenderQuestion.id)))


def own_questions(
    session: Session, community_id: int, tender_id: int, organization_id: int
) -> tuple[QuestionView, ...]:
    """List an organization's own questions that still wait."""
    rows = session.scalars(
        select(TenderQuestion)
        .where(
            TenderQuestion.community_id == community_id,
            TenderQuestion.tender_id == tender_id,
            TenderQuestion.organization_id == organization_id,
            TenderQuestion.answered_at.is_(None),
        )
        .order_by(TenderQuestion.id)
    )
    return _questions(rows)


def amendments_of(session: Session, community_id: int, tender_id: int) -> tuple[AmendmentView, ...]:
    """List a tender's amendments by number."""
    rows = session.scalars(
        select(TenderAmendment)
        .where(TenderAmendment.community_id == community_id, TenderAmendment.tender_id == tender_id)
        .order_by(TenderAmendment.number)
    )
    return tuple(
        AmendmentView(
            row.id, row.number, row.words, row.deadline_before, row.deadline_after, row.amended_at
        )
        for row in rows
    )


def tender_steps(session: Session, community_id: int, tender_id: int) -> tuple[TenderStepView, ...]:
    """List a tender's trace, the oldest first."""
    rows = session.scalars(
        select(TenderStep)
        .where(TenderStep.community_id == community_id, TenderStep.tender_id == tender_id)
        .order_by(TenderStep.id)
    )
    return tuple(
        TenderStepView(row.state, row.ref, row.words, row.stepped_by, row.stepped_at)
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class OpenerView:
    """One who is to open a tender, and whether a key is registered."""

    person_id: int
    name: str
    has_key: bool


def openers_of(session: Session, community_id: int, tender_id: int) -> tuple[OpenerView, ...]:
    """List who is to open a tender."""
    people = tuple(
        session.scalars(
            select(TenderOpener.person_id)
            .where(TenderOpener.community_id == community_id, TenderOpener.tender_id == tender_id)
            .order_by(TenderOpener.person_id)
        )
    )
    cards = identity.people(session, community_id, people)
    keys = sealing.opener_keys(session, community_id, people)
    return tuple(
        OpenerView(person, cards[person].name if person in cards else "", person in keys)
        for person in people
    )


def projects_without_tender(session: Session, community_id: int) -> tuple[ProjectView, ...]:
    """List approved projects of which no tender is on its way."""
    running = select(Tender.project_id).where(
        Tender.community_id == community_id, Tender.state.not_in(ENDED)
    )
    rows = session.scalars(
        select(Project)
        .where(
            Project.community_id == community_id,
            Project.state == ProjectState.APPROVED,
            Project.id.not_in(running),
        )
        .order_by(Project.id)
    )
    return tuple(project_view(row) for row in rows)


def tenders_due(session: Session, actor: Actor) -> int:
    """Count what waits at the desk: checks, answers owed and openings; never a bid."""
    waiting = select(func.count()).where(
        Tender.community_id == actor.community_id,
        ((Tender.state == TenderState.COMPLIANCE) & Tender.checked_at.is_(None))
        | ((Tender.deadline <= clock.now()) & Tender.state.in_(_SHUT)),
    )
    owed = select(func.count()).where(
        TenderQuestion.community_id == actor.community_id,
        TenderQuestion.answered_at.is_(None),
        TenderQuestion.tender_id.in_(
            select(Tender.id).where(
                Tender.community_id == actor.community_id,
                Tender.state.in_((TenderState.ENQUIRY, TenderState.BIDDING)),
                Tender.deadline > clock.now(),
            )
        ),
    )
    return (session.scalar(waiting) or 0) + (session.scalar(owed) or 0)


_SHUT = (TenderState.ENQUIRY, TenderState.BIDDING, TenderState.FROZEN)


def to_view(row: Tender) -> TenderView:
    """Give a row as the plain value others read."""
    same = {name: getattr(row, name) for name in _SAME}
    now = clock.now()
    state = phase_at(row.state, row.opens_at, row.deadline, now)
    if row.opened_at is None:
        # With it, the only bidder would see from the frozen hash that there is no other.
        same["frozen_salt"] = None
    return TenderView(state=state, written_state=row.state, **same)


_SAME = tuple(
    name for name in TenderView.__dataclass_fields__ if name not in {"state", "written_state"}
)


def _questions(rows: Iterable[TenderQuestion]) -> tuple[QuestionView, ...]:
    return tuple(
        QuestionView(row.id, row.words, row.asked_at, row.answer, row.answered_at) for row in rows
    )
