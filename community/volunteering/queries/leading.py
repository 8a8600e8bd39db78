"""Rows that commands and pages load first, and who leads what."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.volunteering import permissions
from community.volunteering.errors.signing_up import NotLeader
from community.volunteering.models import Activity, ActivityLeader, Shift


def load_activity(session: Session, community_id: int, activity_id: int) -> Activity:
    """Load an activity of a community.

    Raises: NotFound.
    """
    row = session.get(Activity, activity_id)
    if row is None or row.community_id != community_id:
        raise NotFound
    return row


def load_shift(session: Session, community_id: int, shift_id: int) -> tuple[Shift, Activity]:
    """Load a shift of a community with its activity.

    Raises: NotFound.
    """
    row = session.get(Shift, shift_id)
    if row is None or row.community_id != community_id:
        raise NotFound
    return row, load_activity(session, community_id, row.activity_id)


def leader_ids(session: Session, community_id: int, activity_id: int) -> tuple[int, ...]:
    """List who leads an activity, the longest first."""
    return tuple(
        session.scalars(
            select(ActivityLeader.person_id)
            .where(
                ActivityLeader.community_id == community_id,
                ActivityLeader.activity_id == activity_id,
            )
            .order_by(ActivityLeader.id)
        )
    )


def may_lead(session: Session, actor: Actor, activity_id: int) -> bool:
    """Tell whether the actor leads an activity, or may lead any of the community."""
    if actor.may(permissions.LEAD_ANY.code):
        return True
    if actor.on_behalf_of is not None or not actor.may(permissions.LEAD.code):
        return False
    return actor.person_id in leader_ids(session, actor.community_id, activity_id)


def check_leads(session: Session, actor: Actor, activity_id: int) -> None:
    """Refuse somebody who does not lead an activity.

    Raises: NotLeader.
    """
    if not may_lead(session, actor, activity_id):
        raise NotLeader


def may_credit(session: Session, actor: Actor, person_id: int) -> bool:
    """Tell whether the actor may vouch for a person: never for the own household."""
    if actor.is_system or actor.person_id is None:
        return actor.is_system
    if actor.person_id == person_id:
        return False
    return not identity.share_household(session, actor.community_id, actor.person_id, person_id)
