"""The catalogue: merchants, items, and every change of an item's stock."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.rewards.rules.redemptions import ItemState, LimitPeriod


class Merchant(CommunityRow, Base):
    """An organization that hands out rewards in a community and is paid for them."""

    __tablename__ = "merchant"
    __table_args__ = (own_key(), UniqueConstraint("community_id", "organization_id"))

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(120))
    opening: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    is_paused: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]


class Item(CommunityRow, Base):
    """An item of the catalogue: its price in points, its cost in fen, and how many are left."""

    __tablename__ = "reward_item"
    __table_args__ = (
        own_key(),
        same_community("merchant_id", "merchant"),
        same_community("photo_id", "stored_file"),
        Index("ix_reward_item_state", "community_id", "state", "category"),
        CheckConstraint("stock >= 0", name="stock_never_negative"),
        CheckConstraint("points > 0", name="price_positive"),
        CheckConstraint("cost_fen >= 0", name="cost_not_negative"),
        CheckConstraint("pickup_days BETWEEN 0 AND 90", name="pickup_days"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="days_in_order"),
        CheckConstraint(
            "(limit_count IS NULL) = (limit_period IS NULL)", name="limit_has_a_period"
        ),
        CheckConstraint("limit_count IS NULL OR limit_count > 0", name="limit_positive"),
    )

    merchant_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(60))
    category: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(default="")
    photo_id: Mapped[int | None]
    points: Mapped[int]
    cost_fen: Mapped[int]
    # The sum of `stock_change`; claimed by a guarded UPDATE, never read and written back.
    stock: Mapped[int] = mapped_column(default=0)
    limit_count: Mapped[int | None]
    limit_period: Mapped[LimitPeriod | None] = mapped_column(choice(LimitPeriod, "limit_period"))
    pickup_days: Mapped[int] = mapped_column(default=7)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    state: Mapped[ItemState] = mapped_column(choice(ItemState, "state"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class StockReason(StrEnum):
    """Why an item's stock changed."""

    DELIVERED = "delivered"
    COUNTED = "counted"
    CLAIMED = "claimed"
    GIVEN_BACK = "given-back"


class StockChange(CommunityRow, Base):
    """One change of an item's stock; they add up to what is left."""

    __tablename__ = "stock_change"
    __table_args__ = (
        same_community("item_id", "reward_item"),
        same_community("redemption_id", "redemption"),
        Index("ix_stock_change_item", "community_id", "item_id"),
        # A redemption takes one piece once and gives it back once.
        UniqueConstraint("community_id", "redemption_id", "reason"),
        CheckConstraint("quantity <> 0", name="changes_something"),
        CheckConstraint(
            "(reason IN ('claimed', 'given-back')) = (redemption_id IS NOT NULL)",
            name="claims_name_their_redemption",
        ),
    )

    item_id: Mapped[int]
    quantity: Mapped[int]
    reason: Mapped[StockReason] = mapped_column(choice(StockReason, "reason"))
    redemption_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(120), default="")
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


triggers.append_only("stock_change")
