"""What ends when somebody dies or goes: home, roles, help, cards, letters; and how it returns.

Each step names the rows it ended, so that a mistake can be undone.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from community.identity.models import (
    Household,
    HouseholdMember,
    Membership,
    Ownership,
    RoleGrant,
    Tenancy,
)
from community.identity.service.assisted import revoke_all_access
from community.identity.service.cards import revoke_all_cards
from community.identity.service.census import close_if_empty
from community.identity.service.letters import revoke_letters_of
from community.identity.service.roles import withdraw_all_roles
from community.identity.service.rows import change
from community.kernel import clock
from community.kernel.actor import Actor


class Ended:
    """The rows a desk act ends, by table."""

    def __init__(self) -> None:
        """Begin with none."""
        self.rows: defaultdict[str, list[int]] = defaultdict(list)

    def note(self, table: str, *row_ids: int) -> None:
        """Remember rows."""
        self.rows[table] += row_ids

    def as_json(self) -> dict[str, list[int]]:
        """Give what is kept with the act."""
        return {table: row_ids for table, row_ids in self.rows.items() if row_ids}


def leave_home(session: Session, actor: Actor, person_id: int, on: date, ended: Ended) -> None:
    """Let a person live in their home no longer; an empty household ends with its letters."""
    row = session.scalar(
        select(HouseholdMember).where(
            HouseholdMember.community_id == actor.community_id,
            HouseholdMember.person_id == person_id,
            HouseholdMember.until_on.is_(None),
        )
    )
    if row is None:
        return
    row.until_on = max(on, row.from_on)
    session.flush()
    ended.note("household_member", row.id)
    if close_if_empty(session, actor.community_id, row.household_id):
        ended.note("household", row.household_id)
        revoke_letters_of(session, actor, row.household_id)


def end_tenancies(session: Session, actor: Actor, person_id: int, on: date, ended: Ended) -> None:
    """End whatever a person rents."""
    rows = session.scalars(
        select(Tenancy).where(
            Tenancy.community_id == actor.community_id,
            Tenancy.person_id == person_id,
            Tenancy.until_on.is_(None),
        )
    )
    for row in rows:
        row.until_on = max(on, row.from_on)
        ended.note("tenancy", row.id)
    session.flush()


def lay_down_standing(session: Session, actor: Actor, person_id: int, ended: Ended) -> None:
    """End roles, help in both directions, and cards."""
    held = session.scalars(
        select(RoleGrant.id).where(
            RoleGrant.community_id == actor.community_id,
            RoleGrant.person_id == person_id,
            RoleGrant.withdrawn_at.is_(None),
            or_(RoleGrant.until_at.is_(None), RoleGrant.until_at > clock.now()),
        )
    ).all()
    ended.note("role_grant", *held)
    withdraw_all_roles(session, actor, person_id)
    revoke_all_access(session, actor, person_id)
    revoke_all_cards(session, actor, person_id)


def leave_community(session: Session, actor: Actor, person_id: int, ended: Ended) -> bool:
    """End a membership, unless the person still owns here; answers whether it ended."""
    owns = session.scalar(
        select(Ownership.id)
        .where(
            Ownership.community_id == actor.community_id,
            Ownership.person_id == person_id,
            Ownership.until_on.is_(None),
        )
        .limit(1)
    )
    if owns is not None:
        return False
    membership = session.scalar(
        select(Membership).where(
            Membership.community_id == actor.community_id,
            Membership.person_id == person_id,
            Membership.left_at.is_(None),
        )
    )
    if membership is None:
        return False
    membership.left_at = clock.now()
    session.flush()
    ended.note("membership", membership.id)
    lay_down_standing(session, actor, person_id, ended)
    return True


def restore(session: Session, actor: Actor, ended: dict[str, list[int]]) -> None:
    """Open again what an act ended; sessions, cards, help and letters are made anew by people."""
    here = actor.community_id
    for table, column in (
        (Household, Household.until_on),
        (HouseholdMember, HouseholdMember.until_on),
        (Tenancy, Tenancy.until_on),
        (Ownership, Ownership.until_on),
        (Membership, Membership.left_at),
    ):
        row_ids = ended.get(table.__tablename__, [])
        if row_ids:
            change(
                session,
                update(table)
                .where(table.community_id == here, table.id.in_(row_ids))
                .values({column: None}),
            )
    if grants := ended.get("role_grant"):
        change(
            session,
            update(RoleGrant)
            .where(RoleGrant.community_id == here, RoleGrant.id.in_(grants))
            .values(withdrawn_at=None, withdrawn_by=None),
        )
