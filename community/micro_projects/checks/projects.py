"""Is each project where its trace says?"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.micro_projects.models import Project, ProjectStep
from community.micro_projects.rules.states import ProjectState


def problems(session: Session) -> list[str]:
    """List projects whose last step tells another station than their state."""
    last = (
        select(
            ProjectStep.community_id, ProjectStep.project_id, func.max(ProjectStep.id).label("id")
        )
        .group_by(ProjectStep.community_id, ProjectStep.project_id)
        .subquery()
    )
    rows = session.execute(
        select(Project.id, Project.state, ProjectStep.station)
        .outerjoin(
            last, (last.c.community_id == Project.community_id) & (last.c.project_id == Project.id)
        )
        .outerjoin(ProjectStep, ProjectStep.id == last.c.id)
        .where(Project.state != ProjectState.DRAFT)
    )
    return [
        f"project {project_id} is {state.value}, its trace says {station and station.value}"
        for project_id, state, station in rows
        if state is not station
    ]
