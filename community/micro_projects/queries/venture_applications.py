"""Applications as their readers may see them: the applicant, the sponsor, the desk, everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import files
from community.kernel.actor import Actor
from community.kernel.masks import mask_name
from community.micro_projects import permissions
from community.micro_projects.errors.venture import ApplicationNotFound, CallNotFound
from community.micro_projects.models import Project, VentureApplication, VentureCall
from community.micro_projects.queries.venture_matches import MatchView, matched_fen, matches_of
from community.micro_projects.rules.projects import ProjectCategory, ProjectKind
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.venture_applications import (
    HANDED_IN,
    TOLD_APPLICATIONS,
    ApplicationState,
)
from community.micro_projects.rules.venture_calls import TOLD, leverage_bp


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application; `is_mine` and `is_sponsor` say what its reader may do with it."""

    id: int
    call_id: int
    call_title: str
    number: int | None
    theme: str
    title: str
    need: str
    plan: str
    kind: ProjectKind
    category: ProjectCategory
    place: str
    lines: tuple[tuple[str, int], ...]
    asked_fen: int
    promised_fen: int
    match_words: str
    group_name: str
    organization_id: int
    organization_name: str
    lead: str
    state: ApplicationState
    submitted_at: datetime | None
    screened_words: str
    place_in_call: int | None
    total_hundredths: int | None
    granted_fen: int | None
    chosen_words: str
    project_id: int | None
    project_state: ProjectState | None
    matched_fen: int
    matches: tuple[MatchView, ...]
    is_mine: bool
    is_sponsor: bool
    # Who of the desk entered it from a signed paper; "" where the applicants did so themselves.
    recorder: str
    has_paper: bool

    @property
    def whose(self) -> str:
        """Name who applies."""
        return self.group_name or self.organization_name

    @property
    def leverage_bp(self) -> int | None:
        """Tell how much others gave for what was granted, in basis points."""
        return leverage_bp(self.matched_fen, self.granted_fen or 0)


def find_application(session: Session, actor: Actor, application_id: int) -> ApplicationView:
    """Give an application to whoever may read it.

    A draft is its applicant's, and the desk's that entered it from paper; while a sponsor is
    asked, its staff's too; what was handed in is also the desk's; and everybody's once the call
    is judged.
    Raises: ApplicationNotFound.
    """
    row = session.get(VentureApplication, application_id)
    if row is None or row.community_id != actor.community_id:
        raise ApplicationNotFound
    firm = _employer(session, actor)
    is_mine = _is_mine(actor, row, firm)
    is_desks = row.recorded_by is not None and actor.may(permissions.READ.code)
    is_sponsor = row.group_name != "" and firm == row.organization_id
    may_read = (
        is_mine
        or is_desks
        or (is_sponsor and row.state is not ApplicationState.DRAFT)
        or (row.state in HANDED_IN and actor.may(permissions.READ.code))
        or _is_told(session, row)
    )
    if not may_read:
        raise ApplicationNotFound
    return _views(session, actor, [row])[0]


def own_applications(session: Session, actor: Actor) -> tuple[ApplicationView, ...]:
    """List one's own applications, one's organisation's, and those it is asked to sponsor."""
    firm = _employer(session, actor)
    mine = [VentureApplication.lead_id == (actor.subject_id or 0)]
    if firm is not None:
        mine.append(
            (VentureApplication.organization_id == firm)
            & or_(
                VentureApplication.group_name == "",
                VentureApplication.state != ApplicationState.DRAFT,
            )
        )
    rows = session.scalars(
        select(VentureApplication)
        .where(VentureApplication.community_id == actor.community_id, or_(*mine))
        .order_by(VentureApplication.id.desc())
    )
    return _views(session, actor, list(rows))


def applications_of(
    session: Session, actor: Actor, call_id: int, *, is_desk: bool = False
) -> tuple[ApplicationView, ...]:
    """List a call's applications by place, then by number; to the desk all that were handed in.

    Raises: CallNotFound.
    """
    call = session.get(VentureCall, call_id)
    if call is None or call.community_id != actor.community_id:
        raise CallNotFound
    if is_desk:
        actor.check(permissions.READ.code)
    elif call.state not in TOLD:
        return ()
    states = HANDED_IN if is_desk else TOLD_APPLICATIONS
    rows = session.scalars(
        select(VentureApplication)
        .where(
            VentureApplication.community_id == actor.community_id,
            VentureApplication.call_id == call_id,
            VentureApplication.state.in_(states)
            | (VentureApplication.recorded_by.is_not(None) if is_desk else false()),
        )
        .order_by(VentureApplication.number, VentureApplication.id)
    ).all()
    found = _views(session, actor, list(rows))
    return tuple(sorted(found, key=lambda each: (each.place_in_call or 10**6, each.number or 0)))


def venture_of(session: Session, actor: Actor, project_id: int) -> ApplicationView | None:
    """Find the application that a venture project came from."""
    row = session.scalar(
        select(VentureApplication).where(
            VentureApplication.community_id == actor.community_id,
            VentureApplication.project_id == project_id,
        )
    )
    return None if row is None else _views(session, actor, [row])[0]


def _employer(session: Session, actor: Actor) -> int | None:
    if actor.person_id is None or actor.on_behalf_of is not None:
        return None
    return identity.employer_of(session, actor.community_id, actor.person_id)


def paper_of(session: Session, actor: Actor, application_id: int) -> files.FileView:
    """Get the paper that an application was entered from, for the desk.

    Raises: ApplicationNotFound.
    """
    actor.check(permissions.READ.code)
    row = session.get(VentureApplication, application_id)
    if row is None or row.community_id != actor.community_id or row.paper_id is None:
        raise ApplicationNotFound
    return files.get_file(session, actor.community_id, row.paper_id)


def _is_mine(actor: Actor, row: VentureApplication, firm: int | None) -> bool:
    if row.recorded_by is not None and actor.may(permissions.KEEP_CALLS.code):
        return True
    if actor.subject_id is not None and row.lead_id == actor.subject_id:
        return True
    return row.group_name == "" and firm == row.organization_id


def _is_told(session: Session, row: VentureApplication) -> bool:
    call = session.get_one(VentureCall, row.call_id)
    return call.state in TOLD and row.state in TOLD_APPLICATIONS


@dataclass(frozen=True, slots=True)
class _Around:
    """What rows of applications are told with: names, titles, and for whom the reader works."""

    firms: dict[int, str]
    cards: dict[int, identity.PersonCard]
    titles: dict[int, str]
    states: dict[int, ProjectState]
    own_firm: int | None


def _views(
    session: Session, actor: Actor, rows: list[VentureApplication]
) -> tuple[ApplicationView, ...]:
    around = _around(session, actor, rows)
    return tuple(_view(session, actor, row, around) for row in rows)


def _around(session: Session, actor: Actor, rows: list[VentureApplication]) -> _Around:
    here = actor.community_id
    titles = session.execute(
        select(VentureCall.id, VentureCall.title).where(
            VentureCall.community_id == here, VentureCall.id.in_({row.call_id for row in rows})
        )
    )
    states = session.execute(
        select(Project.id, Project.state).where(
            Project.community_id == here,
            Project.id.in_({row.project_id for row in rows if row.project_id}),
        )
    )
    return _Around(
        {each.id: each.name for each in identity.known_organizations(session, here)},
        identity.people(
            session, here, {each for row in rows for each in (row.lead_id, row.recorded_by) if each}
        ),
        {call_id: title for call_id, title in titles},  # noqa: C416  mypy wants it unpacked
        {project_id: state for project_id, state in states},  # noqa: C416  as above
        _employer(session, actor),
    )


def _view(
    session: Session, actor: Actor, row: VentureApplication, around: _Around
) -> ApplicationView:
    here, card = actor.community_id, around.cards.get(row.lead_id)
    return ApplicationView(
        row.id,
        row.call_id,
        around.titles.get(row.call_id, ""),
        row.number,
        row.theme,
        row.title,
        row.need,
        row.plan,
        row.kind,
        row.category,
        row.place,
        tuple((str(name), int(fen)) for name, fen in row.lines),
        row.asked_fen,
        row.matched_fen,
        row.match_words,
        row.group_name,
        row.organization_id,
        around.firms.get(row.organization_id, ""),
        mask_name(card.name) if card else "**",
        row.state,
        row.submitted_at,
        row.screened_words,
        row.place_in_call,
        row.total_hundredths,
        row.granted_fen,
        row.chosen_words,
        row.project_id,
        around.states.get(row.project_id or 0),
        matched_fen(session, here, row.id) if row.project_id else 0,
        matches_of(session, here, row.id) if row.project_id else (),
        _is_mine(actor, row, around.own_firm),
        row.group_name != "" and around.own_firm == row.organization_id,
        _recorder(row, around),
        row.paper_id is not None,
    )


def _recorder(row: VentureApplication, around: _Around) -> str:
    if row.recorded_by is None:
        return ""
    card = around.cards.get(row.recorded_by)
    return mask_name(card.name) if card else "**"
