"""Redemptions with their codes and holds, and the codes that merchants tried in vain."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.rewards.rules.redemptions import Purse, RedemptionState, ScanReason

_IS_OPEN = "state = 'open'"


class Redemption(CommunityRow, Base):
    """One piece of an item for one person: held, then collected, or given up."""

    __tablename__ = "redemption"
    __table_args__ = (
        own_key(),
        same_community("item_id", "reward_item"),
        same_community("merchant_id", "merchant"),
        same_community("sheet_id", "settlement_sheet"),
        same_community("points_hold_id", "ledger_seal", "transaction_id"),
        same_community("budget_hold_id", "ledger_seal", "transaction_id"),
        same_community("points_transaction_id", "ledger_seal", "transaction_id"),
        same_community("budget_transaction_id", "ledger_seal", "transaction_id"),
        UniqueConstraint("community_id", "code"),
        # Six digits name one open redemption of a merchant; later they may be drawn again.
        Index(
            "uq_redemption_open_digits",
            "community_id",
            "merchant_id",
            "digits",
            unique=True,
            sqlite_where=text(_IS_OPEN),
            postgresql_where=text(_IS_OPEN),
        ),
        Index("ix_redemption_person", "community_id", "person_id", "item_id"),
        Index("ix_redemption_expiry", "community_id", "state", "expires_at"),
        Index("ix_redemption_collected", "community_id", "merchant_id", "collected_at"),
        CheckConstraint("points > 0", name="price_positive"),
        CheckConstraint("cost_fen >= 0", name="cost_not_negative"),
        CheckConstraint(
            "(cost_fen > 0) = (budget_hold_id IS NOT NULL)", name="budget_held_with_points"
        ),
        CheckConstraint(
            "(state IN ('collected', 'refunded')) = (collected_at IS NOT NULL)",
            name="collected_has_its_moment",
        ),
        CheckConstraint(
            "(state IN ('cancelled', 'expired', 'refunded')) = (closed_at IS NOT NULL)",
            name="given_up_has_its_moment",
        ),
        CheckConstraint("sheet_id IS NULL OR state = 'collected'", name="sheet_lists_collected"),
    )

    item_id: Mapped[int]
    merchant_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Whoever pressed the button: the person, a relative or the desk (代办).
    redeemed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    purse: Mapped[Purse] = mapped_column(choice(Purse, "purse"))
    # The ledger's opaque owner of the points: "person:7" or "household:3".
    owner: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(60))
    points: Mapped[int]
    cost_fen: Mapped[int]
    code: Mapped[str] = mapped_column(String(16))
    digits: Mapped[str] = mapped_column(String(6))
    state: Mapped[RedemptionState] = mapped_column(choice(RedemptionState, "state"))
    redeemed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    points_hold_id: Mapped[int]
    budget_hold_id: Mapped[int | None]
    points_transaction_id: Mapped[int | None]
    budget_transaction_id: Mapped[int | None]
    collected_at: Mapped[datetime | None]
    collected_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    sheet_id: Mapped[int | None]


# What was promised to the resident stays what was promised.
triggers.refuse(
    "redemption_terms_stand",
    "redemption",
    "UPDATE OF community_id, item_id, merchant_id, points, cost_fen, code, redeemed_at",
    "TRUE",
    "the terms of a redemption stand",
)
triggers.refuse(
    "redemption_steps",
    "redemption",
    "UPDATE OF state",
    "NOT (OLD.state = NEW.state OR OLD.state = 'open'"
    " OR (OLD.state = 'collected' AND NEW.state = 'refunded'))",
    "a closed redemption stays closed",
)
triggers.refuse("redemption_no_delete", "redemption", "DELETE", "TRUE", "a redemption is kept")


class CodeAttempt(CommunityRow, Base):
    """A code that a merchant tried in vain; guessing is slowed by counting these."""

    __tablename__ = "redemption_code_attempt"
    __table_args__ = (
        same_community("merchant_id", "merchant"),
        Index("ix_redemption_code_attempt_hour", "community_id", "merchant_id", "tried_at"),
    )

    merchant_id: Mapped[int]
    reason: Mapped[ScanReason] = mapped_column(choice(ScanReason, "reason"))
    tried_at: Mapped[datetime]
    tried_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.append_only("redemption_code_attempt")
