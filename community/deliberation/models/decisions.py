"""Decisions and the notes on how they are carried out."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.deliberation.rules.decisions import DECISION_STEPS, DecisionState, NoteKind
from community.deliberation.rules.motions import steps_sql
from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community


class Decision(CommunityRow, Base):
    """A decision (决定) with who sees to it, by when, and when it is looked at again."""

    __tablename__ = "decision"
    __table_args__ = (
        own_key(),
        same_community("body_id", "body"),
        same_community("meeting_id", "meeting"),
        same_community("motion_id", "motion"),
        UniqueConstraint("community_id", "motion_id"),
        Index("ix_decision_due", "community_id", "state", "due_on"),
        Index("ix_decision_subject", "community_id", "subject"),
        CheckConstraint("length(words_sha256) = 64", name="words_have_their_hash"),
        CheckConstraint("review_on >= due_on", name="reviewed_after_it_is_due"),
        CheckConstraint("percent >= 0 AND percent <= 100", name="percent_is_a_share"),
        CheckConstraint("state NOT IN ('done', 'closed') OR percent = 100", name="done_is_whole"),
        CheckConstraint("state = 'made' OR notice_id IS NOT NULL", name="posted_by_a_notice"),
        CheckConstraint(
            "state NOT IN ('final', 'done', 'closed') OR final_at IS NOT NULL",
            name="final_at_a_moment",
        ),
    )

    body_id: Mapped[int]
    meeting_id: Mapped[int]
    motion_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    words: Mapped[str]
    words_sha256: Mapped[str] = mapped_column(String(64))
    # What it is about, as "topic:12"; whoever knows the subject acts on it.
    subject: Mapped[str] = mapped_column(String(60))
    state: Mapped[DecisionState] = mapped_column(choice(DecisionState, "state"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    review_on: Mapped[date]
    percent: Mapped[int]
    notice_id: Mapped[int | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    final_at: Mapped[datetime | None]
    done_on: Mapped[date | None]


class DecisionNote(CommunityRow, Base):
    """A note (进展) on a decision: how far it is, that it is done, whether it has helped."""

    __tablename__ = "decision_note"
    __table_args__ = (own_key(), same_community("decision_id", "decision"))

    decision_id: Mapped[int]
    kind: Mapped[NoteKind] = mapped_column(choice(NoteKind, "kind"))
    percent: Mapped[int]
    words: Mapped[str] = mapped_column(String(500))
    file_id: Mapped[int | None]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


triggers.append_only("decision_note")
triggers.refuse(
    "decision_steps",
    "decision",
    "UPDATE OF state",
    steps_sql(DECISION_STEPS),
    "a decision goes only the steps of its table",
)
triggers.refuse(
    "decision_words_stand",
    "decision",
    "UPDATE OF words, words_sha256, title, subject, motion_id, meeting_id, body_id",
    "TRUE",
    "what was decided stands",
)
triggers.refuse(
    "decision_follows_a_carried_motion",
    "decision",
    "INSERT",
    "NOT EXISTS (SELECT 1 FROM motion m WHERE m.id = NEW.motion_id"
    " AND m.state = 'carried' AND m.final_words = NEW.words)",
    "a decision follows a carried motion to the letter",
)
