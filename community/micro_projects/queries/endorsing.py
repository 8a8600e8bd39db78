"""Who stands behind a project: its own endorsers and those of ideas that went into it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from community.micro_projects.models import Project, ProjectEndorsement


def endorsers_of(session: Session, community_id: int, project_id: int) -> frozenset[int]:
    """Tell who endorses a project or an idea merged into it, each person once."""
    rows = session.scalars(
        select(ProjectEndorsement.person_id)
        .join(
            Project,
            (Project.community_id == ProjectEndorsement.community_id)
            & (Project.id == ProjectEndorsement.project_id),
        )
        .where(
            ProjectEndorsement.community_id == community_id,
            ProjectEndorsement.withdrawn_at.is_(None),
            or_(Project.id == project_id, Project.merged_into_id == project_id),
        )
    )
    return frozenset(rows)


def count_endorsers(
    session: Session, community_id: int, project_ids: Iterable[int]
) -> dict[int, int]:
    """Count who stands behind each of many projects, each person once."""
    ids = list(project_ids)
    whose = func.coalesce(Project.merged_into_id, Project.id)
    rows = session.execute(
        select(whose, func.count(func.distinct(ProjectEndorsement.person_id)))
        .join(
            Project,
            (Project.community_id == ProjectEndorsement.community_id)
            & (Project.id == ProjectEndorsement.project_id),
        )
        .where(
            ProjectEndorsement.community_id == community_id,
            ProjectEndorsement.withdrawn_at.is_(None),
            or_(Project.id.in_(ids), Project.merged_into_id.in_(ids)),
        )
        .group_by(whose)
    )
    found: dict[int, int] = defaultdict(int)
    found.update({int(key): int(count) for key, count in rows})
    return found


def is_endorsing(session: Session, community_id: int, project_id: int, person_id: int) -> bool:
    """Tell whether a person endorses a project itself."""
    row = session.scalar(
        select(ProjectEndorsement.id).where(
            ProjectEndorsement.community_id == community_id,
            ProjectEndorsement.project_id == project_id,
            ProjectEndorsement.person_id == person_id,
            ProjectEndorsement.withdrawn_at.is_(None),
        )
    )
    return row is not None
