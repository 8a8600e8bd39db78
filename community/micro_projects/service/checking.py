"""The project officer's first look: let an idea stand, send it back, or say no."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.micro_projects import permissions
from community.micro_projects.errors.projects import NotAtStation, ReasonMissing
from community.micro_projects.rules.states import STATE_TITLES, ProjectState
from community.micro_projects.service.endorsing import keep_endorsement
from community.micro_projects.service.moving import check_words, claim_move, load_public


def accept_idea(session: Session, actor: Actor, project_id: int) -> None:
    """Let an idea gather endorsements; its author is the first, if of age.

    Raises: ProjectNotFound, NotAtStation.
    """
    actor.check(permissions.RUN.code)
    row = load_public(session, actor, project_id)
    if row.state is not ProjectState.SUBMITTED:
        raise NotAtStation(state=STATE_TITLES[row.state])
    claim_move(session, actor, row, ProjectState.ENDORSING)
    keep_endorsement(session, actor, row, row.author_id, is_author=True)


def return_idea(session: Session, actor: Actor, project_id: int, reason: str) -> None:
    """Send an idea back to its author with reasons.

    Raises: ProjectNotFound, NotAtStation, ReasonMissing, WordsPersonal.
    """
    _refuse(session, actor, project_id, ProjectState.RETURNED, reason)


def reject_idea(session: Session, actor: Actor, project_id: int, reason: str) -> None:
    """Say no to an idea, with reasons everybody reads.

    Raises: ProjectNotFound, NotAtStation, ReasonMissing, WordsPersonal.
    """
    _refuse(session, actor, project_id, ProjectState.REJECTED, reason)


def _refuse(session: Session, actor: Actor, project_id: int, to: ProjectState, reason: str) -> None:
    actor.check(permissions.RUN.code)
    row = load_public(session, actor, project_id)
    if row.state is not ProjectState.SUBMITTED:
        raise NotAtStation(state=STATE_TITLES[row.state])
    if not reason.strip():
        raise ReasonMissing
    check_words(session, actor, reason)
    claim_move(session, actor, row, to, words=reason.strip())
