"""What still lies ahead of a person: places, agreed visits, needs and offers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.volunteering import models
from community.volunteering.rules.states import SignUpState
from community.volunteering.rules.time_bank import NeedState, OfferState, ServiceState

ACTIVE = (SignUpState.SIGNED_UP, SignUpState.OFFERED, SignUpState.WAITING)
SERVICE_AHEAD = ServiceState.AGREED


@dataclass(frozen=True, slots=True)
class Ahead:
    """How much of each kind a person still has before them."""

    shifts: int
    services: int
    needs_and_offers: int


def commitments_ahead(session: Session, community_id: int, person_id: int) -> Ahead:
    """Count places, agreed visits, needs and offers that still lie ahead."""
    now = clock.now()
    shifts = session.scalar(
        select(func.count())
        .select_from(models.SignUp)
        .join(models.Shift, models.Shift.id == models.SignUp.shift_id)
        .where(
            models.SignUp.community_id == community_id,
            models.SignUp.person_id == person_id,
            models.SignUp.state.in_(ACTIVE),
            models.Shift.starts_at > now,
        )
    )
    services = session.scalar(
        select(func.count())
        .select_from(models.Acceptance)
        .join(models.Need, models.Need.id == models.Acceptance.need_id)
        .where(
            models.Acceptance.community_id == community_id,
            models.Acceptance.state == SERVICE_AHEAD,
            or_(
                models.Acceptance.giver_id == person_id,
                models.Need.receiver_id == person_id,
                models.Need.payer_id == person_id,
            ),
        )
    )
    needs = session.scalar(
        select(func.count())
        .select_from(models.Need)
        .where(
            models.Need.community_id == community_id,
            or_(models.Need.receiver_id == person_id, models.Need.payer_id == person_id),
            models.Need.state == NeedState.OPEN,
        )
    )
    offers = session.scalar(
        select(func.count())
        .select_from(models.Offer)
        .where(
            models.Offer.community_id == community_id,
            models.Offer.giver_id == person_id,
            models.Offer.state == OfferState.OPEN,
        )
    )
    return Ahead(int(shifts or 0), int(services or 0), int(needs or 0) + int(offers or 0))
