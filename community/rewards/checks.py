"""Every broken invariant of rewards in words, from rows alone."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.rewards.models import Item, Redemption, SettlementSheet, StockChange
from community.rewards.rules.redemptions import RedemptionState
from community.rewards.rules.settlements import SheetState

# What the ledger must say of a redemption's holds; an open one is judged by the clock.
_EXPECTED = {
    RedemptionState.OPEN: frozenset({"open"}),
    RedemptionState.COLLECTED: frozenset({"settle"}),
    RedemptionState.REFUNDED: frozenset({"settle"}),
    RedemptionState.CANCELLED: frozenset({"release", "expire"}),
    RedemptionState.EXPIRED: frozenset({"release", "expire"}),
}


def problems(session: Session) -> list[str]:
    """List stock that does not add up, holds that do not fit, and sheets that do not sum."""
    return [*_stock(session), *_holds(session), *_sheets(session)]


def _stock(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(Item.id, Item.stock, func.coalesce(func.sum(StockChange.quantity), 0))
        .outerjoin(
            StockChange,
            (StockChange.community_id == Item.community_id) & (StockChange.item_id == Item.id),
        )
        .group_by(Item.id, Item.stock)
        .order_by(Item.id)
    )
    for item_id, stock, changes in rows:
        if stock < 0:
            yield f"rewards: item {item_id} has a stock of {stock}"
        if stock != changes:
            yield f"rewards: item {item_id} has a stock of {stock}, its changes say {changes}"


def _holds(session: Session) -> Iterator[str]:
    rows = session.scalars(select(Redemption).order_by(Redemption.id)).all()
    by_community: dict[int, set[int]] = {}
    seen: dict[int, int] = {}
    for row in rows:
        for hold_id in _hold_ids(row):
            by_community.setdefault(row.community_id, set()).add(hold_id)
            if hold_id in seen:
                yield f"rewards: redemptions {seen[hold_id]} and {row.id} share hold {hold_id}"
            seen[hold_id] = row.id
    states: dict[int, str] = {}
    for community_id, hold_ids in by_community.items():
        states |= ledger.states_of_holds(session, community_id, hold_ids)
    now = clock.now()
    for row in rows:
        is_over = row.state is RedemptionState.OPEN and row.expires_at <= now
        allowed = _EXPECTED[row.state] | (frozenset({"expire"}) if is_over else frozenset())
        for hold_id in _hold_ids(row):
            found = states.get(hold_id, "missing")
            if found not in allowed:
                yield f"rewards: redemption {row.id} is {row.state.value}, its hold is {found}"


def _hold_ids(row: Redemption) -> tuple[int, ...]:
    if row.budget_hold_id is None:
        return (row.points_hold_id,)
    return (row.points_hold_id, row.budget_hold_id)


def _sheets(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(
            SettlementSheet.id,
            SettlementSheet.state,
            SettlementSheet.quantity,
            SettlementSheet.total_fen,
            func.count(Redemption.id),
            func.coalesce(func.sum(Redemption.cost_fen), 0),
        )
        .outerjoin(
            Redemption,
            (Redemption.community_id == SettlementSheet.community_id)
            & (Redemption.sheet_id == SettlementSheet.id),
        )
        .group_by(
            SettlementSheet.id,
            SettlementSheet.state,
            SettlementSheet.quantity,
            SettlementSheet.total_fen,
        )
        .order_by(SettlementSheet.id)
    )
    for sheet_id, state, quantity, total, listed, sum_fen in rows:
        expected = (0, 0) if state is SheetState.WITHDRAWN else (quantity, total)
        if (listed, sum_fen) != expected:
            yield (
                f"rewards: sheet {sheet_id} says {expected}, its redemptions {(listed, sum_fen)}"
            )
