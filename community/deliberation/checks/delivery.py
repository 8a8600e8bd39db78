"""What must never be false of deliveries: after the freeze, and twice only when one was denied."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from community.deliberation.models import Delivery, Poll, RollCorrection, RollEntry


def problems(session: Session) -> list[str]:
    """List what is wrong in deliveries and corrections."""
    found = []
    rows = session.scalars(
        select(Delivery.id)
        .join(RollEntry, RollEntry.id == Delivery.roll_entry_id)
        .join(Poll, Poll.id == RollEntry.poll_id)
        .where(
            or_(
                Poll.id != Delivery.poll_id,
                Poll.frozen_at.is_(None),
                Delivery.delivered_at < Poll.frozen_at,
            )
        )
    )
    found += [f"delivery {each}: its ballot was not frozen yet" for each in rows]
    first = aliased(Delivery)
    again = session.scalars(
        select(Delivery.id)
        .outerjoin(first, (first.roll_entry_id == Delivery.roll_entry_id) & (first.attempt == 1))
        .where(
            Delivery.attempt == 2,
            or_(first.disputed_at.is_(None), first.disputed_at > Delivery.delivered_at),
        )
    )
    found += [f"delivery {each}: nobody denied the one before" for each in again]
    silent = session.scalars(
        select(RollCorrection.id)
        .join(Poll, Poll.id == RollCorrection.poll_id)
        .where(
            RollCorrection.answered_at.is_(None),
            Poll.frozen_at.is_not(None),
            Poll.gaps_waived == "",
        )
    )
    found += [f"correction {each}: the roll was frozen over it" for each in silent]
    return found
