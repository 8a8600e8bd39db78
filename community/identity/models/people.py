"""Who people are on this installation, and their standing in each community."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.permissions import Role
from community.kernel.tables import Base, BigId, CommunityRow, choice, own_key


class ConsentKind(StrEnum):
    """What a person may agree to; `SERVICE` is asked of everybody who signs in."""

    SERVICE = "service"
    HONOURS = "honours"
    PHOTOS = "photos"


class Sex(StrEnum):
    """What a person says of themselves, for draws with quotas; saying nothing is allowed.

    No third word: a draw counts whoever is neither like whoever says nothing, for among few
    neighbours a line of its own would point at one person.
    """

    FEMALE = "female"
    MALE = "male"


class Person(Base):
    """A human being, once on the whole installation, in however many communities.

    `merged_into` names the row that took over when two rows were one human being. An erased
    person keeps the row, so that books stay provable, and loses the name.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("birth_year IS NULL OR birth_year BETWEEN 1890 AND 2200", name="born"),
        CheckConstraint("merged_into IS NULL OR merged_into <> id", name="not_into_itself"),
        CheckConstraint("(sex IS NULL) = (sex_told_at IS NULL)", name="sex_told_with_consent"),
        Index("ix_person_name_birth_year", "name", "birth_year"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(60))
    birth_year: Mapped[int | None]
    birthday: Mapped[date | None]
    # Told by the person for draws by lot alone, and since when they agree to that.
    sex: Mapped[Sex | None] = mapped_column(choice(Sex, "sex"))
    sex_told_at: Mapped[datetime | None]
    died_on: Mapped[date | None]
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    erased_at: Mapped[datetime | None]
    made_at: Mapped[datetime]


class Phone(Base):
    """A number at which a person is reached; one number may serve a whole family."""

    __tablename__ = "phone"
    __table_args__ = (
        UniqueConstraint("person_id", "number"),
        Index("ix_phone_number", "number"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str] = mapped_column(String(20))
    proved_at: Mapped[datetime | None]
    added_at: Mapped[datetime]


class Membership(CommunityRow, Base):
    """That a person belongs to a community: as a resident, or because they work there."""

    __tablename__ = "membership"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "person_id"),
        Index("ix_membership_person_id", "person_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class RoleGrant(CommunityRow, Base):
    """A role held from one instant to another, and who gave it."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("until_at IS NULL OR until_at > from_at", name="ends_after_it_begins"),
        CheckConstraint("granted_by IS NULL OR granted_by <> person_id", name="not_by_oneself"),
        Index("ix_role_grant_community_id_person_id", "community_id", "person_id"),
        Index("ix_role_grant_community_id_role", "community_id", "role"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Consent(Base):
    """That a person agreed to a text of one version, and whether they took it back."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_person_id_kind", "person_id", "kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[ConsentKind] = mapped_column(choice(ConsentKind, "kind"))
    version: Mapped[str] = mapped_column(String(20))
    text_hash: Mapped[bytes]
    given_at: Mapped[datetime]
    # Who put it down, when it was not the person: a guardian, or the desk with a signed form.
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reference: Mapped[str] = mapped_column(String(80), default="")
    withdrawn_at: Mapped[datetime | None]


class MergeRecord(CommunityRow, Base):
    """That two rows were found to be one human being; never changed."""

    __tablename__ = "merge_record"
    __table_args__ = (
        own_key(),
        UniqueConstraint("merged_id"),
        CheckConstraint("kept_id <> merged_id", name="two_rows"),
    )

    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    merged_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    merged_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    merged_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200))


triggers.append_only("merge_record")
