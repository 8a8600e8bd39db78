"""At the deadline a tender's set of envelopes is frozen and its hidden root told; no job is needed.

Too few bids, and the envelopes stay shut for ever.
"""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import notices, sealing, transparency
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects.events import TenderFailed, TenderFrozen
from community.micro_projects.models import Bid, Tender
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.tenders import (
    SEALED_METHODS,
    TenderState,
    counts_at_freeze,
    phase_at,
)
from community.micro_projects.service.moving import load_project, move_project
from community.micro_projects.service.tender_steps import claim_step, load_tender, lock_tender

FROZEN = "tender.frozen"
FAILED = "tender.failed"
SALT_LENGTH = 32
RUNNING = (TenderState.ENQUIRY, TenderState.BIDDING)


def freeze_tender(session: Session, actor: Actor, tender_id: int) -> bool:
    """Freeze a tender at or after its deadline; again changes nothing. Tells whether it is frozen.

    Raises: TenderNotFound.
    """
    return freeze_if_due(session, actor, lock_tender(session, actor, tender_id))


def freeze_if_due(session: Session, actor: Actor, row: Tender) -> bool:
    """Freeze a locked tender whose deadline has passed; tells whether it is frozen."""
    if row.frozen_at is not None:
        return True
    phase = phase_at(row.state, row.opens_at, row.deadline, clock.now())
    if phase is not TenderState.FROZEN or row.method not in SEALED_METHODS:
        return False
    assert row.box_id is not None
    frozen = sealing.freeze_box(session, actor, row.box_id)
    session.refresh(row)
    note_frozen(session, actor, row, frozen.set_hash)
    return True


def note_frozen(session: Session, actor: Actor, row: Tender, set_hash: bytes) -> None:
    """Write down that a tender's box is frozen, once; tell its hash under a salt.

    Without the salt, the only bidder would see from the hash that there is no other.
    """
    if row.frozen_at is not None or row.state not in RUNNING:
        return
    salt = secrets.token_bytes(SALT_LENGTH)
    told = hashlib.sha256(salt + set_hash).hexdigest()
    claim_step(
        session,
        actor,
        row,
        TenderState.FROZEN,
        frozen_at=clock.now(),
        frozen_hash=told,
        frozen_salt=salt,
    )
    record = {"tender": row.id, "hash": told}
    transparency.publish(session, row.community_id, FROZEN, record, row.id)
    events.tell(session, TenderFrozen(row.community_id, row.id))
    count = count_valid(session, row)
    if count < row.minimum_bids:
        fail(
            session,
            actor,
            row,
            say(
                N_("有效投标 {count} 家，不足 {least} 家，按规则不开标，投标文件没有打开。"),
                count=count,
                least=row.minimum_bids,
            ),
        )


def count_valid(session: Session, row: Tender) -> int:
    """Count the bids that stand at the deadline, by the rule about unconfirmed ones."""
    confirmed = session.scalars(
        select(Bid.confirmed_amendment).where(
            Bid.community_id == row.community_id,
            Bid.tender_id == row.id,
            Bid.state == BidState.PENDING,
        )
    )
    return sum(counts_at_freeze(row.unconfirmed, each, row.amendments) for each in confirmed)


def fail(session: Session, actor: Actor, row: Tender, reason: str) -> None:
    """End a tender without an award: what was never opened is destroyed, the project is free."""
    claim_step(session, actor, row, TenderState.UNSUCCESSFUL, words=reason, ended_reason=reason)
    shut(session, actor, row)
    record = {"tender": row.id, "reason": str(reason)}
    transparency.publish(session, row.community_id, FAILED, record, row.id)
    free_project(session, actor, row, reason)
    if row.drafted_by is not None:
        title = say(N_("招标流标，可以重新招标"))
        body = say(
            N_("第 {number} 号招标“{title}”：{reason}"),
            number=row.number,
            title=row.title,
            reason=reason,
        )
        link = f"desk/tenders/{row.id}"
        notices.send(session, actor, row.drafted_by, title, body, link, kind="todo")
    events.tell(session, TenderFailed(row.community_id, row.id))


def shut(session: Session, actor: Actor, row: Tender) -> None:
    """Give up a box that was never opened, and open the private tree, so that receipts check."""
    if row.box_id is not None and row.opened_at is None and row.frozen_at is not None:
        sealing.discard_box(session, actor, row.box_id)
    if row.tree_id is not None and row.opened_at is None:
        transparency.close_private_tree(session, row.community_id, row.tree_id)


def free_project(session: Session, actor: Actor, row: Tender, reason: str) -> None:
    """Put the project back into the library, from which it can be tendered again."""
    project = load_project(session, actor, row.project_id)
    if project.state is ProjectState.PROCURING:
        ref = f"tender:{row.id}"
        move_project(session, actor, row.project_id, ProjectState.APPROVED, ref, reason)


def freeze_due_tenders(session: Session, actor: Actor) -> int:
    """Freeze the tenders whose deadline has passed: the clock has judged, this writes it down."""
    due = session.scalars(
        select(Tender.id).where(
            Tender.community_id == actor.community_id,
            Tender.state.in_(RUNNING),
            Tender.deadline <= clock.now(),
            Tender.method.in_(SEALED_METHODS),
        )
    ).all()
    for tender_id in due:
        freeze_if_due(session, actor, lock_tender(session, actor, tender_id))
    return len(due)


def discard_cancelled(session: Session, actor: Actor) -> int:
    """Destroy what lies in the boxes of tenders that were called off before their deadline."""
    waiting = session.scalars(
        select(Tender).where(
            Tender.community_id == actor.community_id,
            Tender.state == TenderState.CANCELLED,
            Tender.box_id.is_not(None),
            Tender.opened_at.is_(None),
            Tender.deadline <= clock.now(),
        )
    ).all()
    found = 0
    for row in waiting:
        assert row.box_id is not None
        box = sealing.get_box(session, row.community_id, row.box_id)
        if box.times.discarded_at is None:
            sealing.discard_box(session, actor, row.box_id)
            found += 1
    return found


def follow_frozen_box(session: Session, actor: Actor, tender_id: int, set_hash: bytes) -> None:
    """Follow a box that somebody else's act has frozen, as an opener's shares do."""
    note_frozen(session, actor, load_tender(session, actor, tender_id), set_hash)
