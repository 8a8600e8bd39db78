"""Sessions as a cookie finds them, as their owner lists them, and device tokens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.identity.models import (
    Building,
    CodeKind,
    ConsentKind,
    Household,
    Membership,
    OneTimeCode,
    Password,
    Person,
    Phone,
    SignInSession,
    SignInWay,
    Unit,
)
from community.identity.queries.keys import keyed_hash, session_hash
from community.identity.queries.standing import (
    ROLES_OF_MEMBER,
    STANDING,
    actor_of,
    member_actor,
    permission_table,
)
from community.identity.rules.signing_in import PASSWORDS_PER_NUMBER
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.db import Statements
from community.kernel.tables import Community


@dataclass(frozen=True, slots=True)
class SignedInSession:
    """A session that is in force: whose it is and for whom it acts now."""

    id: int
    person_id: int
    name: str
    acts_for: int | None
    seen_at: datetime
    consented_version: str


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as its owner sees it in the list."""

    id: int
    way: SignInWay
    device: str
    begun_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class Home:
    """A community a person belongs to."""

    id: int
    slug: str
    name: str


# Every request asks these, so they are raw statements (see `kernel.db.glance`).
_SESSION = (
    "SELECT s.id, s.person_id, p.name, s.acts_for, s.seen_at,"
    " (SELECT c.version FROM consent c WHERE c.person_id = s.person_id AND c.kind = ?"
    " AND c.withdrawn_at IS NULL ORDER BY c.id DESC LIMIT 1)"
)
_STANDS = (
    " WHERE s.token_hash = ? AND s.ended_at IS NULL AND s.expires_at > ?"
    " AND p.died_on IS NULL AND p.erased_at IS NULL AND p.merged_into IS NULL"
)
_FIND_SESSION = f"{_SESSION} FROM sign_in_session s JOIN person p ON p.id = s.person_id{_STANDS}"
_ENTRY_IN = (
    f"{_SESSION}, m.community_id,{STANDING}"
    " FROM sign_in_session s JOIN person p ON p.id = s.person_id"
    " LEFT JOIN membership m ON m.community_id = {community} AND m.person_id = s.person_id"
    f" AND m.left_at IS NULL{ROLES_OF_MEMBER}{_STANDS} ORDER BY r.id"
)
_FIND_ENTRY = _ENTRY_IN.format(community="?")
_FIND_ENTRY_BY_NAME = _ENTRY_IN.format(community="(SELECT id FROM community WHERE slug = ?)")


_FIND_DEVICE = (
    "SELECT made_by, scope FROM device_token WHERE token_hash = ? AND community_id = ?"
    " AND revoked_at IS NULL AND expires_at > ?"
)


def find_session(at: Statements, token: str) -> SignedInSession | None:
    """Find the session of a cookie's token while it, and the person, stand."""
    asked = (
        ConsentKind.SERVICE.value,
        session_hash(token),
        clock.micros(clock.now()),
    )
    found = at.one(_FIND_SESSION, asked)
    if found is None:
        return None
    return _signed_in(*found)


def find_entry(
    at: Statements, token: str, community_id: int
) -> tuple[SignedInSession, Actor | None] | None:
    """Find the session of a cookie's token, and who its person is in a community, if a member."""
    return _find_entry(at, _FIND_ENTRY, token, community_id)


def find_entry_by_name(
    at: Statements, token: str, slug: str
) -> tuple[SignedInSession, Actor | None] | None:
    """Find the same in the community of a name in addresses; nobody is a member of none."""
    return _find_entry(at, _FIND_ENTRY_BY_NAME, token, slug)


def _find_entry(
    at: Statements, sql: str, token: str, community: int | str
) -> tuple[SignedInSession, Actor | None] | None:
    now = clock.now()
    instant, today = clock.micros(now), clock.day_number(clock.day_of(now))
    hashed = session_hash(token)
    asked = (today, today, community, instant, instant, hashed, instant)
    rows = at.all(sql, (ConsentKind.SERVICE.value, *asked))
    if not rows:
        return None
    signed_in = _signed_in(*rows[0][:6])
    if rows[0][6] is None:
        return signed_in, None
    standing = tuple(row[7:] for row in rows)
    return signed_in, actor_of(int(rows[0][6]), signed_in.person_id, standing, permission_table())


def _signed_in(  # the columns of `_SESSION`
    session_id: int, person_id: int, name: str, acts_for: int | None, seen_at: int, version: str
) -> SignedInSession:
    seen = clock.from_micros(seen_at)
    return SignedInSession(session_id, person_id, name, acts_for, seen, version or "")


def sessions_of(session: Session, person_id: int, this: int | None) -> tuple[SessionView, ...]:
    """Give a person's sessions in force, the latest seen first."""
    chosen = select(SignInSession).where(
        SignInSession.person_id == person_id,
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > clock.now(),
    )
    ordered = chosen.order_by(SignInSession.seen_at.desc(), SignInSession.id.desc())
    return tuple(
        SessionView(row.id, row.way, row.device, row.begun_at, row.seen_at, row.id == this)
        for row in session.scalars(ordered)
    )


def communities_of(session: Session, person_id: int) -> tuple[Home, ...]:
    """Give the communities a person belongs to now, by name."""
    rows = session.execute(
        select(Community.id, Community.slug, Community.name)
        .join(Membership, Membership.community_id == Community.id)
        .where(Membership.person_id == person_id, Membership.left_at.is_(None))
        .order_by(Community.name)
    )
    return tuple(Home(*row) for row in rows)


def password_hashes(session: Session, number: str) -> tuple[tuple[int, str], ...]:
    """Give the password hashes of those with a number, as many as a sign-in checks."""
    rows = session.execute(
        select(Password.person_id, Password.password_hash)
        .join(Phone, Phone.person_id == Password.person_id)
        .where(Phone.number == number)
        .order_by(Password.set_at, Password.person_id)
        .limit(PASSWORDS_PER_NUMBER)
    )
    return tuple((person_id, found) for person_id, found in rows)


def password_of(session: Session, person_id: int) -> str | None:
    """Find a person's password hash."""
    return session.scalar(select(Password.password_hash).where(Password.person_id == person_id))


def device_actor(at: Statements, token: str, community_id: int) -> Actor | None:
    """Make the actor of a scanner: its maker, narrowed to the token's permissions."""
    asked = (keyed_hash("device", token), community_id, clock.micros(clock.now()))
    row = at.one(_FIND_DEVICE, asked)
    maker = None if row is None else member_actor(at, row[0], community_id)
    if row is None or maker is None:
        return None
    return Actor(
        community_id=community_id,
        person_id=maker.person_id,
        grants=maker.grants & frozenset(json.loads(row[1])),
        roles=maker.roles,
        organization_id=maker.organization_id,
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of those who were proved together."""

    id: int
    name: str
    birth_year: int | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Who may be chosen after a proof; a letter's household may take in somebody new."""

    people: tuple[Candidate, ...]
    household_id: int | None
    community_id: int | None
    home: str


def find_choice(session: Session, token: str) -> Choice | None:
    """Find the choice that a proof has opened, until it is used or ends."""
    row = session.scalar(
        select(OneTimeCode).where(
            OneTimeCode.kind == CodeKind.CHOICE,
            OneTimeCode.lookup == keyed_hash("choice", token),
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > clock.now(),
        )
    )
    if row is None:
        return None
    offered = [int(each) for each in row.candidates.split(",") if each]
    people = session.execute(
        select(Person.id, Person.name, Person.birth_year)
        .where(Person.id.in_(offered))
        .order_by(Person.birth_year, Person.id)
    )
    home = session.execute(
        select(Household.community_id, Building.name, Unit.name)
        .join(Unit, Unit.id == Household.unit_id)
        .join(Building, Building.id == Unit.building_id)
        .where(Household.id == (row.household_id or 0))
    ).one_or_none()
    return Choice(
        tuple(Candidate(*each) for each in people),
        row.household_id,
        None if home is None else home[0],
        "" if home is None else f"{home[1]} {home[2]}",
    )
