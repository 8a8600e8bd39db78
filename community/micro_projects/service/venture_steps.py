"""Loading calls and applications, a call under its lock, and moving both along their tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.sentences import say
from community.micro_projects.errors.venture import (
    ApplicationNotFound,
    ApplicationStateWrong,
    CallNotFound,
    CallStateWrong,
)
from community.micro_projects.models import VentureApplication, VentureCall, VentureCriterion
from community.micro_projects.rules.venture_applications import (
    APPLICATION_STEPS,
    APPLICATION_TITLES,
    ApplicationState,
)
from community.micro_projects.rules.venture_calls import CALL_STEPS, CALL_TITLES, CallState


def load_call(session: Session, actor: Actor, call_id: int) -> VentureCall:
    """Load a call of the actor's community for a command.

    Raises: CallNotFound.
    """
    row = session.get(VentureCall, call_id)
    if row is None or row.community_id != actor.community_id:
        raise CallNotFound
    return row


def lock_call(session: Session, actor: Actor, call_id: int) -> VentureCall:
    """Load a call and hold its row: whoever wins it reads the clock only then.

    Counting up makes an act whose snapshot is older than the last winner's start again
    (PostgreSQL). Raises: CallNotFound.
    """
    session.flush()
    held = session.execute(
        update(VentureCall)
        .where(VentureCall.community_id == actor.community_id, VentureCall.id == call_id)
        .values(locks=VentureCall.locks + 1)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", held).rowcount != 1:
        raise CallNotFound
    row = session.get(VentureCall, call_id, populate_existing=True)
    assert row is not None
    return row


def lock_at(session: Session, actor: Actor, call_id: int, *states: CallState) -> VentureCall:
    """Hold a call that stands in one of the given states.

    Raises: CallNotFound, CallStateWrong.
    """
    row = lock_call(session, actor, call_id)
    if row.state not in states:
        raise CallStateWrong(state=say(CALL_TITLES[row.state]))
    return row


def claim_call(session: Session, row: VentureCall, to: CallState, **values: Any) -> None:
    """Let a call go a step from the state it was read in.

    Raises: CallStateWrong, also when somebody was faster.
    """
    refusal = CallStateWrong(state=say(CALL_TITLES[row.state]))
    if to not in CALL_STEPS[row.state]:
        raise refusal
    session.flush()
    moved = session.execute(
        update(VentureCall)
        .where(
            VentureCall.community_id == row.community_id,
            VentureCall.id == row.id,
            VentureCall.state == row.state,
        )
        .values(state=to, **values)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", moved).rowcount != 1:
        raise refusal
    session.refresh(row)


def load_application(session: Session, actor: Actor, application_id: int) -> VentureApplication:
    """Load an application of the actor's community for a command.

    Raises: ApplicationNotFound.
    """
    row = session.get(VentureApplication, application_id)
    if row is None or row.community_id != actor.community_id:
        raise ApplicationNotFound
    return row


def claim_application(
    session: Session, row: VentureApplication, to: ApplicationState, **values: Any
) -> None:
    """Let an application go a step from the state it was read in.

    Raises: ApplicationStateWrong, also when somebody was faster.
    """
    refusal = ApplicationStateWrong(state=say(APPLICATION_TITLES[row.state]))
    if to not in APPLICATION_STEPS[row.state]:
        raise refusal
    session.flush()
    moved = session.execute(
        update(VentureApplication)
        .where(
            VentureApplication.community_id == row.community_id,
            VentureApplication.id == row.id,
            VentureApplication.state == row.state,
        )
        .values(state=to, **values)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", moved).rowcount != 1:
        raise refusal
    session.refresh(row)


def applications_at(
    session: Session, call: VentureCall, *states: ApplicationState
) -> list[VentureApplication]:
    """List a call's applications that stand in one of the given states, by their numbers."""
    found = session.scalars(
        select(VentureApplication)
        .where(
            VentureApplication.community_id == call.community_id,
            VentureApplication.call_id == call.id,
            VentureApplication.state.in_(states),
        )
        .order_by(VentureApplication.number, VentureApplication.id)
    )
    return list(found)


def criteria_of_call(session: Session, call: VentureCall) -> list[VentureCriterion]:
    """List a call's criteria."""
    found = session.scalars(
        select(VentureCriterion)
        .where(
            VentureCriterion.community_id == call.community_id, VentureCriterion.call_id == call.id
        )
        .order_by(VentureCriterion.number)
    )
    return list(found)


def is_of_applicant(session: Session, actor: Actor, row: VentureApplication) -> bool:
    """Tell whether somebody wrote an application, or works for the organisation that applies."""
    if actor.on_behalf_of is not None or actor.person_id is None:
        return False
    if row.lead_id == actor.person_id:
        return True
    return row.group_name == "" and works_for(session, actor, row.organization_id)


def works_for(session: Session, actor: Actor, organization_id: int) -> bool:
    """Tell whether the actor works for an organisation here today."""
    if actor.on_behalf_of is not None or actor.person_id is None:
        return False
    return identity.employer_of(session, actor.community_id, actor.person_id) == organization_id


def told_moment(moment: datetime) -> str:
    """Write a moment for a sentence, in Shanghai's time."""
    return moment.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")
