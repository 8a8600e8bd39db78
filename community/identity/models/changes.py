"""What the desk recorded about people and homes: deaths, moves, sales, ended tenancies."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, CommunityRow, PlainJson, choice, own_key, same_community


class ChangeAct(StrEnum):
    """What happened to a person or a home."""

    DIED = "died"
    MOVED = "moved"
    SOLD = "sold"
    TENANCY_ENDED = "tenancy-ended"


class ResidentChange(CommunityRow, Base):
    """A desk act, with the rows it ended, so that a mistake can be undone within the day.

    `ended` names the rows by table; a second person undoes, never the one who recorded.
    """

    __tablename__ = "resident_change"
    __table_args__ = (
        own_key(),
        same_community("unit_id", "unit"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
        CheckConstraint(
            "undone_by IS NULL OR recorded_by IS NULL OR undone_by <> recorded_by",
            name="undone_by_another",
        ),
        Index("ix_resident_change_community_id_recorded_at", "community_id", "recorded_at"),
        Index("ix_resident_change_community_id_person_id", "community_id", "person_id"),
    )

    act: Mapped[ChangeAct] = mapped_column(choice(ChangeAct, "act"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None]
    on_day: Mapped[date]
    note: Mapped[str] = mapped_column(String(200), default="")
    ended: Mapped[Any] = mapped_column(PlainJson)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
