"""Everything projects hold about a person; each part adds its own piece."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.micro_projects.models import Pledge, Project, ProjectEndorsement
from community.micro_projects.queries.award_personal import export_awards
from community.micro_projects.queries.contract_personal import export_contracts
from community.micro_projects.queries.supplier_personal import export_conflicts
from community.micro_projects.queries.tender_personal import export_tenders
from community.micro_projects.queries.venture_personal import export_venture


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


def export_support(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give what a person stood behind and pledged."""
    endorsed = session.execute(
        select(Project.title, ProjectEndorsement.endorsed_at, ProjectEndorsement.withdrawn_at)
        .join(
            Project,
            (Project.community_id == ProjectEndorsement.community_id)
            & (Project.id == ProjectEndorsement.project_id),
        )
        .where(
            ProjectEndorsement.community_id == community_id,
            ProjectEndorsement.person_id == person_id,
        )
        .order_by(ProjectEndorsement.id)
    )
    pledged = session.scalars(
        select(Pledge)
        .where(Pledge.community_id == community_id, Pledge.person_id == person_id)
        .order_by(Pledge.id)
    )
    return {
        "project_endorsements": [
            {
                "project": title,
                "endorsed_at": at.isoformat(),
                "withdrawn_at": None if gone is None else gone.isoformat(),
            }
            for title, at, gone in endorsed
        ],
        "pledges": [
            {
                "project": row.project_id,
                "amount_fen": row.amount_fen,
                "state": row.state.value,
                "given_back_fen": row.given_back_fen,
            }
            for row in pledged
        ],
    }


# (session, community_id, person_id) -> what to add to the person's copy.
PARTS: tuple[Callable[[Session, int, int], dict[str, Any]], ...] = (
    export_projects,
    export_contracts,
    export_conflicts,
    export_tenders,
    export_support,
    export_awards,
    export_venture,
)


def export_person(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give all that the room holds about a person, as plain JSON values."""
    found: dict[str, Any] = {}
    for part in PARTS:
        found |= part(session, community_id, person_id)
    return found
