"""Firms and social organisations, where they work, and who works for them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, BigId, CommunityRow, choice


class OrganizationKind(StrEnum):
    """What an organization is in a community's life."""

    MERCHANT = "merchant"
    PROPERTY = "property"
    SOCIAL = "social"
    SUPPLIER = "supplier"
    OFFICE = "office"
    DEVELOPER = "developer"


class Organization(Base):
    """A legal person, once on the installation, told apart by its unified credit code."""

    __tablename__ = "organization"
    __table_args__ = (UniqueConstraint("credit_code"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(100))
    # Null where a corner shop has none.
    credit_code: Mapped[str | None] = mapped_column(String(18))
    kind: Mapped[OrganizationKind] = mapped_column(choice(OrganizationKind, "kind"))
    made_at: Mapped[datetime]


class CommunityOrganization(CommunityRow, Base):
    """That an organization is at work in a community."""

    __tablename__ = "community_organization"
    __table_args__ = (UniqueConstraint("community_id", "organization_id"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    phone_number: Mapped[str] = mapped_column(String(20), default="")
    place: Mapped[str] = mapped_column(String(100), default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class OrganizationStaff(CommunityRow, Base):
    """That a person works for an organization in a community, from one day until another."""

    __tablename__ = "organization_staff"
    __table_args__ = (
        Index("ix_organization_staff_community_id_person_id", "community_id", "person_id"),
        Index(
            "ix_organization_staff_community_id_organization_id", "community_id", "organization_id"
        ),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
