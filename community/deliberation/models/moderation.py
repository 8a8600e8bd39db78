"""Flags, what moderators did in public, and appeals that somebody else decides."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.deliberation.rules.discussion import (
    AppealState,
    FlagReason,
    FlagState,
    ModerationKind,
)
from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community


class Flag(CommunityRow, Base):
    """Somebody's wish (举报) that the moderator look at a topic or an argument, once each."""

    __tablename__ = "flag"
    __table_args__ = (
        own_key(),
        same_community("topic_id", "topic"),
        same_community("argument_id", "argument"),
        Index("ix_flag_state", "community_id", "state"),
        Index("ix_flag_person", "community_id", "flagged_by", "flagged_at"),
        Index(
            "uq_flag_topic",
            "community_id",
            "topic_id",
            "flagged_by",
            unique=True,
            sqlite_where=text("argument_id IS NULL"),
            postgresql_where=text("argument_id IS NULL"),
        ),
        Index(
            "uq_flag_argument",
            "community_id",
            "argument_id",
            "flagged_by",
            unique=True,
            sqlite_where=text("argument_id IS NOT NULL"),
            postgresql_where=text("argument_id IS NOT NULL"),
        ),
    )

    topic_id: Mapped[int]
    argument_id: Mapped[int | None]
    reason: Mapped[FlagReason] = mapped_column(choice(FlagReason, "reason"))
    words: Mapped[str] = mapped_column(String(200), default="")
    flagged_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    flagged_at: Mapped[datetime]
    state: Mapped[FlagState] = mapped_column(choice(FlagState, "state"))


class Moderation(CommunityRow, Base):
    """What a moderator did (管理记录) with a topic or an argument, with the public reason."""

    __tablename__ = "moderation"
    __table_args__ = (
        own_key(),
        same_community("topic_id", "topic"),
        same_community("argument_id", "argument"),
        Index("ix_moderation_topic", "community_id", "topic_id", "id"),
        CheckConstraint("kind <> 'hide' OR reason IS NOT NULL", name="hidden_for_a_reason"),
        CheckConstraint("length(words) > 0", name="says_why"),
    )

    topic_id: Mapped[int]
    argument_id: Mapped[int | None]
    kind: Mapped[ModerationKind] = mapped_column(choice(ModerationKind, "kind"))
    reason: Mapped[FlagReason | None] = mapped_column(choice(FlagReason, "reason"))
    words: Mapped[str] = mapped_column(String(300))
    moderated_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    moderated_at: Mapped[datetime]


class Appeal(CommunityRow, Base):
    """An author's appeal (申诉) against a hiding, once; decided by neither of the two."""

    __tablename__ = "appeal"
    __table_args__ = (
        own_key(),
        same_community("moderation_id", "moderation"),
        UniqueConstraint("community_id", "moderation_id"),
        Index("ix_appeal_state", "community_id", "state", "due_on"),
        CheckConstraint(
            "(state = 'open') = (decided_by IS NULL) AND (state = 'open') = (decided_at IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint(
            "decided_by IS NULL OR (decided_by <> hidden_by AND decided_by <> appealed_by)",
            name="decided_by_somebody_else",
        ),
        CheckConstraint("state = 'open' OR length(decision) > 0", name="decided_with_words"),
    )

    moderation_id: Mapped[int]
    words: Mapped[str] = mapped_column(String(500))
    appealed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    appealed_at: Mapped[datetime]
    # Copied from the hiding, so that the database itself keeps the two apart.
    hidden_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    state: Mapped[AppealState] = mapped_column(choice(AppealState, "state"))
    decision: Mapped[str] = mapped_column(String(300), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]


triggers.append_only("moderation")
triggers.refuse(
    "appeal_decided_once",
    "appeal",
    "UPDATE OF state, decision, decided_by, decided_at",
    "OLD.state <> 'open'",
    "an appeal is decided once",
)
triggers.refuse("appeal_no_delete", "appeal", "DELETE", "TRUE", "an appeal is kept")
