"""Where people live: buildings, units with their area, households, owners and tenants."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, CommunityRow, own_key, same_community


class Building(CommunityRow, Base):
    """A building (楼栋). `x` and `y` are metres from any fixed corner of the community's map.

    Where nobody entered metres, neighbours by `position` count as near.
    """

    __tablename__ = "building"
    __table_args__ = (own_key(), UniqueConstraint("community_id", "name"))

    name: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(default=0)
    x: Mapped[int | None]
    y: Mapped[int | None]


class Unit(CommunityRow, Base):
    """A unit (专有部分) with its exclusive area in hundredths of a square metre.

    Source: 最高人民法院建筑物区分所有权司法解释 Art. 8 (registered, else surveyed, else contract).
    A unit the developer (建设单位) has not sold, or sold and not handed over, names the developer
    and no day of handing over; it counts under the developer's head (Art. 9).
    """

    __tablename__ = "unit"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "building_id", "name"),
        same_community("building_id", "building"),
        CheckConstraint("area_centiares >= 0", name="area"),
        CheckConstraint(
            "handed_over_on IS NULL OR developer_id IS NOT NULL", name="handed_over_by_somebody"
        ),
        Index("ix_unit_community_id_developer_id", "community_id", "developer_id"),
    )

    building_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    area_centiares: Mapped[int] = mapped_column(default=0)
    developer_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    handed_over_on: Mapped[date | None]


class Household(CommunityRow, Base):
    """The people who live together in one unit, and the code on their card."""

    __tablename__ = "household"
    __table_args__ = (
        own_key(),
        same_community("unit_id", "unit"),
        UniqueConstraint("community_id", "card_code"),
        Index("ix_household_community_id_unit_id", "community_id", "unit_id"),
    )

    unit_id: Mapped[int]
    card_code: Mapped[str] = mapped_column(String(20))
    card_made_at: Mapped[datetime]
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class HouseholdMember(CommunityRow, Base):
    """That a person lives in a household, from one day until another."""

    __tablename__ = "household_member"
    __table_args__ = (
        same_community("household_id", "household"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_it_begins"),
        # One home at a time in one community.
        Index(
            "uq_household_member_living",
            "community_id",
            "person_id",
            unique=True,
            sqlite_where=text("until_on IS NULL"),
            postgresql_where=text("until_on IS NULL"),
        ),
        Index("ix_household_member_community_id_household_id", "community_id", "household_id"),
    )

    household_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    is_head: Mapped[bool] = mapped_column(default=False)
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class Ownership(CommunityRow, Base):
    """Whose a unit is: a person or an organization, by a whole-number fraction, dated."""

    __tablename__ = "ownership"
    __table_args__ = (
        same_community("unit_id", "unit"),
        CheckConstraint("(person_id IS NULL) <> (organization_id IS NULL)", name="one_owner"),
        CheckConstraint("numerator >= 1 AND numerator <= denominator", name="fraction"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_it_begins"),
        Index("ix_ownership_community_id_unit_id", "community_id", "unit_id"),
        Index("ix_ownership_community_id_person_id", "community_id", "person_id"),
    )

    unit_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    numerator: Mapped[int] = mapped_column(default=1)
    denominator: Mapped[int] = mapped_column(default=1)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(80), default="")


class Tenancy(CommunityRow, Base):
    """That a person rents a unit, from one day until another."""

    __tablename__ = "tenancy"
    __table_args__ = (
        same_community("unit_id", "unit"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_it_begins"),
        Index("ix_tenancy_community_id_unit_id", "community_id", "unit_id"),
        Index("ix_tenancy_community_id_person_id", "community_id", "person_id"),
    )

    unit_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
