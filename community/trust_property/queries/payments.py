"""Reading payments: what was paid and what waits for the bank's statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.trust_property.models import Payee, Payment, Remuneration, SpendingRequest


@dataclass(frozen=True, slots=True)
class UnmatchedPayment:
    """A payment that no bank line shows yet; `payee` is the trustee's remuneration when empty."""

    id: int
    bank_account_id: int
    payee: str
    amount_fen: int
    paid_on: date
    bank_number: str
    transaction_id: int
    request_id: int | None
    remuneration_id: int | None


def unmatched_payments(
    session: Session, community_id: int, fund_id: int
) -> tuple[UnmatchedPayment, ...]:
    """List payments that wait for the bank's statement, the oldest first."""
    rows = session.execute(
        select(Payment, Payee.name)
        .outerjoin(SpendingRequest, SpendingRequest.id == Payment.request_id)
        .outerjoin(Payee, Payee.id == SpendingRequest.payee_id)
        .outerjoin(Remuneration, Remuneration.id == Payment.remuneration_id)
        .where(
            Payment.community_id == community_id,
            Payment.fund_id == fund_id,
            Payment.bank_line_id.is_(None),
            Payment.returned_on.is_(None),
        )
        .order_by(Payment.paid_on, Payment.id)
    )
    return tuple(
        UnmatchedPayment(
            row.id,
            row.bank_account_id,
            name or "",
            row.amount_fen,
            row.paid_on,
            row.bank_number,
            row.transaction_id,
            row.request_id,
            row.remuneration_id,
        )
        for row, name in rows
    )
