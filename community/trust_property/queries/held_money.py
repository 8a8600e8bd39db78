"""Reading deposits, collections for others, and the cash box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity, ledger
from community.kernel.actor import Actor
from community.trust_property.errors.held_money import DepositNotFound
from community.trust_property.models import Agency, CashCount, Deposit
from community.trust_property.queries.fund import find_path, get_fund
from community.trust_property.rules.bills import Channel, cash_path
from community.trust_property.rules.held_money import DepositState, receipt_number_shown

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class DepositView:
    """A deposit as the desk sees it."""

    id: int
    unit: str
    label: str
    payer: str
    amount_fen: int
    taken_on: date
    state: DepositState
    ended_on: date | None
    channel: Channel | None
    receipt: str
    record_id: int | None


@dataclass(frozen=True, slots=True)
class AgencyView:
    """A collection for somebody else and what of it is not passed on yet."""

    id: int
    name: str
    held_fen: int


@dataclass(frozen=True, slots=True)
class CountView:
    """A count of the cash box."""

    counted_at: datetime
    counted_fen: int
    book_fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class HeldTotals:
    """What the fund holds for others, in sums without names: for everybody to see."""

    deposits_fen: int
    deposit_count: int
    agencies: tuple[AgencyView, ...]
    cash_fen: int


def deposits(
    session: Session, actor: Actor, fund_id: int, state: DepositState | None = None
) -> tuple[DepositView, ...]:
    """List deposits, the newest first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    chosen = select(Deposit).where(
        Deposit.community_id == actor.community_id, Deposit.fund_id == fund_id
    )
    if state is not None:
        chosen = chosen.where(Deposit.state == state)
    return _views(
        session, actor, session.scalars(chosen.order_by(Deposit.id.desc()).limit(MOST_SHOWN)).all()
    )


def get_deposit_receipt(
    session: Session, actor: Actor, fund_id: int, deposit_id: int
) -> DepositView:
    """Get a deposit whose receipt can be printed; those of opening day have none.

    Raises: FundNotFound, DepositNotFound.
    """
    get_fund(session, actor, fund_id)
    row = session.get(Deposit, deposit_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise DepositNotFound
    if row.receipt_number is None:
        raise DepositNotFound
    return _views(session, actor, (row,))[0]


def _views(session: Session, actor: Actor, rows: Sequence[Deposit]) -> tuple[DepositView, ...]:
    names = identity.unit_names(session, actor.community_id, {row.unit_id for row in rows})
    return tuple(
        DepositView(
            row.id,
            names.get(row.unit_id, ""),
            row.label,
            row.payer,
            row.amount_fen,
            row.taken_on,
            row.state,
            row.ended_on,
            row.channel,
            "" if row.receipt_number is None else receipt_number_shown(row.receipt_number),
            row.record_id,
        )
        for row in rows
    )


def cash_counts(session: Session, actor: Actor, fund_id: int) -> tuple[CountView, ...]:
    """List counts of the cash box, the newest first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.scalars(
        select(CashCount)
        .where(CashCount.community_id == actor.community_id, CashCount.fund_id == fund_id)
        .order_by(CashCount.id.desc())
        .limit(12)
    )
    return tuple(
        CountView(row.counted_at, row.counted_fen, row.book_fen, row.reason) for row in rows
    )


def held_totals(session: Session, actor: Actor, fund_id: int) -> HeldTotals:
    """Tell what is held for others, apart from the fund's own income and without names.

    Raises: FundNotFound.
    """
    fund = get_fund(session, actor, fund_id)
    held = session.execute(
        select(func.coalesce(func.sum(Deposit.amount_fen), 0), func.count()).where(
            Deposit.community_id == actor.community_id,
            Deposit.fund_id == fund_id,
            Deposit.state == DepositState.HELD,
        )
    ).one()
    rows = session.scalars(
        select(Agency)
        .where(Agency.community_id == actor.community_id, Agency.fund_id == fund_id)
        .order_by(Agency.name)
    ).all()
    agencies = tuple(
        AgencyView(row.id, row.name, _total(session, actor, row.account_id)) for row in rows
    )
    box = find_path(session, actor, fund, cash_path(fund_id))
    return HeldTotals(int(held[0]), int(held[1]), agencies, _total(session, actor, box))


def _total(session: Session, actor: Actor, account_id: int | None) -> int:
    if account_id is None:
        return 0
    return ledger.get_account(session, actor.community_id, account_id).balance.total
