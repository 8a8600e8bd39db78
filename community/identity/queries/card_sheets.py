"""The cards of a building, for printing ten on a page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.identity.models import (
    Building,
    Card,
    Household,
    HouseholdMember,
    Person,
    Unit,
)


@dataclass(frozen=True, slots=True)
class PaperCard:
    """What is printed on a card; a household's has no name."""

    place: str
    name: str
    code: str

    @property
    def typed(self) -> str:
        """Give the code in groups of four, as it is typed."""
        return " ".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))


@dataclass(frozen=True, slots=True)
class BuildingCards:
    """How many people of a building have a card that works."""

    building_id: int
    building: str
    households: int
    people: int
    with_card: int


def cards_by_building(session: Session, community_id: int) -> tuple[BuildingCards, ...]:
    """Give each building with its households, people and cards."""
    rows = session.execute(
        select(
            Building.id,
            Building.name,
            func.count(func.distinct(Household.id)),
            func.count(func.distinct(HouseholdMember.person_id)),
            func.count(func.distinct(Card.person_id)),
        )
        .join(Unit, Unit.building_id == Building.id)
        .join(Household, (Household.unit_id == Unit.id) & Household.until_on.is_(None))
        .outerjoin(
            HouseholdMember,
            (HouseholdMember.household_id == Household.id) & HouseholdMember.until_on.is_(None),
        )
        .outerjoin(
            Card,
            (Card.person_id == HouseholdMember.person_id)
            & (Card.community_id == community_id)
            & Card.revoked_at.is_(None),
        )
        .where(Building.community_id == community_id)
        .group_by(Building.id, Building.name, Building.position)
        .order_by(Building.position, Building.name)
    )
    return tuple(BuildingCards(*row) for row in rows)


def person_cards(session: Session, community_id: int, building_id: int) -> tuple[PaperCard, ...]:
    """Give the personal cards of those who live in a building, door by door."""
    rows = session.execute(
        select(Building.name, Unit.name, Person.name, Card.code)
        .join(Unit, Unit.building_id == Building.id)
        .join(Household, Household.unit_id == Unit.id)
        .join(HouseholdMember, HouseholdMember.household_id == Household.id)
        .join(Person, Person.id == HouseholdMember.person_id)
        .join(Card, Card.person_id == Person.id)
        .where(
            Building.community_id == community_id,
            Building.id == building_id,
            HouseholdMember.until_on.is_(None),
            Card.community_id == community_id,
            Card.revoked_at.is_(None),
        )
        .order_by(Unit.name, Person.id)
    )
    return tuple(PaperCard(f"{building} {unit}", name, code) for building, unit, name, code in rows)


def household_cards(session: Session, community_id: int, building_id: int) -> tuple[PaperCard, ...]:
    """Give the household cards of a building, door by door."""
    rows = session.execute(
        select(Building.name, Unit.name, Household.card_code)
        .join(Unit, Unit.building_id == Building.id)
        .join(Household, Household.unit_id == Unit.id)
        .where(
            Building.community_id == community_id,
            Building.id == building_id,
            Household.until_on.is_(None),
        )
        .order_by(Unit.name, Household.id)
    )
    return tuple(PaperCard(f"{building} {unit}", "", code) for building, unit, code in rows)


def people_without_card(session: Session, community_id: int, building_id: int) -> tuple[int, ...]:
    """Give those who live in a building and have no card that works."""
    works = select(Card.id).where(
        Card.community_id == community_id,
        Card.person_id == HouseholdMember.person_id,
        Card.revoked_at.is_(None),
    )
    chosen = (
        select(HouseholdMember.person_id)
        .join(Household, Household.id == HouseholdMember.household_id)
        .join(Unit, Unit.id == Household.unit_id)
        .where(
            HouseholdMember.community_id == community_id,
            Unit.building_id == building_id,
            HouseholdMember.until_on.is_(None),
            ~works.exists(),
        )
        .order_by(HouseholdMember.id)
    )
    return tuple(session.scalars(chosen))
