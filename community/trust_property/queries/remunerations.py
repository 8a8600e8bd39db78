"""Reading the trustee's remuneration and what it is a share of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel.actor import Actor
from community.trust_property.models import Payment, Remuneration
from community.trust_property.queries.fund import get_fund
from community.trust_property.rules.fund import Purpose
from community.trust_property.rules.matters import MatterState
from community.trust_property.rules.policies import Basis

PURPOSES = {
    Basis.FEES_RECEIVED: (Purpose.RECEIPT, Purpose.REFUND),
    Basis.ALL_RECEIVED: (Purpose.RECEIPT, Purpose.REFUND, Purpose.CONTRACT, Purpose.INTEREST),
}


@dataclass(frozen=True, slots=True)
class RemunerationView:
    """A month's remuneration and how it was reckoned; amounts in fen."""

    id: int
    month: int
    basis: Basis
    basis_fen: int
    rate_bp: int
    amount_fen: int
    paid_fen: int
    state: MatterState
    matter_id: int | None
    transaction_id: int | None
    note: str


def received_fen(
    session: Session, actor: Actor, fund_id: int, first: date, last: date, basis: Basis
) -> int:
    """Tell what came into bank and cash from the first day to the last, refunds taken off.

    Raises: FundNotFound.
    """
    fund = get_fund(session, actor, fund_id)
    purposes = tuple(each.value for each in PURPOSES[basis])
    return sum(
        ledger.moved_between(
            session, actor.community_id, fund.book_id, first, last, purposes, prefix
        )
        for prefix in ("bank/", "cash/")
    )


def remunerations(session: Session, actor: Actor, fund_id: int) -> tuple[RemunerationView, ...]:
    """List a fund's remunerations, the newest month first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.execute(
        select(Remuneration, func.coalesce(func.sum(Payment.amount_fen), 0))
        .outerjoin(
            Payment,
            (Payment.community_id == Remuneration.community_id)
            & (Payment.remuneration_id == Remuneration.id)
            & Payment.returned_on.is_(None),
        )
        .where(Remuneration.community_id == actor.community_id, Remuneration.fund_id == fund_id)
        .group_by(Remuneration.id)
        .order_by(Remuneration.month.desc(), Remuneration.id.desc())
    )
    return tuple(
        RemunerationView(
            row.id,
            row.month,
            row.basis,
            row.basis_fen,
            row.rate_bp,
            row.amount_fen,
            int(paid),
            row.state,
            row.matter_id,
            row.transaction_id,
            row.note,
        )
        for row, paid in rows
    )
