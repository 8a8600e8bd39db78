"""Proposing: online with drafts, at the desk for those without a phone, changing, taking back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity, notices
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotFound
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.projects import (
    NotChangeable,
    NotTheAuthor,
    OthersEndorsed,
    ProjectNotFound,
    TooManyPhotos,
    TooManyToday,
    WordsMissing,
)
from community.micro_projects.models import Project, ProjectPhoto
from community.micro_projects.queries.endorsing import endorsers_of
from community.micro_projects.queries.terms import rule_set_on
from community.micro_projects.rules.projects import (
    MOST_IDEAS_A_DAY,
    MOST_PHOTOS,
    Funding,
    ProjectCategory,
    ProjectKind,
    ProposalOrigin,
)
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.service.moving import (
    check_words,
    claim_move,
    load_project,
    load_public,
    own_id,
)

SHORTEST_TITLE = 4
CHANGEABLE = frozenset({ProjectState.DRAFT, ProjectState.RETURNED})


@dataclass(frozen=True, slots=True)
class IdeaDraft:
    """What a resident wishes for, and where."""

    title: str
    need: str
    kind: ProjectKind
    category: ProjectCategory
    building_id: int | None = None
    place: str = ""


def propose_project(
    session: Session,
    actor: Actor,
    draft: IdeaDraft,
    photos: tuple[files.Ready, ...],
    submits: bool,
) -> int:
    """Hand an idea in, or keep it as a draft that only its author sees; gives its id.

    Raises: WordsMissing, WordsPersonal, TooManyPhotos, TooManyToday, NotFound.
    """
    actor.check(permissions.PROPOSE.code)
    row = _new(actor, own_id(actor), ProposalOrigin.WEB)
    _fill(session, actor, row, draft)
    session.add(row)
    session.flush()
    _keep_photos(session, actor, row, photos)
    if submits:
        _submit(session, actor, row)
    return row.id


def record_project(
    session: Session,
    actor: Actor,
    person_id: int,
    origin: ProposalOrigin,
    draft: IdeaDraft,
    photos: tuple[files.Ready, ...] = (),
) -> int:
    """Hand in at the desk what a resident brought on paper or by word; gives its id.

    The resident is told. Raises: NotFound for nobody of this community, as `propose_project`.
    """
    actor.check(permissions.RUN.code)
    card = identity.get_person(session, actor.community_id, person_id)
    if card.has_left or card.died_on is not None:
        raise NotFound
    is_paper = origin is not ProposalOrigin.PHONE
    row = _new(actor, person_id, ProposalOrigin.PAPER if is_paper else ProposalOrigin.PHONE)
    row.recorded_by = actor.person_id
    _fill(session, actor, row, draft)
    session.add(row)
    session.flush()
    _keep_photos(session, actor, row, photos)
    _submit(session, actor, row)
    return row.id


def change_project(
    session: Session,
    actor: Actor,
    project_id: int,
    draft: IdeaDraft,
    dropped: frozenset[int],
    photos: tuple[files.Ready, ...],
    submits: bool,
) -> None:
    """Change one's own draft or what was returned; `dropped` names photos to leave out.

    The project officer changes what the desk wrote down. Raises: ProjectNotFound, NotChangeable,
    WordsMissing, WordsPersonal, TooManyPhotos, TooManyToday, NotFound.
    """
    row = _load_own(session, actor, project_id)
    _fill(session, actor, row, draft)
    for each in _photos(session, row):
        if each.id in dropped:
            session.delete(each)
            files.drop_file(session, actor, each.file_id)
    session.flush()
    _keep_photos(session, actor, row, photos)
    if submits:
        _submit(session, actor, row)


def discard_project(session: Session, actor: Actor, project_id: int) -> None:
    """Delete a draft.

    Raises: ProjectNotFound, NotChangeable.
    """
    row = _load_own(session, actor, project_id)
    if row.state is not ProjectState.DRAFT:
        raise NotChangeable
    for each in _photos(session, row):
        session.delete(each)
        files.drop_file(session, actor, each.file_id)
    session.delete(row)
    session.flush()


def withdraw_project(session: Session, actor: Actor, project_id: int, reason: str = "") -> None:
    """Take an idea back: its author while alone behind it, the project officer with a reason.

    Raises: ProjectNotFound, NotTheAuthor, OthersEndorsed, MoveRefused, WordsPersonal.
    """
    row = load_public(session, actor, project_id)
    is_author = actor.may(permissions.PROPOSE.code) and row.author_id == own_id(actor)
    is_desk = actor.may(permissions.RUN.code) and bool(reason.strip())
    if not (is_author or is_desk):
        raise NotTheAuthor
    others = endorsers_of(session, actor.community_id, row.id) - {row.author_id}
    if others and not is_desk:
        raise OthersEndorsed(count=len(others))
    check_words(session, actor, reason)
    claim_move(session, actor, row, ProjectState.WITHDRAWN, words=reason.strip())


def _load_own(session: Session, actor: Actor, project_id: int) -> Project:
    row = load_project(session, actor, project_id)
    is_own = actor.may(permissions.PROPOSE.code) and row.author_id == own_id(actor)
    is_desk = actor.may(permissions.RUN.code) and row.recorded_by is not None
    if not (is_own or is_desk):
        raise ProjectNotFound if row.state is ProjectState.DRAFT else NotTheAuthor
    # What a jury chose is corrected in its costing, by the officer.
    if row.state not in CHANGEABLE or row.funding is Funding.VENTURE:
        raise NotChangeable
    return row


def _new(actor: Actor, author: int, origin: ProposalOrigin) -> Project:
    return Project(
        community_id=actor.community_id,
        funding=Funding.LIVELIHOOD,
        state=ProjectState.DRAFT,
        author_id=author,
        origin=origin,
        kept_at=clock.now(),
        moved_at=clock.now(),
    )


def _fill(session: Session, actor: Actor, row: Project, draft: IdeaDraft) -> None:
    if len(draft.title) < SHORTEST_TITLE or not draft.need:
        raise WordsMissing
    known = {each.id for each in identity.buildings(session, actor.community_id)}
    if draft.building_id is not None and draft.building_id not in known:
        raise NotFound
    check_words(session, actor, f"{draft.title}\n{draft.need}\n{draft.place}")
    row.title, row.need, row.place = draft.title, draft.need, draft.place
    row.kind, row.category, row.building_id = draft.kind, draft.category, draft.building_id


def _submit(session: Session, actor: Actor, row: Project) -> None:
    """Give it its number and pin the rules of the day; one that was returned keeps its number."""
    if row.origin is ProposalOrigin.WEB:
        _check_day(session, row)
    rules = rule_set_on(session, actor.community_id, clock.today())
    values: dict[str, Any] = {"threshold": rules.terms.endorsers, "rule_set_id": rules.id}
    if row.number is None:
        last = session.scalar(
            select(func.max(Project.number)).where(Project.community_id == actor.community_id)
        )
        values |= {"number": (last or 0) + 1, "submitted_at": clock.now()}
    claim_move(session, actor, row, ProjectState.SUBMITTED, **values)
    title = say(N_("有新的项目建议等您核对"))
    for person in identity.people_with_role(session, actor.community_id, permissions.OFFICER):
        if person not in {row.author_id, actor.person_id}:
            link = f"desk/projects/{row.id}"
            notices.send(session, actor, person, title, row.title, link, kind="todo")


def _photos(session: Session, row: Project) -> list[ProjectPhoto]:
    found = session.scalars(
        select(ProjectPhoto).where(
            ProjectPhoto.community_id == row.community_id, ProjectPhoto.project_id == row.id
        )
    )
    return list(found)


def _keep_photos(
    session: Session, actor: Actor, row: Project, photos: tuple[files.Ready, ...]
) -> None:
    if len(_photos(session, row)) + len(photos) > MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    for each in photos:
        file_id = files.keep_file(session, actor, each)
        session.add(
            ProjectPhoto(community_id=actor.community_id, project_id=row.id, file_id=file_id)
        )
    session.flush()


def _check_day(session: Session, row: Project) -> None:
    begun = clock.at(clock.today())
    handed_in = select(func.count()).where(
        Project.community_id == row.community_id,
        Project.author_id == row.author_id,
        Project.origin == ProposalOrigin.WEB,
        Project.submitted_at >= begun,
        Project.submitted_at < begun + timedelta(days=1),
    )
    if (session.scalar(handed_in) or 0) >= MOST_IDEAS_A_DAY:
        raise TooManyToday(most=MOST_IDEAS_A_DAY)
