"""Commands on direct relatives and guardians."""

from __future__ import annotations

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from community.identity.errors import (
    BondKnown,
    NotAChild,
    NothingToDecide,
    NotOfAge,
    NotProved,
    NotWhileActing,
    WithOneself,
)
from community.identity.models import (
    ConsentKind,
    Guardianship,
    Membership,
    Person,
    Phone,
    Relation,
    RelativeBond,
)
from community.identity.permissions import RECORD_CONSENT
from community.identity.queries.people import get_person
from community.identity.queries.standing import is_member
from community.identity.service.consents import note_consent
from community.identity.service.rows import change
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed, NotFound


def ask_bond(session: Session, actor: Actor, name: str, number: str, relation: Relation) -> int:
    """Ask somebody, known by name and phone number, to confirm being one's direct relative.

    Raises: NotProved when nobody here has that name and number; WithOneself, BondKnown.
    """
    person_id = _oneself(actor)
    relative_id = session.scalar(
        select(Person.id)
        .join(Phone, Phone.person_id == Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Person.name == name,
            Phone.number == number,
            Membership.community_id == actor.community_id,
            Membership.left_at.is_(None),
        )
    )
    if relative_id is None or not is_member(session, actor.community_id, relative_id):
        raise NotProved
    return _bind(session, actor, person_id, relative_id, relation).id


def confirm_bond(session: Session, actor: Actor, bond_id: int) -> None:
    """Confirm a bond that somebody else asked for.

    Raises: NotFound for other people's; NothingToDecide.
    """
    person_id = _oneself(actor)
    confirmed = change(
        session,
        update(RelativeBond)
        .where(
            RelativeBond.community_id == actor.community_id,
            RelativeBond.id == bond_id,
            RelativeBond.relative_id == person_id,
            RelativeBond.confirmed_at.is_(None),
            RelativeBond.ended_at.is_(None),
        )
        .values(confirmed_at=clock.now(), confirmed_by=person_id),
    )
    if not confirmed:
        if person_id != _get(session, actor, bond_id).relative_id:
            raise NotFound
        raise NothingToDecide


def end_bond(session: Session, actor: Actor, bond_id: int) -> None:
    """End a bond, or decline one: either side may, and the desk.

    Raises: NotFound.
    """
    if actor.on_behalf_of is not None:
        raise NotWhileActing
    row = _get(session, actor, bond_id)
    if actor.person_id not in {row.person_id, row.relative_id}:
        actor.check(RECORD_CONSENT.code)
    change(
        session,
        update(RelativeBond)
        .where(RelativeBond.id == bond_id, RelativeBond.ended_at.is_(None))
        .values(ended_at=clock.now(), ended_by=actor.person_id),
    )


def record_bond(
    session: Session, actor: Actor, person_id: int, relative_id: int, relation: Relation
) -> int:
    """Put down at the desk that two people are direct relatives, as their papers show.

    Raises: NotFound, WithOneself, BondKnown.
    """
    actor.check(RECORD_CONSENT.code)
    row = _bind(session, actor, person_id, relative_id, relation)
    row.confirmed_at, row.confirmed_by = clock.now(), actor.person_id
    return row.id


def record_guardian(
    session: Session, actor: Actor, child_id: int, guardian_id: int, reference: str
) -> int:
    """Put down who acts for a child under 14, and that the guardian agreed for the child.

    Source: 个人信息保护法 Art. 31.
    Raises: NotFound, WithOneself, NotAChild, NotOfAge.
    """
    actor.check(RECORD_CONSENT.code)
    if child_id == guardian_id:
        raise WithOneself
    child = get_person(session, actor.community_id, child_id)
    guardian = get_person(session, actor.community_id, guardian_id)
    if not child.is_minor:
        raise NotAChild(name=child.name)
    if guardian.is_minor:
        raise NotOfAge(name=guardian.name)
    _end_guardianships(session, actor, child_id)
    row = Guardianship(
        community_id=actor.community_id,
        child_id=child_id,
        guardian_id=guardian_id,
        recorded_by=actor.person_id,
        recorded_at=clock.now(),
        from_on=clock.today(),
    )
    session.add(row)
    note_consent(session, child_id, ConsentKind.SERVICE, guardian_id, reference)
    session.flush()
    return row.id


def end_guardian(session: Session, actor: Actor, child_id: int) -> None:
    """Put down that nobody acts for a child any more.

    Raises: NotFound.
    """
    actor.check(RECORD_CONSENT.code)
    get_person(session, actor.community_id, child_id)
    _end_guardianships(session, actor, child_id)


def _end_guardianships(session: Session, actor: Actor, child_id: int) -> None:
    change(
        session,
        update(Guardianship)
        .where(
            Guardianship.community_id == actor.community_id,
            Guardianship.child_id == child_id,
            Guardianship.until_on.is_(None),
        )
        .values(until_on=clock.today()),
    )


def _bind(
    session: Session, actor: Actor, person_id: int, relative_id: int, relation: Relation
) -> RelativeBond:
    if person_id == relative_id:
        raise WithOneself
    for each in (person_id, relative_id):
        if not is_member(session, actor.community_id, each):
            raise NotFound
    bond = RelativeBond
    known = session.scalar(
        select(bond.id).where(
            bond.community_id == actor.community_id,
            bond.ended_at.is_(None),
            or_(
                and_(bond.person_id == person_id, bond.relative_id == relative_id),
                and_(bond.person_id == relative_id, bond.relative_id == person_id),
            ),
        )
    )
    if known is not None:
        raise BondKnown
    row = RelativeBond(
        community_id=actor.community_id,
        person_id=person_id,
        relative_id=relative_id,
        relation=relation,
        asked_at=clock.now(),
        asked_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    return row


def _get(session: Session, actor: Actor, bond_id: int) -> RelativeBond:
    row = session.scalar(
        select(RelativeBond).where(
            RelativeBond.community_id == actor.community_id, RelativeBond.id == bond_id
        )
    )
    if row is None:
        raise NotFound
    return row


def _oneself(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotAllowed
    if actor.on_behalf_of is not None:
        raise NotWhileActing
    return actor.person_id
