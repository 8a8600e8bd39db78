"""What of a project's money is set aside for an award, and what was paid out of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, own_key, same_community


class AwardHold(CommunityRow, Base):
    """Money set aside for an award (预留资金); what is left of it is one open hold of the books."""

    __tablename__ = "award_hold"
    __table_args__ = (
        own_key(),
        same_community("project_id", "project"),
        UniqueConstraint("community_id", "award_id"),
        Index("ix_award_hold_project", "community_id", "project_id"),
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
        CheckConstraint(
            "paid_fen >= 0 AND released_fen >= 0 AND paid_fen + released_fen <= amount_fen",
            name="never_paid_beyond_the_award",
        ),
        CheckConstraint(
            "(ledger_hold_id IS NULL) ="
            " (freed_at IS NOT NULL OR paid_fen + released_fen = amount_fen)",
            name="held_while_anything_is_left",
        ),
    )

    project_id: Mapped[int]
    award_id: Mapped[int]
    amount_fen: Mapped[int]
    paid_fen: Mapped[int] = mapped_column(default=0)
    # What a contract that broke off no longer needs, freed while the rest stays set aside.
    released_fen: Mapped[int] = mapped_column(default=0)
    # The books' hold on what is left; each payment makes a new one.
    ledger_hold_id: Mapped[int | None]
    held_at: Mapped[datetime]
    freed_at: Mapped[datetime | None]


class Payout(CommunityRow, Base):
    """A payment out of what an award set aside; the same key pays once."""

    __tablename__ = "project_payout"
    __table_args__ = (
        own_key(),
        same_community("hold_id", "award_hold"),
        UniqueConstraint("community_id", "hold_id", "key"),
        CheckConstraint("amount_fen > 0", name="amount_is_positive"),
        # Fiscal money never enters the owners' fund: whom it is paid to is an organisation.
        CheckConstraint("payee LIKE 'organization:%'", name="paid_to_an_organization"),
    )

    hold_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(80))
    amount_fen: Mapped[int]
    payee: Mapped[str] = mapped_column(String(60))
    transaction_id: Mapped[int]
    paid_at: Mapped[datetime]
    paid_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.append_only("project_payout")
triggers.refuse("award_hold_no_delete", "award_hold", "DELETE", "TRUE", "what was held is kept")
triggers.refuse(
    "award_hold_stands",
    "award_hold",
    "UPDATE",
    "NEW.community_id <> OLD.community_id OR NEW.project_id <> OLD.project_id"
    " OR NEW.award_id <> OLD.award_id OR NEW.amount_fen <> OLD.amount_fen"
    " OR NEW.paid_fen < OLD.paid_fen OR NEW.released_fen < OLD.released_fen"
    " OR OLD.freed_at IS NOT NULL",
    "what was set aside stands; payments only grow, and what was freed stays free",
)
