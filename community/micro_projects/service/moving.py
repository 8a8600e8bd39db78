"""Moving a project along its table of steps, with a trace; each part moves it inside its acts."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from community.kernel import clock, events
from community.kernel.actor import Actor
from community.micro_projects.errors.projects import MoveRefused, ProjectNotFound
from community.micro_projects.events import ProjectMoved
from community.micro_projects.models import Project, ProjectStep
from community.micro_projects.rules.states import STATE_TITLES, ProjectState, may_move


def load_project(session: Session, actor: Actor, project_id: int) -> Project:
    """Load a project of the actor's community for a command.

    Raises: ProjectNotFound.
    """
    row = session.get(Project, project_id)
    if row is None or row.community_id != actor.community_id:
        raise ProjectNotFound
    return row


def move_project(
    session: Session,
    actor: Actor,
    project_id: int,
    to: ProjectState,
    ref: str = "",
    words: str = "",
) -> None:
    """Let a project go a step, write it into the trace and tell it.

    Who may do so is the caller's to check. `ref` names what the step rests on ("tender:12"),
    `words` are read by everybody.
    Raises: ProjectNotFound, MoveRefused.
    """
    row = load_project(session, actor, project_id)
    old = row.state
    if not may_move(old, to):
        raise MoveRefused(state=STATE_TITLES[old], wanted=STATE_TITLES[to])
    session.flush()
    now = clock.now()
    moved = session.execute(
        update(Project)
        .where(
            Project.community_id == actor.community_id,
            Project.id == project_id,
            Project.state == old,
        )
        .values(state=to, moved_at=now)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise MoveRefused(state=STATE_TITLES[old], wanted=STATE_TITLES[to])
    session.refresh(row)
    note_step(session, actor, project_id, to, ref, words)
    events.tell(session, ProjectMoved(actor.community_id, project_id, to))


def note_step(
    session: Session, actor: Actor, project_id: int, station: ProjectState, ref: str, words: str
) -> None:
    """Write into the trace what happened at a station."""
    session.add(
        ProjectStep(
            community_id=actor.community_id,
            project_id=project_id,
            station=station,
            at=clock.now(),
            ref=ref,
            words=words,
            stepped_by=actor.person_id,
        )
    )
    session.flush()
