"""Commands by which people come in: by the household's letter, or by an application."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.identity.errors import AlreadyMember, GuardianNeeded, NothingToDecide, SignInAgain
from community.identity.events import PersonJoined
from community.identity.models import (
    ApplicationState,
    Household,
    HouseholdMember,
    JoiningApplication,
    Membership,
    Person,
    Phone,
    SignInWay,
)
from community.identity.permissions import DECIDE_JOINING
from community.identity.rules.people import is_guarded
from community.identity.service.rows import change
from community.identity.service.sessions import SignedIn, begin_session
from community.identity.service.signing_in import claim_choice
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Applied:
    """An application is waiting at the office."""

    application_id: int


def join_by_letter(
    session: Session,
    actor: Actor,
    token: str,
    name: str,
    birth_year: int,
    number: str,
    device: str,
) -> SignedIn:
    """Register somebody whom the household's letter let in and the list did not name.

    Raises: SignInAgain, AlreadyMember, GuardianNeeded.
    """
    choice = claim_choice(session, token)
    household = session.get(Household, choice.household_id or 0)
    if household is None or household.until_on is not None:
        raise SignInAgain
    if is_guarded(birth_year, None, clock.today()):
        raise GuardianNeeded
    _check_new(session, household, name, birth_year)
    person_id = add_person(session, household.community_id, name, birth_year, number)
    move_in(session, household, person_id)
    return begin_session(session, person_id, SignInWay.LETTER, device)


def add_person(
    session: Session, community_id: int, name: str, birth_year: int | None, number: str = ""
) -> int:
    """Write a new person who belongs to a community, and tell that they joined."""
    now = clock.now()
    person = Person(name=name, birth_year=birth_year, made_at=now)
    session.add(person)
    session.flush()
    if number:
        session.add(Phone(person_id=person.id, number=number, added_at=now))
    session.add(Membership(community_id=community_id, person_id=person.id, joined_at=now))
    session.flush()
    events.tell(session, PersonJoined(community_id, person.id))
    return person.id


def move_in(session: Session, household: Household, person_id: int) -> None:
    """Let a person live in a household from today."""
    session.add(
        HouseholdMember(
            community_id=household.community_id,
            household_id=household.id,
            person_id=person_id,
            from_on=clock.today(),
        )
    )
    session.flush()


def _check_new(session: Session, household: Household, name: str, birth_year: int) -> None:
    known = session.scalar(
        select(Person.id)
        .join(HouseholdMember, HouseholdMember.person_id == Person.id)
        .where(
            HouseholdMember.household_id == household.id,
            HouseholdMember.until_on.is_(None),
            Person.name == name,
            Person.birth_year == birth_year,
        )
    )
    if known is not None:
        raise AlreadyMember(name=name, birth_year=birth_year)


def apply_to_join(
    session: Session,
    actor: Actor,
    name: str,
    birth_year: int,
    number: str,
    address: str,
    words: str = "",
) -> Applied:
    """Ask the office of a community to be taken in; anybody may, also from their own phone.

    Asking again with the same number while the first waits changes the first.
    """
    waiting = session.scalar(
        select(JoiningApplication).where(
            JoiningApplication.community_id == actor.community_id,
            JoiningApplication.number == number,
            JoiningApplication.name == name,
            JoiningApplication.state == ApplicationState.WAITING,
        )
    )
    row = waiting or JoiningApplication(
        community_id=actor.community_id, number=number, name=name, asked_at=clock.now()
    )
    row.birth_year, row.address, row.words = birth_year, address, words
    session.add(row)
    session.flush()
    return Applied(row.id)


def approve_application(
    session: Session, actor: Actor, application_id: int, household_id: int
) -> int:
    """Take an applicant in to a household; answers the new person's id.

    Raises: NotFound, NothingToDecide, AlreadyMember.
    """
    actor.check(DECIDE_JOINING.code)
    row = _waiting(session, actor, application_id)
    household = session.scalar(
        select(Household).where(
            Household.community_id == actor.community_id,
            Household.id == household_id,
            Household.until_on.is_(None),
        )
    )
    if household is None:
        raise NotFound
    _check_new(session, household, row.name, row.birth_year or 0)
    person_id = add_person(session, actor.community_id, row.name, row.birth_year, row.number)
    move_in(session, household, person_id)
    _decide(session, actor, row, ApplicationState.APPROVED)
    row.person_id, row.unit_id = person_id, household.unit_id
    return person_id


def reject_application(session: Session, actor: Actor, application_id: int, reason: str) -> None:
    """Turn an application down with a reason.

    Raises: NotFound, NothingToDecide.
    """
    actor.check(DECIDE_JOINING.code)
    row = _waiting(session, actor, application_id)
    _decide(session, actor, row, ApplicationState.REJECTED)
    row.reason = reason


def _waiting(session: Session, actor: Actor, application_id: int) -> JoiningApplication:
    row = session.scalar(
        select(JoiningApplication).where(
            JoiningApplication.community_id == actor.community_id,
            JoiningApplication.id == application_id,
        )
    )
    if row is None:
        raise NotFound
    if row.state is not ApplicationState.WAITING:
        raise NothingToDecide
    return row


def _decide(
    session: Session, actor: Actor, row: JoiningApplication, state: ApplicationState
) -> None:
    decided = (
        update(JoiningApplication)
        .where(
            JoiningApplication.id == row.id, JoiningApplication.state == ApplicationState.WAITING
        )
        .values(state=state, decided_at=clock.now(), decided_by=actor.person_id)
    )
    if not change(session, decided):
        raise NothingToDecide
    session.refresh(row)
