"""Every broken invariant of people, homes, roles and help, in words, from the rows alone."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from community.identity.models import (
    AssistedAccess,
    AssistedAct,
    Household,
    HouseholdMember,
    Membership,
    OneTimeCode,
    Ownership,
    Person,
    RoleGrant,
    SignInSession,
)


def problems(session: Session) -> list[str]:
    """List every broken invariant in words."""
    return [
        *_shares_beyond_the_whole(session),
        *_roles_without_membership(session),
        *_members_of_closed_households(session),
        *_signed_in_without_standing(session),
        *_acts_without_access(session),
        *_merged_people_still_here(session),
        *_codes_used_too_late(session),
    ]


def _shares_beyond_the_whole(session: Session) -> list[str]:
    rows = session.execute(
        select(Ownership.unit_id, Ownership.numerator, Ownership.denominator)
        .where(Ownership.until_on.is_(None))
        .order_by(Ownership.unit_id)
    )
    return [
        f"the owners of unit {unit_id} hold more than the whole of it"
        for unit_id, shares in groupby(rows, key=lambda row: row[0])
        if sum(Fraction(part, whole) for _, part, whole in shares) > 1
    ]


def _roles_without_membership(session: Session) -> list[str]:
    chosen = (
        select(RoleGrant.id)
        .outerjoin(
            Membership,
            and_(
                Membership.community_id == RoleGrant.community_id,
                Membership.person_id == RoleGrant.person_id,
            ),
        )
        .where(Membership.id.is_(None))
    )
    return [f"role grant {each} is for somebody outside" for each in session.scalars(chosen)]


def _members_of_closed_households(session: Session) -> list[str]:
    chosen = (
        select(HouseholdMember.id)
        .join(Household, Household.id == HouseholdMember.household_id)
        .where(HouseholdMember.until_on.is_(None), Household.until_on.is_not(None))
    )
    return [
        f"household member {each} lives in a closed household" for each in session.scalars(chosen)
    ]


def _signed_in_without_standing(session: Session) -> list[str]:
    chosen = (
        select(SignInSession.id)
        .join(Person, Person.id == SignInSession.person_id)
        .where(
            SignInSession.ended_at.is_(None),
            or_(
                Person.died_on.is_not(None),
                Person.erased_at.is_not(None),
                Person.merged_into.is_not(None),
            ),
        )
    )
    return [
        f"session {each} belongs to somebody dead, erased or merged"
        for each in session.scalars(chosen)
    ]


def _acts_without_access(session: Session) -> list[str]:
    access = AssistedAccess
    chosen = (
        select(AssistedAct.id)
        .join(access, access.id == AssistedAct.access_id)
        .where(
            or_(
                access.consented_at.is_(None),
                access.consented_at > AssistedAct.acted_at,
                access.ends_at <= AssistedAct.acted_at,
                access.revoked_at < AssistedAct.acted_at,
                access.subject_id != AssistedAct.subject_id,
                access.helper_id != AssistedAct.helper_id,
            )
        )
    )
    return [f"assisted act {each} was done without a right" for each in session.scalars(chosen)]


def _merged_people_still_here(session: Session) -> list[str]:
    kept = aliased(Person)
    chosen = (
        select(Person.id)
        .join(kept, kept.id == Person.merged_into)
        .where(kept.merged_into.is_not(None))
    )
    chains = [f"person {each} was merged into a merged row" for each in session.scalars(chosen)]
    present = (
        select(func.count(Membership.id))
        .join(Person, Person.id == Membership.person_id)
        .where(Person.merged_into.is_not(None), Membership.left_at.is_(None))
    )
    return chains + (["a merged person is still a member"] if session.scalar(present) else [])


def _codes_used_too_late(session: Session) -> list[str]:
    chosen = select(OneTimeCode.id).where(OneTimeCode.used_at > OneTimeCode.expires_at)
    return [f"code {each} was used after it ended" for each in session.scalars(chosen)]
