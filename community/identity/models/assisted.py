"""Who may act for whom: assisted access (代办), guardians, and direct relatives."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, PlainJson, choice, own_key, same_community


class Relation(StrEnum):
    """How a relative stands to a person: a close relative of 民法典 Art. 1045."""

    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    GRANDPARENT = "grandparent"
    GRANDCHILD = "grandchild"


class AccessProof(StrEnum):
    """By what the helped resident's consent is proved."""

    OWN_SIGN_IN = "own-sign-in"
    DESK_FORM = "desk-form"
    LETTER_CODE = "letter-code"


class RelativeBond(CommunityRow, Base):
    """That one person is another's direct relative; it counts once the other one confirms."""

    __tablename__ = "relative_bond"
    __table_args__ = (
        CheckConstraint("person_id <> relative_id", name="two_people"),
        Index("ix_relative_bond_community_id_person_id", "community_id", "person_id"),
        Index("ix_relative_bond_community_id_relative_id", "community_id", "relative_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    relative_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # What `relative_id` is to `person_id`.
    relation: Mapped[Relation] = mapped_column(choice(Relation, "relation"))
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Guardianship(CommunityRow, Base):
    """That an adult acts for a child under 14. Source: 民法典 Art. 27; PIPL Art. 31."""

    __tablename__ = "guardianship"
    __table_args__ = (
        CheckConstraint("child_id <> guardian_id", name="two_people"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_it_begins"),
        Index("ix_guardianship_community_id_child_id", "community_id", "child_id"),
        Index("ix_guardianship_community_id_guardian_id", "community_id", "guardian_id"),
    )

    child_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    guardian_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class AssistedAccess(CommunityRow, Base):
    """That a helper may act for a resident, in what, from when until when, by what consent.

    Without `consented_at` it is only asked for.
    """

    __tablename__ = "assisted_access"
    __table_args__ = (
        own_key(),
        CheckConstraint("helper_id <> subject_id", name="two_people"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_begins"),
        CheckConstraint("(consented_at IS NULL) = (proof IS NULL)", name="consent_is_proved"),
        Index("ix_assisted_access_community_id_helper_id", "community_id", "helper_id"),
        Index("ix_assisted_access_community_id_subject_id", "community_id", "subject_id"),
    )

    helper_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Permission codes; never more than the resident may do.
    scope: Mapped[Any] = mapped_column(PlainJson)
    reason: Mapped[str] = mapped_column(String(200), default="")
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    consented_at: Mapped[datetime | None]
    proof: Mapped[AccessProof | None] = mapped_column(choice(AccessProof, "proof"))
    reference: Mapped[str] = mapped_column(String(80), default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class AssistedAct(CommunityRow, Base):
    """An act done for somebody else, with both names; written with the act, never changed."""

    __tablename__ = "assisted_act"
    __table_args__ = (
        same_community("access_id", "assisted_access"),
        Index("ix_assisted_act_community_id_subject_id", "community_id", "subject_id"),
        Index("ix_assisted_act_community_id_helper_id", "community_id", "helper_id"),
    )

    helper_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Null where a guardian acts for a child.
    access_id: Mapped[int | None]
    act: Mapped[str] = mapped_column(String(80))
    acted_at: Mapped[datetime]


triggers.append_only("assisted_act")
