"""Signed sheets of paper, photographed by one person and confirmed by another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.volunteering.rules.states import PaperState


class PaperSheet(CommunityRow, Base):
    """A photograph of a signed sheet of one shift."""

    __tablename__ = "paper_sheet"
    __table_args__ = (
        own_key(),
        same_community("shift_id", "shift"),
        CheckConstraint(
            "decided_by IS NULL OR decided_by <> uploaded_by", name="decided_by_a_second_person"
        ),
        Index("ix_paper_sheet_state", "community_id", "state", "confirm_by"),
    )

    shift_id: Mapped[int]
    file_id: Mapped[int]
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    confirm_by: Mapped[datetime]
    state: Mapped[PaperState] = mapped_column(
        choice(PaperState, "state_is_known"), default=PaperState.WAITING
    )
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(String(200), default="")


class PaperSheetLine(CommunityRow, Base):
    """One name on a sheet: when it says the person came and left."""

    __tablename__ = "paper_sheet_line"
    __table_args__ = (
        same_community("sheet_id", "paper_sheet"),
        UniqueConstraint("community_id", "sheet_id", "person_id"),
        CheckConstraint("out_at > in_at", name="out_after_in"),
    )

    sheet_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    in_at: Mapped[datetime]
    out_at: Mapped[datetime]
