"""Reading what may be shared of a fund's money, and what was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity, ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property.models import FundUnit, Surplus, SurplusShare
from community.trust_property.queries.fund import get_fund
from community.trust_property.rules import surplus as rules
from community.trust_property.rules.matters import MatterState

PAGE = 100


@dataclass(frozen=True, slots=True)
class SurplusView:
    """A year's surplus; its area in 0.01 m²."""

    id: int
    year: int
    amount_fen: int
    area_centiares: int
    unit_count: int
    vote_reference: str
    state: MatterState
    matter_id: int | None
    transaction_id: int | None
    asked_at: datetime
    note: str

    @property
    def fen_per_hundred(self) -> int:
        """Tell what a hundred square metres get, rounded down to the fen."""
        return self.amount_fen * 10_000 // self.area_centiares


@dataclass(frozen=True, slots=True)
class UnitShare:
    """What a unit gets of a year's surplus."""

    year: int
    unit: str
    area_centiares: int
    amount_fen: int


def surpluses(session: Session, actor: Actor, fund_id: int) -> tuple[SurplusView, ...]:
    """List every surplus that was asked for, the newest first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.scalars(
        select(Surplus)
        .where(Surplus.community_id == actor.community_id, Surplus.fund_id == fund_id)
        .order_by(Surplus.id.desc())
    )
    return tuple(
        SurplusView(
            row.id,
            row.year,
            row.amount_fen,
            row.area_centiares,
            row.unit_count,
            row.vote_reference,
            row.state,
            row.matter_id,
            row.transaction_id,
            row.asked_at,
            row.note,
        )
        for row in rows
    )


def shared_surpluses(session: Session, actor: Actor, fund_id: int) -> tuple[SurplusView, ...]:
    """List what was shared, for everybody: sums and no unit.

    Raises: FundNotFound.
    """
    found = surpluses(session, actor, fund_id)
    return tuple(each for each in found if each.state is MatterState.MADE)


def shares_of(
    session: Session, actor: Actor, fund_id: int, surplus_id: int, page: int = 1
) -> tuple[UnitShare, ...]:
    """List the units' shares of a surplus by unit, a page at a time.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.execute(
        select(Surplus.year, SurplusShare)
        .join(
            SurplusShare,
            (SurplusShare.community_id == Surplus.community_id)
            & (SurplusShare.surplus_id == Surplus.id),
        )
        .where(
            Surplus.community_id == actor.community_id,
            Surplus.fund_id == fund_id,
            Surplus.id == surplus_id,
        )
        .order_by(SurplusShare.unit_id)
        .limit(PAGE)
        .offset(PAGE * (max(page, 1) - 1))
    ).all()
    return _shares(session, actor, [(year, row) for year, row in rows])


def shares_of_unit(
    session: Session, actor: Actor, fund_id: int, unit_id: int
) -> tuple[UnitShare, ...]:
    """List what a unit got, the newest year first; the caller has checked whose it is."""
    rows = session.execute(
        select(Surplus.year, SurplusShare)
        .join(
            SurplusShare,
            (SurplusShare.community_id == Surplus.community_id)
            & (SurplusShare.surplus_id == Surplus.id),
        )
        .where(
            Surplus.community_id == actor.community_id,
            Surplus.fund_id == fund_id,
            Surplus.state == MatterState.MADE,
            SurplusShare.unit_id == unit_id,
        )
        .order_by(Surplus.year.desc())
    ).all()
    return _shares(session, actor, [(year, row) for year, row in rows])


def areas_of(session: Session, actor: Actor, fund_id: int) -> tuple[tuple[int, int], ...]:
    """List a fund's units with their areas in 0.01 m²."""
    rows = session.execute(
        select(FundUnit.unit_id, FundUnit.area_centiares)
        .where(FundUnit.community_id == actor.community_id, FundUnit.fund_id == fund_id)
        .order_by(FundUnit.unit_id)
    )
    return tuple((unit_id, area) for unit_id, area in rows)


def free_money(session: Session, actor: Actor, fund_id: int) -> rules.FreeMoney:
    """Tell how much of the operating money belongs to nobody and to nothing approved.

    Raises: FundNotFound.
    """
    fund = get_fund(session, actor, fund_id)
    today = clock.today()
    found = ledger.moves_in_period(
        session, actor.community_id, fund.book_id, today, today, clock.now()
    )
    balances = [(each.path, each.opening + _moved(each)) for each in found]
    held = sum(each.held for each in found if each.type is ledger.AccountType.EXPENSE)
    return rules.free_money(balances, held)


def _moved(account: ledger.AccountMoves) -> int:
    grows_by_debits = {ledger.AccountType.ASSET, ledger.AccountType.EXPENSE}
    sign = 1 if account.type in grows_by_debits else -1
    return sign * sum(debits - credited for _, debits, credited in account.moves)


def _shares(
    session: Session, actor: Actor, rows: Sequence[tuple[int, SurplusShare]]
) -> tuple[UnitShare, ...]:
    names = identity.unit_names(session, actor.community_id, {row.unit_id for _, row in rows})
    return tuple(
        UnitShare(year, names.get(row.unit_id, ""), row.area_centiares, row.amount_fen)
        for year, row in rows
    )
