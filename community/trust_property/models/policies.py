"""The fund's rules, dated; only an approved matter adds to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, PlainJson, own_key, same_community
from community.trust_property.models.matters import only_approved


class FundRule(CommunityRow, Base):
    """The fund's rules from a day on: the newest row of a day counts."""

    __tablename__ = "trust_rule"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("matter_id", "trust_matter"),
        UniqueConstraint("community_id", "matter_id"),
    )

    fund_id: Mapped[int]
    # rules.policies.Terms in plain values.
    terms: Mapped[Any] = mapped_column(PlainJson)
    valid_from: Mapped[date]
    reference: Mapped[str] = mapped_column(String(120))
    matter_id: Mapped[int]
    made_at: Mapped[datetime]


triggers.append_only("trust_rule")
only_approved("trust_rule")
