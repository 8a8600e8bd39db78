"""Reading settlement sheets and what waits for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.rewards.errors import SheetNotFound
from community.rewards.models import Merchant, Redemption, SettlementSheet
from community.rewards.queries.catalogue import get_own_merchant
from community.rewards.rules.redemptions import RedemptionState
from community.rewards.rules.settlements import SheetLine, SheetState


@dataclass(frozen=True, slots=True)
class SheetCard:
    """A settlement sheet without its lines; the total in fen."""

    id: int
    merchant_id: int
    merchant_name: str
    month: date
    quantity: int
    total_fen: int
    state: SheetState
    made_at: datetime
    paid_at: datetime | None
    reference: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A settlement sheet with what it adds up."""

    sheet: SheetCard
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True, slots=True)
class MonthWaiting:
    """A merchant's month that is over and not settled yet."""

    merchant_id: int
    merchant_name: str
    month: date
    quantity: int
    total_fen: int


def sheets(session: Session, actor: Actor) -> tuple[SheetCard, ...]:
    """List settlement sheets: unpaid ones first, then the newest."""
    cards = _cards(session, actor, None, None)
    return tuple(sorted(cards, key=lambda card: card.state is not SheetState.MADE))


def own_sheets(session: Session, actor: Actor) -> tuple[SheetCard, ...]:
    """List the sheets of the merchant the actor works for; withdrawn ones aside."""
    merchant = get_own_merchant(session, actor)
    cards = _cards(session, actor, merchant.id, None)
    return tuple(card for card in cards if card.state is not SheetState.WITHDRAWN)


def get_sheet(session: Session, actor: Actor, sheet_id: int) -> SheetPage:
    """Give a sheet with its lines, one for each item and cost.

    Raises: SheetNotFound.
    """
    cards = _cards(session, actor, None, sheet_id)
    if not cards:
        raise SheetNotFound
    rows = session.execute(
        select(Redemption.title, func.count(), Redemption.cost_fen)
        .where(Redemption.community_id == actor.community_id, Redemption.sheet_id == sheet_id)
        .group_by(Redemption.title, Redemption.cost_fen)
        .order_by(Redemption.title, Redemption.cost_fen)
    )
    lines = tuple(SheetLine(title, int(number), int(each)) for title, number, each in rows)
    return SheetPage(cards[0], lines)


def months_waiting(session: Session, actor: Actor) -> tuple[MonthWaiting, ...]:
    """List the months that are over and wait to be settled, the oldest first."""
    this_month = clock.at(clock.today().replace(day=1))
    rows = session.execute(
        select(
            Merchant.id,
            Merchant.name,
            func.max(Redemption.collected_at),
            func.count(),
            func.sum(Redemption.cost_fen),
        )
        .join(
            Merchant,
            (Merchant.community_id == Redemption.community_id)
            & (Merchant.id == Redemption.merchant_id),
        )
        .where(
            Redemption.community_id == actor.community_id,
            Redemption.state == RedemptionState.COLLECTED,
            Redemption.sheet_id.is_(None),
            Redemption.collected_at < this_month,
        )
        .group_by(Merchant.id, Merchant.name)
        .order_by(Merchant.name)
    )
    return tuple(
        MonthWaiting(number, name, clock.day_of(last).replace(day=1), int(count), int(total))
        for number, name, last, count, total in rows
        if last is not None
    )


def count_settlements_due(session: Session, actor: Actor) -> int:
    """Count what the desk should settle: months that are over, and sheets not paid yet."""
    unpaid = session.scalar(
        select(func.count())
        .select_from(SettlementSheet)
        .where(
            SettlementSheet.community_id == actor.community_id,
            SettlementSheet.state == SheetState.MADE,
        )
    )
    return len(months_waiting(session, actor)) + int(unpaid or 0)


def _cards(
    session: Session, actor: Actor, merchant_id: int | None, sheet_id: int | None
) -> list[SheetCard]:
    found = (
        select(SettlementSheet, Merchant.name)
        .join(
            Merchant,
            (Merchant.community_id == SettlementSheet.community_id)
            & (Merchant.id == SettlementSheet.merchant_id),
        )
        .where(SettlementSheet.community_id == actor.community_id)
        .order_by(SettlementSheet.month.desc(), SettlementSheet.id.desc())
        .limit(200)
    )
    if merchant_id is not None:
        found = found.where(SettlementSheet.merchant_id == merchant_id)
    if sheet_id is not None:
        found = found.where(SettlementSheet.id == sheet_id)
    return [
        SheetCard(
            row.id,
            row.merchant_id,
            name,
            row.month,
            row.quantity,
            row.total_fen,
            row.state,
            row.made_at,
            row.paid_at,
            row.reference,
        )
        for row, name in session.execute(found)
    ]
