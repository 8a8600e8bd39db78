"""Everything the fund holds about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from community import identity
from community.kernel import clock
from community.trust_property.models import (
    AgencyMove,
    Answer,
    BankAccount,
    BillRun,
    CashCount,
    Deposit,
    Fund,
    KeyHolder,
    Matter,
    Opening,
    PaymentPlan,
    PublishedReport,
    Question,
    Receipt,
    ReceiptPart,
    Reminder,
    SpendingRequest,
    Surplus,
)
from community.trust_property.rules.bills import month_shown


def export_person(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give what a person did for the funds of a community, as plain JSON values."""
    prepared = session.scalars(
        select(Fund)
        .where(Fund.community_id == community_id, Fund.prepared_by == person_id)
        .order_by(Fund.id)
    )
    added = session.scalars(
        select(BankAccount)
        .where(BankAccount.community_id == community_id, BankAccount.added_by == person_id)
        .order_by(BankAccount.id)
    )
    raised = session.scalars(
        select(Matter)
        .where(Matter.community_id == community_id, Matter.raised_by == person_id)
        .order_by(Matter.id)
    )
    asked = session.scalars(
        select(SpendingRequest)
        .where(SpendingRequest.community_id == community_id, SpendingRequest.asked_by == person_id)
        .order_by(SpendingRequest.id)
    )
    told = session.scalars(
        select(PublishedReport)
        .where(
            PublishedReport.community_id == community_id,
            PublishedReport.published_by == person_id,
        )
        .order_by(PublishedReport.id)
    )
    shared = session.scalars(
        select(Surplus)
        .where(Surplus.community_id == community_id, Surplus.asked_by == person_id)
        .order_by(Surplus.id)
    )
    return {
        "asked_surpluses": [row.year for row in shared],
        "published_reports": [f"{row.period} {row.version}" for row in told],
        "spending_requests": [row.words for row in asked],
        "keys": _keys(session, community_id, person_id),
        "raised_matters": [row.title for row in raised],
        "prepared_funds": [row.name for row in prepared],
        "added_bank_accounts": [f"{row.bank_name} {row.last_digits}" for row in added],
        **_billing(session, community_id, person_id),
        **_held_money(session, community_id, person_id),
        **_questions(session, community_id, person_id),
    }


def _keys(session: Session, community_id: int, person_id: int) -> list[dict[str, Any]]:
    """Give the keys a person holds or held."""
    keys = session.scalars(
        select(KeyHolder)
        .where(KeyHolder.community_id == community_id, KeyHolder.person_id == person_id)
        .order_by(KeyHolder.id)
    )
    return [
        {
            "side": row.side.value,
            "from": row.from_at.isoformat(),
            "until": None if row.until_at is None else row.until_at.isoformat(),
            "reference": row.reference,
        }
        for row in keys
    ]


def _billing(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give the receipts of a person's own units, those one made, and the months one billed."""
    own = identity.owned_units(session, community_id, person_id, clock.today())
    numbers = (
        select(ReceiptPart.receipt_id)
        .where(
            ReceiptPart.community_id == community_id,
            ReceiptPart.unit_id.in_([unit.id for unit in own]),
        )
        .scalar_subquery()
    )
    named = (Receipt.made_by == person_id, Receipt.voided_by == person_id)
    receipts = session.scalars(
        select(Receipt)
        .where(Receipt.community_id == community_id, or_(Receipt.id.in_(numbers), *named))
        .order_by(Receipt.id)
    )
    runs = session.scalars(
        select(BillRun)
        .where(BillRun.community_id == community_id, BillRun.made_by == person_id)
        .order_by(BillRun.id)
    )
    return {
        "receipts": [
            {
                "number": row.number,
                "amount_fen": row.amount_fen,
                "received_on": row.received_on.isoformat(),
                "made_by_me": row.made_by == person_id,
                "voided_by_me": row.voided_by == person_id,
            }
            for row in receipts
        ],
        "billed_months": [month_shown(row.month) for row in runs],
    }


def _held_money(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give the deposits of a person's own units, and what one took, counted or opened."""
    own = [
        each.id for each in identity.owned_units(session, community_id, person_id, clock.today())
    ]
    named = (Deposit.taken_by == person_id, Deposit.ended_by == person_id)
    deposits = session.scalars(
        select(Deposit)
        .where(Deposit.community_id == community_id, or_(Deposit.unit_id.in_(own), *named))
        .order_by(Deposit.id)
    )
    counts = session.scalars(
        select(CashCount)
        .where(CashCount.community_id == community_id, CashCount.counted_by == person_id)
        .order_by(CashCount.id)
    )
    moves = session.scalars(
        select(AgencyMove)
        .where(AgencyMove.community_id == community_id, AgencyMove.made_by == person_id)
        .order_by(AgencyMove.id)
    )
    openings = session.scalars(
        select(Opening)
        .where(Opening.community_id == community_id, Opening.made_by == person_id)
        .order_by(Opening.id)
    )
    return {
        **_dunning(session, community_id, person_id, own),
        "deposits": [
            {
                "label": row.label,
                "amount_fen": row.amount_fen,
                "taken_on": row.taken_on.isoformat(),
                "ended_on": None if row.ended_on is None else row.ended_on.isoformat(),
            }
            for row in deposits
        ],
        "cash_counts": [row.counted_at.isoformat() for row in counts],
        "agency_moves": [row.moved_on.isoformat() for row in moves],
        "openings": [row.opening_on.isoformat() for row in openings],
    }


def _dunning(session: Session, community_id: int, person_id: int, own: list[int]) -> dict[str, Any]:
    """Give the payment plans and reminders of a person's own units, and those one made."""
    plans = session.scalars(
        select(PaymentPlan)
        .where(
            PaymentPlan.community_id == community_id,
            or_(PaymentPlan.unit_id.in_(own), PaymentPlan.made_by == person_id),
        )
        .order_by(PaymentPlan.id)
    )
    reminders = session.scalars(
        select(Reminder)
        .where(
            Reminder.community_id == community_id,
            or_(Reminder.unit_id.in_(own), Reminder.sent_by == person_id),
        )
        .order_by(Reminder.id)
    )
    return {
        "payment_plans": [row.made_at.isoformat() for row in plans],
        "reminders": [row.sent_at.isoformat() for row in reminders],
    }


def _questions(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give what a person asked about the funds, and what one answered for the firm."""
    asked = session.scalars(
        select(Question)
        .where(Question.community_id == community_id, Question.asked_by == person_id)
        .order_by(Question.id)
    )
    answered = session.scalars(
        select(Answer)
        .where(Answer.community_id == community_id, Answer.answered_by == person_id)
        .order_by(Answer.id)
    )
    return {
        "questions": [
            {"words": row.words, "asked_at": row.asked_at.isoformat(), "state": row.state.value}
            for row in asked
        ],
        "answers": [row.words for row in answered],
    }
