"""Meetings: what is on the agenda, who came, and the minutes that were kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.deliberation.rules.meetings import MEETING_STEPS, ArrivalWay, MeetingState
from community.deliberation.rules.motions import steps_sql
from community.kernel import triggers
from community.kernel.tables import (
    Base,
    CommunityRow,
    PlainJson,
    choice,
    own_key,
    same_community,
)


class Meeting(CommunityRow, Base):
    """A meeting (会议) of a body; it keeps the figures it was called under."""

    __tablename__ = "meeting"
    __table_args__ = (
        own_key(),
        same_community("body_id", "body"),
        same_community("body_rule_id", "body_rule"),
        Index("ix_meeting_day", "community_id", "starts_at"),
        CheckConstraint(
            "state IN ('planned', 'cancelled')"
            " OR (body_rule_id IS NOT NULL AND called_at IS NOT NULL)",
            name="called_under_a_rule",
        ),
        CheckConstraint(
            "state NOT IN ('open', 'closed') OR (expected_count > 0 AND opened_at IS NOT NULL)",
            name="opened_with_its_roll",
        ),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at_a_moment"),
    )

    body_id: Mapped[int]
    body_rule_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime]
    state: Mapped[MeetingState] = mapped_column(choice(MeetingState, "state"))
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    secretary_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    planned_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    planned_at: Mapped[datetime]
    called_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    called_at: Mapped[datetime | None]
    notice_id: Mapped[int | None]
    expected_count: Mapped[int | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    # Signs the check-in code on the room's screen; it never leaves the server.
    door_key: Mapped[str] = mapped_column(String(64), default="")
    cancelled_reason: Mapped[str] = mapped_column(String(200), default="")


class AgendaItem(CommunityRow, Base):
    """An item of a meeting's agenda (议程); `subject` is where it came from, as "topic:12"."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        own_key(),
        same_community("meeting_id", "meeting"),
        UniqueConstraint("community_id", "meeting_id", "position"),
        Index("ix_agenda_item_subject", "community_id", "subject"),
    )

    meeting_id: Mapped[int]
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    words: Mapped[str]
    subject: Mapped[str] = mapped_column(String(60), default="")
    # What was said, as the secretary writes it down.
    notes: Mapped[str] = mapped_column(default="")


class MeetingAttendance(CommunityRow, Base):
    """One of those who should come (应到), and whether they did (到会).

    The rows are made when the meeting opens; nobody joins the roll afterwards.
    """

    __tablename__ = "meeting_attendance"
    __table_args__ = (
        own_key(),
        same_community("meeting_id", "meeting"),
        UniqueConstraint("community_id", "meeting_id", "person_id"),
        CheckConstraint("(arrived_at IS NULL) = (way IS NULL)", name="arrives_some_way"),
        CheckConstraint(
            "left_at IS NULL OR (arrived_at IS NOT NULL AND left_at >= arrived_at)",
            name="leaves_after_arriving",
        ),
    )

    meeting_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    way: Mapped[ArrivalWay | None] = mapped_column(choice(ArrivalWay, "way"))
    arrived_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    ticked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class MeetingMinutes(CommunityRow, Base):
    """The minutes (会议记录) as they were kept, and the paper that was signed."""

    __tablename__ = "meeting_minutes"
    __table_args__ = (
        own_key(),
        same_community("meeting_id", "meeting"),
        UniqueConstraint("community_id", "meeting_id"),
        CheckConstraint("length(content_sha256) = 64", name="content_has_its_hash"),
        CheckConstraint("(signed_at IS NULL) = (file_id IS NULL)", name="signed_with_a_paper"),
    )

    meeting_id: Mapped[int]
    content: Mapped[Any] = mapped_column(PlainJson)
    content_sha256: Mapped[str] = mapped_column(String(64))
    kept_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kept_at: Mapped[datetime]
    file_id: Mapped[int | None]
    signers: Mapped[Any] = mapped_column(PlainJson)
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None]


triggers.refuse(
    "meeting_steps",
    "meeting",
    "UPDATE OF state",
    steps_sql(MEETING_STEPS),
    "a meeting goes only the steps of its table",
)
triggers.refuse(
    "meeting_roll_stands",
    "meeting",
    "UPDATE OF expected_count, body_rule_id, starts_at",
    "OLD.state IN ('open', 'closed') AND (NEW.expected_count <> OLD.expected_count"
    " OR NEW.body_rule_id <> OLD.body_rule_id OR NEW.starts_at <> OLD.starts_at)",
    "what a meeting was opened with stands",
)
triggers.refuse(
    "agenda_item_posted",
    "agenda_item",
    "INSERT",
    "EXISTS (SELECT 1 FROM meeting m WHERE m.id = NEW.meeting_id AND m.state <> 'planned')",
    "the agenda was posted",
)
triggers.refuse(
    "agenda_item_stands",
    "agenda_item",
    "UPDATE OF meeting_id, position, title, words, subject",
    "EXISTS (SELECT 1 FROM meeting m WHERE m.id = OLD.meeting_id AND m.state <> 'planned')",
    "the agenda was posted",
)
triggers.refuse(
    "agenda_item_stays",
    "agenda_item",
    "DELETE",
    "EXISTS (SELECT 1 FROM meeting m WHERE m.id = OLD.meeting_id AND m.state <> 'planned')",
    "the agenda was posted",
)
triggers.refuse(
    "meeting_minutes_stand",
    "meeting_minutes",
    "UPDATE OF meeting_id, content, content_sha256, kept_at",
    "TRUE",
    "minutes are kept once",
)
