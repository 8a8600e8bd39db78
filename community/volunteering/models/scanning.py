"""Attempts to check in and out, what they add up to, and the keys of the codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, same_community
from community.volunteering.rules.codes import CodeKind
from community.volunteering.rules.scanning import Direction, Means, Reason


class Attendance(CommunityRow, Base):
    """When one person came to a shift and left it, and whether a leader still has to look."""

    __tablename__ = "attendance"
    __table_args__ = (
        same_community("shift_id", "shift"),
        UniqueConstraint("community_id", "shift_id", "person_id"),
        CheckConstraint("out_at IS NULL OR out_at >= in_at", name="out_after_in"),
        CheckConstraint("(out_at IS NULL) = (out_means IS NULL)", name="out_has_its_means"),
    )

    shift_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    in_at: Mapped[datetime]
    in_means: Mapped[Means] = mapped_column(choice(Means, "in_means_is_known"))
    in_gate: Mapped[str] = mapped_column(String(40), default="", server_default="")
    out_at: Mapped[datetime | None]
    out_means: Mapped[Means | None] = mapped_column(choice(Means, "out_means_is_known"))
    needs_confirmation: Mapped[bool] = mapped_column(default=False)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]


class CheckInAttempt(CommunityRow, Base):
    """One try to check in or out, whatever came of it; never changed.

    `slot` is the 30-second slot of a rotating code; `nonce` is the client's; both are unique
    among accepted attempts only. `code_hash` recognises a code without keeping it.
    """

    __tablename__ = "check_in_attempt"
    __table_args__ = (
        same_community("shift_id", "shift"),
        Index(
            "uq_check_in_attempt_nonce",
            "community_id",
            "scanned_by",
            "nonce",
            unique=True,
            sqlite_where=text("is_accepted AND nonce <> ''"),
            postgresql_where=text("is_accepted AND nonce <> ''"),
        ),
        Index(
            "uq_check_in_attempt_slot",
            "community_id",
            "shift_id",
            "slot",
            "person_id",
            "direction",
            unique=True,
            sqlite_where=text("is_accepted AND slot IS NOT NULL"),
            postgresql_where=text("is_accepted AND slot IS NOT NULL"),
        ),
        Index("ix_check_in_attempt_person", "community_id", "shift_id", "person_id"),
    )

    shift_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    direction: Mapped[Direction] = mapped_column(choice(Direction, "direction_is_known"))
    means: Mapped[Means] = mapped_column(choice(Means, "means_is_known"))
    reason: Mapped[Reason] = mapped_column(choice(Reason, "reason_is_known"))
    is_accepted: Mapped[bool]
    is_late: Mapped[bool] = mapped_column(default=False)
    device_time: Mapped[datetime | None]
    received_at: Mapped[datetime]
    nonce: Mapped[str] = mapped_column(String(40), default="")
    slot: Mapped[int | None]
    gate: Mapped[str] = mapped_column(String(40), default="")
    scanned_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[bytes | None]


class ScanKey(CommunityRow, Base):
    """A secret that signs rotating or personal codes; it never leaves the server."""

    __tablename__ = "scan_key"
    __table_args__ = (
        UniqueConstraint("community_id", "purpose", "key_number"),
        CheckConstraint("key_number BETWEEN 0 AND 255", name="key_number_fits_a_byte"),
    )

    purpose: Mapped[CodeKind] = mapped_column(choice(CodeKind, "purpose_is_known"))
    key_number: Mapped[int]
    secret: Mapped[bytes]
    valid_from: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class PersonalCodeIssue(CommunityRow, Base):
    """Which issue of a person's code is the valid one; no row means the first."""

    __tablename__ = "personal_code"
    __table_args__ = (
        UniqueConstraint("community_id", "person_id"),
        CheckConstraint("issue BETWEEN 0 AND 255", name="issue_fits_a_byte"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issue: Mapped[int]
    renewed_at: Mapped[datetime]
    renewed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.append_only("check_in_attempt")
