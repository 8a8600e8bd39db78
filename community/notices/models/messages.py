"""Messages to people and how each wants to be reached."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, CommunityRow, PlainJson, choice
from community.notices.rules import QUIET_FROM, QUIET_UNTIL, MessageKind


class Message(CommunityRow, Base):
    """One message in a person's inbox."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_community_id_person_id_id", "community_id", "person_id", "id"),
    )

    person_id: Mapped[int]
    kind: Mapped[MessageKind] = mapped_column(choice(MessageKind, "kind"))
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str]
    # Template and facts of title and body, so that each reader has them in their language.
    said: Mapped[Any] = mapped_column(PlainJson, nullable=True)
    link: Mapped[str] = mapped_column(String(300), default="")
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class MessagePreference(CommunityRow, Base):
    """Whether a person wants messages outside the site too, and when not."""

    __tablename__ = "message_preference"
    __table_args__ = (
        UniqueConstraint("community_id", "person_id"),
        CheckConstraint(
            "quiet_from_minute BETWEEN 0 AND 1439 AND quiet_until_minute BETWEEN 0 AND 1439",
            "quiet_hours",
        ),
    )

    person_id: Mapped[int]
    wants_sms: Mapped[bool] = mapped_column(default=True)
    quiet_from_minute: Mapped[int] = mapped_column(default=QUIET_FROM)
    quiet_until_minute: Mapped[int] = mapped_column(default=QUIET_UNTIL)
