"""What waits at the desk, in a community and, for the street, in all it looks after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.kernel.tables import Community
from community.micro_projects.models import Project
from community.micro_projects.queries.deciding import ReviewView, notice_standing, open_reviews
from community.micro_projects.rules.states import ProjectState

# What the project officer does next, in the order of the line.
WAITING = (
    ProjectState.SUBMITTED,
    ProjectState.RETURNED,
    ProjectState.COSTING,
    ProjectState.VOTING,
    ProjectState.NOTICE,
    ProjectState.ENDORSING,
    ProjectState.REVIEW,
    ProjectState.APPROVED,
)
OFFICERS = (ProjectState.SUBMITTED, ProjectState.COSTING)
MOST_SHOWN = 100
SLOW_DAYS = 14


@dataclass(frozen=True, slots=True)
class WaitingProject:
    """A project at the desk; `is_slow` when it stands longer than two weeks."""

    id: int
    number: int | None
    title: str
    state: ProjectState
    days: int
    is_slow: bool
    is_due: bool


@dataclass(frozen=True, slots=True)
class StreetReview:
    """A request in a community of the street's."""

    slug: str
    community: str
    review: ReviewView


def waiting_projects(session: Session, actor: Actor) -> dict[ProjectState, list[WaitingProject]]:
    """List what stands at each station before its approval, the longest wait first."""
    rows = session.execute(
        select(Project.id, Project.number, Project.title, Project.state, Project.moved_at)
        .where(Project.community_id == actor.community_id, Project.state.in_(WAITING))
        .order_by(Project.moved_at)
        .limit(MOST_SHOWN)
    )
    found: dict[ProjectState, list[WaitingProject]] = {state: [] for state in WAITING}
    now = clock.now()
    for key, number, title, state, moved_at in rows:
        days = (now - moved_at) // timedelta(days=1)
        is_due = state in OFFICERS
        if state is ProjectState.NOTICE:
            standing = notice_standing(session, actor.community_id, key)
            is_due = standing is None or not standing.is_running
        found[state].append(
            WaitingProject(key, number, title, state, days, days >= SLOW_DAYS, is_due)
        )
    return {state: each for state, each in found.items() if each}


def count_due(session: Session, community_id: int) -> int:
    """Count what the project officer has to check or cost."""
    return (
        session.scalar(
            select(func.count()).where(
                Project.community_id == community_id, Project.state.in_(OFFICERS)
            )
        )
        or 0
    )


def street_reviews(session: Session, person_id: int) -> tuple[StreetReview, ...]:
    """List what waits for a street officer in every community, the most urgent first."""
    found = []
    for community in session.scalars(select(Community).order_by(Community.id)):
        actor = identity.actor_for(session, person_id, community.id)
        if actor is None or Role.STREET.value not in actor.roles:
            continue
        found += [
            StreetReview(community.slug, community.name, each)
            for each in open_reviews(session, community.id)
        ]
    return tuple(sorted(found, key=lambda each: (each.review.due_on, each.review.id)))
