"""What broken-off venture projects left of their grants, and who was named to be given it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.micro_projects import permissions
from community.micro_projects.errors.venture import CallNotFound
from community.micro_projects.models import Contract, Project, VentureApplication, VentureCall
from community.micro_projects.queries.awards import standing_award
from community.micro_projects.queries.money import holds_of
from community.micro_projects.queries.notice_standing import NoticeStanding, standing_of
from community.micro_projects.queries.venture_jury import find_call_ranking
from community.micro_projects.rules.contracts import ContractState
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.venture_applications import ApplicationState
from community.micro_projects.rules.venture_calls import CallState, succession_subject
from community.micro_projects.rules.venture_choice import Standing

# Where a project stands whose contract broke off: nobody does it at the moment.
_IDLE = frozenset({ProjectState.PROCURING, ProjectState.EVALUATED, ProjectState.CLOSED})


@dataclass(frozen=True, slots=True)
class Succession:
    """What a broken-off project left, and how the notice of those named for it stands."""

    application_id: int
    title: str
    rest_fen: int
    named: tuple[int, ...]
    standing: NoticeStanding | None


def rest_fen(session: Session, row: VentureApplication) -> int:
    """Tell what of an application's grant nobody needs, its contract having broken off."""
    if row.project_id is None or row.granted_fen is None:
        return 0
    here, project = row.community_id, session.get_one(Project, row.project_id)
    broken = session.scalar(
        select(Contract.id)
        .where(
            Contract.community_id == here,
            Contract.project_id == project.id,
            Contract.state == ContractState.TERMINATED,
        )
        .limit(1)
    )
    is_idle = project.state in _IDLE and (
        project.state is not ProjectState.PROCURING
        or standing_award(session, here, project.id) is None
    )
    if broken is None or not is_idle:
        return 0
    return max(0, row.granted_fen - row.freed_fen - kept_fen(session, here, project.id))


def kept_fen(session: Session, community_id: int, project_id: int) -> int:
    """Tell what of a project's money was paid to those it was awarded to, or is still kept."""
    return sum(
        each.paid_fen + each.left_fen for each in holds_of(session, community_id, project_id)
    )


def named_after(session: Session, row: VentureApplication) -> list[VentureApplication]:
    """List those named for what an application's project left, the best placed first."""
    found = session.scalars(
        select(VentureApplication)
        .where(
            VentureApplication.community_id == row.community_id,
            VentureApplication.succeeds_id == row.id,
            VentureApplication.state == ApplicationState.NAMED,
        )
        .order_by(VentureApplication.place_in_call)
    )
    return list(found)


def left_ranking(session: Session, call: VentureCall) -> tuple[Standing, ...]:
    """Give the places of those who were passed over, as the jury's sheets have them."""
    found = find_call_ranking(session, call.community_id, call.id)
    passed = set(
        session.scalars(
            select(VentureApplication.id).where(
                VentureApplication.community_id == call.community_id,
                VentureApplication.call_id == call.id,
                VentureApplication.state == ApplicationState.PASSED,
            )
        )
    )
    return tuple(each for each in found.lines if each.application_id in passed) if found else ()


def successions_of(session: Session, actor: Actor, call_id: int) -> tuple[Succession, ...]:
    """List what the call's broken-off projects left to be given, for the desk.

    Raises: CallNotFound.
    """
    actor.check(permissions.READ.code)
    call = session.get(VentureCall, call_id)
    if call is None or call.community_id != actor.community_id:
        raise CallNotFound
    if call.state is not CallState.CHOSEN:
        return ()
    rows = session.scalars(
        select(VentureApplication)
        .where(
            VentureApplication.community_id == call.community_id,
            VentureApplication.call_id == call.id,
            VentureApplication.state == ApplicationState.CHOSEN,
        )
        .order_by(VentureApplication.place_in_call)
    ).all()
    found = []
    for row in rows:
        rest, named = rest_fen(session, row), named_after(session, row)
        if rest or named:
            standing = standing_of(session, call.community_id, succession_subject(row.id))
            ids = tuple(each.id for each in named)
            found.append(Succession(row.id, row.title, rest, ids, standing if named else None))
    return tuple(found)


def candidates_of(session: Session, actor: Actor, call_id: int) -> tuple[Standing, ...]:
    """Give those passed over who reach the pass mark, for the desk to choose from.

    Raises: CallNotFound.
    """
    actor.check(permissions.READ.code)
    call = session.get(VentureCall, call_id)
    if call is None or call.community_id != actor.community_id:
        raise CallNotFound
    return tuple(each for each in left_ranking(session, call) if each.passes)
