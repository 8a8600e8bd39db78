"""Reading the reward budget: points outstanding, their cost, money left, merchants' claims."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.rewards.models import Payer, Redemption
from community.rewards.queries.catalogue import merchants, price_tags
from community.rewards.rules.budget import PointsCost, cost_of_points
from community.rewards.rules.owners import merchant_owner, paid_owner, payer_owner, year_owner
from community.rewards.rules.redemptions import RedemptionState

BUDGET = ledger.BookKind.REWARD_BUDGET


@dataclass(frozen=True, slots=True)
class PayerLine:
    """A payer and what they have put in for the year, in fen."""

    id: int
    name: str
    put_in_fen: int


@dataclass(frozen=True, slots=True)
class MerchantLine:
    """A merchant with what is owed and what has been paid, in fen; held is not owed yet."""

    id: int
    name: str
    owed_fen: int
    paid_fen: int


@dataclass(frozen=True, slots=True)
class BudgetPage:
    """The year's reward budget on one page, all amounts in fen."""

    year: int
    payers: tuple[PayerLine, ...]
    put_in_fen: int
    left_fen: int
    held_fen: int
    spent_fen: int
    points_outstanding: int
    cost: PointsCost
    merchants: tuple[MerchantLine, ...]

    @property
    def is_short(self) -> bool:
        """Tell whether outstanding points would cost more than is left."""
        return self.cost.typical_fen > self.left_fen


def reward_budget(session: Session, actor: Actor, year: int | None = None) -> BudgetPage:
    """Give the reward budget of a year (this one if none is named)."""
    community_id = actor.community_id
    chosen = year or clock.today().year
    put_in = payers(session, actor, chosen)
    balance = ledger.balance_of(session, community_id, BUDGET, year_owner(chosen))
    total = sum(line.put_in_fen for line in put_in)
    outstanding = ledger.total_balance(session, community_id, ledger.BookKind.POINTS).available
    return BudgetPage(
        year=chosen,
        payers=put_in,
        put_in_fen=total,
        left_fen=balance.available,
        held_fen=balance.pending,
        spent_fen=total - balance.total,
        points_outstanding=outstanding,
        cost=cost_of_points(outstanding, price_tags(session, community_id)),
        merchants=tuple(
            MerchantLine(
                each.id,
                each.name,
                ledger.balance_of(session, community_id, BUDGET, merchant_owner(each.id)).total,
                ledger.balance_of(session, community_id, BUDGET, paid_owner(each.id)).total,
            )
            for each in merchants(session, actor)
        ),
    )


def payers(session: Session, actor: Actor, year: int) -> tuple[PayerLine, ...]:
    """List the payers with what they put in for a year."""
    rows = session.scalars(
        select(Payer).where(Payer.community_id == actor.community_id).order_by(Payer.id)
    )
    return tuple(
        PayerLine(
            row.id,
            row.name,
            ledger.balance_of(session, actor.community_id, BUDGET, payer_owner(row.id, year)).total,
        )
        for row in rows
    )


def budget_statement(
    session: Session, actor: Actor, year: int, after: str | None = None
) -> ledger.StatementPage:
    """Give the entries of a year's budget, the newest first: what its total is made of."""
    return ledger.statement(
        session,
        actor.community_id,
        BUDGET,
        year_owner(year),
        None,
        None,
        after,
        newest_first=True,
    )


def owed_to_merchant(session: Session, actor: Actor, merchant_id: int) -> MerchantLine:
    """Tell what one merchant is owed and has been paid, in fen."""
    community_id = actor.community_id
    return MerchantLine(
        merchant_id,
        "",
        ledger.balance_of(session, community_id, BUDGET, merchant_owner(merchant_id)).total,
        ledger.balance_of(session, community_id, BUDGET, paid_owner(merchant_id)).total,
    )


def count_open(session: Session, community_id: int) -> int:
    """Count codes given out and not fetched yet."""
    return int(
        session.scalar(
            select(func.count())
            .select_from(Redemption)
            .where(
                Redemption.community_id == community_id,
                Redemption.state == RedemptionState.OPEN,
                Redemption.expires_at > clock.now(),
            )
        )
        or 0
    )


def points_of(session: Session, actor: Actor, owner: str) -> int:
    """Tell how many points an owner can spend."""
    kind = ledger.BookKind.POINTS
    return ledger.balance_of(session, actor.community_id, kind, owner).available
