"""Calling a tender off with its reason, and repeating one that failed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.micro_projects import permissions
from community.micro_projects.errors.tenders import NotFailed
from community.micro_projects.events import TenderCancelled
from community.micro_projects.models import Tender, TenderCriterion, TenderDocument, TenderOpener
from community.micro_projects.rules.tenders import TenderState, phase_at
from community.micro_projects.service.freezing import free_project, freeze_if_due, shut
from community.micro_projects.service.tender_drafts import next_number
from community.micro_projects.service.tender_steps import claim_step, lock_tender, note_step

CANCELLED = "tender.cancelled"
LATEST = frozenset({TenderState.UNSUCCESSFUL, TenderState.CANCELLED})
_COPIED = (
    "project_id",
    "title",
    "text",
    "method",
    "level",
    "budget_fen",
    "minimum_bids",
    "opener_threshold",
    "amendment_days",
    "unconfirmed",
    "rules_basis",
)


def cancel_tender(session: Session, actor: Actor, tender_id: int, reason: str) -> None:
    """Call a tender off, with its public reason; unopened envelopes stay shut.

    Raises: TenderNotFound, TenderStateWrong.
    """
    actor.check(permissions.PREPARE_TENDER.code)
    row = lock_tender(session, actor, tender_id)
    freeze_if_due(session, actor, row)
    claim_step(session, actor, row, TenderState.CANCELLED, words=reason, ended_reason=reason)
    shut(session, actor, row)
    if row.published_at is not None:
        told = {"tender": row.id, "reason": reason}
        transparency.publish(session, actor.community_id, CANCELLED, told, row.id)
    free_project(session, actor, row, reason)
    events.tell(session, TenderCancelled(actor.community_id, row.id))


def retender(session: Session, actor: Actor, tender_id: int) -> int:
    """Draft a failed tender again, linked to it; its days are to be set anew. Gives the new id.

    Raises: TenderNotFound, NotFailed.
    """
    actor.check(permissions.PREPARE_TENDER.code)
    old = lock_tender(session, actor, tender_id)
    repeated = session.scalar(select(Tender.id).where(Tender.retender_of_id == old.id))
    if phase_at(old.state, old.opens_at, old.deadline, clock.now()) not in LATEST or repeated:
        raise NotFailed
    row = Tender(
        community_id=actor.community_id,
        number=next_number(session, actor.community_id),
        state=TenderState.DRAFT,
        attempt=old.attempt + 1,
        retender_of_id=old.id,
        drafted_by=actor.person_id,
        drafted_at=clock.now(),
        **{name: getattr(old, name) for name in _COPIED},
    )
    session.add(row)
    session.flush()
    _copy_parts(session, old, row)
    note_step(session, actor, row, TenderState.DRAFT, f"tender:{old.id}")
    return row.id


def _copy_parts(session: Session, old: Tender, row: Tender) -> None:
    for criterion in session.scalars(
        select(TenderCriterion).where(
            TenderCriterion.community_id == old.community_id, TenderCriterion.tender_id == old.id
        )
    ):
        session.add(
            TenderCriterion(
                community_id=row.community_id,
                tender_id=row.id,
                number=criterion.number,
                kind=criterion.kind,
                title=criterion.title,
                text=criterion.text,
                weight=criterion.weight,
            )
        )
    for document in session.scalars(
        select(TenderDocument).where(
            TenderDocument.community_id == old.community_id, TenderDocument.tender_id == old.id
        )
    ):
        session.add(
            TenderDocument(
                community_id=row.community_id,
                tender_id=row.id,
                title=document.title,
                file_id=document.file_id,
                amendment=0,
                added_at=clock.now(),
            )
        )
    for opener in session.scalars(
        select(TenderOpener.person_id).where(
            TenderOpener.community_id == old.community_id, TenderOpener.tender_id == old.id
        )
    ):
        session.add(TenderOpener(community_id=row.community_id, tender_id=row.id, person_id=opener))
    session.flush()
