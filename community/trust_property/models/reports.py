"""Reports as they were published, byte for byte."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, own_key, same_community


class PublishedReport(CommunityRow, Base):
    """A report for a period as known at a moment; a later version never replaces an earlier."""

    __tablename__ = "trust_report"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        UniqueConstraint("community_id", "fund_id", "period", "version"),
        CheckConstraint("first_on <= last_on AND version > 0", name="in_order"),
    )

    fund_id: Mapped[int]
    # As the public log writes it: 2026-11, 2026-Q4, 2026.
    period: Mapped[str] = mapped_column(String(7))
    version: Mapped[int]
    first_on: Mapped[date]
    last_on: Mapped[date]
    known_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    record_id: Mapped[int]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.append_only("trust_report")
