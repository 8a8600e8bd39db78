"""How people come in, and what they and the scanners carry: letters, applications, cards."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, CommunityRow, PlainJson, choice, own_key, same_community


class ApplicationState(StrEnum):
    """Where an application to join stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Invitation(CommunityRow, Base):
    """The code on a household's letter; it is derived again from `nonce` for a reprint."""

    __tablename__ = "invitation"
    __table_args__ = (
        own_key(),
        UniqueConstraint("code_hash"),
        same_community("household_id", "household"),
        CheckConstraint("uses_left >= 0", name="uses"),
        Index("ix_invitation_community_id_household_id", "community_id", "household_id"),
    )

    household_id: Mapped[int]
    nonce: Mapped[bytes]
    code_hash: Mapped[bytes]
    # Everybody in the household comes in by the same letter.
    uses_left: Mapped[int] = mapped_column(default=8)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class JoiningApplication(CommunityRow, Base):
    """Somebody's wish to join a community, which the office decides."""

    __tablename__ = "joining_application"
    __table_args__ = (
        own_key(),
        same_community("unit_id", "unit"),
        Index("ix_joining_application_community_id_state", "community_id", "state"),
    )

    name: Mapped[str] = mapped_column(String(60))
    birth_year: Mapped[int | None]
    number: Mapped[str] = mapped_column(String(20))
    # What the applicant wrote; the office finds the unit.
    address: Mapped[str] = mapped_column(String(100))
    unit_id: Mapped[int | None]
    words: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[ApplicationState] = mapped_column(
        choice(ApplicationState, "state"), default=ApplicationState.WAITING
    )
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Card(CommunityRow, Base):
    """A printed personal card; its code is of no use once it is revoked."""

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("community_id", "code"),
        Index("ix_card_community_id_person_id", "community_id", "person_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    code: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]


class DeviceToken(CommunityRow, Base):
    """A scanner's narrow right: some of its maker's permissions, for a time."""

    __tablename__ = "device_token"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_device_token_community_id_made_by", "community_id", "made_by"),
    )

    name: Mapped[str] = mapped_column(String(60))
    nonce: Mapped[bytes]
    token_hash: Mapped[bytes]
    scope: Mapped[Any] = mapped_column(PlainJson)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class InvitationSheet(CommunityRow, Base):
    """A printed file of a building's letters; its bytes go after some days, codes are in them."""

    __tablename__ = "invitation_sheet"
    __table_args__ = (
        same_community("building_id", "building"),
        same_community("file_id", "stored_file"),
        Index("ix_invitation_sheet_community_id_building_id", "community_id", "building_id"),
    )

    building_id: Mapped[int]
    file_id: Mapped[int]
    letters: Mapped[int]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
