"""Finding a project and reading its trace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.kernel.sentences import from_plain
from community.micro_projects.errors.projects import ProjectNotFound
from community.micro_projects.models import Project, ProjectStep
from community.micro_projects.rules.projects import Funding, ProjectCategory, ProjectKind
from community.micro_projects.rules.states import ProjectState


@dataclass(frozen=True, slots=True)
class ProjectView:
    """A project as other parts and the pages read it; `number` is None for a draft."""

    id: int
    number: int | None
    kind: ProjectKind
    funding: Funding
    category: ProjectCategory
    title: str
    need: str
    place: str
    building_id: int | None
    state: ProjectState
    budget_fen: int | None
    author_id: int
    merged_into_id: int | None
    submitted_at: datetime | None
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class StepView:
    """A move of a project as everybody reads it; the product's own words in any language."""

    station: ProjectState
    at: datetime
    ref: str
    words: str


def find_project(session: Session, community_id: int, project_id: int) -> ProjectView:
    """Get a project of the community in any state.

    Raises: ProjectNotFound.
    """
    row = session.get(Project, project_id)
    if row is None or row.community_id != community_id:
        raise ProjectNotFound
    return to_view(row)


def to_view(row: Project) -> ProjectView:
    """Give a row as the plain value others read."""
    return ProjectView(
        row.id,
        row.number,
        row.kind,
        row.funding,
        row.category,
        row.title,
        row.need,
        row.place,
        row.building_id,
        row.state,
        row.budget_fen,
        row.author_id,
        row.merged_into_id,
        row.submitted_at,
        row.moved_at,
    )


def steps_of(session: Session, community_id: int, project_id: int) -> tuple[StepView, ...]:
    """List a project's moves, the oldest first."""
    rows = session.scalars(
        select(ProjectStep)
        .where(ProjectStep.community_id == community_id, ProjectStep.project_id == project_id)
        .order_by(ProjectStep.id)
    )
    return tuple(
        StepView(
            row.station, row.at, row.ref, from_plain(row.said if row.words else None, row.words)
        )
        for row in rows
    )


def project_steps(session: Session, actor: Actor, project_id: int) -> tuple[StepView, ...]:
    """List the moves of a project that everybody may see.

    Raises: ProjectNotFound.
    """
    get_public_project(session, actor, project_id)
    return steps_of(session, actor.community_id, project_id)


def get_public_project(session: Session, actor: Actor, project_id: int) -> ProjectView:
    """Get a project that everybody may see.

    Raises: ProjectNotFound.
    """
    found = find_project(session, actor.community_id, project_id)
    if found.state is ProjectState.DRAFT:
        raise ProjectNotFound
    return found
