"""What somebody who dies or moves away gives up: places, swaps, needs, offers, agreed visits."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.volunteering.models import (
    Acceptance,
    Activity,
    ActivityLeader,
    Need,
    Offer,
    Shift,
    ShiftSwap,
    SignUp,
)
from community.volunteering.queries.ahead import ACTIVE, SERVICE_AHEAD
from community.volunteering.rules.states import SwapState
from community.volunteering.rules.time_bank import NeedState, OfferState
from community.volunteering.service.needs import claim_need
from community.volunteering.service.signing_up import leave_shift
from community.volunteering.service.time_bank import cancel_service


def give_up_commitments(session: Session, actor: Actor, person_id: int, reason: str) -> int:
    """Give up all that still lies ahead; what was served stays. Tells how many things that were.

    For the flow that hears of a death, a move or an erasure; `actor` is the product itself, so
    the others concerned are told and waiting lists move up.
    """
    done = _swaps(session, actor, person_id) + _shifts(session, actor, person_id)
    done += cancel_services_of(session, actor, person_id, reason)
    done += _needs_and_offers(session, actor, person_id, reason)
    leading = session.scalars(
        select(ActivityLeader).where(
            ActivityLeader.community_id == actor.community_id,
            ActivityLeader.person_id == person_id,
        )
    ).all()
    for row in leading:
        session.delete(row)
    return done + len(leading)


def _swaps(session: Session, actor: Actor, person_id: int) -> int:
    return db.change(
        session,
        update(ShiftSwap)
        .where(
            ShiftSwap.community_id == actor.community_id,
            ShiftSwap.person_id == person_id,
            ShiftSwap.state == SwapState.OPEN,
        )
        .values(state=SwapState.WITHDRAWN, closed_at=clock.now()),
    )


def _shifts(session: Session, actor: Actor, person_id: int) -> int:
    rows = session.execute(
        select(Shift, Activity)
        .join(SignUp, (SignUp.community_id == Shift.community_id) & (SignUp.shift_id == Shift.id))
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            SignUp.community_id == actor.community_id,
            SignUp.person_id == person_id,
            SignUp.state.in_(ACTIVE),
            Shift.starts_at > clock.now(),
        )
        .order_by(Shift.id)
    ).all()
    for shift, activity in rows:
        leave_shift(session, actor, shift, activity, person_id)
    return len(rows)


def cancel_services_of(session: Session, actor: Actor, person_id: int, reason: str) -> int:
    """Step back from every agreed visit a person gives, gets or pays; coins on hold are free."""
    found = session.scalars(
        select(Acceptance.id)
        .join(Need, Need.id == Acceptance.need_id)
        .where(
            Acceptance.community_id == actor.community_id,
            Acceptance.state == SERVICE_AHEAD,
            (Acceptance.giver_id == person_id)
            | (Need.receiver_id == person_id)
            | (Need.payer_id == person_id),
        )
        .order_by(Acceptance.id)
    ).all()
    for acceptance_id in found:
        cancel_service(session, actor, acceptance_id, reason)
    return len(found)


def _needs_and_offers(session: Session, actor: Actor, person_id: int, reason: str) -> int:
    needs = session.scalars(
        select(Need).where(
            Need.community_id == actor.community_id,
            (Need.receiver_id == person_id) | (Need.payer_id == person_id),
            Need.state == NeedState.OPEN,
        )
    ).all()
    for need in needs:
        claim_need(session, need, NeedState.OPEN, NeedState.CANCELLED)
        need.closed_because = reason
    offers = session.scalars(
        select(Offer).where(
            Offer.community_id == actor.community_id,
            Offer.giver_id == person_id,
            Offer.state == OfferState.OPEN,
        )
    ).all()
    for offer in offers:
        offer.state = OfferState.CLOSED
    return len(needs) + len(offers)
