"""Commands on units a developer (建设单位) still holds: which they are, and handing them over."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from community.identity.errors import NoUnitsMeant, UnitsUnknown
from community.identity.models import (
    Building,
    CommunityOrganization,
    Organization,
    OrganizationKind,
    Ownership,
    Unit,
)
from community.identity.permissions import KEEP_PEOPLE
from community.identity.service.organizations import add_organization
from community.identity.service.rows import change
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotFound


def hold_back_units(
    session: Session, actor: Actor, developer: str, building_id: int, names: tuple[str, ...]
) -> int:
    """Note units as not sold, or sold and not handed over; without names all without an owner.

    Until they are handed over they count under the developer's one head. Gives how many.
    Source: 最高人民法院建筑物区分所有权司法解释 Art. 9.
    Raises: NotFound (no such building), UnitsUnknown, NoUnitsMeant.
    """
    actor.check(KEEP_PEOPLE.code)
    units = (
        _units(session, actor, building_id, names, are_held=False)
        if names
        else _unowned(session, actor, building_id)
    )
    if not units:
        raise NoUnitsMeant
    _write(session, actor, units, developer_id=_developer(session, actor, developer.strip()))
    return len(units)


def hand_over_units(
    session: Session, actor: Actor, building_id: int, names: tuple[str, ...], on: date
) -> int:
    """Note the day on which a developer's units were handed over to who bought them.

    Raises: NotFound, UnitsUnknown (also for units that are no developer's).
    """
    actor.check(KEEP_PEOPLE.code)
    units = _units(session, actor, building_id, names, are_held=True)
    done = update(Unit).where(Unit.community_id == actor.community_id, Unit.id.in_(units))
    change(session, done.values(handed_over_on=on))
    return len(units)


def _units(
    session: Session,
    actor: Actor,
    building_id: int,
    names: tuple[str, ...],
    *,
    are_held: bool,
) -> tuple[int, ...]:
    _check_building(session, actor, building_id)
    rows = session.execute(
        select(Unit.name, Unit.id).where(
            Unit.community_id == actor.community_id,
            Unit.building_id == building_id,
            Unit.name.in_(names),
            Unit.developer_id.is_not(None) if are_held else Unit.id > 0,
        )
    )
    found = dict(rows.all())
    unknown = [each for each in names if each not in found]
    if unknown:
        raise UnitsUnknown(names="、".join(unknown[:5]))
    return tuple(found.values())


def _unowned(session: Session, actor: Actor, building_id: int) -> tuple[int, ...]:
    _check_building(session, actor, building_id)
    owned = select(Ownership.unit_id).where(
        Ownership.community_id == actor.community_id,
        or_(Ownership.until_on.is_(None), Ownership.until_on > clock.today()),
    )
    return tuple(
        session.scalars(
            select(Unit.id).where(
                Unit.community_id == actor.community_id,
                Unit.building_id == building_id,
                Unit.developer_id.is_(None),
                Unit.id.not_in(owned),
            )
        )
    )


def _check_building(session: Session, actor: Actor, building_id: int) -> None:
    row = session.get(Building, building_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound


def _write(session: Session, actor: Actor, units: tuple[int, ...], *, developer_id: int) -> None:
    held = update(Unit).where(Unit.community_id == actor.community_id, Unit.id.in_(units))
    change(session, held.values(developer_id=developer_id, handed_over_on=None))


def _developer(session: Session, actor: Actor, name: str) -> int:
    known = session.scalar(
        select(Organization.id)
        .join(CommunityOrganization, CommunityOrganization.organization_id == Organization.id)
        .where(CommunityOrganization.community_id == actor.community_id, Organization.name == name)
        .order_by(Organization.id)
    )
    if known is not None:
        return known
    return add_organization(session, actor, name, OrganizationKind.DEVELOPER)
