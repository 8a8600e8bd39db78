"""Finding projects among thousands: by words, kind, state, organization, money and year."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.micro_projects.models import Award, Project
from community.micro_projects.queries.projects import ProjectView, to_view
from community.micro_projects.rules.projects import ProjectKind
from community.micro_projects.rules.states import LISTED, ProjectState

STEP = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is None or "" does not matter. Money in fen, both ends included."""

    text: str = ""
    kind: ProjectKind | None = None
    state: ProjectState | None = None
    organization: str = ""
    least_fen: int | None = None
    most_fen: int | None = None
    year: int | None = None

    @property
    def is_plain(self) -> bool:
        """Tell whether everything is looked for."""
        return all(getattr(self, each.name) in {None, ""} for each in fields(self))


@dataclass(frozen=True, slots=True)
class FoundProjects:
    """A page of what was found, the newest first; the next one begins after `next_cursor`."""

    projects: tuple[ProjectView, ...]
    count: int
    next_cursor: int | None

    @property
    def has_next(self) -> bool:
        """Tell whether there are older ones."""
        return self.next_cursor is not None


def search_projects(
    session: Session, community_id: int, wanted: Wanted, after: int | None = None
) -> FoundProjects:
    """Find public projects, a page at a time; `after` is the last page's `next_cursor`."""
    is_postgres = db.statements(session).is_postgres
    firms = _firms(session, community_id, wanted.organization) if wanted.organization else []
    conditions = _conditions(community_id, wanted, firms, is_postgres=is_postgres)
    if wanted.text:
        return _found_by_words(session, community_id, conditions, after)
    count = session.scalar(select(func.count(Project.id)).where(*conditions)) or 0
    if after is not None:
        conditions.append(Project.number < after)
    rows = session.scalars(
        select(Project).where(*conditions).order_by(Project.number.desc()).limit(STEP + 1)
    ).all()
    shown = tuple(to_view(row) for row in rows[:STEP])
    return FoundProjects(shown, count, shown[-1].number if len(rows) > STEP else None)


def _found_by_words(
    session: Session,
    community_id: int,
    conditions: list[ColumnElement[bool]],
    after: int | None,
) -> FoundProjects:
    """Look into every text once only: the count and the page come from one pass."""
    found = session.scalars(select(Project.number).where(*conditions))
    numbers = sorted((each for each in found if each is not None), reverse=True)
    older = numbers if after is None else [each for each in numbers if each < after]
    rows = session.scalars(
        select(Project)
        .where(Project.community_id == community_id, Project.number.in_(older[:STEP]))
        .order_by(Project.number.desc())
    )
    shown = tuple(to_view(row) for row in rows)
    return FoundProjects(shown, len(numbers), shown[-1].number if len(older) > STEP else None)


def find_projects(
    session: Session,
    actor: Actor,
    *,
    text: str = "",
    kind: ProjectKind | None = None,
    state: ProjectState | None = None,
    organization: str = "",
    least_fen: int | None = None,
    most_fen: int | None = None,
    year: int | None = None,
    after: int | None = None,
) -> FoundProjects:
    """Find public projects by any of their facts, the newest first, a page at a time."""
    wanted = Wanted(text, kind, state, organization, least_fen, most_fen, year)
    return search_projects(session, actor.community_id, wanted, after)


def _says(column: Any, words: str, *, is_postgres: bool) -> ColumnElement[bool]:
    """Find words in a text in either case; SQLite's own LIKE does so for Latin letters."""
    if is_postgres:
        found: ColumnElement[bool] = column.icontains(words, autoescape=True)
    else:
        found = column.contains(words, autoescape=True)
    return found


def _firms(session: Session, community_id: int, words: str) -> list[int]:
    """Find the organizations that have words in their name, in either case."""
    return [
        each.id
        for each in identity.known_organizations(session, community_id)
        if words.lower() in each.name.lower()
    ]


def _conditions(
    community_id: int, wanted: Wanted, firms: list[int], *, is_postgres: bool
) -> list[ColumnElement[bool]]:
    found = [Project.community_id == community_id, Project.state.in_(LISTED)]
    if wanted.text:
        places = (Project.title, Project.need, Project.place)
        found.append(or_(*(_says(each, wanted.text, is_postgres=is_postgres) for each in places)))
    if wanted.kind is not None:
        found.append(Project.kind == wanted.kind)
    if wanted.state is not None:
        found.append(Project.state == wanted.state)
    if wanted.least_fen is not None:
        found.append(Project.budget_fen >= wanted.least_fen)
    if wanted.most_fen is not None:
        found.append(Project.budget_fen <= wanted.most_fen)
    if wanted.year is not None:
        found.append(Project.submitted_at >= clock.at(date(wanted.year, 1, 1)))
        found.append(Project.submitted_at < clock.at(date(wanted.year + 1, 1, 1)))
    if wanted.organization:
        given = select(Award.project_id).where(
            Award.community_id == community_id, Award.organization_id.in_(firms)
        )
        found.append(Project.id.in_(given))
    return found
