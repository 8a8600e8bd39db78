"""The organizations at work in a community, and what a printed or phone card belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from community.identity import models
from community.identity.models import Card, CommunityOrganization, OrganizationKind
from community.kernel import clock, ids
from community.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization at work in a community."""

    id: int
    name: str
    credit_code: str
    kind: OrganizationKind
    place: str
    phone_number: str


@dataclass(frozen=True, slots=True)
class CardOwner:
    """To whom a scanned card belongs: a person (`person_id`) or a household."""

    person_id: int | None = None
    household_id: int | None = None


@dataclass(frozen=True, slots=True)
class KnownOrganization:
    """An organization by its name and its unified credit code, "" where it has none."""

    id: int
    name: str
    credit_code: str


def known_organizations(session: Session, community_id: int) -> tuple[KnownOrganization, ...]:
    """Give every organization that is or was at work in a community, by id."""
    link, firm = CommunityOrganization, models.Organization
    rows = session.execute(
        select(firm.id, firm.name, firm.credit_code)
        .where(firm.id.in_(select(link.organization_id).where(link.community_id == community_id)))
        .order_by(firm.id)
    )
    return tuple(KnownOrganization(found, name, code or "") for found, name, code in rows)


def organizations(
    session: Session,
    community_id: int,
    kind: OrganizationKind | None = None,
    organization_id: int | None = None,
) -> tuple[Organization, ...]:
    """Give the organizations at work in a community today, by name; or the one of an id."""
    today, link, firm = clock.today(), CommunityOrganization, models.Organization
    chosen = (
        select(firm, link)
        .join(link, link.organization_id == firm.id)
        .where(
            link.community_id == community_id,
            link.from_on <= today,
            or_(link.until_on.is_(None), link.until_on > today),
        )
        .order_by(firm.name, firm.id)
    )
    if kind is not None:
        chosen = chosen.where(firm.kind == kind)
    if organization_id is not None:
        chosen = chosen.where(firm.id == organization_id)
    return tuple(
        Organization(row.id, row.name, row.credit_code or "", row.kind, at.place, at.phone_number)
        for row, at in session.execute(chosen)
    )


def get_organization(session: Session, community_id: int, organization_id: int) -> Organization:
    """Give an organization at work in a community.

    Raises: NotFound.
    """
    for found in organizations(session, community_id, organization_id=organization_id):
        return found
    raise NotFound


def card_owner(session: Session, community_id: int, code: str) -> CardOwner | None:
    """Find to whom a printed card's code belongs; None for unknown and revoked codes."""
    read = ids.read_code(code)
    person_id = session.scalar(
        select(Card.person_id).where(
            Card.community_id == community_id, Card.code == read, Card.revoked_at.is_(None)
        )
    )
    if person_id is not None:
        return CardOwner(person_id=person_id)
    household_id = session.scalar(
        select(models.Household.id).where(
            models.Household.community_id == community_id,
            models.Household.card_code == read,
            models.Household.until_on.is_(None),
        )
    )
    return None if household_id is None else CardOwner(household_id=household_id)
