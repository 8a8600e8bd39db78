"""Service records (志愿服务记录) that were issued, each with its number and the paper's code."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, PlainJson, own_key


class ServiceRecord(CommunityRow, Base):
    """What a record showed when it was made; a certificate once the organisation sealed it.

    Source: 民政部令第67号 Arts. 14 to 17.
    """

    __tablename__ = "service_record"
    __table_args__ = (
        own_key(),
        Index("uq_service_record_number", "number", unique=True),
        Index("ix_service_record_person", "community_id", "person_id"),
        CheckConstraint("until_day >= from_day", name="days_in_order"),
        CheckConstraint("(sealed_at IS NULL) = (sealed_by IS NULL)", name="seal_complete"),
    )

    number: Mapped[str] = mapped_column(String(24))
    code: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    holder_name: Mapped[str] = mapped_column(String(60))
    unit_name: Mapped[str] = mapped_column(String(80))
    from_day: Mapped[date]
    until_day: Mapped[date]
    minutes: Mapped[int]
    lines: Mapped[Any] = mapped_column(PlainJson)
    digest: Mapped[bytes]
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    # Nobody but the holder asks for a record without the holder's consent (Art. 16).
    consent_words: Mapped[str] = mapped_column(String(200))
    sealed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sealed_at: Mapped[datetime | None]
    seal_unit: Mapped[str] = mapped_column(String(80), default="")
    person_in_charge: Mapped[str] = mapped_column(String(60), default="")
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str] = mapped_column(String(200), default="")


triggers.refuse(
    "service_record_contents_stand",
    "service_record",
    "UPDATE OF number, code, from_day, until_day, minutes, digest, community_id",
    "TRUE",
    "a record is revoked, not changed",
)
triggers.refuse("service_record_no_delete", "service_record", "DELETE", "TRUE", "a record is kept")
