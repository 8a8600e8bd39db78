"""What the venture fund holds about a person: applications they wrote, and what they reported."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.micro_projects.models import JuryOffer, VentureApplication


def export_venture(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give the applications a person wrote, and the juries they offered to sit on."""
    rows = session.scalars(
        select(VentureApplication)
        .where(
            VentureApplication.community_id == community_id,
            VentureApplication.lead_id == person_id,
        )
        .order_by(VentureApplication.id)
    )
    offers = session.scalars(
        select(JuryOffer)
        .where(JuryOffer.community_id == community_id, JuryOffer.person_id == person_id)
        .order_by(JuryOffer.id)
    )
    return {
        "venture_applications": [
            {
                "call": row.call_id,
                "group": row.group_name,
                "title": row.title,
                "need": row.need,
                "plan": row.plan,
                "asked_fen": row.asked_fen,
                "state": row.state.value,
                "kept_at": row.kept_at.isoformat(),
                "by_desk": row.recorded_by is not None,
            }
            for row in rows
        ],
        "jury_offers": [
            {"call": row.call_id, "offered_at": row.offered_at.isoformat()} for row in offers
        ],
    }
