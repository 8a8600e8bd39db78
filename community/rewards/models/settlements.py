"""Monthly settlement sheets: what a merchant is owed for a month, and that it was paid."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.rewards.rules.settlements import SheetState

_STANDS = "state <> 'withdrawn'"


class SettlementSheet(CommunityRow, Base):
    """A merchant's claim for one month; its redemptions point to it."""

    __tablename__ = "settlement_sheet"
    __table_args__ = (
        own_key(),
        same_community("merchant_id", "merchant"),
        same_community("transaction_id", "ledger_seal", "transaction_id"),
        Index(
            "uq_settlement_sheet_month",
            "community_id",
            "merchant_id",
            "month",
            unique=True,
            sqlite_where=text(_STANDS),
            postgresql_where=text(_STANDS),
        ),
        CheckConstraint("quantity > 0", name="lists_something"),
        CheckConstraint("total_fen >= 0", name="total_not_negative"),
        CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name="paid_has_its_moment"),
        CheckConstraint("state <> 'paid' OR reference <> ''", name="paid_has_a_reference"),
    )

    merchant_id: Mapped[int]
    # The month's first day.
    month: Mapped[date]
    quantity: Mapped[int]
    total_fen: Mapped[int]
    state: Mapped[SheetState] = mapped_column(choice(SheetState, "state"))
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    paid_at: Mapped[datetime | None]
    paid_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reference: Mapped[str] = mapped_column(String(80), default="")
    transaction_id: Mapped[int | None]


triggers.refuse(
    "settlement_sheet_figures_stand",
    "settlement_sheet",
    "UPDATE OF community_id, merchant_id, month, quantity, total_fen",
    "TRUE",
    "a sheet is withdrawn and made anew, not changed",
)
triggers.refuse(
    "settlement_sheet_steps",
    "settlement_sheet",
    "UPDATE OF state",
    "OLD.state <> 'made' AND OLD.state <> NEW.state",
    "a paid or withdrawn sheet stays so",
)
