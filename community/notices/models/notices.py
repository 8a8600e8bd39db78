"""Public notices (公示): their fixed text and period, proofs of posting, objections."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.notices.rules import NoticeKind, Outcome


class Notice(CommunityRow, Base):
    """What the community is told for a period; what was published never changes."""

    __tablename__ = "notice"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "number"),
        Index("ix_notice_community_id_closes_at", "community_id", "closes_at"),
        Index("ix_notice_community_id_subject", "community_id", "subject"),
        same_community("replaces_id", "notice"),
        CheckConstraint("opens_at < closes_at", "period"),
        CheckConstraint("number > 0", "number"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", "withdrawal"),
    )

    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str]
    kind: Mapped[NoticeKind] = mapped_column(choice(NoticeKind, "kind"))
    subject: Mapped[str] = mapped_column(String(80), default="")
    contact: Mapped[str] = mapped_column(String(120), default="")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    published_by: Mapped[int | None]
    published_at: Mapped[datetime]
    replaces_id: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None]
    withdrawn_reason: Mapped[str] = mapped_column(String(300), default="")


class NoticePosting(CommunityRow, Base):
    """Proof that a printed notice hung at a place: a photo, where and when."""

    __tablename__ = "notice_posting"
    __table_args__ = (
        Index("ix_notice_posting_community_id_notice_id", "community_id", "notice_id"),
        same_community("notice_id", "notice"),
        same_community("file_id", "stored_file"),
        CheckConstraint("place <> ''", "place"),
    )

    notice_id: Mapped[int]
    file_id: Mapped[int]
    place: Mapped[str] = mapped_column(String(80))
    posted_at: Mapped[datetime]
    posted_by: Mapped[int | None]
    recorded_at: Mapped[datetime]


class NoticeObjection(CommunityRow, Base):
    """A reasoned objection and the dated answer to it."""

    __tablename__ = "notice_objection"
    __table_args__ = (
        Index("ix_notice_objection_community_id_notice_id", "community_id", "notice_id"),
        Index("ix_notice_objection_community_id_answered_at", "community_id", "answered_at"),
        same_community("notice_id", "notice"),
        CheckConstraint("reason <> ''", "reason"),
        CheckConstraint(
            "(answered_at IS NULL) = (answer = '') AND (answered_at IS NULL) = (outcome IS NULL)",
            "answer",
        ),
    )

    notice_id: Mapped[int]
    person_id: Mapped[int]
    # Who typed it, when it was not the person: a relative or the desk (代办).
    entered_by: Mapped[int]
    reason: Mapped[str]
    raised_at: Mapped[datetime]
    answer_due_on: Mapped[date]
    answer: Mapped[str] = mapped_column(default="")
    outcome: Mapped[Outcome | None] = mapped_column(choice(Outcome, "outcome"))
    answered_by: Mapped[int | None]
    answered_at: Mapped[datetime | None]


triggers.refuse(
    "notice_text_stays",
    "notice",
    "UPDATE",
    "NEW.title <> OLD.title OR NEW.body <> OLD.body OR NEW.kind <> OLD.kind"
    " OR NEW.opens_at <> OLD.opens_at OR NEW.closes_at <> OLD.closes_at"
    " OR NEW.number <> OLD.number OR NEW.community_id <> OLD.community_id"
    " OR OLD.withdrawn_at IS NOT NULL",
    "a published notice never changes",
)
triggers.refuse("notice_no_delete", "notice", "DELETE", "TRUE", "a notice is never deleted")
# Who posted may change when duplicate people are merged; what the photo proves may not.
triggers.refuse(
    "notice_posting_stays",
    "notice_posting",
    "UPDATE",
    "NEW.notice_id <> OLD.notice_id OR NEW.file_id <> OLD.file_id OR NEW.place <> OLD.place"
    " OR NEW.posted_at <> OLD.posted_at OR NEW.recorded_at <> OLD.recorded_at",
    "a proof of posting never changes",
)
triggers.refuse(
    "notice_posting_no_delete", "notice_posting", "DELETE", "TRUE", "a posting is never deleted"
)
triggers.refuse(
    "notice_objection_two_people",
    "notice_objection",
    "UPDATE",
    "OLD.answered_at IS NULL AND NEW.answered_at IS NOT NULL"
    " AND (NEW.answered_by = NEW.person_id OR NEW.answered_by = NEW.entered_by)",
    "nobody answers their own objection",
)
triggers.refuse(
    "notice_objection_answer_stays",
    "notice_objection",
    "UPDATE",
    "OLD.answered_at IS NOT NULL AND (NEW.answer <> OLD.answer"
    " OR NEW.outcome <> OLD.outcome OR NEW.answered_at <> OLD.answered_at)",
    "the answer to an objection never changes",
)
triggers.refuse(
    "notice_objection_no_delete",
    "notice_objection",
    "DELETE",
    "TRUE",
    "an objection is never deleted",
)
