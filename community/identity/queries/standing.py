"""What people may do: roles held now, the actor they become, relatives and guardians."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from community.identity.models import (
    AssistedAccess,
    Guardianship,
    Membership,
    OrganizationStaff,
    Person,
    Relation,
    RelativeBond,
    RoleGrant,
)
from community.identity.rules.people import is_guarded
from community.identity.rules.roles import last_day
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.db import Statements, statements
from community.kernel.permissions import PermissionTable, Role

_table = PermissionTable(())


def use_permission_table(table: PermissionTable) -> None:
    """Take the one permission table that `app.py` assembled."""
    global _table  # noqa: PLW0603  assembled once, by app.py
    _table = table


def permission_table() -> PermissionTable:
    """Give the one permission table."""
    return _table


@dataclass(frozen=True, slots=True)
class Right:
    """By what one person acts for another: an access, or guardianship when `access_id` is None."""

    subject_id: int
    access_id: int | None
    scope: frozenset[str]


@dataclass(frozen=True, slots=True)
class Held:
    """A role that is held now."""

    role: Role
    organization_id: int | None


def _holds(now: datetime) -> ColumnElement[bool]:
    return and_(
        RoleGrant.withdrawn_at.is_(None),
        RoleGrant.from_at <= now,
        or_(RoleGrant.until_at.is_(None), RoleGrant.until_at > now),
    )


# Every request asks these, so they are raw statements (see `kernel.db.glance`): a row for each role
# of a present, living member, one without a role where there is none.
STANDING = (
    " r.role, r.organization_id, (SELECT f.organization_id FROM organization_staff f"
    " WHERE f.community_id = m.community_id AND f.person_id = m.person_id AND f.from_on <= ?"
    " AND (f.until_on IS NULL OR f.until_on > ?) ORDER BY f.id DESC LIMIT 1)"
)
ROLES_OF_MEMBER = (
    " LEFT JOIN role_grant r ON r.community_id = m.community_id AND r.person_id = m.person_id"
    " AND r.withdrawn_at IS NULL AND r.from_at <= ? AND (r.until_at IS NULL OR r.until_at > ?)"
)
_STANDING = (
    f"SELECT{STANDING} FROM membership m JOIN person p ON p.id = m.person_id{ROLES_OF_MEMBER}"
    " WHERE m.community_id = ? AND m.person_id = ? AND m.left_at IS NULL"
    " AND p.died_on IS NULL AND p.merged_into IS NULL AND p.erased_at IS NULL ORDER BY r.id"
)
_IS_MEMBER = (
    "SELECT 1 FROM membership m JOIN person p ON p.id = m.person_id"
    " WHERE m.community_id = ? AND m.person_id = ? AND m.left_at IS NULL"
    " AND p.died_on IS NULL AND p.merged_into IS NULL AND p.erased_at IS NULL"
)
_ROLES_OF = (
    "SELECT role, organization_id FROM role_grant"
    " WHERE community_id = ? AND person_id = ? AND withdrawn_at IS NULL"
    " AND from_at <= ? AND (until_at IS NULL OR until_at > ?) ORDER BY id"
)


def is_member(session: Session, community_id: int, person_id: int) -> bool:
    """Tell whether a person is a present, living member of a community."""
    return statements(session).one(_IS_MEMBER, (community_id, person_id)) is not None


def roles_of(session: Session, community_id: int, person_id: int) -> tuple[Held, ...]:
    """Give the roles a person was granted and holds now; resident is not among them."""
    now = clock.micros(clock.now())
    rows = statements(session).all(_ROLES_OF, (community_id, person_id, now, now))
    return tuple(Held(Role(role), firm) for role, firm in rows)


def people_with_role(session: Session, community_id: int, role: Role) -> tuple[int, ...]:
    """Give the present members who hold a role now; every member is a resident."""
    living = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.community_id == community_id,
            Membership.left_at.is_(None),
            Person.died_on.is_(None),
            Person.merged_into.is_(None),
            Person.erased_at.is_(None),
        )
    )
    if role is not Role.RESIDENT:
        living = living.join(
            RoleGrant,
            and_(
                RoleGrant.community_id == Membership.community_id,
                RoleGrant.person_id == Membership.person_id,
                RoleGrant.role == role,
                _holds(clock.now()),
            ),
        ).distinct()
    return tuple(session.scalars(living.order_by(Membership.person_id)))


def actor_for(
    session: Session, person_id: int, community_id: int, on_behalf_of: int | None = None
) -> Actor | None:
    """Make the actor a person is in a community, for themselves or for somebody they help.

    None for somebody who is no present member, and where there is no right to act for the other.
    """
    if on_behalf_of is None:
        return member_actor(statements(session), person_id, community_id)
    if not is_member(session, community_id, person_id):
        return None
    return _helper(session, person_id, community_id, on_behalf_of)


def member_actor(at: Statements, person_id: int, community_id: int) -> Actor | None:
    """Make the actor a person is in a community for themselves; None for no present member."""
    now = clock.now()
    instant, today = clock.micros(now), clock.day_number(clock.day_of(now))
    rows = at.all(_STANDING, (today, today, instant, instant, community_id, person_id))
    return actor_of(community_id, person_id, tuple(rows), _table) if rows else None


# What somebody holds is read at every request; what follows from it is worked out once.
@lru_cache(maxsize=4_096)
def actor_of(
    community_id: int,
    person_id: int,
    standing: tuple[tuple[str | None, int | None, int | None], ...],
    table: PermissionTable,
) -> Actor:
    """Make an actor of the rows that `STANDING` asks for."""
    roles = {Role.RESIDENT, *(Role(role) for role, _, _ in standing if role is not None)}
    firm = next((granted for _, granted, _ in standing if granted), None)
    return Actor(
        community_id=community_id,
        person_id=person_id,
        grants=table.codes_for(roles),
        roles=frozenset(role.value for role in roles),
        organization_id=firm or standing[0][2],
    )


def _helper(session: Session, person_id: int, community_id: int, subject_id: int) -> Actor | None:
    right = find_right(session, community_id, person_id, subject_id)
    if right is None:
        return None
    return Actor(
        community_id=community_id,
        person_id=person_id,
        on_behalf_of=subject_id,
        # Never more than a resident may do, whatever was written down.
        grants=right.scope & _table.codes_for({Role.RESIDENT}),
        roles=frozenset({Role.RESIDENT.value}),
    )


_EMPLOYER_OF = (
    "SELECT organization_id FROM organization_staff"
    " WHERE community_id = ? AND person_id = ? AND from_on <= ?"
    " AND (until_on IS NULL OR until_on > ?) ORDER BY id DESC LIMIT 1"
)


def employer_of(session: Session, community_id: int, person_id: int) -> int | None:
    """Find the organization a person works for in a community today."""
    today = clock.day_number(clock.today())
    asked = (community_id, person_id, today, today)
    found = statements(session).one(_EMPLOYER_OF, asked)
    return None if found is None else int(found[0])


def staff_of(session: Session, community_id: int, organization_id: int) -> tuple[int, ...]:
    """Give the people who work for an organization in a community today."""
    today = clock.today()
    rows = session.scalars(
        select(OrganizationStaff.person_id)
        .where(
            OrganizationStaff.community_id == community_id,
            OrganizationStaff.organization_id == organization_id,
            OrganizationStaff.from_on <= today,
            or_(OrganizationStaff.until_on.is_(None), OrganizationStaff.until_on > today),
        )
        .order_by(OrganizationStaff.person_id)
    )
    return tuple(dict.fromkeys(rows))


def find_right(
    session: Session, community_id: int, helper_id: int, subject_id: int
) -> Right | None:
    """Find by what a person may act for another at this moment."""
    if not is_member(session, community_id, subject_id):
        return None
    now = clock.now()
    access = session.scalar(
        select(AssistedAccess)
        .where(
            AssistedAccess.community_id == community_id,
            AssistedAccess.helper_id == helper_id,
            AssistedAccess.subject_id == subject_id,
            AssistedAccess.consented_at.is_not(None),
            AssistedAccess.revoked_at.is_(None),
            AssistedAccess.starts_at <= now,
            AssistedAccess.ends_at > now,
        )
        .order_by(AssistedAccess.id.desc())
        .limit(1)
    )
    if access is not None:
        return Right(subject_id, access.id, frozenset(access.scope))
    if subject_id in wards_of(session, community_id, helper_id):
        return Right(subject_id, None, _table.codes_for({Role.RESIDENT}))
    return None


def acting_until(
    session: Session, community_id: int, helper_id: int, subject_id: int
) -> date | None:
    """Tell the last day on which a person may act for another; None for a guardian."""
    right = find_right(session, community_id, helper_id, subject_id)
    if right is None or right.access_id is None:
        return None
    ends_at = session.scalar(
        select(AssistedAccess.ends_at).where(AssistedAccess.id == right.access_id)
    )
    return None if ends_at is None else last_day(ends_at)


def _in_force(today: date) -> ColumnElement[bool]:
    return and_(
        Guardianship.from_on <= today,
        or_(Guardianship.until_on.is_(None), Guardianship.until_on > today),
    )


def wards_of(session: Session, community_id: int, guardian_id: int) -> frozenset[int]:
    """Give the children under 14 for whom a person acts as guardian."""
    today = clock.today()
    chosen = (
        select(Person)
        .join(Guardianship, Guardianship.child_id == Person.id)
        .where(
            Guardianship.community_id == community_id,
            Guardianship.guardian_id == guardian_id,
            _in_force(today),
        )
    )
    return frozenset(
        child.id
        for child in session.scalars(chosen)
        if is_guarded(child.birth_year, child.birthday, today)
    )


def guardian_of(session: Session, community_id: int, child_id: int) -> int | None:
    """Find the guardian who acts for a child."""
    return session.scalar(
        select(Guardianship.guardian_id)
        .where(
            Guardianship.community_id == community_id,
            Guardianship.child_id == child_id,
            _in_force(clock.today()),
        )
        .order_by(Guardianship.id.desc())
        .limit(1)
    )


def relatives_of(session: Session, community_id: int, person_id: int) -> frozenset[int]:
    """Give the direct relatives whose bond with a person is confirmed, whoever asked for it."""
    bond = RelativeBond
    rows = session.execute(
        select(bond.person_id, bond.relative_id).where(
            bond.community_id == community_id,
            or_(bond.person_id == person_id, bond.relative_id == person_id),
            bond.confirmed_at.is_not(None),
            bond.ended_at.is_(None),
        )
    )
    return frozenset(b if a == person_id else a for a, b in rows)


def spouse_of(session: Session, community_id: int, person_id: int) -> int | None:
    """Find the spouse whose bond with a person is confirmed."""
    bond = RelativeBond
    row = session.execute(
        select(bond.person_id, bond.relative_id).where(
            bond.community_id == community_id,
            bond.relation == Relation.SPOUSE,
            or_(bond.person_id == person_id, bond.relative_id == person_id),
            bond.confirmed_at.is_not(None),
            bond.ended_at.is_(None),
        )
    ).first()
    if row is None:
        return None
    return row[1] if row[0] == person_id else row[0]
