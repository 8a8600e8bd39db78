"""Topics, their photos, trace, answers and endorsements, and the community's figures for them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.deliberation.rules.topics import (
    ANSWER_STEPS,
    STEPS,
    Answerer,
    AnswerState,
    StepKind,
    TopicCategory,
    TopicOrigin,
    TopicOutcome,
    TopicState,
    steps_sql,
)
from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community


class TopicRules(CommunityRow, Base):
    """The figures a community set for its topics; the newest row is in force."""

    __tablename__ = "topic_rules"
    __table_args__ = (
        Index("ix_topic_rules_community_id", "community_id", "id"),
        CheckConstraint("threshold BETWEEN 1 AND 100000", name="threshold"),
        CheckConstraint("answer_days BETWEEN 1 AND 60", name="answer_days"),
        CheckConstraint("appeal_days BETWEEN 1 AND 60", name="appeal_days"),
        CheckConstraint("consent_days BETWEEN 1 AND 60", name="consent_days"),
        CheckConstraint("undo_days BETWEEN 1 AND 60", name="undo_days"),
    )

    threshold: Mapped[int]
    answer_days: Mapped[int]
    appeal_days: Mapped[int]
    consent_days: Mapped[int]
    undo_days: Mapped[int]
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]


class Topic(CommunityRow, Base):
    """A topic (议题) of a resident; from its raising on, its words and figures stand.

    `answer_due_on` moves by a promise, by one more round, and when a merger is undone.
    """

    __tablename__ = "topic"
    __table_args__ = (
        own_key(),
        same_community("building_id", "building"),
        same_community("merged_into_id", "topic"),
        Index("ix_topic_state", "community_id", "state", "raised_at"),
        Index("ix_topic_due", "community_id", "answer_state", "answer_due_on"),
        Index("ix_topic_author", "community_id", "author_id", "raised_at"),
        Index("ix_topic_merged_into", "community_id", "merged_into_id"),
        CheckConstraint("(state = 'draft') = (raised_at IS NULL)", name="raised_at_a_moment"),
        CheckConstraint("(state = 'draft') = (answer_due_on IS NULL)", name="due_once_raised"),
        CheckConstraint(
            "(first_due_on IS NULL) = (answer_due_on IS NULL)"
            " AND answer_due_on >= first_due_on",
            name="due_day_moves_forward",
        ),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
        CheckConstraint("(origin = 'web') = (recorded_by IS NULL)", name="desk_names_itself"),
        CheckConstraint("threshold >= 1", name="threshold"),
        CheckConstraint("NOT (is_hidden AND state = 'draft')", name="drafts_are_nobodys_to_hide"),
        CheckConstraint(
            "answer_state <> 'reopened' OR is_reopened", name="reopened_is_marked"
        ),
    )  # fmt: skip

    # Emptied only when the author's data is erased.
    title: Mapped[str] = mapped_column(String(60))
    words: Mapped[str] = mapped_column(String(2_000))
    category: Mapped[TopicCategory] = mapped_column(choice(TopicCategory, "category"))
    building_id: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[TopicState] = mapped_column(choice(TopicState, "state"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    origin: Mapped[TopicOrigin] = mapped_column(choice(TopicOrigin, "origin"))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kept_at: Mapped[datetime]
    raised_at: Mapped[datetime | None]
    # Endorsing adults needed, as the community's figures were when it was raised.
    threshold: Mapped[int]
    answerer: Mapped[Answerer] = mapped_column(choice(Answerer, "answerer"))
    answer_state: Mapped[AnswerState] = mapped_column(choice(AnswerState, "answer_state"))
    first_due_on: Mapped[date | None]
    answer_due_on: Mapped[date | None]
    is_reopened: Mapped[bool] = mapped_column(default=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None]


class TopicPhoto(CommunityRow, Base):
    """A photo of a topic, written anew without its hidden data."""

    __tablename__ = "topic_photo"
    __table_args__ = (
        own_key(),
        same_community("topic_id", "topic"),
        same_community("file_id", "stored_file"),
        Index("ix_topic_photo_topic", "community_id", "topic_id"),
    )

    topic_id: Mapped[int]
    file_id: Mapped[int]


class TopicStep(CommunityRow, Base):
    """What happened to a topic (办理经过): the trace everybody reads."""

    __tablename__ = "topic_step"
    __table_args__ = (
        own_key(),
        same_community("topic_id", "topic"),
        Index("ix_topic_step_topic", "community_id", "topic_id", "id"),
    )

    topic_id: Mapped[int]
    kind: Mapped[StepKind] = mapped_column(choice(StepKind, "kind"))
    # What it rests on, opaque: "meeting:3", "poll:7", "topic:12".
    ref: Mapped[str] = mapped_column(String(60), default="")
    words: Mapped[str] = mapped_column(String(1_000), default="")
    stepped_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    stepped_at: Mapped[datetime]


class TopicAnswer(CommunityRow, Base):
    """An answer (答复) to a topic by the role that owes it; it stands as given."""

    __tablename__ = "topic_answer"
    __table_args__ = (
        own_key(),
        same_community("topic_id", "topic"),
        UniqueConstraint("community_id", "topic_id", "number"),
        CheckConstraint("(outcome = 'will_do') = (promised_on IS NOT NULL)", name="promise"),
    )

    topic_id: Mapped[int]
    number: Mapped[int]
    answerer: Mapped[Answerer] = mapped_column(choice(Answerer, "answerer"))
    outcome: Mapped[TopicOutcome] = mapped_column(choice(TopicOutcome, "outcome"))
    words: Mapped[str] = mapped_column(String(1_000))
    promised_on: Mapped[date | None]
    due_on: Mapped[date]
    is_late: Mapped[bool]
    answered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime]


class Endorsement(CommunityRow, Base):
    """An adult's endorsement (附议) of a topic, once each; taken back, it stays as a row."""

    __tablename__ = "endorsement"
    __table_args__ = (
        own_key(),
        same_community("topic_id", "topic"),
        UniqueConstraint("community_id", "topic_id", "person_id"),
        Index("ix_endorsement_person", "community_id", "person_id"),
    )

    topic_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    endorsed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


triggers.append_only("topic_rules")
triggers.append_only("topic_answer")
triggers.refuse("topic_steps", "topic", "UPDATE OF state", steps_sql("state", STEPS),
    "a topic goes only the steps of its table")  # fmt: skip
triggers.refuse(
    "topic_answer_steps",
    "topic",
    "UPDATE OF answer_state",
    steps_sql("answer_state", ANSWER_STEPS),
    "an answer goes only the steps of its table",
)
triggers.refuse(
    "topic_stands",
    "topic",
    "UPDATE OF community_id, category, building_id, place, origin, recorded_by, raised_at,"
    " threshold, first_due_on",
    "OLD.state <> 'draft'",
    "a raised topic stands",
)
triggers.refuse(
    "topic_words",
    "topic",
    "UPDATE OF title, words",
    "OLD.state <> 'draft'"
    " AND (NEW.title NOT IN ('', OLD.title) OR NEW.words NOT IN ('', OLD.words))",
    "words are erased, never changed",
)
triggers.refuse(
    "topic_reopens_once", "topic", "UPDATE OF is_reopened",
    "OLD.is_reopened AND NOT NEW.is_reopened", "an answer is asked for again once",
)  # fmt: skip
triggers.refuse(
    "topic_no_delete", "topic", "DELETE", "OLD.state <> 'draft'", "a raised topic is kept"
)
triggers.refuse("topic_step_no_delete", "topic_step", "DELETE", "TRUE", "a trace is kept")
triggers.refuse(
    "topic_step_stands",
    "topic_step",
    "UPDATE",
    "NEW.community_id <> OLD.community_id OR NEW.topic_id <> OLD.topic_id"
    " OR NEW.kind <> OLD.kind OR NEW.ref <> OLD.ref OR NEW.stepped_at <> OLD.stepped_at"
    " OR NEW.words NOT IN ('', OLD.words)",
    "a trace stands",
)
