"""Who is who in a community: cards, search, phone numbers, consents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from community.identity.models import (
    Building,
    Consent,
    ConsentKind,
    Household,
    HouseholdMember,
    Membership,
    Person,
    Phone,
    Sex,
    Unit,
)
from community.identity.rules.people import is_guarded, mask_number
from community.identity.rules.public_words import personal_words
from community.kernel import clock, db
from community.kernel.errors import NotFound

FOUND_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person as another room shows them; two of one name differ by building and birth year.

    `is_minor` means under 14: somebody for whom a guardian acts.
    """

    id: int
    name: str
    birth_year: int | None
    is_minor: bool
    household_id: int | None
    building: str
    phone_masked: str
    unit: str = ""
    died_on: date | None = None
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person is reached outside the site."""

    channel: str
    value: str


def _cards(community_id: int) -> Select[*tuple[Any, ...]]:
    lives = and_(
        HouseholdMember.community_id == community_id,
        HouseholdMember.person_id == Person.id,
        HouseholdMember.until_on.is_(None),
    )
    return (
        select(Person, Membership, HouseholdMember.household_id, Building.name, Unit.name)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(HouseholdMember, lives)
        .outerjoin(Household, Household.id == HouseholdMember.household_id)
        .outerjoin(Unit, Unit.id == Household.unit_id)
        .outerjoin(Building, Building.id == Unit.building_id)
        .where(Membership.community_id == community_id)
    )


def _read(session: Session, rows: Iterable[Any]) -> list[PersonCard]:
    found = list(rows)
    numbers = numbers_of(session, [row[0].id for row in found])
    return [
        PersonCard(
            id=person.id,
            name=person.name,
            birth_year=person.birth_year,
            is_minor=is_guarded(person.birth_year, person.birthday, clock.today()),
            household_id=household_id,
            building=building or "",
            phone_masked=mask_number(next(iter(numbers.get(person.id, ())), "")),
            unit=unit or "",
            died_on=person.died_on,
            has_left=membership.left_at is not None,
        )
        for person, membership, household_id, building, unit in found
    ]


def sexes_of(session: Session, ids: Iterable[int]) -> dict[int, Sex]:
    """Give what people said of their sex for draws by lot; who said nothing is not in it."""
    rows = session.execute(
        select(Person.id, Person.sex).where(Person.id.in_(list(ids)), Person.sex.is_not(None))
    )
    return {person_id: sex for person_id, sex in rows if sex is not None}


def numbers_of(session: Session, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Give the phone numbers of people, the oldest first; for identity's own use."""
    found: dict[int, tuple[str, ...]] = {}
    asked = list(ids)
    if not asked:
        return found
    chosen = select(Phone.person_id, Phone.number).where(Phone.person_id.in_(asked))
    for person_id, number in session.execute(chosen.order_by(Phone.id)):
        found[person_id] = (*found.get(person_id, ()), number)
    return found


def people(session: Session, community_id: int, ids: Iterable[int]) -> dict[int, PersonCard]:
    """Give the cards of those of `ids` who are, or were, members of the community, in order."""
    asked = list(ids)
    if not asked:
        return {}
    rows = session.execute(_cards(community_id).where(Person.id.in_(asked)))
    found = {card.id: card for card in _read(session, rows)}
    return {each: found[each] for each in asked if each in found}


def person_name(at: db.Statements, community_id: int, person_id: int) -> str:
    """Give the name of somebody who ever belonged to a community, "" for others; one statement."""
    row = at.one(
        "SELECT p.name FROM person p JOIN membership m ON m.person_id = p.id"
        " WHERE m.community_id = ? AND p.id = ?",
        (community_id, person_id),
    )
    return "" if row is None else str(row[0])


def get_person(session: Session, community_id: int, person_id: int) -> PersonCard:
    """Give a member's card.

    Raises: NotFound for somebody who never belonged to the community.
    """
    found = people(session, community_id, (person_id,)).get(person_id)
    if found is None:
        raise NotFound
    return found


def names_in(session: Session, community_id: int, words: str) -> tuple[str, ...]:
    """Give the names of members that occur in words, so that public words name nobody."""
    said = literal(words)
    rows = session.scalars(
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.community_id == community_id,
            Person.name != "",
            func.replace(said, Person.name, "") != said,
        )
        .distinct()
        .order_by(Person.name)
    )
    return tuple(rows)


def find_personal_words(session: Session, community_id: int, words: str) -> str | None:
    """Name what may not stand in public words: a number of somebody's, a member's name."""
    return personal_words(words, names_in(session, community_id, words))


def search_people(session: Session, community_id: int, text: str) -> tuple[PersonCard, ...]:
    """Find living members by part of the name, building, unit, or end of the phone number."""
    words = text.split()
    chosen = _cards(community_id).where(
        Membership.left_at.is_(None), Person.merged_into.is_(None), Person.erased_at.is_(None)
    )
    for word in words:
        part = f"%{word.replace('%', '').replace('_', '')}%"
        has_number = select(Phone.id).where(Phone.person_id == Person.id, Phone.number.like(part))
        chosen = chosen.where(
            or_(
                Person.name.like(part),
                Building.name.like(part),
                Unit.name.like(part),
                has_number.exists() if word.isdigit() and len(word) >= 4 else Person.id < 0,
            )
        )
    ordered = chosen.order_by(Person.name, Person.birth_year, Person.id).limit(FOUND_AT_MOST)
    return tuple(_read(session, session.execute(ordered)))


def member_ids(session: Session, community_id: int) -> tuple[int, ...]:
    """Give the ids of all present members of a community."""
    chosen = select(Membership.person_id).where(
        Membership.community_id == community_id, Membership.left_at.is_(None)
    )
    return tuple(session.scalars(chosen.order_by(Membership.person_id)))


def addresses_of(session: Session, community_id: int, person_id: int) -> tuple[Address, ...]:
    """Give where a member is reached; nowhere for the dead, the erased and those who left."""
    return addresses_of_all(session, community_id, (person_id,)).get(person_id, ())


def addresses_of_all(
    session: Session, community_id: int, ids: Iterable[int]
) -> dict[int, tuple[Address, ...]]:
    """Give the same of many members; who is reached nowhere is not in it."""
    reached = session.scalars(
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.community_id == community_id,
            Membership.left_at.is_(None),
            Person.id.in_(list(ids)),
            Person.died_on.is_(None),
            Person.erased_at.is_(None),
        )
    )
    return {
        person_id: tuple(Address("phone", number) for number in numbers)
        for person_id, numbers in numbers_of(session, reached).items()
    }


def has_consent(session: Session, person_id: int, kind: ConsentKind) -> bool:
    """Tell whether a person has agreed to a text of a kind and not taken it back."""
    chosen = select(Consent.id).where(
        Consent.person_id == person_id, Consent.kind == kind, Consent.withdrawn_at.is_(None)
    )
    return session.scalar(chosen.limit(1)) is not None


def person_ids(session: Session, person_id: int) -> tuple[int, ...]:
    """Give a person's id and the ids of rows that turned out to be the same person."""
    merged = select(Person.id).where(Person.merged_into == person_id).order_by(Person.id)
    return (person_id, *session.scalars(merged))
