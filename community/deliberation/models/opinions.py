"""Conversations for the opinion map: opinions, answers, maps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.deliberation.rules.opinions import ConversationState, ViewpointState
from community.kernel import triggers
from community.kernel.tables import (
    Base,
    CommunityRow,
    PlainJson,
    choice,
    own_key,
    same_community,
)


class Conversation(CommunityRow, Base):
    """One open question on which residents answer one another's opinions."""

    __tablename__ = "conversation"
    __table_args__ = (
        own_key(),
        Index("ix_conversation_community_id_state", "community_id", "state", "closes_at"),
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint("smallest_group BETWEEN 3 AND 50", name="smallest_group"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_at_a_time"),
    )

    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(String(2000))
    state: Mapped[ConversationState] = mapped_column(choice(ConversationState, "state"))
    smallest_group: Mapped[int]
    sets_same_aside: Mapped[bool]
    takes_viewpoints: Mapped[bool]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The job that draws the map, while there is one.
    job_id: Mapped[int | None]


class Viewpoint(CommunityRow, Base):
    """One sentence one can agree or disagree with; shown without its author."""

    __tablename__ = "viewpoint"
    __table_args__ = (
        own_key(),
        same_community("conversation_id", "conversation"),
        UniqueConstraint("conversation_id", "number"),
        Index("ix_viewpoint_community_id", "community_id", "conversation_id", "state"),
        Index("ix_viewpoint_author", "community_id", "author_id"),
        CheckConstraint(
            "state NOT IN ('refused', 'withdrawn') OR reason <> ''", name="says_why_not"
        ),
    )

    conversation_id: Mapped[int]
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(140))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[ViewpointState] = mapped_column(choice(ViewpointState, "state"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    said_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]


class ViewpointAnswer(CommunityRow, Base):
    """What one person answered to one opinion, until the conversation's last map is drawn."""

    __tablename__ = "viewpoint_answer"
    __table_args__ = (
        same_community("conversation_id", "conversation"),
        same_community("viewpoint_id", "viewpoint"),
        UniqueConstraint("community_id", "conversation_id", "person_id", "viewpoint_id"),
        Index("ix_viewpoint_answer_answered_at", "community_id", "conversation_id", "answered_at"),
        CheckConstraint("stance BETWEEN -1 AND 1", name="stance"),
    )

    conversation_id: Mapped[int]
    viewpoint_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stance: Mapped[int]
    answered_at: Mapped[datetime]


class DrawnMap(CommunityRow, Base):
    """One computed opinion map; the last one also keeps the answers, without whose they are."""

    __tablename__ = "opinion_map"
    __table_args__ = (
        same_community("conversation_id", "conversation"),
        UniqueConstraint("conversation_id", "number"),
        Index("ix_opinion_map_community_id", "community_id", "conversation_id"),
        CheckConstraint("people >= 0", name="people"),
        CheckConstraint("is_last = (answers IS NOT NULL)", name="last_keeps_the_answers"),
    )

    conversation_id: Mapped[int]
    number: Mapped[int]
    people: Mapped[int]
    # The opinions' ids, in the order of the columns.
    columns: Mapped[list[int]] = mapped_column(PlainJson)
    matrix_hash: Mapped[str] = mapped_column(String(64))
    # Null while too few have answered enough.
    picture: Mapped[dict[str, Any] | None] = mapped_column(PlainJson)
    is_last: Mapped[bool]
    # Lines of the published file, sorted by themselves.
    answers: Mapped[list[str] | None] = mapped_column(PlainJson)
    read_at: Mapped[datetime]
    drawn_at: Mapped[datetime]


_OVER = (
    "EXISTS (SELECT 1 FROM conversation c WHERE c.id = NEW.conversation_id AND (c.state <> 'open'"
    " OR NEW.answered_at >= c.closes_at))"
)
triggers.refuse(
    "viewpoint_answer_late", "viewpoint_answer", "INSERT", _OVER, "the conversation has closed"
)
triggers.refuse(
    "viewpoint_answer_changed_late",
    "viewpoint_answer",
    "UPDATE OF stance, answered_at, conversation_id, viewpoint_id",
    _OVER,
    "the conversation has closed",
)
triggers.append_only("opinion_map")
triggers.refuse(
    "viewpoint_words_stand",
    "viewpoint",
    "UPDATE OF text, conversation_id, number",
    "NEW.text <> OLD.text OR NEW.conversation_id <> OLD.conversation_id"
    " OR NEW.number <> OLD.number",
    "the words of an opinion stand: people answered them",
)
