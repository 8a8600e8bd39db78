"""The table of days that differ from the preset, for the installation or for one community."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, BigId

INSTALLATION = 0


class CalendarDay(Base):
    """One day somebody entered: a day off, or a Saturday that is worked."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("community_id", "day"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    # 0 holds for every community that has not entered the day itself.
    community_id: Mapped[int]
    day: Mapped[date]
    is_working: Mapped[bool]
    name: Mapped[str] = mapped_column(String(40), default="")
