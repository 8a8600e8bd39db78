"""Making two ideas one: proposed, agreed by both authors, with a trace on both."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity, notices
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.joining import (
    HasMerged,
    MergerNotFound,
    MergerOver,
    MergerStands,
    NotAsked,
    NotMergeable,
    SameProject,
)
from community.micro_projects.models import Project, ProjectMerge
from community.micro_projects.queries.terms import rule_set_on
from community.micro_projects.rules.joining import MERGEABLE, MergerState
from community.micro_projects.rules.states import STATE_TITLES, ProjectState
from community.micro_projects.service.endorsing import go_on_when_enough
from community.micro_projects.service.moving import (
    check_words,
    claim_move,
    load_public,
    note_step,
    own_id,
)


def propose_merge(
    session: Session, actor: Actor, project_id: int, into_id: int, reason: str
) -> int:
    """Propose that a project go into another; gives the proposal's id.

    Either author, or the project officer; an author who proposes agrees thereby.
    Raises: ProjectNotFound, NotAsked, SameProject, NotMergeable, HasMerged, MergerStands,
    WordsPersonal.
    """
    project = load_public(session, actor, project_id)
    into = load_public(session, actor, into_id)
    is_author = actor.may(permissions.PROPOSE.code) and own_id(actor) in _authors(project, into)
    if not (is_author or actor.may(permissions.RUN.code)):
        raise NotAsked
    _check_mergeable(session, project, into)
    _let_lapse(session, project)
    check_words(session, actor, reason)
    now = clock.now()
    days = rule_set_on(session, actor.community_id, clock.today()).terms.merge_days
    row = ProjectMerge(
        community_id=actor.community_id,
        project_id=project.id,
        into_id=into.id,
        state=MergerState.PROPOSED,
        reason=reason,
        proposed_by=actor.person_id,
        proposed_at=now,
        lapses_at=now + timedelta(days=days),
        agreed_at=now if _needs_no_asking(session, actor, project) else None,
        into_agreed_at=now if _needs_no_asking(session, actor, into) else None,
    )
    session.add(row)
    session.flush()
    _ask(session, actor, row, project, into)
    _merge_if_agreed(session, actor, row, project, into)
    return row.id


def answer_merge(session: Session, actor: Actor, merge_id: int, agrees: bool) -> None:
    """Agree to a merger of one's own project, or decline it; both agreed, they are one.

    Raises: MergerNotFound, NotAsked, MergerOver, NotMergeable, HasMerged.
    """
    actor.check(permissions.PROPOSE.code)
    row = session.get(ProjectMerge, merge_id)
    if row is None or row.community_id != actor.community_id:
        raise MergerNotFound
    project = load_public(session, actor, row.project_id)
    into = load_public(session, actor, row.into_id)
    person = own_id(actor)
    if person not in _authors(project, into):
        raise NotAsked
    now = clock.now()
    if row.state is not MergerState.PROPOSED or now >= row.lapses_at:
        raise MergerOver
    if not agrees:
        row.state = MergerState.DECLINED
        session.flush()
        return
    if project.author_id == person:
        row.agreed_at = row.agreed_at or now
    if into.author_id == person:
        row.into_agreed_at = row.into_agreed_at or now
    session.flush()
    _merge_if_agreed(session, actor, row, project, into)


def _authors(project: Project, into: Project) -> set[int]:
    return {project.author_id, into.author_id}


def _check_mergeable(session: Session, project: Project, into: Project) -> None:
    if project.id == into.id:
        raise SameProject
    for each in (project, into):
        if each.state not in MERGEABLE:
            raise NotMergeable(title=each.title, state=say(STATE_TITLES[each.state]))
    # One level only: a trace of three ideas in a row nobody could follow.
    under = select(Project.id).where(
        Project.community_id == project.community_id, Project.merged_into_id == project.id
    )
    if session.scalar(under.limit(1)) is not None:
        raise HasMerged


def _let_lapse(session: Session, project: Project) -> None:
    """Close a proposal nobody answered in time; refuse while one still waits.

    Raises: MergerStands.
    """
    row = session.scalar(
        select(ProjectMerge).where(
            ProjectMerge.community_id == project.community_id,
            ProjectMerge.project_id == project.id,
            ProjectMerge.state == MergerState.PROPOSED,
        )
    )
    if row is None:
        return
    if clock.now() < row.lapses_at:
        raise MergerStands
    row.state = MergerState.LAPSED
    session.flush()


def _needs_no_asking(session: Session, actor: Actor, project: Project) -> bool:
    """Tell whether an author proposes it, or is no longer here to be asked."""
    is_here = identity.is_member(session, actor.community_id, project.author_id)
    return project.author_id == actor.subject_id or not is_here


def _ask(
    session: Session, actor: Actor, row: ProjectMerge, project: Project, into: Project
) -> None:
    title = say(N_("请您决定：两个项目要不要合并"))
    body = say(
        N_("有人提议把“{project}”并入“{into}”，附议合在一起算。理由：{reason} 请在 {day} 前回复。"),
        project=project.title,
        into=into.title,
        reason=row.reason,
        day=clock.day_of(row.lapses_at).isoformat(),
    )
    for each, agreed in ((project, row.agreed_at), (into, row.into_agreed_at)):
        if agreed is None:
            link = f"projects/{project.id}"
            notices.send(session, actor, each.author_id, title, body, link, kind="todo")


def _merge_if_agreed(
    session: Session, actor: Actor, row: ProjectMerge, project: Project, into: Project
) -> None:
    if row.agreed_at is None or row.into_agreed_at is None:
        return
    _check_mergeable(session, project, into)
    row.state = MergerState.MERGED
    session.flush()
    claim_move(
        session,
        actor,
        project,
        ProjectState.MERGED,
        f"project:{into.id}",
        row.reason,
        merged_into_id=into.id,
    )
    note_step(session, actor, into.id, into.state, f"project:{project.id}", row.reason)
    go_on_when_enough(session, actor, into)
