"""What people ask to have put right on a posted roll, and what they were answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, same_community


class RollCorrection(CommunityRow, Base):
    """A correction asked for on a posted roll (名册更正申请); open until it is answered.

    `entry_number` is the entry's number when it was asked, none where somebody is missing: the
    roll may be drawn up anew before it is frozen.
    """

    __tablename__ = "roll_correction"
    __table_args__ = (
        same_community("poll_id", "poll"),
        Index("ix_roll_correction_community_id_poll_id", "community_id", "poll_id"),
        CheckConstraint("words <> ''", name="says_what"),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_in_words"),
    )

    poll_id: Mapped[int]
    entry_number: Mapped[int | None]
    words: Mapped[str] = mapped_column(String(300))
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(300), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


triggers.refuse("roll_correction_kept", "roll_correction", "DELETE", "TRUE", "a correction is kept")
triggers.refuse(
    "roll_correction_changed",
    "roll_correction",
    "UPDATE",
    "NEW.poll_id <> OLD.poll_id OR NEW.asked_at <> OLD.asked_at OR (OLD.answered_at IS NOT NULL"
    " AND (NEW.answered_at IS NULL OR NEW.answered_at <> OLD.answered_at"
    " OR NEW.answer <> OLD.answer))",
    "a correction keeps its answer",
)
