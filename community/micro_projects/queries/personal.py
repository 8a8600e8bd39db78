"""Everything projects hold about a person; each part adds its own piece."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.micro_projects.models import Project
from community.micro_projects.queries.contract_personal import export_contracts
from community.micro_projects.queries.supplier_personal import export_conflicts
from community.micro_projects.queries.tender_personal import export_tenders


def export_projects(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give the ideas a person proposed."""
    rows = session.scalars(
        select(Project)
        .where(Project.community_id == community_id, Project.author_id == person_id)
        .order_by(Project.id)
    )
    return {
        "projects": [
            {
                "number": row.number,
                "title": row.title,
                "need": row.need,
                "place": row.place,
                "state": row.state.value,
                "kept_at": row.kept_at.isoformat(),
            }
            for row in rows
        ]
    }


# (session, community_id, person_id) -> what to add to the person's copy.
PARTS: tuple[Callable[[Session, int, int], dict[str, Any]], ...] = (
    export_projects,
    export_contracts,
    export_conflicts,
    export_tenders,
)


def export_person(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give all that the room holds about a person, as plain JSON values."""
    found: dict[str, Any] = {}
    for part in PARTS:
        found |= part(session, community_id, person_id)
    return found
