"""The dated rule sets of awards, as the street set them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow


class AwardRules(CommunityRow, Base):
    """What holds for panels, low prices and waiting times from a day on, as the street set it."""

    __tablename__ = "award_rules"
    __table_args__ = (
        Index("ix_award_rules_valid", "community_id", "valid_from"),
        CheckConstraint("panel_seats % 2 = 1 AND panel_seats BETWEEN 3 AND 21", name="odd_panel"),
        CheckConstraint(
            "expert_parts >= 0 AND expert_whole > 0 AND expert_parts <= expert_whole",
            name="expert_share",
        ),
        CheckConstraint(
            "low_mean_bp BETWEEN 1 AND 10000 AND low_next_bp BETWEEN 1 AND 10000",
            name="low_prices",
        ),
        CheckConstraint(
            "explain_days BETWEEN 1 AND 60 AND standstill_days BETWEEN 1 AND 60"
            " AND objection_days BETWEEN 1 AND 60 AND complaint_days BETWEEN 1 AND 60"
            " AND ruling_days BETWEEN 1 AND 90 AND appeal_days BETWEEN 1 AND 60",
            name="days",
        ),
        CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="days_in_order"),
    )

    panel_seats: Mapped[int]
    expert_parts: Mapped[int]
    expert_whole: Mapped[int]
    low_mean_bp: Mapped[int]
    low_next_bp: Mapped[int]
    explain_days: Mapped[int]
    standstill_days: Mapped[int]
    objection_days: Mapped[int]
    complaint_days: Mapped[int]
    ruling_days: Mapped[int]
    appeal_days: Mapped[int]
    locality: Mapped[str] = mapped_column(String(60), default="")
    basis: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]


triggers.append_only("award_rules")
