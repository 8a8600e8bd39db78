"""One project as everybody follows it: its stations with days and money, and who stands behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.kernel.masks import mask_name
from community.micro_projects import permissions
from community.micro_projects.errors.projects import ProjectNotFound
from community.micro_projects.models import (
    FiscalSlip,
    Project,
    ProjectMerge,
    ProjectPhoto,
    ProjectQuote,
)
from community.micro_projects.queries.endorsing import endorsers_of, is_endorsing
from community.micro_projects.queries.projects import ProjectView, StepView, find_project, steps_of
from community.micro_projects.rules.joining import MergerState
from community.micro_projects.rules.projects import Funding, ProposalOrigin
from community.micro_projects.rules.states import STATIONS, VENTURE_STATIONS, ProjectState


@dataclass(frozen=True, slots=True)
class Station:
    """A station of the line: reached on a day, where it is now, or still ahead."""

    state: ProjectState
    mark: str
    day: date | None
    ref: str


@dataclass(frozen=True, slots=True)
class MergerView:
    """A proposal to make two ideas one."""

    id: int
    project_id: int
    project_title: str
    into_id: int
    into_title: str
    state: MergerState
    reason: str
    lapses_at: datetime
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """A project with what its page shows at once."""

    project: ProjectView
    author: str
    building: str
    origin: ProposalOrigin
    threshold: int
    cofunding_fen: int
    matched_fen: int
    endorsers: int
    is_endorsed: bool
    is_mine: bool
    stations: tuple[Station, ...]
    steps: tuple[StepView, ...]
    photos: tuple[int, ...]
    merged: tuple[tuple[int, str], ...]
    mergers: tuple[MergerView, ...]

    @property
    def fiscal_fen(self) -> int:
        """Tell what of the budget is fiscal money."""
        return (self.project.budget_fen or 0) - self.cofunding_fen - self.matched_fen


def follow_project(session: Session, actor: Actor, project_id: int) -> Followed:
    """Give a project as its reader may see it; a draft is its author's and the desk's alone.

    Raises: ProjectNotFound.
    """
    community_id = actor.community_id
    view = find_project(session, community_id, project_id)
    row = session.get_one(Project, project_id)
    is_mine = actor.subject_id == row.author_id
    if view.state is ProjectState.DRAFT and not is_mine:
        raise ProjectNotFound
    buildings = {each.id: each.name for each in identity.buildings(session, community_id)}
    card = identity.people(session, community_id, (row.author_id,)).get(row.author_id)
    steps = steps_of(session, community_id, project_id)
    person = actor.subject_id
    return Followed(
        view,
        mask_name(card.name) if card else "**",
        buildings.get(row.building_id or 0, ""),
        row.origin,
        row.threshold,
        row.cofunding_fen,
        row.matched_fen,
        len(endorsers_of(session, community_id, project_id)),
        person is not None and is_endorsing(session, community_id, project_id, person),
        is_mine,
        stations_of(view.state, steps, line_of(view.funding)),
        steps,
        _photos(session, community_id, project_id),
        _merged(session, community_id, project_id),
        _mergers(session, actor, project_id),
    )


def line_of(funding: Funding) -> tuple[ProjectState, ...]:
    """Give the stations that a project of a programme goes through."""
    return VENTURE_STATIONS if funding is Funding.VENTURE else STATIONS


def stations_of(
    state: ProjectState,
    steps: tuple[StepView, ...],
    line: tuple[ProjectState, ...] = STATIONS,
) -> tuple[Station, ...]:
    """Draw the line of stations from a trace; what was gone back on counts as ahead again."""
    reached: dict[ProjectState, StepView] = {}
    for step in steps:
        if step.station in line:
            reached[step.station] = step
    here = line.index(state) if state in line else _last_reached(steps, line)
    found = []
    for place, station in enumerate(line):
        last = reached.get(station) if place <= here else None
        mark = "now" if station is state else ("done" if last is not None else "")
        day = None if last is None else clock.day_of(last.at)
        found.append(Station(station, mark, day, "" if last is None else last.ref))
    return tuple(found)


def _last_reached(steps: tuple[StepView, ...], line: tuple[ProjectState, ...]) -> int:
    """Tell the last station before a project left the line."""
    on_line = [line.index(step.station) for step in steps if step.station in line]
    return on_line[-1] if on_line else -1


def project_photo(session: Session, actor: Actor, photo_id: int) -> tuple[files.FileView, bool]:
    """Get a project's photo, and whether everybody may see it.

    Raises: NotFound for a draft's, but for its author.
    """
    photo = session.get(ProjectPhoto, photo_id)
    if photo is None or photo.community_id != actor.community_id:
        raise NotFound
    row = session.get_one(Project, photo.project_id)
    is_public = row.state is not ProjectState.DRAFT
    if not (is_public or row.author_id == actor.subject_id):
        raise NotFound
    return files.get_file(session, actor.community_id, photo.file_id), is_public


def quote_paper(session: Session, actor: Actor, quote_id: int) -> files.FileView:
    """Get a quote's paper, for the desk.

    Raises: NotFound.
    """
    actor.check(permissions.READ.code)
    row = session.get(ProjectQuote, quote_id)
    if row is None or row.community_id != actor.community_id or row.file_id is None:
        raise NotFound
    return files.get_file(session, actor.community_id, row.file_id)


def slip_paper(session: Session, actor: Actor, slip_id: int) -> files.FileView:
    """Get a fiscal slip's paper, for the desk; its hash is in the public log.

    Raises: NotFound.
    """
    actor.check(permissions.READ.code)
    row = session.get(FiscalSlip, slip_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    return files.get_file(session, actor.community_id, row.file_id)


def _photos(session: Session, community_id: int, project_id: int) -> tuple[int, ...]:
    return tuple(
        session.scalars(
            select(ProjectPhoto.id)
            .where(ProjectPhoto.community_id == community_id, ProjectPhoto.project_id == project_id)
            .order_by(ProjectPhoto.id)
        )
    )


def _merged(session: Session, community_id: int, project_id: int) -> tuple[tuple[int, str], ...]:
    rows = session.execute(
        select(Project.id, Project.title).where(
            Project.community_id == community_id, Project.merged_into_id == project_id
        )
    )
    return tuple((key, title) for key, title in rows)


def _mergers(session: Session, actor: Actor, project_id: int) -> tuple[MergerView, ...]:
    rows = session.scalars(
        select(ProjectMerge)
        .where(
            ProjectMerge.community_id == actor.community_id,
            (ProjectMerge.project_id == project_id) | (ProjectMerge.into_id == project_id),
        )
        .order_by(ProjectMerge.id.desc())
    ).all()
    found = []
    for row in rows:
        project, into = (session.get_one(Project, key) for key in (row.project_id, row.into_id))
        waits = row.state is MergerState.PROPOSED and clock.now() < row.lapses_at
        asked = {
            each.author_id
            for each, agreed in ((project, row.agreed_at), (into, row.into_agreed_at))
            if agreed is None
        }
        is_late = row.state is MergerState.PROPOSED and not waits
        found.append(
            MergerView(
                row.id,
                row.project_id,
                project.title,
                row.into_id,
                into.title,
                MergerState.LAPSED if is_late else row.state,
                row.reason,
                row.lapses_at,
                waits and actor.subject_id in asked,
            )
        )
    return tuple(found)
