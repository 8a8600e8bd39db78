"""Commands on roles: given for a time by somebody else, taken at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from community.identity.errors import EndInPast, LastStaff, OwnRole, RoleBeyondOwn, RoleHeld
from community.identity.models import RoleGrant
from community.identity.permissions import GRANT_ROLES
from community.identity.queries.organizations import get_organization
from community.identity.queries.standing import is_member, people_with_role
from community.identity.rules.roles import FOR_ORGANIZATION, grantable_by
from community.identity.service.rows import change, name_of
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.kernel.permissions import Role


def grant_role(
    session: Session,
    actor: Actor,
    person_id: int,
    role: Role,
    until_on: date | None = None,
    organization_id: int | None = None,
) -> int:
    """Give a member a role, to the end of a day or for as long as nobody takes it.

    Raises: NotFound, OwnRole, RoleBeyondOwn, RoleHeld, EndInPast.
    """
    _check_giver(session, actor, person_id, role)
    until_at = None if until_on is None else clock.at(until_on) + timedelta(days=1)
    if until_at is not None and until_at <= clock.now():
        raise EndInPast
    if organization_id is not None:
        get_organization(session, actor.community_id, organization_id)
    held = _in_force(session, actor.community_id, person_id, role, clock.now())
    if held is not None and held.organization_id == organization_id:
        raise RoleHeld(name=name_of(session, person_id))
    row = RoleGrant(
        community_id=actor.community_id,
        person_id=person_id,
        role=role,
        organization_id=organization_id if role in FOR_ORGANIZATION else None,
        from_at=clock.now(),
        until_at=until_at,
        granted_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    return row.id


def withdraw_role(session: Session, actor: Actor, grant_id: int) -> None:
    """Take a role away at this moment.

    Raises: NotFound, OwnRole, RoleBeyondOwn, LastStaff.
    """
    row = session.scalar(
        select(RoleGrant).where(
            RoleGrant.community_id == actor.community_id, RoleGrant.id == grant_id
        )
    )
    if row is None:
        raise NotFound
    _check_giver(session, actor, row.person_id, row.role)
    if row.role is Role.STAFF and people_with_role(session, actor.community_id, Role.STAFF) == (
        row.person_id,
    ):
        raise LastStaff
    change(
        session,
        update(RoleGrant)
        .where(RoleGrant.id == grant_id, RoleGrant.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now(), withdrawn_by=actor.person_id),
    )


def withdraw_all_roles(session: Session, actor: Actor, person_id: int) -> int:
    """Take all roles of somebody who died, left, was erased or merged; answers how many."""
    return change(
        session,
        update(RoleGrant)
        .where(
            RoleGrant.community_id == actor.community_id,
            RoleGrant.person_id == person_id,
            RoleGrant.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=clock.now(), withdrawn_by=actor.person_id),
    )


def _check_giver(session: Session, actor: Actor, person_id: int, role: Role) -> None:
    actor.check(GRANT_ROLES.code)
    if not is_member(session, actor.community_id, person_id):
        raise NotFound
    if actor.is_system:
        return
    if person_id == actor.person_id:
        raise OwnRole
    if role not in grantable_by(actor.roles):
        raise RoleBeyondOwn


def _in_force(
    session: Session, community_id: int, person_id: int, role: Role, now: datetime
) -> RoleGrant | None:
    return session.scalar(
        select(RoleGrant).where(
            RoleGrant.community_id == community_id,
            RoleGrant.person_id == person_id,
            RoleGrant.role == role,
            RoleGrant.withdrawn_at.is_(None),
            or_(RoleGrant.until_at.is_(None), RoleGrant.until_at > now),
        )
    )
