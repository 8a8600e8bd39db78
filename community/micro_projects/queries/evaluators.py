"""Reading the pool from which panels are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.micro_projects.models import Evaluator
from community.micro_projects.rules.panels import SeatKind


@dataclass(frozen=True, slots=True)
class EvaluatorView:
    """Somebody of the pool, for the desk."""

    id: int
    person_id: int
    name: str
    kind: SeatKind
    field: str
    added_at: datetime
    left_at: datetime | None


def pool(session: Session, community_id: int) -> tuple[EvaluatorView, ...]:
    """List the pool with those who left, experts first."""
    rows = session.scalars(
        select(Evaluator)
        .where(Evaluator.community_id == community_id)
        .order_by(Evaluator.left_at.is_not(None), Evaluator.kind, Evaluator.id)
    ).all()
    cards = identity.people(session, community_id, {row.person_id for row in rows})
    return tuple(
        EvaluatorView(
            row.id,
            row.person_id,
            cards[row.person_id].name if row.person_id in cards else "",
            row.kind,
            row.field,
            row.added_at,
            row.left_at,
        )
        for row in rows
    )
