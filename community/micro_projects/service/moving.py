"""Moving a project along its table of steps, with a trace; each part moves it inside its acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from community import identity, notices
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotAllowed
from community.kernel.sentences import say, to_plain
from community.micro_projects.errors.projects import MoveRefused, ProjectNotFound, WordsPersonal
from community.micro_projects.events import ProjectMoved
from community.micro_projects.models import Project, ProjectStep
from community.micro_projects.rules.states import STATE_TITLES, ProjectState, may_move

# What a move brings about in other files of the room (a quota freed, pledges refunded); each adds
# its own, and importing `service` puts them all in place.
AFTER_MOVE: list[Callable[[Session, Actor, Project], None]] = []


def load_project(session: Session, actor: Actor, project_id: int) -> Project:
    """Load a project of the actor's community for a command.

    Raises: ProjectNotFound.
    """
    row = session.get(Project, project_id)
    if row is None or row.community_id != actor.community_id:
        raise ProjectNotFound
    return row


def load_public(session: Session, actor: Actor, project_id: int) -> Project:
    """Load a project that everybody may see.

    Raises: ProjectNotFound, for drafts too.
    """
    row = load_project(session, actor, project_id)
    if row.state is ProjectState.DRAFT:
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
    claim_move(session, actor, load_project(session, actor, project_id), to, ref, words)


def claim_move(
    session: Session,
    actor: Actor,
    row: Project,
    to: ProjectState,
    ref: str = "",
    words: str = "",
    **values: Any,
) -> None:
    """Let a project go from the state it was read in, with columns that change along with it.

    Raises: MoveRefused, also when somebody was faster.
    """
    old = row.state
    if not may_move(old, to):
        raise _refused(old, to)
    session.flush()
    moved = session.execute(
        update(Project)
        .where(
            Project.community_id == actor.community_id, Project.id == row.id, Project.state == old
        )
        .values(state=to, moved_at=clock.now(), **values)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", moved).rowcount != 1:
        raise _refused(old, to)
    session.refresh(row)
    note_step(session, actor, row.id, to, ref, words)
    for follow in AFTER_MOVE:
        follow(session, actor, row)
    _tell_authors(session, actor, row, words)
    events.tell(session, ProjectMoved(actor.community_id, row.id, to))


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
            words=str(words),
            said=to_plain(words),
            stepped_by=actor.person_id,
        )
    )
    session.flush()


def own_id(actor: Actor) -> int:
    """Give whose account an act concerns.

    Raises: NotAllowed for the product itself and visitors.
    """
    if actor.subject_id is None:
        raise NotAllowed
    return actor.subject_id


def check_words(session: Session, actor: Actor, words: str) -> None:
    """Refuse public words that give somebody away.

    Raises: WordsPersonal.
    """
    found = identity.find_personal_words(session, actor.community_id, words)
    if found is not None:
        raise WordsPersonal(found=say(found))


def _refused(old: ProjectState, to: ProjectState) -> MoveRefused:
    return MoveRefused(state=say(STATE_TITLES[old]), wanted=say(STATE_TITLES[to]))


def _tell_authors(session: Session, actor: Actor, row: Project, words: str) -> None:
    """Tell the author, and those whose ideas went into this one, where it stands now."""
    if row.state is ProjectState.SUBMITTED and row.author_id == actor.person_id:
        return
    merged = session.scalars(
        select(Project.author_id).where(
            Project.community_id == row.community_id, Project.merged_into_id == row.id
        )
    )
    title = say(N_("您的项目有进展：{state}"), state=say(STATE_TITLES[row.state]))
    body = say(N_("“{title}”"), title=row.title)
    if words:
        body = say(N_("“{title}”：{words}"), title=row.title, words=words)
    for person in sorted({row.author_id, *merged} - {actor.person_id}):
        notices.send(session, actor, person, title, body, f"projects/{row.id}", kind="change")
