"""Commands on the organizations at work in a community and on who works for them."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.identity.errors import CreditCodeWrong, OrganizationKnown, StaffKnown
from community.identity.models import (
    CommunityOrganization,
    Organization,
    OrganizationKind,
    OrganizationStaff,
)
from community.identity.permissions import KEEP_ORGANIZATIONS
from community.identity.queries.organizations import get_organization
from community.identity.queries.people import get_person
from community.identity.rules.credit_codes import is_credit_code
from community.identity.service.rows import change, name_of
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotFound


def add_organization(
    session: Session,
    actor: Actor,
    name: str,
    kind: OrganizationKind,
    credit_code: str = "",
    place: str = "",
    phone_number: str = "",
) -> int:
    """Let an organization work in the community; one known by its code is not written twice.

    Raises: CreditCodeWrong, OrganizationKnown.
    """
    actor.check(KEEP_ORGANIZATIONS.code)
    code = credit_code.strip().upper()
    if code and not is_credit_code(code):
        raise CreditCodeWrong(code=code)
    row = _known(session, code)
    if row is None:
        row = Organization(name=name, kind=kind, credit_code=code or None, made_at=clock.now())
        session.add(row)
        session.flush()
    if _is_at_work(session, actor.community_id, row.id):
        raise OrganizationKnown(name=row.name)
    session.add(
        CommunityOrganization(
            community_id=actor.community_id,
            organization_id=row.id,
            place=place,
            phone_number=phone_number,
            from_on=clock.today(),
        )
    )
    session.flush()
    return row.id


def employ_staff(session: Session, actor: Actor, organization_id: int, person_id: int) -> int:
    """Put down that a member works for an organization from today.

    Raises: NotFound, StaffKnown.
    """
    actor.check(KEEP_ORGANIZATIONS.code)
    get_organization(session, actor.community_id, organization_id)
    get_person(session, actor.community_id, person_id)
    known = session.scalar(
        select(OrganizationStaff.id).where(
            OrganizationStaff.community_id == actor.community_id,
            OrganizationStaff.organization_id == organization_id,
            OrganizationStaff.person_id == person_id,
            OrganizationStaff.until_on.is_(None),
        )
    )
    if known is not None:
        raise StaffKnown(name=name_of(session, person_id))
    row = OrganizationStaff(
        community_id=actor.community_id,
        organization_id=organization_id,
        person_id=person_id,
        from_on=clock.today(),
    )
    session.add(row)
    session.flush()
    return row.id


def dismiss_staff(session: Session, actor: Actor, organization_id: int, person_id: int) -> None:
    """Put down that somebody works for an organization no longer.

    Raises: NotFound.
    """
    actor.check(KEEP_ORGANIZATIONS.code)
    ended = change(
        session,
        update(OrganizationStaff)
        .where(
            OrganizationStaff.community_id == actor.community_id,
            OrganizationStaff.organization_id == organization_id,
            OrganizationStaff.person_id == person_id,
            OrganizationStaff.until_on.is_(None),
        )
        .values(until_on=clock.today()),
    )
    if not ended:
        raise NotFound


def _known(session: Session, code: str) -> Organization | None:
    if not code:
        return None
    return session.scalar(select(Organization).where(Organization.credit_code == code))


def _is_at_work(session: Session, community_id: int, organization_id: int) -> bool:
    found = session.scalar(
        select(CommunityOrganization.id).where(
            CommunityOrganization.community_id == community_id,
            CommunityOrganization.organization_id == organization_id,
            CommunityOrganization.until_on.is_(None),
        )
    )
    return found is not None
