"""The list of projects with its filters, fast at a year of a large city's projects.

Only the columns of a line are read; the filters are the list's own index or a scan of one
community's rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.kernel.tables import Community
from community.micro_projects.models import Project
from community.micro_projects.queries.endorsing import count_endorsers
from community.micro_projects.rules.projects import Funding, ProjectCategory, ProjectKind
from community.micro_projects.rules.states import (
    FUNDED,
    GROUPS,
    LISTED,
    ProjectGroup,
    ProjectState,
)

MOST_SHOWN = 20
SEARCHED_WORDS = 5


@dataclass(frozen=True, slots=True)
class ListedProject:
    """A line of the list."""

    id: int
    number: int | None
    title: str
    kind: ProjectKind
    category: ProjectCategory
    place: str
    state: ProjectState
    budget_fen: int | None
    moved_at: datetime
    threshold: int
    endorsers: int = 0


@dataclass(frozen=True, slots=True)
class LibraryProject:
    """A project of some community's library, for others to copy."""

    id: int
    community_id: int
    community: str
    slug: str
    title: str
    need: str
    kind: ProjectKind
    category: ProjectCategory
    state: ProjectState
    budget_fen: int | None


_COLUMNS = (
    Project.id,
    Project.number,
    Project.title,
    Project.kind,
    Project.category,
    Project.place,
    Project.state,
    Project.budget_fen,
    Project.moved_at,
    Project.threshold,
)


def projects(
    session: Session,
    actor: Actor,
    text: str = "",
    kind: ProjectKind | None = None,
    category: ProjectCategory | None = None,
    group: ProjectGroup | None = None,
    funding: Funding | None = None,
    before: int | None = None,
) -> tuple[ListedProject, ...]:
    """List projects, the newest first; `before` is the number the next page begins below."""
    chosen = select(*_COLUMNS).where(
        Project.community_id == actor.community_id,
        Project.number.is_not(None),
        Project.state.in_(LISTED if group is None else GROUPS[group]),
        *_alike(text),
    )
    for column, value in (
        (Project.kind, kind),
        (Project.category, category),
        (Project.funding, funding),
    ):
        if value is not None:
            chosen = chosen.where(column == value)
    if before is not None:
        chosen = chosen.where(Project.number < before)
    rows = session.execute(chosen.order_by(Project.number.desc()).limit(MOST_SHOWN)).all()
    gathering = [row.id for row in rows if row.state is ProjectState.ENDORSING]
    counts = count_endorsers(session, actor.community_id, gathering) if gathering else {}
    found = (ListedProject(*tuple(row)) for row in rows)
    return tuple(replace(each, endorsers=counts.get(each.id, 0)) for each in found)


def group_counts(session: Session, actor: Actor) -> dict[ProjectGroup, int]:
    """Count a community's projects by how far they are."""
    rows = dict(
        session.execute(
            select(Project.state, func.count())
            .where(Project.community_id == actor.community_id)
            .group_by(Project.state)
        ).all()
    )
    return {
        group: sum(int(rows.get(state, 0)) for state in states) for group, states in GROUPS.items()
    }


def own_projects(session: Session, actor: Actor) -> tuple[ListedProject, ...]:
    """List what the actor proposed, drafts first, then the newest."""
    rows = session.execute(
        select(*_COLUMNS)
        .where(
            Project.community_id == actor.community_id,
            Project.author_id == actor.subject_id,
        )
        .order_by(Project.number.is_not(None), Project.id.desc())
        .limit(50)
    )
    return tuple(ListedProject(*tuple(row)) for row in rows)


def library_projects(
    session: Session,
    actor: Actor,
    text: str = "",
    category: ProjectCategory | None = None,
    before: int | None = None,
) -> tuple[LibraryProject, ...]:
    """List the library of every community of this installation, for others to copy.

    Everybody may read each of them on its own community's page anyway.
    """
    chosen = (
        select(
            Project.id,
            Project.community_id,
            Community.name,
            Community.slug,
            Project.title,
            Project.need,
            Project.kind,
            Project.category,
            Project.state,
            Project.budget_fen,
        )
        .join(Community, Community.id == Project.community_id)
        .where(Project.state.in_(FUNDED), Project.title != "", *_alike(text))
    )
    if category is not None:
        chosen = chosen.where(Project.category == category)
    if before is not None:
        chosen = chosen.where(Project.id < before)
    rows = session.execute(chosen.order_by(Project.id.desc()).limit(MOST_SHOWN))
    return tuple(LibraryProject(*tuple(row)) for row in rows)


def _alike(text: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for word in text.split()[:SEARCHED_WORDS]:
        part = f"%{word.replace('%', '').replace('_', '')}%"
        found.append(
            or_(Project.title.like(part), Project.need.like(part), Project.place.like(part))
        )
    return found
