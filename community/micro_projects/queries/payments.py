"""Payments and claw-backs as pages and other parts read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.micro_projects.errors.payments import PaymentNotFound
from community.micro_projects.models import ClawBack, Milestone, ProjectPayment
from community.micro_projects.rules.payments import ClawBackState, PaymentState


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment on its way, made, or returned by the checker."""

    id: int
    contract_id: int
    milestone_id: int
    milestone_title: str
    amount_fen: int
    state: PaymentState
    invoice_number: str
    file_id: int
    sha256: str
    made_by: int
    made_at: datetime
    checked_by: int | None
    checked_at: datetime | None
    words: str
    transaction_id: int | None


@dataclass(frozen=True, slots=True)
class ClawBackView:
    """Money asked back."""

    id: int
    contract_id: int
    amount_fen: int
    state: ClawBackState
    reason: str
    due_on: date
    is_overdue: bool
    asked_by: int
    words: str
    file_id: int | None


def payments_of(session: Session, community_id: int, contract_id: int) -> tuple[PaymentView, ...]:
    """List a contract's payments, the oldest first."""
    return _payments(session, community_id, ProjectPayment.contract_id == contract_id)


def find_payment(session: Session, community_id: int, payment_id: int) -> PaymentView:
    """Get a payment of the community.

    Raises: PaymentNotFound.
    """
    for found in _payments(session, community_id, ProjectPayment.id == payment_id):
        return found
    raise PaymentNotFound


def prepared_payments(session: Session, community_id: int) -> tuple[PaymentView, ...]:
    """List the payments of the community that wait for their checker, the oldest first."""
    return _payments(session, community_id, ProjectPayment.state == PaymentState.PREPARED)


def claw_backs_of(
    session: Session, community_id: int, contract_id: int
) -> tuple[ClawBackView, ...]:
    """List what a contractor owes back, the oldest first."""
    today = clock.today()
    rows = session.scalars(
        select(ClawBack)
        .where(ClawBack.community_id == community_id, ClawBack.contract_id == contract_id)
        .order_by(ClawBack.id)
    )
    return tuple(
        ClawBackView(
            row.id,
            row.contract_id,
            row.amount_fen,
            row.state,
            row.reason,
            row.due_on,
            row.state is ClawBackState.OPEN and today > row.due_on,
            row.asked_by,
            row.words,
            row.file_id,
        )
        for row in rows
    )


def _payments(session: Session, community_id: int, which: object) -> tuple[PaymentView, ...]:
    rows = session.execute(
        select(ProjectPayment, Milestone.title)
        .join(
            Milestone,
            (Milestone.community_id == ProjectPayment.community_id)
            & (Milestone.id == ProjectPayment.milestone_id),
        )
        .where(ProjectPayment.community_id == community_id, which)  # type: ignore[arg-type]
        .order_by(ProjectPayment.id)
    )
    return tuple(
        PaymentView(
            row.id,
            row.contract_id,
            row.milestone_id,
            title,
            row.amount_fen,
            row.state,
            row.invoice_number,
            row.file_id,
            row.sha256,
            row.made_by,
            row.made_at,
            row.checked_by,
            row.checked_at,
            row.words,
            row.transaction_id,
        )
        for row, title in rows
    )
