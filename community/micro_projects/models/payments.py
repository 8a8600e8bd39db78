"""Payments by maker and checker, and money asked back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.micro_projects.rules.payments import STEPS, ClawBackState, PaymentState
from community.micro_projects.rules.states import steps_sql


class ProjectPayment(CommunityRow, Base):
    """An instalment paid for an accepted milestone (项目付款); one stands a milestone."""

    __tablename__ = "project_payment"
    __table_args__ = (
        own_key(),
        ForeignKeyConstraint(
            ["community_id", "contract_id", "milestone_id", "amount_fen"],
            [
                "milestone.community_id",
                "milestone.contract_id",
                "milestone.id",
                "milestone.amount_fen",
            ],
        ),
        same_community("file_id", "stored_file"),
        Index("ix_project_payment_contract", "community_id", "contract_id", "state"),
        Index(
            "uq_project_payment_standing",
            "community_id",
            "milestone_id",
            unique=True,
            sqlite_where=text("state <> 'returned'"),
            postgresql_where=text("state <> 'returned'"),
        ),
        UniqueConstraint("community_id", "transaction_id"),
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
        CheckConstraint("checked_by <> made_by", name="two_people"),
        CheckConstraint(
            "(state = 'prepared') = (checked_by IS NULL)"
            " AND (state = 'prepared') = (checked_at IS NULL)",
            name="checked_by_somebody",
        ),
        CheckConstraint(
            "(state = 'paid') = (transaction_id IS NOT NULL)", name="paid_in_the_books"
        ),
    )

    contract_id: Mapped[int]
    milestone_id: Mapped[int]
    amount_fen: Mapped[int]
    state: Mapped[PaymentState] = mapped_column(choice(PaymentState, "state"))
    # The contractor's invoice (发票) that the maker looked at.
    file_id: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    invoice_number: Mapped[str] = mapped_column(String(40))
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(String(400), default="")
    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))


triggers.refuse(
    "project_payment_steps",
    "project_payment",
    "UPDATE",
    "OLD.state <> 'prepared' OR NEW.amount_fen <> OLD.amount_fen OR NEW.made_by <> OLD.made_by"
    " OR NEW.sha256 <> OLD.sha256 OR NEW.milestone_id <> OLD.milestone_id"
    f" OR {steps_sql('state', STEPS)}",
    "a payment is checked once, as it was prepared",
)
_UNACCEPTED = (
    "NOT EXISTS (SELECT 1 FROM milestone m WHERE m.community_id = NEW.community_id"
    " AND m.id = NEW.milestone_id AND m.state = 'accepted')"
)
_ABOVE = (
    "NEW.state <> 'returned' AND NEW.amount_fen + (SELECT COALESCE(SUM(p.amount_fen), 0)"
    " FROM project_payment p WHERE p.community_id = NEW.community_id"
    " AND p.contract_id = NEW.contract_id AND p.state <> 'returned' AND p.id <> NEW.id)"
    " > (SELECT c.amount_fen FROM contract c WHERE c.community_id = NEW.community_id"
    " AND c.id = NEW.contract_id)"
)
for _event, _name in (("INSERT", "made"), ("UPDATE OF state", "checked")):
    triggers.refuse(
        f"project_payment_{_name}_within_the_contract",
        "project_payment",
        _event,
        f"{_UNACCEPTED} OR ({_ABOVE})",
        "money goes out for accepted work only and never above the contract",
    )
triggers.refuse(
    "project_payment_no_delete", "project_payment", "DELETE", "TRUE", "a payment is kept"
)


class ClawBack(CommunityRow, Base):
    """Money already paid that a contractor owes back (追回款)."""

    __tablename__ = "claw_back"
    __table_args__ = (
        own_key(),
        same_community("contract_id", "contract"),
        same_community("file_id", "stored_file"),
        Index("ix_claw_back_contract", "community_id", "contract_id"),
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_at_a_moment"),
        CheckConstraint("settled_by <> asked_by", name="settled_by_another"),
    )

    contract_id: Mapped[int]
    amount_fen: Mapped[int]
    state: Mapped[ClawBackState] = mapped_column(choice(ClawBackState, "state"))
    reason: Mapped[str] = mapped_column(String(400))
    due_on: Mapped[date]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    # The bank's slip, or what waived it.
    file_id: Mapped[int | None]
    words: Mapped[str] = mapped_column(String(400), default="")
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]


triggers.refuse(
    "claw_back_stands",
    "claw_back",
    "UPDATE",
    "OLD.state <> 'open' OR NEW.amount_fen <> OLD.amount_fen OR NEW.due_on <> OLD.due_on"
    " OR NEW.reason <> OLD.reason OR NEW.contract_id <> OLD.contract_id",
    "a claw-back stands and is settled once",
)
triggers.refuse("claw_back_no_delete", "claw_back", "DELETE", "TRUE", "a claw-back is kept")
