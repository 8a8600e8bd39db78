"""Projects like the one somebody is about to propose."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.kernel.similar import rank_alike
from community.micro_projects.models import Project
from community.micro_projects.queries.projects import ProjectView, to_view
from community.micro_projects.rules.joining import MERGEABLE
from community.micro_projects.rules.states import LISTED, ProjectState

MOST_ALIKE = 4
# The newest are compared: what is older is found by the search.
MOST_COMPARED = 10_000
LONGEST_COMPARED = 200
SHORTEST_ASKED = 2


def mergeable_projects(
    session: Session, actor: Actor, words: str, besides: int
) -> tuple[ProjectView, ...]:
    """List the ideas a project may go into, those most alike to words first."""
    return _alike(session, actor, words, besides, MERGEABLE)


def similar_projects(
    session: Session, actor: Actor, words: str, besides: int | None = None
) -> tuple[ProjectView, ...]:
    """List the projects that are most alike to words, the most alike first."""
    return _alike(session, actor, words, besides, LISTED)


def _alike(
    session: Session,
    actor: Actor,
    words: str,
    besides: int | None,
    states: frozenset[ProjectState],
) -> tuple[ProjectView, ...]:
    if len(words.strip()) < SHORTEST_ASKED:
        return ()
    rows = session.execute(
        select(Project.id, Project.title, func.substr(Project.need, 1, LONGEST_COMPARED))
        .where(
            Project.community_id == actor.community_id,
            Project.state.in_(states),
            Project.title != "",
            Project.id != (besides or 0),
        )
        .order_by(Project.id.desc())
        .limit(MOST_COMPARED)
    )
    texts = [(key, f"{title} {rest}") for key, title, rest in rows]
    shelf = ("project", actor.community_id)
    alike = rank_alike(words[:LONGEST_COMPARED], texts, MOST_ALIKE, shelf=shelf)
    found = [each.key for each in alike]
    chosen = {row.id: row for row in session.scalars(select(Project).where(Project.id.in_(found)))}
    return tuple(to_view(chosen[key]) for key in found)
