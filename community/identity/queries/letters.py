"""Which households have a letter, who came in by it, and what stands on the paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from community.identity import models
from community.identity.models import (
    Building,
    Household,
    HouseholdMember,
    Invitation,
    InvitationSheet,
    Person,
    SignInSession,
    Unit,
)
from community.identity.queries.keys import derive_code
from community.identity.rules.signing_in import LETTER_LENGTH
from community.kernel import clock, files
from community.kernel.errors import NotFound
from community.kernel.tables import Community


@dataclass(frozen=True, slots=True)
class LetterState:
    """A household and the letter it has, if one is in force."""

    household_id: int
    unit: str
    members: int
    entered: int
    letter_id: int | None
    expires_at: datetime | None
    uses_left: int


@dataclass(frozen=True, slots=True)
class Letter:
    """What is printed on a household's letter."""

    building: str
    unit: str
    code: str
    names: tuple[str, ...]
    expires_at: datetime

    @property
    def typed(self) -> str:
        """Give the code in groups of four, as it is typed."""
        return " ".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))


@dataclass(frozen=True, slots=True)
class BuildingLetters:
    """How far a building is with its letters."""

    building_id: int
    building: str
    households: int
    with_letter: int


@dataclass(frozen=True, slots=True)
class SheetView:
    """A printed file of letters that can still be fetched."""

    id: int
    building_id: int
    file: files.FileView
    letters: int
    made_at: datetime


def _in_force(now: datetime) -> ColumnElement[bool]:
    return and_(
        Invitation.household_id == Household.id,
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
        Invitation.uses_left > 0,
    )


def letters_by_building(session: Session, community_id: int) -> tuple[BuildingLetters, ...]:
    """Give each building with its households and how many of them have a letter in force."""
    rows = session.execute(
        select(
            Building.id,
            Building.name,
            func.count(func.distinct(Household.id)),
            func.count(func.distinct(Invitation.household_id)),
        )
        .join(Unit, Unit.building_id == Building.id)
        .join(Household, and_(Household.unit_id == Unit.id, Household.until_on.is_(None)))
        .outerjoin(Invitation, _in_force(clock.now()))
        .where(Building.community_id == community_id)
        .group_by(Building.id, Building.name, Building.position)
        .order_by(Building.position, Building.name)
    )
    return tuple(BuildingLetters(*row) for row in rows)


def letters_of_building(
    session: Session, community_id: int, building_id: int
) -> tuple[LetterState, ...]:
    """Give each household of a building with the letter it has."""
    now = clock.now()
    members = (
        select(func.count(HouseholdMember.id))
        .where(HouseholdMember.household_id == Household.id, HouseholdMember.until_on.is_(None))
        .scalar_subquery()
    )
    entered = (
        select(func.count(func.distinct(HouseholdMember.person_id)))
        .join(SignInSession, SignInSession.person_id == HouseholdMember.person_id)
        .where(HouseholdMember.household_id == Household.id, HouseholdMember.until_on.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        select(Household.id, Unit.name, members, entered, Invitation)
        .join(Unit, Unit.id == Household.unit_id)
        .outerjoin(Invitation, _in_force(now))
        .where(
            Household.community_id == community_id,
            Unit.building_id == building_id,
            Household.until_on.is_(None),
        )
        .order_by(Unit.name, Household.id)
    )
    return tuple(
        LetterState(
            household_id,
            unit,
            members_count,
            entered_count,
            None if letter is None else letter.id,
            None if letter is None else letter.expires_at,
            0 if letter is None else letter.uses_left,
        )
        for household_id, unit, members_count, entered_count, letter in rows
    )


def letters_to_print(
    session: Session,
    community_id: int,
    *,
    building_id: int | None = None,
    letter_id: int | None = None,
) -> tuple[Letter, ...]:
    """Give the letters in force of a building, or one; their codes are derived again."""
    chosen = (
        select(Invitation, Building.name, Unit.name)
        .join(Household, Household.id == Invitation.household_id)
        .join(Unit, Unit.id == Household.unit_id)
        .join(Building, Building.id == Unit.building_id)
        .where(Invitation.community_id == community_id, _in_force(clock.now()))
        .order_by(Building.position, Unit.name)
    )
    if building_id is not None:
        chosen = chosen.where(Unit.building_id == building_id)
    if letter_id is not None:
        chosen = chosen.where(Invitation.id == letter_id)
    rows = session.execute(chosen).all()
    names = _names(session, [letter.household_id for letter, _, _ in rows])
    return tuple(
        Letter(
            building,
            unit,
            derive_code("letter", letter.nonce, LETTER_LENGTH),
            names.get(letter.household_id, ()),
            letter.expires_at,
        )
        for letter, building, unit in rows
    )


def _names(session: Session, household_ids: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    rows = session.execute(
        select(HouseholdMember.household_id, Person.name)
        .join(Person, Person.id == HouseholdMember.person_id)
        .where(HouseholdMember.household_id.in_(household_ids), HouseholdMember.until_on.is_(None))
        .order_by(HouseholdMember.is_head.desc(), HouseholdMember.id)
    )
    for household_id, name in rows:
        found[household_id] = (*found.get(household_id, ()), name)
    return found


def letter_sheets(session: Session, community_id: int) -> tuple[SheetView, ...]:
    """Give the printed files that can still be fetched, newest first."""
    rows = session.scalars(
        select(InvitationSheet)
        .where(InvitationSheet.community_id == community_id, InvitationSheet.dropped_at.is_(None))
        .order_by(InvitationSheet.id.desc())
        .limit(100)
    )
    return tuple(
        SheetView(row.id, row.building_id, file, row.letters, row.made_at)
        for row in rows
        if (file := files.find_file(session, community_id, row.file_id)) is not None
    )


def get_building(session: Session, community_id: int, building_id: int) -> str:
    """Give a building's name.

    Raises: NotFound.
    """
    name = session.scalar(
        select(models.Building.name).where(
            models.Building.community_id == community_id, models.Building.id == building_id
        )
    )
    if name is None:
        raise NotFound
    return name


def community_name(session: Session, community_id: int) -> str:
    """Give a community's name for the head of a paper."""
    return session.get_one(Community, community_id).name
