"""The table of messages waiting to leave, with addresses already resolved."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, BigId, choice


class Channel(StrEnum):
    """The way a message leaves."""

    SMS = "sms"
    WEBHOOK = "webhook"
    CONSOLE = "console"


class OutboxState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"


class OutboxMessage(Base):
    """One message to one address; address and text are wiped some days after it left."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_message_state_next_try_at", "state", "next_try_at"),
        Index("ix_outbox_message_community_id_subject", "community_id", "subject"),
        CheckConstraint("attempts >= 0", "attempts"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    # 0 stands for the installation itself (a sign-in code before a community is chosen).
    community_id: Mapped[int]
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"))
    address: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str]
    # What the message is about, opaque; all messages of a subject can be withdrawn at once.
    subject: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[OutboxState] = mapped_column(choice(OutboxState, "state"))
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(80), default="")
    queued_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    is_forgotten: Mapped[bool] = mapped_column(default=False)
