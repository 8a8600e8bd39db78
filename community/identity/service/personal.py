"""A person's data as the law sees it: everything held, and its erasure that keeps the books."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from community.identity.errors import LastStaff, NotWhileActing
from community.identity.events import PersonErased
from community.identity.models import (
    AssistedAccess,
    AssistedAct,
    Consent,
    Guardianship,
    HouseholdMember,
    JoiningApplication,
    Membership,
    OneTimeCode,
    OrganizationStaff,
    Ownership,
    Password,
    Person,
    Phone,
    RelativeBond,
    ResidentChange,
    RoleGrant,
    SignInSession,
    Tenancy,
)
from community.identity.queries.standing import people_with_role
from community.identity.service.assisted import revoke_all_access
from community.identity.service.cards import revoke_all_cards
from community.identity.service.roles import withdraw_all_roles
from community.identity.service.rows import change
from community.identity.service.sessions import end_sessions_of
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.permissions import Role
from community.kernel.tables import Base

ERASED_NAME = "已注销"
# Never exported: secrets, and hashes that only the machine can read.
SECRET_COLUMNS = frozenset(
    {"token_hash", "password_hash", "code_hash", "lookup", "nonce", "address", "text_hash"}
)

_PAIRS: tuple[tuple[Any, Any, Any], ...] = (
    (RelativeBond, RelativeBond.person_id, RelativeBond.relative_id),
    (Guardianship, Guardianship.child_id, Guardianship.guardian_id),
    (AssistedAccess, AssistedAccess.helper_id, AssistedAccess.subject_id),
    (AssistedAct, AssistedAct.helper_id, AssistedAct.subject_id),
)


def export_person(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give everything identity holds about a member, as plain values by table.

    Source: 个人信息保护法 Art. 45.
    """
    found: dict[str, Any] = {"person": _rows(session, Person, Person.id == person_id)}
    for table in (Phone, Consent, SignInSession, OneTimeCode):
        found[table.__tablename__] = _rows(session, table, table.person_id == person_id)
    for local in (
        Membership,
        RoleGrant,
        HouseholdMember,
        Ownership,
        Tenancy,
        OrganizationStaff,
        JoiningApplication,
        ResidentChange,
    ):
        own = (local.community_id == community_id) & (local.person_id == person_id)
        found[local.__tablename__] = _rows(session, local, own)
    for either, one, other in _PAIRS:
        mine = (either.community_id == community_id) & or_(one == person_id, other == person_id)
        found[either.__tablename__] = _rows(session, either, mine)
    return found


def erase_own(session: Session, actor: Actor) -> None:
    """Erase oneself: every room masks its words by the event, the books keep their sums.

    Source: 个人信息保护法 Art. 47.
    Raises: NotWhileActing, LastStaff.
    """
    if actor.person_id is None:
        raise NotAllowed
    if actor.on_behalf_of is not None:
        raise NotWhileActing
    staff = people_with_role(session, actor.community_id, Role.STAFF)
    if staff == (actor.person_id,):
        raise LastStaff
    for community_id in session.scalars(
        select(Membership.community_id).where(Membership.person_id == actor.person_id)
    ).all():
        events.tell(session, PersonErased(community_id, actor.person_id))
    erase_person(session, actor, actor.person_id)


def erase_person(session: Session, actor: Actor, person_id: int) -> None:
    """Take a person's name, birth, numbers and ways in away; the row's id stays in the books.

    Raises: NotFound.
    """
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    end_sessions_of(session, person_id)
    revoke_all_access(session, actor, person_id)
    revoke_all_cards(session, actor, person_id)
    withdraw_all_roles(session, actor, person_id)
    for table in (Phone, Password, OneTimeCode):
        change(session, delete(table).where(table.person_id == person_id))
    change(
        session,
        update(SignInSession).where(SignInSession.person_id == person_id).values(device=""),
    )
    _end_ties(session, person_id)
    person.name, person.birth_year, person.birthday = ERASED_NAME, None, None
    person.sex, person.sex_told_at = None, None
    person.erased_at = clock.now()


def _end_ties(session: Session, person_id: int) -> None:
    now, today = clock.now(), clock.today()
    bond = RelativeBond
    change(
        session,
        update(bond)
        .where(or_(bond.person_id == person_id, bond.relative_id == person_id))
        .where(bond.ended_at.is_(None))
        .values(ended_at=now),
    )
    for dated in (HouseholdMember, Tenancy, OrganizationStaff):
        change(
            session,
            update(dated)
            .where(dated.person_id == person_id, dated.until_on.is_(None))
            .values(until_on=today),
        )
    change(
        session,
        update(Consent)
        .where(Consent.person_id == person_id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now),
    )
    change(
        session,
        update(JoiningApplication)
        .where(JoiningApplication.person_id == person_id)
        .values(name=ERASED_NAME, number="", birth_year=None, words="", address=""),
    )
    change(
        session,
        update(Membership)
        .where(Membership.person_id == person_id, Membership.left_at.is_(None))
        .values(left_at=now),
    )
    change(
        session,
        update(ResidentChange).where(ResidentChange.person_id == person_id).values(note=""),
    )


def _rows(session: Session, table: type[Base], where: Any) -> list[dict[str, Any]]:
    columns = [column for column in table.__table__.columns if column.key not in SECRET_COLUMNS]
    rows = session.execute(select(*columns).where(where))
    return [
        {column.key: _plain(value) for column, value in zip(columns, row, strict=True)}
        for row in rows
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
