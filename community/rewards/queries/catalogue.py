"""Reading merchants, items and their stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.rewards.errors import ItemNotFound, MerchantNotFound
from community.rewards.models import Item, Merchant, Redemption, StockChange
from community.rewards.models.catalogue import StockReason
from community.rewards.rules.budget import PriceTag
from community.rewards.rules.redemptions import (
    ItemState,
    LimitPeriod,
    RedemptionState,
    is_offered,
)


@dataclass(frozen=True, slots=True)
class MerchantCard:
    """A merchant as pages show it."""

    id: int
    organization_id: int
    name: str
    address: str
    opening: str
    phone: str
    is_paused: bool


@dataclass(frozen=True, slots=True)
class ItemCard:
    """An item as pages show it; `left` counts pieces whose code has run out as free again."""

    id: int
    title: str
    category: str
    words: str
    photo_id: int | None
    points: int
    cost_fen: int
    left: int
    limit_count: int | None
    limit_period: LimitPeriod | None
    pickup_days: int
    from_on: date
    until_on: date | None
    state: ItemState
    is_offered: bool
    merchant: MerchantCard


@dataclass(frozen=True, slots=True)
class StockLine:
    """One change of an item's stock."""

    quantity: int
    reason: StockReason
    note: str
    changed_at: datetime


def merchants(session: Session, actor: Actor) -> tuple[MerchantCard, ...]:
    """List the community's merchants by name."""
    rows = session.scalars(
        select(Merchant)
        .where(Merchant.community_id == actor.community_id)
        .order_by(Merchant.name, Merchant.id)
    )
    return tuple(_merchant_card(row) for row in rows)


def get_merchant(session: Session, actor: Actor, merchant_id: int) -> MerchantCard:
    """Give a merchant of the actor's community.

    Raises: MerchantNotFound.
    """
    row = session.scalar(
        select(Merchant).where(
            Merchant.community_id == actor.community_id, Merchant.id == merchant_id
        )
    )
    if row is None:
        raise MerchantNotFound
    return _merchant_card(row)


def get_own_merchant(session: Session, actor: Actor) -> MerchantCard:
    """Give the merchant whose organization the actor works for.

    Raises: MerchantNotFound.
    """
    row = session.scalar(
        select(Merchant).where(
            Merchant.community_id == actor.community_id,
            Merchant.organization_id == actor.organization_id,
        )
    )
    if row is None:
        raise MerchantNotFound
    return _merchant_card(row)


def catalogue(session: Session, actor: Actor, category: str = "") -> tuple[ItemCard, ...]:
    """List what is offered today: what can be had first, the cheapest first."""
    cards = [
        card for card in _cards(session, _items(actor.community_id, category)) if card.is_offered
    ]
    return tuple(sorted(cards, key=lambda card: (card.left == 0, card.points, card.id)))


def categories(session: Session, actor: Actor) -> tuple[str, ...]:
    """List the categories in use."""
    return tuple(
        session.scalars(
            select(Item.category)
            .where(Item.community_id == actor.community_id)
            .group_by(Item.category)
            .order_by(Item.category)
        )
    )


def all_items(session: Session, actor: Actor) -> tuple[ItemCard, ...]:
    """List every item for the desk: drafts and withdrawn ones too."""
    cards = _cards(session, _items(actor.community_id, ""))
    order = (ItemState.LISTED, ItemState.DRAFT, ItemState.WITHDRAWN)
    return tuple(sorted(cards, key=lambda card: (order.index(card.state), card.left, card.id)))


def get_item(session: Session, actor: Actor, item_id: int) -> ItemCard:
    """Give an item of the actor's community.

    Raises: ItemNotFound.
    """
    cards = _cards(session, _items(actor.community_id, "").where(Item.id == item_id))
    if not cards:
        raise ItemNotFound
    return cards[0]


def stock_changes(session: Session, actor: Actor, item_id: int) -> tuple[StockLine, ...]:
    """List the latest changes of an item's stock, the newest first."""
    rows = session.scalars(
        select(StockChange)
        .where(StockChange.community_id == actor.community_id, StockChange.item_id == item_id)
        .order_by(StockChange.id.desc())
        .limit(50)
    )
    return tuple(StockLine(row.quantity, row.reason, row.note, row.changed_at) for row in rows)


def price_tags(session: Session, community_id: int) -> tuple[PriceTag, ...]:
    """Give price and cost of everything listed; what outstanding points cost follows from them."""
    rows = session.execute(
        select(Item.points, Item.cost_fen).where(
            Item.community_id == community_id, Item.state == ItemState.LISTED
        )
    )
    return tuple(PriceTag(points, cost) for points, cost in rows)


def _items(community_id: int, category: str) -> Select[Item, Merchant, int]:
    run_out = func.coalesce(
        func.sum(
            case(
                (
                    (Redemption.state == RedemptionState.OPEN)
                    & (Redemption.expires_at <= clock.now()),
                    1,
                ),
                else_=0,
            )
        ),
        0,
    )
    found = (
        select(Item, Merchant, run_out)
        .join(
            Merchant,
            (Merchant.community_id == Item.community_id) & (Merchant.id == Item.merchant_id),
        )
        .outerjoin(
            Redemption,
            (Redemption.community_id == Item.community_id)
            & (Redemption.item_id == Item.id)
            & (Redemption.state == RedemptionState.OPEN),
        )
        .where(Item.community_id == community_id)
        .group_by(Item.id, Merchant.id)
    )
    return found.where(Item.category == category) if category else found


def _cards(session: Session, found: Select[Item, Merchant, int]) -> list[ItemCard]:
    today = clock.today()
    return [
        ItemCard(
            id=item.id,
            title=item.title,
            category=item.category,
            words=item.words,
            photo_id=item.photo_id,
            points=item.points,
            cost_fen=item.cost_fen,
            left=item.stock + int(run_out),
            limit_count=item.limit_count,
            limit_period=item.limit_period,
            pickup_days=item.pickup_days,
            from_on=item.from_on,
            until_on=item.until_on,
            state=item.state,
            is_offered=not merchant.is_paused
            and is_offered(item.state, item.from_on, item.until_on, today),
            merchant=_merchant_card(merchant),
        )
        for item, merchant, run_out in session.execute(found)
    ]


def _merchant_card(row: Merchant) -> MerchantCard:
    return MerchantCard(
        row.id, row.organization_id, row.name, row.address, row.opening, row.phone, row.is_paused
    )
