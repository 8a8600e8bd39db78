"""What is agreed about arrears and what was done: plans by instalments, and reminders."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, own_key, same_community


class PaymentPlan(CommunityRow, Base):
    """That a unit pays its arrears in instalments; one at a time."""

    __tablename__ = "trust_payment_plan"
    __table_args__ = (
        own_key(),
        same_community("fund_id", "trust_fund"),
        same_community("unit_id", "unit"),
        Index(
            "uq_trust_payment_plan_running",
            "community_id",
            "fund_id",
            "unit_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("owed_fen > 0", "owed_positive"),
    )

    fund_id: Mapped[int]
    unit_id: Mapped[int]
    # What the unit owed when the plan was made, on bills up to this month.
    owed_fen: Mapped[int]
    last_month: Mapped[int]
    reference: Mapped[str] = mapped_column(String(120), default="")
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


triggers.refuse(
    "trust_payment_plan_fixed",
    "trust_payment_plan",
    "UPDATE OF fund_id, unit_id, owed_fen, last_month, made_at",
    "TRUE",
    "a plan stands as it was agreed",
)
triggers.refuse("trust_payment_plan_kept", "trust_payment_plan", "DELETE", "TRUE", "a plan is kept")


class PlanInstalment(CommunityRow, Base):
    """An instalment of a plan."""

    __tablename__ = "trust_plan_instalment"
    __table_args__ = (
        same_community("plan_id", "trust_payment_plan"),
        Index("ix_trust_plan_instalment_plan", "community_id", "plan_id", "due_on"),
        CheckConstraint("amount_fen > 0", "amount_positive"),
    )

    plan_id: Mapped[int]
    due_on: Mapped[date]
    amount_fen: Mapped[int]


triggers.append_only("trust_plan_instalment")


class Reminder(CommunityRow, Base):
    """That the owners of a unit were reminded of what is overdue."""

    __tablename__ = "trust_reminder"
    __table_args__ = (
        same_community("fund_id", "trust_fund"),
        same_community("unit_id", "unit"),
        Index("ix_trust_reminder_unit", "community_id", "fund_id", "unit_id", "sent_at"),
    )

    fund_id: Mapped[int]
    unit_id: Mapped[int]
    overdue_fen: Mapped[int]
    sent_at: Mapped[datetime]
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.append_only("trust_reminder")
