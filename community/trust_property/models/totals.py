"""What moved on a fund's own accounts by day: sums that let the public page open at once."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, same_community


class DayTotal(Base):
    """What a purpose moved on an account on the day it counts; made anew from the books at will."""

    __tablename__ = "trust_day_total"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "account_id", "day", "purpose"),
        same_community("account_id", "ledger_account"),
        CheckConstraint("debits_fen >= 0 AND credits_fen >= 0 AND entries > 0", name="positive"),
        {"sqlite_with_rowid": False},
    )

    community_id: Mapped[int]
    account_id: Mapped[int]
    # YYYYMMDD.
    day: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(200))
    debits_fen: Mapped[int]
    credits_fen: Mapped[int]
    entries: Mapped[int]


class DayTotalMark(Base):
    """How far an account's statement is summed up; what follows is read from the books."""

    __tablename__ = "trust_day_total_mark"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "account_id"),
        same_community("account_id", "ledger_account"),
        CheckConstraint("place > 0", name="place"),
    )

    community_id: Mapped[int]
    account_id: Mapped[int]
    place: Mapped[int]
    # YYYYMMDD: when the entry at that place was booked.
    booked_on: Mapped[int]
