"""Who put themselves forward to judge a call, and the lot that picks among them."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.micro_projects.models import JuryOffer, TenderLot, VentureCall
from community.micro_projects.queries.lots import LotView, view_lot


def offers_of(session: Session, call: VentureCall) -> list[int]:
    """List who put themselves forward, the earliest first."""
    found = session.scalars(
        select(JuryOffer.person_id)
        .where(JuryOffer.community_id == call.community_id, JuryOffer.call_id == call.id)
        .order_by(JuryOffer.id)
    )
    return list(found)


def count_offers(session: Session, community_id: int, call_id: int) -> int:
    """Count who put themselves forward."""
    found = session.scalar(
        select(func.count()).where(
            JuryOffer.community_id == community_id, JuryOffer.call_id == call_id
        )
    )
    return int(found or 0)


def has_offered(session: Session, actor: Actor, call_id: int) -> bool:
    """Tell whether the actor put themselves forward to judge a call."""
    found = session.scalar(
        select(JuryOffer.id).where(
            JuryOffer.community_id == actor.community_id,
            JuryOffer.call_id == call_id,
            JuryOffer.person_id == (actor.person_id or 0),
        )
    )
    return found is not None


def jury_lot(session: Session, call: VentureCall) -> TenderLot | None:
    """Find the lot of a call's jury."""
    return session.scalar(
        select(TenderLot).where(
            TenderLot.community_id == call.community_id, TenderLot.call_id == call.id
        )
    )


def jury_lots(session: Session, community_id: int, call_id: int) -> tuple[LotView, ...]:
    """Give the lot of a call's jury as everybody reads it."""
    rows = session.scalars(
        select(TenderLot)
        .where(TenderLot.community_id == community_id, TenderLot.call_id == call_id)
        .order_by(TenderLot.id)
    )
    return tuple(view_lot(session, row) for row in rows)
