"""Commands of the desk on people: register, correct, phones, and merging duplicates."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from community.identity.errors import DifferentPeople, MustBeAlive, PhoneTaken
from community.identity.events import PeopleMerged
from community.identity.models import (
    AssistedAccess,
    Card,
    Consent,
    Guardianship,
    Household,
    HouseholdMember,
    Membership,
    MergeRecord,
    OrganizationStaff,
    Ownership,
    Password,
    Person,
    Phone,
    RelativeBond,
    RoleGrant,
    Sex,
    Tenancy,
)
from community.identity.permissions import KEEP_PEOPLE, MERGE_PEOPLE
from community.identity.queries.people import get_person
from community.identity.queries.places import household_of
from community.identity.service.joining import add_person, move_in
from community.identity.service.rows import change
from community.identity.service.sessions import end_sessions_of
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotAllowed, NotFound

# Table, the column that names the person, and the one that names the other side of a pair.
_MOVED: tuple[tuple[Any, Any, Any], ...] = (
    (RoleGrant, RoleGrant.person_id, None),
    (Ownership, Ownership.person_id, None),
    (Tenancy, Tenancy.person_id, None),
    (OrganizationStaff, OrganizationStaff.person_id, None),
    (Card, Card.person_id, None),
    (Guardianship, Guardianship.child_id, Guardianship.guardian_id),
    (Guardianship, Guardianship.guardian_id, Guardianship.child_id),
    (RelativeBond, RelativeBond.person_id, RelativeBond.relative_id),
    (RelativeBond, RelativeBond.relative_id, RelativeBond.person_id),
)


def register_person(
    session: Session,
    actor: Actor,
    name: str,
    birth_year: int | None,
    number: str = "",
    household_id: int | None = None,
) -> int:
    """Register somebody at the desk, with a phone and a home when they have them.

    Raises: NotFound for an unknown household.
    """
    actor.check(KEEP_PEOPLE.code)
    household = None
    if household_id is not None:
        household = session.scalar(
            select(Household).where(
                Household.community_id == actor.community_id,
                Household.id == household_id,
                Household.until_on.is_(None),
            )
        )
        if household is None:
            raise NotFound
    person_id = add_person(session, actor.community_id, name, birth_year, number)
    if household is not None:
        move_in(session, household, person_id)
    return person_id


def correct_person(
    session: Session,
    actor: Actor,
    person_id: int,
    name: str,
    birth_year: int | None,
    birthday: date | None = None,
) -> None:
    """Correct a name or a birth date. Source: 个人信息保护法 Art. 46.

    Raises: NotFound, MustBeAlive.
    """
    actor.check(KEEP_PEOPLE.code)
    person = _living(session, actor, person_id)
    person.name = name
    person.birthday = birthday
    person.birth_year = birthday.year if birthday is not None else birth_year


def tell_own_sex(session: Session, actor: Actor, sex: Sex | None) -> None:
    """Let a person say of themselves which sex counts in draws by lot, or take it back.

    Source: 个人信息保护法 Art. 13 (1), 15. Raises: NotAllowed while acting for another.
    """
    if actor.person_id is None or actor.on_behalf_of is not None:
        raise NotAllowed
    _keep_sex(_living(session, actor, actor.person_id), sex)


def record_sex(session: Session, actor: Actor, person_id: int, sex: Sex | None) -> None:
    """Write down at the desk what a person said of themselves there, or take it back.

    Raises: NotFound, MustBeAlive.
    """
    actor.check(KEEP_PEOPLE.code)
    _keep_sex(_living(session, actor, person_id), sex)


def _keep_sex(person: Person, sex: Sex | None) -> None:
    person.sex = sex
    person.sex_told_at = None if sex is None else clock.now()


def add_phone(session: Session, actor: Actor, person_id: int, number: str) -> None:
    """Add a number at which a person is reached.

    Raises: NotFound, MustBeAlive, PhoneTaken.
    """
    actor.check(KEEP_PEOPLE.code)
    _living(session, actor, person_id)
    known = select(Phone.id).where(Phone.person_id == person_id, Phone.number == number)
    if session.scalar(known) is not None:
        raise PhoneTaken
    session.add(Phone(person_id=person_id, number=number, added_at=clock.now()))


def remove_phone(session: Session, actor: Actor, person_id: int, number: str) -> None:
    """Take a number from a person; signing in by it ends with that.

    Raises: NotFound.
    """
    actor.check(KEEP_PEOPLE.code)
    get_person(session, actor.community_id, person_id)
    taken = change(
        session, delete(Phone).where(Phone.person_id == person_id, Phone.number == number)
    )
    if not taken:
        raise NotFound


def merge_people(session: Session, actor: Actor, kept_id: int, merged_id: int, reason: str) -> int:
    """Make two rows of one human being one; every room moves its own by the event.

    Raises: NotFound, DifferentPeople.
    """
    actor.check(MERGE_PEOPLE.code)
    kept, merged = _living(session, actor, kept_id), _living(session, actor, merged_id)
    _check_same(session, actor, kept, merged)
    _move_rows(session, actor.community_id, kept_id, merged_id)
    _move_home(session, actor.community_id, kept_id, merged_id)
    _move_ways_in(session, kept_id, merged_id)
    now = clock.now()
    change(
        session,
        update(Membership)
        .where(Membership.person_id == merged_id, Membership.left_at.is_(None))
        .values(left_at=now),
    )
    kept.birth_year = kept.birth_year or merged.birth_year
    kept.birthday = kept.birthday or merged.birthday
    if kept.sex is None:
        kept.sex, kept.sex_told_at = merged.sex, merged.sex_told_at
    change(
        session,
        update(Person).where(Person.merged_into == merged_id).values(merged_into=kept_id),
    )
    merged.merged_into = kept_id
    record = MergeRecord(
        community_id=actor.community_id,
        kept_id=kept_id,
        merged_id=merged_id,
        merged_by=actor.person_id,
        merged_at=now,
        reason=reason,
    )
    session.add(record)
    session.flush()
    events.tell(session, PeopleMerged(actor.community_id, kept_id, merged_id))
    return record.id


def _check_same(session: Session, actor: Actor, kept: Person, merged: Person) -> None:
    if kept.id == merged.id:
        raise DifferentPeople(reason=N_("是同一份档案。"))
    if actor.person_id in {kept.id, merged.id}:
        raise DifferentPeople(reason=N_("其中一份是您自己的，请由另一位工作人员办理。"))
    if kept.birth_year and merged.birth_year and kept.birth_year != merged.birth_year:
        raise DifferentPeople(reason=N_("出生年份不同。如果其中一份写错了，请先更正。"))
    elsewhere = select(Membership.id).where(
        Membership.person_id == merged.id, Membership.community_id != actor.community_id
    )
    if session.scalar(elsewhere.limit(1)) is not None:
        raise DifferentPeople(reason=N_("要并掉的那份还属于别的社区。请反过来，保留那一份。"))


def _move_rows(session: Session, community_id: int, kept_id: int, merged_id: int) -> None:
    for table, column, other in _MOVED:
        moved = update(table).where(table.community_id == community_id, column == merged_id)
        # Nobody becomes their own relative or guardian.
        if other is not None:
            moved = moved.where(other != kept_id)
        change(session, moved.values({column: kept_id}))
    # An access names one helper and one resident: it ends, and is asked for anew.
    for side in (AssistedAccess.helper_id, AssistedAccess.subject_id):
        change(
            session,
            update(AssistedAccess)
            .where(side == merged_id, AssistedAccess.revoked_at.is_(None))
            .values(revoked_at=clock.now()),
        )


def _move_home(session: Session, community_id: int, kept_id: int, merged_id: int) -> None:
    lives = (
        update(HouseholdMember)
        .where(HouseholdMember.community_id == community_id)
        .where(HouseholdMember.person_id == merged_id)
    )
    if household_of(session, community_id, kept_id) is not None:
        change(
            session,
            lives.where(HouseholdMember.until_on.is_(None)).values(until_on=clock.today()),
        )
    change(session, lives.values(person_id=kept_id))


def _move_ways_in(session: Session, kept_id: int, merged_id: int) -> None:
    known = set(session.scalars(select(Phone.number).where(Phone.person_id == kept_id)))
    for phone in session.scalars(select(Phone).where(Phone.person_id == merged_id)).all():
        if phone.number in known:
            session.delete(phone)
        else:
            phone.person_id = kept_id
    if session.get(Password, kept_id) is None:
        change(
            session,
            update(Password).where(Password.person_id == merged_id).values(person_id=kept_id),
        )
    else:
        change(session, delete(Password).where(Password.person_id == merged_id))
    change(session, update(Consent).where(Consent.person_id == merged_id).values(person_id=kept_id))
    end_sessions_of(session, merged_id)


def _living(session: Session, actor: Actor, person_id: int) -> Person:
    card = get_person(session, actor.community_id, person_id)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    if person.died_on or person.erased_at or person.merged_into or card.has_left:
        raise MustBeAlive(name=person.name)
    return person
