"""Demands that a meeting be called, and who signed them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, own_key, same_community


class MeetingDemand(CommunityRow, Base):
    """A demand (要求召开会议); reached when a share of the members has signed."""

    __tablename__ = "meeting_demand"
    __table_args__ = (
        own_key(),
        same_community("body_id", "body"),
        same_community("meeting_id", "meeting"),
        CheckConstraint("(reached_at IS NULL) = (reached_of IS NULL)", name="reached_of_a_number"),
    )

    body_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(1_000))
    raised_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    raised_at: Mapped[datetime]
    reached_at: Mapped[datetime | None]
    reached_of: Mapped[int | None]
    meeting_id: Mapped[int | None]


class DemandSignature(CommunityRow, Base):
    """A member's signature under a demand."""

    __tablename__ = "demand_signature"
    __table_args__ = (
        own_key(),
        same_community("demand_id", "meeting_demand"),
        UniqueConstraint("community_id", "demand_id", "person_id"),
    )

    demand_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime]


triggers.append_only("demand_signature")
triggers.refuse(
    "meeting_demand_stands",
    "meeting_demand",
    "UPDATE OF body_id, title, reason, raised_by, raised_at",
    "TRUE",
    "what was demanded stands",
)
