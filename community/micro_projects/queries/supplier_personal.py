"""What the register holds about a person: the ties with organisations that were declared."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.micro_projects.models import DeclaredConflict


def export_conflicts(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give the ties with organisations that were declared of a person."""
    rows = session.scalars(
        select(DeclaredConflict)
        .where(
            DeclaredConflict.community_id == community_id, DeclaredConflict.person_id == person_id
        )
        .order_by(DeclaredConflict.id)
    )
    return {
        "declared_conflicts": [
            {
                "organization": row.organization_id,
                "words": row.words,
                "declared_at": row.declared_at.isoformat(),
                "ended_at": None if row.ended_at is None else row.ended_at.isoformat(),
            }
            for row in rows
        ]
    }
