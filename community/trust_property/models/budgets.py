"""Budgets by year: every version stays, the newest counts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.trust_property.models.matters import only_approved
from community.trust_property.rules.budget import BudgetKind


class Budget(CommunityRow, Base):
    """A version of a year's budget and the decision that adopted it."""

    __tablename__ = "trust_budget"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("matter_id", "trust_matter"),
        UniqueConstraint("community_id", "fund_id", "year", "version"),
        UniqueConstraint("community_id", "matter_id"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("kind = 'interim' OR decided_on IS NOT NULL", name="adopted_by_decision"),
    )

    fund_id: Mapped[int]
    year: Mapped[int]
    version: Mapped[int]
    kind: Mapped[BudgetKind] = mapped_column(choice(BudgetKind, "kind"))
    reference: Mapped[str] = mapped_column(String(120))
    decided_on: Mapped[date | None]
    # SHA-256 of the minutes; empty where a poll of this site decided.
    minutes_sha256: Mapped[str] = mapped_column(String(64), default="")
    matter_id: Mapped[int | None]
    adopted_at: Mapped[datetime]


class BudgetLineRow(CommunityRow, Base):
    """A line of a version; its expense account's ceiling is what may be spent."""

    __tablename__ = "trust_budget_line"
    __table_args__ = (
        same_community("budget_id", "trust_budget"),
        UniqueConstraint("community_id", "budget_id", "code"),
        CheckConstraint("amount_fen >= 0 AND carried_fen >= 0", name="not_negative"),
    )

    budget_id: Mapped[int]
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(40))
    amount_fen: Mapped[int]
    carried_fen: Mapped[int]


triggers.append_only("trust_budget")
triggers.append_only("trust_budget_line")
only_approved("trust_budget")
