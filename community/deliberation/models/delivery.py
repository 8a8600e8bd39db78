"""That a ballot reached an owner: who brought it, how and when; and that an owner denies it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, same_community


class DeliveryWay(StrEnum):
    """How a ballot was delivered."""

    HAND = "hand"
    DOOR = "door"
    POST = "post"
    MESSAGE = "message"
    SITE = "site"


class Delivery(CommunityRow, Base):
    """Proof that the ballot of an entry was delivered.

    The voter may say that it never came: it is delivered again then, with proof, and that stands.
    """

    __tablename__ = "ballot_delivery"
    __table_args__ = (
        same_community("poll_id", "poll"),
        same_community("roll_entry_id", "roll_entry"),
        same_community("proof_id", "stored_file"),
        UniqueConstraint("poll_id", "roll_entry_id", "attempt"),
        Index("ix_ballot_delivery_community_id_poll_id", "community_id", "poll_id"),
        CheckConstraint("attempt IN (1, 2)", name="at_most_twice"),
        CheckConstraint(
            "attempt = 1 OR (proof_id IS NOT NULL AND disputed_at IS NULL)", name="again_with_proof"
        ),
    )

    poll_id: Mapped[int]
    roll_entry_id: Mapped[int]
    attempt: Mapped[int] = mapped_column(default=1, server_default="1")
    way: Mapped[DeliveryWay] = mapped_column(choice(DeliveryWay, "way"))
    delivered_at: Mapped[datetime]
    delivered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(120), default="")
    proof_id: Mapped[int | None]
    disputed_at: Mapped[datetime | None]
    disputed_words: Mapped[str] = mapped_column(String(200), default="", server_default="")


triggers.refuse("ballot_delivery_kept", "ballot_delivery", "DELETE", "TRUE", "a delivery is kept")
triggers.refuse(
    "ballot_delivery_changed",
    "ballot_delivery",
    "UPDATE",
    "NEW.poll_id <> OLD.poll_id OR NEW.roll_entry_id <> OLD.roll_entry_id"
    " OR NEW.attempt <> OLD.attempt OR NEW.way <> OLD.way OR NEW.delivered_at <> OLD.delivered_at"
    " OR (OLD.disputed_at IS NOT NULL AND (NEW.disputed_at IS NULL"
    " OR NEW.disputed_at <> OLD.disputed_at))",
    "a delivery is kept as it was written",
)
triggers.refuse(
    "ballot_delivery_again",
    "ballot_delivery",
    "INSERT",
    "NEW.attempt = 2 AND NOT EXISTS (SELECT 1 FROM ballot_delivery d"
    " WHERE d.poll_id = NEW.poll_id AND d.roll_entry_id = NEW.roll_entry_id"
    " AND d.disputed_at IS NOT NULL AND d.disputed_at <= NEW.delivered_at)",
    "a ballot is delivered again when its voter says that it never came",
)
