"""Assisted access, relatives and what helpers did, as the people concerned see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from community.identity.models import (
    AccessProof,
    AssistedAccess,
    AssistedAct,
    Guardianship,
    Person,
    Relation,
    RelativeBond,
    RoleGrant,
)
from community.identity.queries.standing import wards_of
from community.identity.rules.roles import last_day
from community.kernel import clock
from community.kernel.permissions import Role

ACTS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Access:
    """An access with both names."""

    id: int
    helper_id: int
    helper: str
    subject_id: int
    subject: str
    scope: tuple[str, ...]
    reason: str
    starts_at: datetime
    ends_at: datetime
    proof: AccessProof | None
    reference: str

    @property
    def last_on(self) -> date:
        """Tell the last day the access covers."""
        return last_day(self.ends_at)

    @property
    def is_agreed(self) -> bool:
        """Tell whether the resident has agreed."""
        return self.proof is not None


@dataclass(frozen=True, slots=True)
class Act:
    """Something a helper did."""

    act: str
    helper: str
    subject: str
    acted_at: datetime


@dataclass(frozen=True, slots=True)
class Bond:
    """A bond as one side sees it: `relation` is what the other is, when this side asked."""

    id: int
    other_id: int
    other: str
    relation: Relation
    is_confirmed: bool
    waits_for_me: bool


@dataclass(frozen=True, slots=True)
class Ward:
    """A child somebody acts for."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role held now or later withdrawn, for the page of roles."""

    id: int
    person_id: int
    person: str
    role: Role
    organization_id: int | None
    from_at: datetime
    until_at: datetime | None
    granted_by: str

    @property
    def last_on(self) -> date | None:
        """Tell the last day the role is held; None without an end."""
        return None if self.until_at is None else last_day(self.until_at)


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def accesses_of(session: Session, community_id: int, person_id: int) -> tuple[Access, ...]:
    """Give the accesses from or to a person that are asked for or in force."""
    rows = session.scalars(
        select(AssistedAccess)
        .where(
            AssistedAccess.community_id == community_id,
            or_(AssistedAccess.helper_id == person_id, AssistedAccess.subject_id == person_id),
            AssistedAccess.revoked_at.is_(None),
            AssistedAccess.ends_at > clock.now(),
        )
        .order_by(AssistedAccess.id.desc())
    ).all()
    names = _names(session, {row.helper_id for row in rows} | {row.subject_id for row in rows})
    return tuple(
        Access(
            row.id,
            row.helper_id,
            names[row.helper_id],
            row.subject_id,
            names[row.subject_id],
            tuple(row.scope),
            row.reason,
            row.starts_at,
            row.ends_at,
            row.proof,
            row.reference,
        )
        for row in rows
    )


def acts_for(session: Session, community_id: int, subject_id: int) -> tuple[Act, ...]:
    """Give what helpers did for a person, the latest first, merged rows included."""
    merged = select(Person.id).where(Person.merged_into == subject_id)
    return _acts(
        session,
        community_id,
        or_(AssistedAct.subject_id == subject_id, AssistedAct.subject_id.in_(merged)),
    )


def acts_by(session: Session, community_id: int, helper_id: int) -> tuple[Act, ...]:
    """Give what a person did for others, the latest first."""
    return _acts(session, community_id, AssistedAct.helper_id == helper_id)


def _acts(session: Session, community_id: int, which: object) -> tuple[Act, ...]:
    rows = session.scalars(
        select(AssistedAct)
        .where(AssistedAct.community_id == community_id, which)  # type: ignore[arg-type]
        .order_by(AssistedAct.id.desc())
        .limit(ACTS_SHOWN)
    ).all()
    names = _names(session, {row.helper_id for row in rows} | {row.subject_id for row in rows})
    return tuple(
        Act(row.act, names[row.helper_id], names[row.subject_id], row.acted_at) for row in rows
    )


def bonds_of(session: Session, community_id: int, person_id: int) -> tuple[Bond, ...]:
    """Give a person's bonds, asked for or confirmed."""
    rows = session.scalars(
        select(RelativeBond)
        .where(
            RelativeBond.community_id == community_id,
            or_(RelativeBond.person_id == person_id, RelativeBond.relative_id == person_id),
            RelativeBond.ended_at.is_(None),
        )
        .order_by(RelativeBond.id)
    ).all()
    names = _names(session, {row.person_id for row in rows} | {row.relative_id for row in rows})
    return tuple(
        Bond(
            row.id,
            other,
            names[other],
            row.relation if row.person_id == person_id else _MIRROR[row.relation],
            row.confirmed_at is not None,
            row.confirmed_at is None and row.relative_id == person_id,
        )
        for row in rows
        for other in [row.relative_id if row.person_id == person_id else row.person_id]
    )


_MIRROR = {
    Relation.SPOUSE: Relation.SPOUSE,
    Relation.PARENT: Relation.CHILD,
    Relation.CHILD: Relation.PARENT,
    Relation.SIBLING: Relation.SIBLING,
    Relation.GRANDPARENT: Relation.GRANDCHILD,
    Relation.GRANDCHILD: Relation.GRANDPARENT,
}


def named_wards(session: Session, community_id: int, guardian_id: int) -> tuple[Ward, ...]:
    """Give the children a person acts for as guardian, by name."""
    names = _names(session, set(wards_of(session, community_id, guardian_id)))
    return tuple(Ward(child_id, name) for child_id, name in sorted(names.items()))


def guardian_since(session: Session, community_id: int, child_id: int) -> date | None:
    """Tell since when the present guardian acts for a child."""
    return session.scalar(
        select(Guardianship.from_on)
        .where(
            Guardianship.community_id == community_id,
            Guardianship.child_id == child_id,
            Guardianship.until_on.is_(None),
        )
        .limit(1)
    )


def role_views(
    session: Session, community_id: int, person_id: int | None = None
) -> tuple[RoleView, ...]:
    """Give the roles held now in a community, or those of one person."""
    chosen = select(RoleGrant).where(
        RoleGrant.community_id == community_id,
        RoleGrant.withdrawn_at.is_(None),
        or_(RoleGrant.until_at.is_(None), RoleGrant.until_at > clock.now()),
    )
    if person_id is not None:
        chosen = chosen.where(RoleGrant.person_id == person_id)
    rows = session.scalars(chosen.order_by(RoleGrant.role, RoleGrant.id)).all()
    names = _names(session, {row.person_id for row in rows} | {row.granted_by or 0 for row in rows})
    return tuple(
        RoleView(
            row.id,
            row.person_id,
            names[row.person_id],
            row.role,
            row.organization_id,
            row.from_at,
            row.until_at,
            names.get(row.granted_by or 0, ""),
        )
        for row in rows
    )
