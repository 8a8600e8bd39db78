"""Projects nobody carries on lapse after the days of their rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects.models import Project
from community.micro_projects.queries.terms import terms_of
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.terms import ProjectTerms
from community.micro_projects.service.moving import claim_move

DAYS: dict[ProjectState, Callable[[ProjectTerms], int]] = {
    ProjectState.ENDORSING: lambda terms: terms.endorse_days,
    ProjectState.RETURNED: lambda terms: terms.return_days,
    ProjectState.APPROVED: lambda terms: terms.library_days,
}


def expire_projects(session: Session, actor: Actor) -> int:
    """Let projects lapse that stood too long at a station; tells how many.

    Quota and pledges are freed with it.
    """
    rows = session.scalars(
        select(Project)
        .where(Project.community_id == actor.community_id, Project.state.in_(DAYS))
        .order_by(Project.id)
    ).all()
    count = 0
    for row in rows:
        terms = terms_of(session, row.community_id, row.rule_set_id)
        days = DAYS[row.state](terms)
        if clock.now() < row.moved_at + timedelta(days=days):
            continue
        words = say(N_("{days} 天没有进展，自动过期"), days=days)
        claim_move(session, actor, row, ProjectState.EXPIRED, words=words)
        count += 1
    return count
