"""That a ballot reached an owner: who brought it, how and when."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, CommunityRow, choice, same_community


class DeliveryWay(StrEnum):
    """How a ballot was delivered."""

    HAND = "hand"
    DOOR = "door"
    POST = "post"
    MESSAGE = "message"
    SITE = "site"


class Delivery(CommunityRow, Base):
    """Proof that the ballot of an entry was delivered, once."""

    __tablename__ = "ballot_delivery"
    __table_args__ = (
        same_community("poll_id", "poll"),
        same_community("roll_entry_id", "roll_entry"),
        same_community("proof_id", "stored_file"),
        UniqueConstraint("poll_id", "roll_entry_id"),
        Index("ix_ballot_delivery_community_id_poll_id", "community_id", "poll_id"),
    )

    poll_id: Mapped[int]
    roll_entry_id: Mapped[int]
    way: Mapped[DeliveryWay] = mapped_column(choice(DeliveryWay, "way"))
    delivered_at: Mapped[datetime]
    delivered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(120), default="")
    proof_id: Mapped[int | None]
