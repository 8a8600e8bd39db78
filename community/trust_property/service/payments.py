"""Payments: recorded after the bank made them, matched to its statement, or returned by it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property import permissions
from community.trust_property.errors.matters import ReasonMissing
from community.trust_property.errors.payees import PayeeChanged
from community.trust_property.errors.spending import (
    BankNumberKnown,
    PaidInFuture,
    PaidTooMuch,
    PaymentNotFound,
    PaymentReturned,
    RemunerationNotFound,
    StepRefused,
)
from community.trust_property.models import Fund, Matter, Payment, Remuneration, SpendingRequest
from community.trust_property.queries.fund import get_bank_account
from community.trust_property.queries.payees import get_payable
from community.trust_property.rules.fund import REMUNERATION_DUE, Purpose, payable_path
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import MatterState
from community.trust_property.rules.spending import TITLES, RequestState
from community.trust_property.service import books
from community.trust_property.service.fund import load_fund
from community.trust_property.service.keys import check_key
from community.trust_property.service.publishing import publish
from community.trust_property.service.spending import load_request, step


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """A payment as the bank made it: from which account, how much, when, under what number."""

    bank_account_id: int
    amount_fen: int
    paid_on: date
    bank_number: str


def pay_request(
    session: Session, actor: Actor, fund_id: int, request_id: int, draft: PaymentDraft
) -> int:
    """Record a payment of an approved request, whole or in part; gives the payment's id.

    Raises: FundNotFound, FundClosed, NoKey, RequestNotFound, StepRefused, PayeeChanging,
    PayeeCooling, PaidTooMuch, PaidInFuture, BankNumberKnown, BankAccountNotFound.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    row = load_request(session, actor, fund_id, request_id)
    if row.state is not RequestState.APPROVED:
        raise StepRefused(state=TITLES[row.state])
    _check_account(session, actor, row)
    left = row.amount_fen - _paid(session, actor, Payment.request_id == request_id)
    made = _pay(session, actor, fund, draft, (payable_path(row.payee_id), left, row.id, None))
    if draft.amount_fen == left:
        step(session, actor, row, RequestState.PAID)
    return made


def pay_remuneration(
    session: Session, actor: Actor, fund_id: int, remuneration_id: int, draft: PaymentDraft
) -> int:
    """Record that an approved remuneration was paid out; gives the payment's id.

    Raises: FundNotFound, FundClosed, NoKey, RemunerationNotFound, PaidTooMuch, PaidInFuture,
    BankNumberKnown, BankAccountNotFound.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    row = session.get(Remuneration, remuneration_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise RemunerationNotFound
    if row.state is not MatterState.MADE:
        raise RemunerationNotFound
    left = row.amount_fen - _paid(session, actor, Payment.remuneration_id == remuneration_id)
    return _pay(session, actor, fund, draft, (REMUNERATION_DUE, left, None, row.id))


def show_payments(
    session: Session, actor: Actor, line_ids: Sequence[int], transaction_ids: Collection[int]
) -> None:
    """Put down which lines of the bank's statement show payments, as their match says.

    Several payments may be one line, and one payment several lines: each knows one of them.
    """
    rows = session.scalars(
        select(Payment)
        .where(
            Payment.community_id == actor.community_id,
            Payment.transaction_id.in_(transaction_ids),
        )
        .order_by(Payment.id)
    ).all()
    for place, row in enumerate(rows):
        row.bank_line_id = line_ids[min(place, len(line_ids) - 1)]
        row.matched_at = clock.now()
    session.flush()
    for request_id in dict.fromkeys(row.request_id for row in rows if row.request_id is not None):
        _finish(session, actor, request_id)


def hide_payments(session: Session, actor: Actor, line_ids: Sequence[int]) -> None:
    """Forget that bank lines show payments; their requests wait for the bank again."""
    rows = session.scalars(
        select(Payment).where(
            Payment.community_id == actor.community_id, Payment.bank_line_id.in_(line_ids)
        )
    ).all()
    for row in rows:
        row.bank_line_id = row.matched_at = None
    session.flush()
    for request_id in dict.fromkeys(row.request_id for row in rows if row.request_id is not None):
        request = session.get_one(SpendingRequest, request_id)
        if request.state is RequestState.DONE:
            step(session, actor, request, RequestState.PAID)


def return_payment(
    session: Session, actor: Actor, fund_id: int, payment_id: int, returned_on: date, reason: str
) -> None:
    """Put down that the bank sent a payment back (退票): the payee is owed it again.

    Raises: FundNotFound, FundClosed, NoKey, PaymentNotFound, PaymentReturned, PaidInFuture,
    ReasonMissing.
    """
    actor.check(permissions.PREPARE.code)
    load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    row = _payment(session, actor, fund_id, payment_id)
    if row.returned_on is not None:
        raise PaymentReturned
    if not row.paid_on <= returned_on <= clock.today():
        raise PaidInFuture
    if not reason.strip():
        raise ReasonMissing
    key = f"payment:{row.id}:returned"
    done = ledger.reverse(session, actor, row.transaction_id, reason, key)
    row.returned_on, row.returned_transaction_id = returned_on, done.transaction_id
    session.flush()
    if row.request_id is not None:
        request = session.get_one(SpendingRequest, row.request_id)
        if request.state is not RequestState.APPROVED:
            step(session, actor, request, RequestState.APPROVED, reason)


def _check_account(session: Session, actor: Actor, row: SpendingRequest) -> None:
    """Refuse to pay to an account other than the one the approvals stand on."""
    payee = get_payable(session, actor, row.fund_id, row.payee_id)
    if row.matter_id is None:
        return
    approved = session.get_one(Matter, row.matter_id).content["payee_account"]
    if approved != payee.account_id:
        raise PayeeChanged(name=payee.name)


def _payment(session: Session, actor: Actor, fund_id: int, payment_id: int) -> Payment:
    row = session.get(Payment, payment_id)
    if row is None or (row.community_id, row.fund_id) != (actor.community_id, fund_id):
        raise PaymentNotFound
    return row


def _paid(session: Session, actor: Actor, about: object) -> int:
    found = session.scalar(
        select(func.coalesce(func.sum(Payment.amount_fen), 0)).where(
            Payment.community_id == actor.community_id,
            Payment.returned_on.is_(None),
            about,  # type: ignore[arg-type]
        )
    )
    return int(found or 0)


def _pay(
    session: Session,
    actor: Actor,
    fund: Fund,
    draft: PaymentDraft,
    about: tuple[str, int, int | None, int | None],
) -> int:
    owed_path, left, request_id, remuneration_id = about
    if draft.amount_fen > left:
        raise PaidTooMuch(left=f"{left // 100}.{left % 100:02d}")
    if draft.paid_on > clock.today():
        raise PaidInFuture
    account = get_bank_account(session, actor, fund.id, draft.bank_account_id)
    known = select(Payment.id).where(
        Payment.community_id == actor.community_id,
        Payment.bank_account_id == draft.bank_account_id,
        Payment.bank_number == draft.bank_number,
    )
    if session.scalar(known) is not None:
        raise BankNumberKnown(number=draft.bank_number)
    owed = books.find_account(session, actor, fund, owed_path)
    assert owed is not None, "what is approved is owed"
    assert fund.book_id is not None
    source = f"remuneration:{remuneration_id}" if request_id is None else f"request:{request_id}"
    posting = ledger.Posting(
        fund.book_id,
        (ledger.debit(owed, draft.amount_fen), ledger.credit(account.account_id, draft.amount_fen)),
        Purpose.PAYMENT.value,
        source,
        f"payment:{draft.bank_account_id}:{draft.bank_number}",
        effective_on=draft.paid_on,
    )
    done = ledger.post(session, actor, posting)
    row = Payment(
        community_id=actor.community_id,
        fund_id=fund.id,
        request_id=request_id,
        remuneration_id=remuneration_id,
        bank_account_id=draft.bank_account_id,
        amount_fen=draft.amount_fen,
        paid_on=draft.paid_on,
        bank_number=draft.bank_number,
        transaction_id=done.transaction_id,
        paid_by=actor.person_id,
        paid_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _publish(session, actor, row)
    return row.id


def _finish(session: Session, actor: Actor, request_id: int) -> None:
    """Close a request that is paid in full once the bank shows every payment of it."""
    request = session.get_one(SpendingRequest, request_id)
    waiting = select(Payment.id).where(
        Payment.community_id == actor.community_id,
        Payment.request_id == request_id,
        Payment.bank_line_id.is_(None),
        Payment.returned_on.is_(None),
    )
    if request.state is RequestState.PAID and session.scalar(waiting) is None:
        step(session, actor, request, RequestState.DONE)


def _publish(session: Session, actor: Actor, row: Payment) -> None:
    fields = {
        "fund": row.fund_id,
        "payment": row.id,
        "request": row.request_id,
        "remuneration": row.remuneration_id,
        "bank_account": row.bank_account_id,
        "amount_fen": row.amount_fen,
        "paid_on": row.paid_on.isoformat(),
        "transaction": row.transaction_id,
    }
    publish(session, actor, "payment", fields)
