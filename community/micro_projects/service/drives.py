"""A pledge drive (认筹) has a last day by rule; without vote or target by then it has failed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects.models import Project
from community.micro_projects.queries.funding import pledged_fen
from community.micro_projects.queries.terms import terms_of
from community.micro_projects.rules.funding import PLEDGING, has_drive_failed
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.service.moving import claim_move


def open_drive(session: Session, row: Project) -> None:
    """Set the last day on which residents can pledge; none where nobody is to raise anything."""
    terms = terms_of(session, row.community_id, row.rule_set_id)
    last_day = clock.today() + timedelta(days=terms.pledge_days)
    row.pledge_until = last_day if row.cofunding_fen else None
    session.flush()


def fail_drive(session: Session, actor: Actor, row: Project) -> bool:
    """End a project whose drive ran out without vote or target; tells whether it did.

    Whoever touches the project first does so, the hourly tidy-up at the latest; promises lapse and
    what was paid in is refunded with the move.
    """
    pledged = pledged_fen(session, row.community_id, row.id)
    today, last_day = clock.today(), row.pledge_until
    if not has_drive_failed(row.state, last_day, today, pledged, row.cofunding_fen):
        return False
    words = say(N_("众筹到期，没有达到目标"))
    if row.state is ProjectState.VOTING:
        words = say(N_("众筹到期，议事会还没有表决通过"))
    claim_move(session, actor, row, ProjectState.EXPIRED, words=words)
    return True


def fail_drives(session: Session, actor: Actor) -> int:
    """End every project whose drive ran out without vote or target; tells how many."""
    rows = session.scalars(
        select(Project)
        .where(
            Project.community_id == actor.community_id,
            Project.state.in_(PLEDGING),
            Project.pledge_until < clock.today(),
        )
        .order_by(Project.id)
    ).all()
    return sum(fail_drive(session, actor, row) for row in rows)
