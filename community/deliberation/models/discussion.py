"""The discussion of a topic: arguments and replies, marks, and mergers of two topics."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.deliberation.rules.discussion import ArgumentSide, MergeState
from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community

_STANDS = "state IN ('proposed', 'merged')"


class Argument(CommunityRow, Base):
    """An argument (理由) for or against a topic, or a reply to one, which takes no side."""

    __tablename__ = "argument"
    __table_args__ = (
        own_key(),
        same_community("topic_id", "topic"),
        same_community("replies_to_id", "argument"),
        Index("ix_argument_topic", "community_id", "topic_id", "id"),
        Index("ix_argument_author", "community_id", "author_id", "argued_at"),
        CheckConstraint("(side IS NULL) = (replies_to_id IS NOT NULL)", name="side_or_reply"),
    )

    topic_id: Mapped[int]
    side: Mapped[ArgumentSide | None] = mapped_column(choice(ArgumentSide, "side"))
    replies_to_id: Mapped[int | None]
    # Emptied only when the author's data is erased.
    words: Mapped[str] = mapped_column(String(500))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    argued_at: Mapped[datetime]
    is_hidden: Mapped[bool] = mapped_column(default=False)


class UsefulMark(CommunityRow, Base):
    """What one person thinks of an argument (有用 or not), once each; it may change."""

    __tablename__ = "useful_mark"
    __table_args__ = (
        own_key(),
        same_community("argument_id", "argument"),
        UniqueConstraint("community_id", "argument_id", "person_id"),
        Index("ix_useful_mark_person", "community_id", "person_id", "marked_at"),
    )

    argument_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    is_useful: Mapped[bool]
    marked_at: Mapped[datetime]


class TopicMerge(CommunityRow, Base):
    """A proposal to let one topic go into another, with both authors' consent."""

    __tablename__ = "topic_merge"
    __table_args__ = (
        own_key(),
        same_community("topic_id", "topic"),
        same_community("into_id", "topic"),
        Index("ix_topic_merge_topic", "community_id", "topic_id"),
        Index("ix_topic_merge_into", "community_id", "into_id"),
        Index(
            "uq_topic_merge_stands",
            "community_id",
            "topic_id",
            unique=True,
            sqlite_where=text(_STANDS),
            postgresql_where=text(_STANDS),
        ),
        CheckConstraint("topic_id <> into_id", name="two_topics"),
        CheckConstraint("(merged_at IS NULL) = (undo_until IS NULL)", name="undo_until"),
        CheckConstraint(
            "state NOT IN ('merged', 'undone') OR"
            " (agreed_at IS NOT NULL AND into_agreed_at IS NOT NULL AND merged_at IS NOT NULL)",
            name="both_agreed",
        ),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone_at"),
        CheckConstraint("undone_at <= undo_until", name="undone_in_time"),
    )

    topic_id: Mapped[int]
    into_id: Mapped[int]
    state: Mapped[MergeState] = mapped_column(choice(MergeState, "state"))
    reason: Mapped[str] = mapped_column(String(200))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    lapses_at: Mapped[datetime]
    # When the author of either topic agreed.
    agreed_at: Mapped[datetime | None]
    into_agreed_at: Mapped[datetime | None]
    merged_at: Mapped[datetime | None]
    undo_until: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
    undone_reason: Mapped[str] = mapped_column(String(200), default="")


triggers.refuse(
    "argument_stands",
    "argument",
    "UPDATE",
    "NEW.community_id <> OLD.community_id OR NEW.topic_id <> OLD.topic_id"
    " OR NEW.argued_at <> OLD.argued_at OR NEW.words NOT IN ('', OLD.words)",
    "an argument stands; its words are only erased",
)
triggers.refuse("argument_no_delete", "argument", "DELETE", "TRUE", "an argument is kept")
triggers.refuse("topic_merge_no_delete", "topic_merge", "DELETE", "TRUE", "a merger is kept")
triggers.refuse(
    "topic_merge_stands",
    "topic_merge",
    "UPDATE OF community_id, topic_id, into_id, proposed_at, lapses_at, reason",
    "TRUE",
    "what was proposed stands",
)
