"""Owners' questions and the answers to them: a thread that stands as it was written."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import (
    Base,
    CommunityRow,
    PlainJson,
    choice,
    own_key,
    same_community,
)
from community.trust_property.rules.questions import (
    AnswerSide,
    QuestionState,
    SubjectKind,
    steps_sql,
)

_WAITS = "state IN ('open', 'reopened')"


class Question(CommunityRow, Base):
    """A question (提问) of an owner about anything of a fund, due on a day.

    `due_on` moves once, when the asker is not satisfied; `first_due_on` stays.
    """

    __tablename__ = "trust_question"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        Index("ix_trust_question_due", "community_id", "fund_id", "state", "due_on"),
        Index("ix_trust_question_subject", "community_id", "fund_id", "subject_kind", "subject_id"),
        # At once and twice: one waits for an answer before asking the same again.
        Index(
            "uq_trust_question_waits",
            "community_id",
            "fund_id",
            "subject_kind",
            "subject_id",
            "asked_by",
            unique=True,
            sqlite_where=text(_WAITS),
            postgresql_where=text(_WAITS),
        ),
        CheckConstraint("length(words_sha256) = 64", name="words_have_their_hash"),
        CheckConstraint("due_on >= first_due_on", name="a_due_day_moves_forward"),
        CheckConstraint("reopened OR due_on = first_due_on", name="due_day_moves_by_reopening"),
        CheckConstraint("state <> 'reopened' OR reopened", name="reopened_is_marked"),
    )

    fund_id: Mapped[int]
    subject_kind: Mapped[SubjectKind] = mapped_column(choice(SubjectKind, "subject_kind"))
    subject_id: Mapped[int]
    # Emptied only when the asker's data is erased; the hash stays.
    words: Mapped[str] = mapped_column(String(500))
    words_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[QuestionState] = mapped_column(choice(QuestionState, "state"))
    # Working days for an answer, as the fund's rules had it when it was asked.
    answer_days: Mapped[int]
    first_due_on: Mapped[date]
    due_on: Mapped[date]
    reopened: Mapped[bool] = mapped_column(default=False)
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]


class Answer(CommunityRow, Base):
    """An answer (答复) with its vouchers, and how the asker judged it."""

    __tablename__ = "trust_answer"
    __table_args__ = (
        own_key(),
        same_community("question_id", "trust_question"),
        UniqueConstraint("community_id", "question_id", "number"),
        CheckConstraint("length(words_sha256) = 64", name="words_have_their_hash"),
        CheckConstraint("(is_satisfied IS NULL) = (judged_at IS NULL)", name="judged_at_a_moment"),
    )

    question_id: Mapped[int]
    number: Mapped[int]
    side: Mapped[AnswerSide] = mapped_column(choice(AnswerSide, "side"))
    words: Mapped[str] = mapped_column(String(1_000))
    words_sha256: Mapped[str] = mapped_column(String(64))
    # [[title, file id, sha256], …]: copies for everybody.
    papers: Mapped[Any] = mapped_column(PlainJson)
    is_late: Mapped[bool]
    answered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime]
    is_satisfied: Mapped[bool | None]
    judged_at: Mapped[datetime | None]


triggers.refuse(
    "trust_question_stands",
    "trust_question",
    "UPDATE OF community_id, fund_id, subject_kind, subject_id, words_sha256, answer_days,"
    " first_due_on, asked_by, asked_at",
    "TRUE",
    "what was asked stands",
)
triggers.refuse(
    "trust_question_words",
    "trust_question",
    "UPDATE OF words",
    "NEW.words <> '' AND NEW.words <> OLD.words",
    "words are erased, never changed",
)
triggers.refuse(
    "trust_question_steps",
    "trust_question",
    "UPDATE OF state",
    steps_sql(),
    "a question goes only the steps of its table",
)
triggers.refuse(
    "trust_question_reopens_once",
    "trust_question",
    "UPDATE OF reopened",
    "OLD.reopened AND NOT NEW.reopened",
    "a question reopens once",
)
triggers.refuse(
    "trust_question_due_moves_once",
    "trust_question",
    "UPDATE OF due_on",
    "OLD.reopened AND NEW.due_on <> OLD.due_on",
    "a due day moves once",
)
triggers.refuse(
    "trust_question_no_delete", "trust_question", "DELETE", "TRUE", "a question is kept"
)
triggers.refuse(
    "trust_answer_stands",
    "trust_answer",
    "UPDATE OF community_id, question_id, number, side, words, words_sha256, papers, is_late,"
    " answered_by, answered_at",
    "TRUE",
    "an answer stands",
)
triggers.refuse(
    "trust_answer_judged_once",
    "trust_answer",
    "UPDATE OF is_satisfied, judged_at",
    "OLD.judged_at IS NOT NULL",
    "an answer is judged once",
)
triggers.refuse("trust_answer_no_delete", "trust_answer", "DELETE", "TRUE", "an answer is kept")
