"""What stands before a desk act: what would end with it, and the acts recorded lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from community.identity.models import (
    AssistedAccess,
    Building,
    Card,
    ChangeAct,
    Ownership,
    Person,
    ResidentChange,
    RoleGrant,
    SignInSession,
    Tenancy,
    Unit,
)
from community.identity.queries.consequences import consequences
from community.identity.queries.people import PersonCard, get_person, people
from community.identity.queries.places import household_of, members_of
from community.identity.queries.standing import people_with_role
from community.identity.rules.changes import may_undo
from community.kernel import clock
from community.kernel.permissions import Role


@dataclass(frozen=True, slots=True)
class OwnUnit:
    """A unit somebody owns a share of, or rents."""

    unit_id: int
    building: str
    unit: str
    share: str = ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a desk act would end for a person, and what other rooms say would follow."""

    person: PersonCard
    family: tuple[PersonCard, ...]
    owned: tuple[OwnUnit, ...]
    rented: tuple[OwnUnit, ...]
    roles: tuple[Role, ...]
    sessions: int
    accesses: int
    cards: int
    is_last_staff: bool
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A recorded act as the list shows it."""

    id: int
    act: ChangeAct
    person_id: int
    name: str
    on_day: date
    note: str
    recorded_by: str
    recorded_at: datetime
    is_undone: bool
    may_be_undone: bool


def foresee(session: Session, community_id: int, person_id: int, act: ChangeAct) -> Foreseen:
    """Tell what an act would bring, before it happens.

    Raises: NotFound.
    """
    card = get_person(session, community_id, person_id)
    home = household_of(session, community_id, person_id)
    others = () if home is None else members_of(session, community_id, home)
    family = people(session, community_id, [each for each in others if each != person_id])
    staff = people_with_role(session, community_id, Role.STAFF)
    return Foreseen(
        person=card,
        family=tuple(family.values()),
        owned=owned_units(session, community_id, person_id),
        rented=rented_units(session, community_id, person_id),
        roles=_roles(session, community_id, person_id),
        sessions=_count_sessions(session, person_id),
        accesses=_count_accesses(session, community_id, person_id),
        cards=_count_cards(session, community_id, person_id),
        is_last_staff=staff == (person_id,),
        elsewhere=consequences(session, community_id, person_id, act.value),
    )


def owned_units(session: Session, community_id: int, person_id: int) -> tuple[OwnUnit, ...]:
    """Give the units a person owns a share of now."""
    rows = session.execute(
        select(Unit.id, Building.name, Unit.name, Ownership.numerator, Ownership.denominator)
        .join(Ownership, Ownership.unit_id == Unit.id)
        .join(Building, Building.id == Unit.building_id)
        .where(
            Ownership.community_id == community_id,
            Ownership.person_id == person_id,
            Ownership.until_on.is_(None),
        )
        .order_by(Building.position, Unit.name)
    )
    return tuple(
        OwnUnit(unit_id, building, unit, "" if part == whole else f"{part}/{whole}")
        for unit_id, building, unit, part, whole in rows
    )


def rented_units(session: Session, community_id: int, person_id: int) -> tuple[OwnUnit, ...]:
    """Give the units a person rents now."""
    rows = session.execute(
        select(Unit.id, Building.name, Unit.name)
        .join(Tenancy, Tenancy.unit_id == Unit.id)
        .join(Building, Building.id == Unit.building_id)
        .where(
            Tenancy.community_id == community_id,
            Tenancy.person_id == person_id,
            Tenancy.until_on.is_(None),
        )
        .order_by(Building.position, Unit.name)
    )
    return tuple(OwnUnit(*row) for row in rows)


def _roles(session: Session, community_id: int, person_id: int) -> tuple[Role, ...]:
    now = clock.now()
    chosen = select(RoleGrant.role).where(
        RoleGrant.community_id == community_id,
        RoleGrant.person_id == person_id,
        RoleGrant.withdrawn_at.is_(None),
        or_(RoleGrant.until_at.is_(None), RoleGrant.until_at > now),
    )
    return tuple(dict.fromkeys(session.scalars(chosen.order_by(RoleGrant.id))))


def _count_sessions(session: Session, person_id: int) -> int:
    return (
        session.scalar(
            select(func.count(SignInSession.id)).where(
                SignInSession.person_id == person_id,
                SignInSession.ended_at.is_(None),
                SignInSession.expires_at > clock.now(),
            )
        )
        or 0
    )


def _count_accesses(session: Session, community_id: int, person_id: int) -> int:
    return (
        session.scalar(
            select(func.count(AssistedAccess.id)).where(
                AssistedAccess.community_id == community_id,
                or_(AssistedAccess.subject_id == person_id, AssistedAccess.helper_id == person_id),
                AssistedAccess.revoked_at.is_(None),
                AssistedAccess.ends_at > clock.now(),
            )
        )
        or 0
    )


def _count_cards(session: Session, community_id: int, person_id: int) -> int:
    return (
        session.scalar(
            select(func.count(Card.id)).where(
                Card.community_id == community_id,
                Card.person_id == person_id,
                Card.revoked_at.is_(None),
            )
        )
        or 0
    )


def recent_changes(session: Session, community_id: int) -> tuple[ChangeView, ...]:
    """Give the acts recorded lately, newest first."""
    now = clock.now()
    clerk = aliased(Person)
    rows = session.execute(
        select(ResidentChange, Person.name, clerk.name)
        .join(Person, Person.id == ResidentChange.person_id)
        .outerjoin(clerk, clerk.id == ResidentChange.recorded_by)
        .where(ResidentChange.community_id == community_id)
        .order_by(ResidentChange.id.desc())
        .limit(50)
    )
    return tuple(
        ChangeView(
            row.id,
            row.act,
            row.person_id,
            name,
            row.on_day,
            row.note,
            by or "",
            row.recorded_at,
            row.undone_at is not None,
            row.undone_at is None and may_undo(row.recorded_at, now),
        )
        for row, name, by in rows
    )
