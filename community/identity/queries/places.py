"""Buildings, units, households, owners, and which building is near."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from community.identity import models
from community.identity.models import HouseholdMember
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Building:
    """A building with its place, for "nearest building first"."""

    id: int
    name: str
    position: int
    x: int | None
    y: int | None

    def distance_to(self, other: Building) -> int:
        """Give a whole number that grows with the distance: metres squared, else places apart."""
        if None not in (self.x, self.y, other.x, other.y):
            assert self.x is not None
            assert self.y is not None
            assert other.x is not None
            assert other.y is not None
            return (self.x - other.x) ** 2 + (self.y - other.y) ** 2
        # Without metres, buildings are taken to stand 40 m apart in their order.
        return (40 * (self.position - other.position)) ** 2


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with its exclusive area in hundredths of a square metre."""

    id: int
    building_id: int
    building: str
    name: str
    area_centiares: int


@dataclass(frozen=True, slots=True)
class Household:
    """A household that lives in the community now."""

    id: int
    unit_id: int
    building_id: int
    building: str
    unit: str
    card_code: str


@dataclass(frozen=True, slots=True)
class Owner:
    """A share of a unit that belongs to a person or an organization."""

    unit_id: int
    area_centiares: int
    person_id: int | None
    organization_id: int | None
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class DeveloperUnit:
    """A unit that counts for its developer: not sold, or sold and not handed over."""

    developer: str
    building: str
    name: str
    area_centiares: int
    handed_over_on: date | None
    is_sold: bool


def _building(row: models.Building) -> Building:
    return Building(row.id, row.name, row.position, row.x, row.y)


def buildings(session: Session, community_id: int) -> tuple[Building, ...]:
    """Give the buildings of a community in their order."""
    chosen = select(models.Building).where(models.Building.community_id == community_id)
    ordered = chosen.order_by(models.Building.position, models.Building.name)
    return tuple(_building(row) for row in session.scalars(ordered))


def units(session: Session, community_id: int) -> tuple[Unit, ...]:
    """Give the units of a community, building by building."""
    rows = session.execute(
        select(models.Unit, models.Building.name)
        .join(models.Building, models.Building.id == models.Unit.building_id)
        .where(models.Unit.community_id == community_id)
        .order_by(models.Building.position, models.Building.name, models.Unit.name)
    )
    return tuple(
        Unit(row.id, row.building_id, building, row.name, row.area_centiares)
        for row, building in rows
    )


def unit_count(session: Session, community_id: int) -> int:
    """Tell how many units a community has."""
    chosen = select(func.count()).where(models.Unit.community_id == community_id)
    return session.scalar(chosen) or 0


def undelivered_units(session: Session, community_id: int, on: date) -> dict[int, int]:
    """Give the units a developer had not sold, or not handed over, on a day, and the developer.

    Source: 最高人民法院建筑物区分所有权司法解释 Art. 9.
    """
    rows = session.execute(
        select(models.Unit.id, models.Unit.developer_id).where(
            models.Unit.community_id == community_id,
            models.Unit.developer_id.is_not(None),
            or_(models.Unit.handed_over_on.is_(None), models.Unit.handed_over_on > on),
        )
    )
    return {unit_id: developer_id for unit_id, developer_id in rows if developer_id is not None}


def developer_units(session: Session, actor: Actor) -> tuple[DeveloperUnit, ...]:
    """Give the units that developers have not handed over, with what is sold of them."""
    today = clock.today()
    sold = select(models.Ownership.unit_id).where(
        models.Ownership.community_id == actor.community_id,
        models.Ownership.organization_id.is_(None),
        or_(models.Ownership.until_on.is_(None), models.Ownership.until_on > today),
    )
    unit = models.Unit
    rows = session.execute(
        select(
            models.Organization.name,
            models.Building.name,
            unit.name,
            unit.area_centiares,
            unit.handed_over_on,
            unit.id.in_(sold),
        )
        .join(models.Organization, models.Organization.id == unit.developer_id)
        .join(models.Building, models.Building.id == unit.building_id)
        .where(
            unit.community_id == actor.community_id,
            or_(unit.handed_over_on.is_(None), unit.handed_over_on > today),
        )
        .order_by(models.Organization.name, models.Building.position, models.Building.name)
        .order_by(unit.name)
    )
    return tuple(DeveloperUnit(*row) for row in rows)


def unit_names(session: Session, community_id: int, unit_ids: Collection[int]) -> dict[int, str]:
    """Tell units' names with their building, as `3 号楼 2 单元 301`."""
    rows = session.execute(
        select(models.Unit.id, models.Building.name, models.Unit.name)
        .join(models.Building, models.Building.id == models.Unit.building_id)
        .where(models.Unit.community_id == community_id, models.Unit.id.in_(unit_ids))
    )
    return {unit_id: f"{building} {unit}" for unit_id, building, unit in rows}


def households(session: Session, community_id: int) -> tuple[Household, ...]:
    """Give the households that live in a community now, building by building."""
    rows = session.execute(
        select(models.Household, models.Unit, models.Building.name)
        .join(models.Unit, models.Unit.id == models.Household.unit_id)
        .join(models.Building, models.Building.id == models.Unit.building_id)
        .where(models.Household.community_id == community_id, models.Household.until_on.is_(None))
        .order_by(models.Building.position, models.Building.name, models.Unit.name)
    )
    return tuple(
        Household(row.id, unit.id, unit.building_id, building, unit.name, row.card_code)
        for row, unit, building in rows
    )


def household_heads(session: Session, community_id: int) -> dict[int, int]:
    """Give of each household that lives here now the person who comes first in it."""
    rows = session.execute(
        select(HouseholdMember.household_id, HouseholdMember.person_id)
        .where(HouseholdMember.community_id == community_id, HouseholdMember.until_on.is_(None))
        # The last one written stays: the head, or else the one who came first.
        .order_by(HouseholdMember.is_head, HouseholdMember.id.desc())
    )
    return dict(rows.all())


def get_household(session: Session, community_id: int, household_id: int) -> Household:
    """Give a household, also one that has moved away.

    Raises: NotFound in another community.
    """
    found = session.execute(
        select(models.Household, models.Unit, models.Building.name)
        .join(models.Unit, models.Unit.id == models.Household.unit_id)
        .join(models.Building, models.Building.id == models.Unit.building_id)
        .where(models.Household.community_id == community_id, models.Household.id == household_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    row, unit, building = found
    return Household(row.id, unit.id, unit.building_id, building, unit.name, row.card_code)


def household_of(session: Session, community_id: int, person_id: int) -> int | None:
    """Find the household a person lives in."""
    return session.scalar(
        select(HouseholdMember.household_id).where(
            HouseholdMember.community_id == community_id,
            HouseholdMember.person_id == person_id,
            HouseholdMember.until_on.is_(None),
        )
    )


def members_of(session: Session, community_id: int, household_id: int) -> tuple[int, ...]:
    """Give the people who live in a household, the head first."""
    chosen = select(HouseholdMember.person_id).where(
        HouseholdMember.community_id == community_id,
        HouseholdMember.household_id == household_id,
        HouseholdMember.until_on.is_(None),
    )
    ordered = chosen.order_by(HouseholdMember.is_head.desc(), HouseholdMember.id)
    return tuple(session.scalars(ordered))


_ONE_HOME = (
    "SELECT 1 FROM household_member a JOIN household_member b ON b.community_id = a.community_id"
    " AND b.person_id = ? AND b.household_id = a.household_id AND b.until_on IS NULL"
    " WHERE a.community_id = ? AND a.person_id = ? AND a.until_on IS NULL LIMIT 1"
)


def share_household(session: Session, community_id: int, a: int, b: int) -> bool:
    """Tell whether two people live in one household; one statement, for every scan at a gate."""
    return db.statements(session).one(_ONE_HOME, (b, community_id, a)) is not None


def building_of(session: Session, community_id: int, person_id: int) -> Building | None:
    """Find the building a person lives in."""
    row = session.scalar(
        select(models.Building)
        .join(models.Unit, models.Unit.building_id == models.Building.id)
        .join(models.Household, models.Household.unit_id == models.Unit.id)
        .join(HouseholdMember, HouseholdMember.household_id == models.Household.id)
        .where(
            HouseholdMember.community_id == community_id,
            HouseholdMember.person_id == person_id,
            HouseholdMember.until_on.is_(None),
        )
    )
    return None if row is None else _building(row)


def owners(session: Session, community_id: int, on: date) -> tuple[Owner, ...]:
    """Give every share of every unit as it was on a day, by unit."""
    held = models.Ownership
    rows = session.execute(
        select(held, models.Unit.area_centiares)
        .join(models.Unit, models.Unit.id == held.unit_id)
        .where(
            held.community_id == community_id,
            held.from_on <= on,
            or_(held.until_on.is_(None), held.until_on > on),
        )
        .order_by(held.unit_id, held.id)
    )
    return tuple(
        Owner(row.unit_id, area, row.person_id, row.organization_id, row.numerator, row.denominator)
        for row, area in rows
    )


def owned_units(session: Session, community_id: int, person_id: int, on: date) -> tuple[Unit, ...]:
    """Give the units a person owns, alone or with others, on a day."""
    held = models.Ownership
    own = select(held.unit_id).where(
        held.community_id == community_id,
        held.person_id == person_id,
        held.from_on <= on,
        or_(held.until_on.is_(None), held.until_on > on),
    )
    rows = session.execute(
        select(models.Unit, models.Building.name)
        .join(models.Building, models.Building.id == models.Unit.building_id)
        .where(models.Unit.community_id == community_id, models.Unit.id.in_(own))
        .order_by(models.Building.position, models.Building.name, models.Unit.name)
    )
    return tuple(
        Unit(row.id, row.building_id, building, row.name, row.area_centiares)
        for row, building in rows
    )
