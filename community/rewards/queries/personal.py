"""Everything rewards hold about a person, and what an act upon them would bring about."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.rewards.models import Honour, HonourKind, Redemption
from community.rewards.queries.redemptions import count_waiting


def export_person(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give all redemptions and honours of a person, as plain JSON values."""
    redeemed = session.scalars(
        select(Redemption)
        .where(
            Redemption.community_id == community_id,
            or_(Redemption.person_id == person_id, Redemption.redeemed_by == person_id),
        )
        .order_by(Redemption.id)
    )
    honours = session.execute(
        select(Honour, HonourKind)
        .join(HonourKind, HonourKind.id == Honour.kind_id)
        .where(Honour.community_id == community_id, Honour.person_id == person_id)
        .order_by(Honour.id)
    )
    return {
        "redemptions": [
            {
                "title": row.title,
                "points": row.points,
                "state": row.state.value,
                "redeemed_at": _text(row.redeemed_at),
                "collected_at": _text(row.collected_at),
                "closed_at": _text(row.closed_at),
                "reason": row.reason,
                "for_somebody_else": row.person_id != person_id,
            }
            for row in redeemed
        ],
        "honours": [
            {
                "name": kind.name,
                "year": kind.year,
                "served_minutes": row.served_minutes,
                "earned_points": row.earned_points,
                "state": row.state.value,
                "shown_since": _text(row.consented_at),
                "certificate_number": row.certificate_number,
            }
            for row, kind in honours
        ],
    }


def open_redemptions_of(session: Session, community_id: int, person_id: int) -> int:
    """Count what a person still has to fetch."""
    return count_waiting(session, community_id, person_id)


def _text(value: Any) -> str | None:
    return None if value is None else value.astimezone(clock.SHANGHAI).isoformat()
