"""Standing behind an idea; enough neighbours lead it to costing."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.joining import AdultsOnly, NotEndorsing
from community.micro_projects.models import Project, ProjectEndorsement
from community.micro_projects.queries.endorsing import endorsers_of
from community.micro_projects.rules.joining import is_adult
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.service.moving import claim_move, load_public, own_id


def endorse_project(session: Session, actor: Actor, project_id: int) -> None:
    """Stand behind a project; doing so again changes nothing.

    Raises: ProjectNotFound, NotEndorsing, AdultsOnly.
    """
    actor.check(permissions.PROPOSE.code)
    row = _load_endorsing(session, actor, project_id)
    keep_endorsement(session, actor, row, own_id(actor))


def record_endorsement(session: Session, actor: Actor, project_id: int, person_id: int) -> None:
    """Write down at the desk that a resident without a phone stands behind a project.

    Raises: ProjectNotFound, NotEndorsing, AdultsOnly, NotFound.
    """
    actor.check(permissions.RUN.code)
    row = _load_endorsing(session, actor, project_id)
    keep_endorsement(session, actor, row, person_id)


def withdraw_endorsement(session: Session, actor: Actor, project_id: int) -> None:
    """Stand behind it no longer, while endorsements are gathered.

    Raises: ProjectNotFound, NotEndorsing.
    """
    actor.check(permissions.PROPOSE.code)
    row = _load_endorsing(session, actor, project_id)
    kept = _find(session, row, own_id(actor))
    if kept is not None and kept.withdrawn_at is None:
        kept.withdrawn_at = clock.now()
        session.flush()


def keep_endorsement(
    session: Session, actor: Actor, row: Project, person_id: int, *, is_author: bool = False
) -> None:
    """Keep an adult's endorsement and let the project go on when there are enough.

    A child's own idea stands without the child's endorsement.
    """
    card = identity.get_person(session, actor.community_id, person_id)
    if not is_adult(card.birth_year, clock.today()) or card.died_on is not None or card.has_left:
        if is_author:
            return
        raise AdultsOnly
    kept = _find(session, row, person_id)
    if kept is None:
        session.add(
            ProjectEndorsement(
                community_id=row.community_id,
                project_id=row.id,
                person_id=person_id,
                endorsed_at=clock.now(),
                recorded_by=None if person_id == actor.subject_id else actor.person_id,
            )
        )
    elif kept.withdrawn_at is not None:
        kept.withdrawn_at, kept.endorsed_at = None, clock.now()
    session.flush()
    go_on_when_enough(session, actor, row)


def go_on_when_enough(session: Session, actor: Actor, row: Project) -> None:
    """Lead a project to its costing once enough neighbours stand behind it."""
    if row.state is not ProjectState.ENDORSING:
        return
    count = len(endorsers_of(session, row.community_id, row.id))
    if count >= row.threshold:
        words = say(N_("{count} 位居民附议，达到 {needed} 位"), count=count, needed=row.threshold)
        claim_move(session, actor, row, ProjectState.COSTING, words=words)


def _load_endorsing(session: Session, actor: Actor, project_id: int) -> Project:
    row = load_public(session, actor, project_id)
    if row.state is not ProjectState.ENDORSING:
        raise NotEndorsing
    return row


def _find(session: Session, row: Project, person_id: int) -> ProjectEndorsement | None:
    return session.scalar(
        select(ProjectEndorsement).where(
            ProjectEndorsement.community_id == row.community_id,
            ProjectEndorsement.project_id == row.id,
            ProjectEndorsement.person_id == person_id,
        )
    )
