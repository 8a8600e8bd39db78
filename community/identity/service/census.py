"""Writing what a sheet tells: units, people and owners, each as if for the first time.

Every piece reads the database anew and matches by name, unit and birth year, so that writing it
twice changes nothing the second time.
"""

from __future__ import annotations

from fractions import Fraction

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.identity.events import PersonJoined, PersonMoved
from community.identity.importing.comparing import KnownPerson, match_all
from community.identity.importing.naming import key_of, name_building, name_unit
from community.identity.importing.people import Draft, UnitDraft
from community.identity.importing.pieces import Owners, Piece
from community.identity.importing.reading import UnitKey
from community.identity.models import (
    Building,
    Household,
    HouseholdMember,
    Membership,
    Ownership,
    Person,
    Phone,
    Tenancy,
    Unit,
)
from community.identity.queries.importing import known_people
from community.identity.service.rows import change
from community.kernel import clock, events, ids
from community.kernel.actor import Actor

CARD_CODE_LENGTH = 12


def write_piece(session: Session, actor: Actor, places: Places, piece: Piece) -> None:
    """Write one piece of a census."""
    if isinstance(piece, UnitDraft):
        places.write_unit(piece)
    elif isinstance(piece, Owners):
        _write_owners(session, actor, places, piece)
    else:
        _write_people(session, actor, places, piece)


class Places:
    """The buildings and units of a community by their keys, for the length of one chunk."""

    def __init__(self, session: Session, actor: Actor) -> None:
        """Read the names once."""
        self.session, self.community_id = session, actor.community_id
        buildings = session.execute(
            select(Building.name, Building.id).where(Building.community_id == self.community_id)
        )
        self.buildings = {key_of(name, "").building: found for name, found in buildings}
        units = session.execute(
            select(Building.name, Unit.name, Unit.id)
            .join(Unit, Unit.building_id == Building.id)
            .where(Unit.community_id == self.community_id)
        )
        self.units = {key_of(building, name): found for building, name, found in units}

    def write_unit(self, draft: UnitDraft) -> None:
        """Make a unit with its building, or correct its area."""
        unit_id = self.unit_id(draft.unit)
        if draft.area_centiares is not None:
            row = self.session.get_one(Unit, unit_id)
            row.area_centiares = draft.area_centiares

    def unit_id(self, key: UnitKey) -> int:
        """Find a unit, or make it."""
        if key not in self.units:
            row = Unit(
                community_id=self.community_id,
                building_id=self._building_id(key),
                name=name_unit(key),
                area_centiares=0,
            )
            self.session.add(row)
            self.session.flush()
            self.units[key] = row.id
        return self.units[key]

    def _building_id(self, key: UnitKey) -> int:
        if key.building not in self.buildings:
            digits = "".join(each for each in key.building if each.isdigit())
            row = Building(
                community_id=self.community_id,
                name=name_building(key),
                position=int(digits) if digits else len(self.buildings) + 1,
            )
            self.session.add(row)
            self.session.flush()
            self.buildings[key.building] = row.id
        return self.buildings[key.building]

    def household_id(self, key: UnitKey) -> int:
        """Find the household that lives in a unit, or let one begin."""
        unit_id = self.unit_id(key)
        found = self.session.scalar(
            select(Household.id)
            .where(
                Household.community_id == self.community_id,
                Household.unit_id == unit_id,
                Household.until_on.is_(None),
            )
            .order_by(Household.id)
            .limit(1)
        )
        if found is not None:
            return found
        row = Household(
            community_id=self.community_id,
            unit_id=unit_id,
            card_code=ids.random_code(CARD_CODE_LENGTH),
            card_made_at=clock.now(),
            from_on=clock.today(),
        )
        self.session.add(row)
        self.session.flush()
        return row.id


def _write_people(
    session: Session, actor: Actor, places: Places, drafts: tuple[Draft, ...]
) -> None:
    known = known_people(session, actor.community_id, {draft.name for draft in drafts})
    matches, doubtful = match_all(drafts, known)
    doubted = {index for index, _ in doubtful}
    for index, draft in enumerate(drafts):
        person = matches.get(index)
        if index in doubted or (person is not None and person.has_died):
            continue
        if person is None and draft.only_owns:
            # Made together with the share, or nothing would tell them apart the next time.
            continue
        person_id = _join(session, actor, draft) if person is None else person.person_id
        if person is not None:
            _correct(session, actor, draft, person)
        _add_phone(session, person_id, draft)
        _settle(session, actor, places, person_id, draft)
        _rent(session, places, person_id, draft)


def _join(session: Session, actor: Actor, draft: Draft) -> int:
    row = Person(
        name=draft.name,
        birth_year=draft.birth_year,
        birthday=draft.birthday,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    session.add(
        Membership(community_id=actor.community_id, person_id=row.id, joined_at=clock.now())
    )
    session.flush()
    events.tell(session, PersonJoined(actor.community_id, row.id))
    return row.id


def _correct(session: Session, actor: Actor, draft: Draft, known: KnownPerson) -> None:
    row = session.get_one(Person, known.person_id)
    row.birth_year = row.birth_year or draft.birth_year
    row.birthday = row.birthday or draft.birthday
    if known.has_left:
        change(
            session,
            update(Membership)
            .where(Membership.community_id == actor.community_id, Membership.person_id == row.id)
            .values(left_at=None),
        )


def _add_phone(session: Session, person_id: int, draft: Draft) -> None:
    if not draft.phone:
        return
    own = select(Phone.id).where(Phone.person_id == person_id, Phone.number == draft.phone)
    if session.scalar(own) is None:
        session.add(Phone(person_id=person_id, number=draft.phone, added_at=clock.now()))


def _settle(session: Session, actor: Actor, places: Places, person_id: int, draft: Draft) -> None:
    """Let a person live where the file says, leaving the home before on the same day."""
    if draft.home is None:
        return
    household_id, today = places.household_id(draft.home), clock.today()
    before = session.scalar(
        select(HouseholdMember).where(
            HouseholdMember.community_id == actor.community_id,
            HouseholdMember.person_id == person_id,
            HouseholdMember.until_on.is_(None),
        )
    )
    if before is not None and before.household_id == household_id:
        return
    if before is not None:
        before.until_on = max(today, before.from_on)
        session.flush()
        close_if_empty(session, actor.community_id, before.household_id)
    session.add(
        HouseholdMember(
            community_id=actor.community_id,
            household_id=household_id,
            person_id=person_id,
            is_head=draft.is_head and not _has_head(session, household_id),
            from_on=today,
        )
    )
    session.flush()
    if before is not None:
        events.tell(session, PersonMoved(actor.community_id, person_id, household_id, today))


def _has_head(session: Session, household_id: int) -> bool:
    chosen = select(HouseholdMember.id).where(
        HouseholdMember.household_id == household_id,
        HouseholdMember.is_head,
        HouseholdMember.until_on.is_(None),
    )
    return session.scalar(chosen.limit(1)) is not None


def close_if_empty(session: Session, community_id: int, household_id: int) -> bool:
    """End a household nobody lives in any more; its card then opens nothing."""
    living = select(HouseholdMember.id).where(
        HouseholdMember.household_id == household_id, HouseholdMember.until_on.is_(None)
    )
    if session.scalar(living.limit(1)) is not None:
        return False
    return bool(
        change(
            session,
            update(Household)
            .where(
                Household.community_id == community_id,
                Household.id == household_id,
                Household.until_on.is_(None),
            )
            .values(until_on=clock.today()),
        )
    )


def _rent(session: Session, places: Places, person_id: int, draft: Draft) -> None:
    for key in draft.rents:
        unit_id = places.unit_id(key)
        own = select(Tenancy.id).where(
            Tenancy.community_id == places.community_id,
            Tenancy.unit_id == unit_id,
            Tenancy.person_id == person_id,
            Tenancy.until_on.is_(None),
        )
        if session.scalar(own) is None:
            session.add(
                Tenancy(
                    community_id=places.community_id,
                    unit_id=unit_id,
                    person_id=person_id,
                    from_on=clock.today(),
                )
            )


def _write_owners(session: Session, actor: Actor, places: Places, owners: Owners) -> None:
    """Set the shares of a unit whose recorded owners the file all names.

    One that is not named has sold, died, or was forgotten: the desk decides, not the file.
    """
    unit_id, today = places.unit_id(owners.unit), clock.today()
    rows = list(
        session.scalars(
            select(Ownership).where(
                Ownership.community_id == actor.community_id,
                Ownership.unit_id == unit_id,
                Ownership.until_on.is_(None),
            )
        )
    )
    told = _owners_told(session, actor, owners, {row.person_id for row in rows})
    if told is None:
        return
    for row in rows:
        if told[row.person_id or 0] == Fraction(row.numerator, row.denominator):
            del told[row.person_id or 0]
        else:
            row.until_on = max(today, row.from_on)
    session.flush()
    session.add_all(
        Ownership(
            community_id=actor.community_id,
            unit_id=unit_id,
            person_id=person_id,
            numerator=share.numerator,
            denominator=share.denominator,
            from_on=today,
        )
        for person_id, share in told.items()
    )
    session.flush()


def _owners_told(
    session: Session, actor: Actor, owners: Owners, recorded: set[int | None]
) -> dict[int, Fraction] | None:
    """Find who the owners are, making those who live elsewhere; None when one is in doubt."""
    names = {draft.name for draft in owners.drafts}
    known = tuple(
        each for each in known_people(session, actor.community_id, names) if each.is_present
    )
    matches, doubtful = match_all(owners.drafts, known)
    lacking = [
        index
        for index, draft in enumerate(owners.drafts)
        if index not in matches and not draft.only_owns
    ]
    if doubtful or lacking or recorded - {person.person_id for person in matches.values()}:
        return None
    told: dict[int, Fraction] = {}
    for index, draft in enumerate(owners.drafts):
        person_id = matches[index].person_id if index in matches else _join(session, actor, draft)
        _add_phone(session, person_id, draft)
        share = next(share for share in draft.owns if share.unit == owners.unit)
        told[person_id] = Fraction(share.numerator, share.denominator)
    return told
