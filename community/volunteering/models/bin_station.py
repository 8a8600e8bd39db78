"""Bin stations (垃圾分类投放点) and what each household brought there."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, own_key, same_community


class BinStation(CommunityRow, Base):
    """A place where rubbish is sorted and somebody looks on."""

    __tablename__ = "bin_station"
    __table_args__ = (own_key(), UniqueConstraint("community_id", "name"))

    name: Mapped[str] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(String(80))
    is_closed: Mapped[bool] = mapped_column(default=False)


class BinDrop(CommunityRow, Base):
    """One bag judged right or wrong; the turn number makes a second scan of a day visible."""

    __tablename__ = "bin_drop"
    __table_args__ = (
        own_key(),
        same_community("station_id", "bin_station"),
        same_community("household_id", "household"),
        UniqueConstraint("community_id", "household_id", "dropped_on", "turn", name="uq_bin_turn"),
        Index("ix_bin_drop_day", "community_id", "dropped_on"),
    )

    station_id: Mapped[int]
    household_id: Mapped[int]
    building: Mapped[str] = mapped_column(String(40))
    dropped_on: Mapped[date]
    turn: Mapped[int]
    is_right: Mapped[bool]
    points: Mapped[int]
    dropped_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.append_only("bin_drop")
