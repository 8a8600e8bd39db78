"""Taking payments and voiding receipts; every receipt is a record of the public log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community import ledger, transparency
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.trust_property import permissions
from community.trust_property.errors.bills import (
    BankAccountNeeded,
    NoUnits,
    OwnReceipt,
    PrepaymentUsed,
    ReceiptNotFound,
    ReceiptVoided,
    ReceivedInFuture,
    UnitNotInFund,
)
from community.trust_property.models.bills import Bill, Receipt, ReceiptPart
from community.trust_property.models.estate import FundUnit
from community.trust_property.models.fund import Fund
from community.trust_property.queries.fund import get_bank_account
from community.trust_property.rules import bills as rules
from community.trust_property.rules.fund import BankUse, Purpose
from community.trust_property.service import books
from community.trust_property.service.fund import load_fund

MOST_UNITS = 20


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as the desk enters it, in fen; `unit_ids` in the order they are to be paid."""

    unit_ids: tuple[int, ...]
    amount_fen: int
    channel: rules.Channel
    received_on: date
    bank_account_id: int | None = None
    payer: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """The account that a payment came into; an adjusting entry goes into a softly closed period."""

    into: int
    is_adjusting: bool = False


def take_payment(session: Session, actor: Actor, fund_id: int, payment: Payment) -> int:
    """Record a payment: oldest bills first, the rest prepaid; gives the receipt's id.

    The receipt gets the next number of the fund and a record in the public log.
    Raises: FundNotFound, FundClosed, NoUnits, UnitNotInFund, ReceivedInFuture,
    BankAccountNeeded, BankAccountNotFound, PeriodClosed.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    _check_payment(session, actor, fund, payment)
    parts = rules.spread_payment(
        payment.amount_fen,
        open_dues(session, actor, fund.id, payment.unit_ids),
        payment.unit_ids[0],
    )
    assert fund.book_id is not None
    if payment.bank_account_id is None:
        into = books.cash_account(session, actor, fund.book_id, fund.id)
    else:
        into = books.bank_account(session, actor, fund.book_id, payment.bank_account_id)
    return write_receipt(session, actor, fund, payment, parts, Entry(into)).id


def write_receipt(
    session: Session,
    actor: Actor,
    fund: Fund,
    payment: Payment,
    parts: tuple[rules.Part, ...],
    entry: Entry,
) -> Receipt:
    """Enter what a payment paid, under the next number of the fund, and tell the public log."""
    number = _next_number(session, actor, fund.id)
    transaction_id = _post(session, actor, fund, payment, parts, number, entry)
    record_id = transparency.publish(
        session,
        actor.community_id,
        "trust.receipt",
        {
            "fund": fund.id,
            "number": number,
            "amount": payment.amount_fen,
            "payer": transparency.hide(
                session, actor.community_id, _payer(fund.id, number, payment)
            ),
            "transaction": transaction_id,
        },
    )
    receipt = Receipt(
        community_id=actor.community_id,
        fund_id=fund.id,
        number=number,
        amount_fen=payment.amount_fen,
        channel=payment.channel,
        bank_account_id=payment.bank_account_id,
        received_on=payment.received_on,
        payer=payment.payer,
        reference=payment.reference,
        transaction_id=transaction_id,
        record_id=record_id,
        made_at=clock.now(),
        made_by=actor.person_id,
    )
    session.add(receipt)
    session.flush()
    _write_parts(session, actor, receipt.id, parts)
    return receipt


def void_receipt(
    session: Session, actor: Actor, fund_id: int, receipt_id: int, reason: str
) -> None:
    """Void a receipt: its number stays, its bills are owed again, the log tells why.

    Somebody else than its maker does so: a receipt that can be made to vanish by who took the
    cash is how cash is stolen.
    Raises: FundNotFound, FundClosed, ReceiptNotFound, ReceiptVoided, OwnReceipt, PrepaymentUsed.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    receipt = _receipt(session, actor, fund, receipt_id)
    if receipt.voided_at is not None:
        raise ReceiptVoided
    if actor.person_id is None or actor.person_id == receipt.made_by:
        raise OwnReceipt
    key = f"void:{receipt.id}"
    try:
        undone = ledger.reverse(session, actor, receipt.transaction_id, "trust.receipt_void", key)
    except ledger.AlreadySpent as refusal:
        raise PrepaymentUsed from refusal
    mark_void(session, actor, receipt, reason, undone.transaction_id)


def mark_void(
    session: Session, actor: Actor, receipt: Receipt, reason: str, transaction_id: int
) -> None:
    """Void a receipt whose entry is taken back: its bills are owed again, the log tells why.

    Raises: ReceiptVoided.
    """
    _reopen_bills(session, actor, receipt.id)
    done = db.change(
        session,
        update(Receipt)
        .where(
            Receipt.community_id == actor.community_id,
            Receipt.id == receipt.id,
            Receipt.voided_at.is_(None),
        )
        .values(
            voided_at=clock.now(),
            voided_by=actor.person_id,
            void_reason=reason,
            void_transaction_id=transaction_id,
        ),
    )
    if done != 1:
        raise ReceiptVoided
    transparency.publish(
        session,
        actor.community_id,
        "trust.receipt_void",
        {
            "fund": receipt.fund_id,
            "number": receipt.number,
            "reason": transparency.hide(session, actor.community_id, reason),
            "transaction": transaction_id,
        },
    )


def _next_number(session: Session, actor: Actor, fund_id: int) -> int:
    last = session.scalar(
        select(func.max(Receipt.number)).where(
            Receipt.community_id == actor.community_id, Receipt.fund_id == fund_id
        )
    )
    return 1 + (last or 0)


def _receipt(session: Session, actor: Actor, fund: Fund, receipt_id: int) -> Receipt:
    row = session.get(Receipt, receipt_id)
    if row is None or row.community_id != actor.community_id or row.fund_id != fund.id:
        raise ReceiptNotFound
    return row


def _check_payment(session: Session, actor: Actor, fund: Fund, payment: Payment) -> None:
    if not 0 < len(payment.unit_ids) <= MOST_UNITS:
        raise NoUnits
    known = session.scalars(
        select(FundUnit.unit_id).where(
            FundUnit.community_id == actor.community_id,
            FundUnit.fund_id == fund.id,
            FundUnit.unit_id.in_(payment.unit_ids),
        )
    )
    if not set(known).issuperset(payment.unit_ids):
        raise UnitNotInFund
    if payment.received_on > clock.today():
        raise ReceivedInFuture
    if (payment.channel is rules.Channel.CASH) is not (payment.bank_account_id is None):
        raise BankAccountNeeded
    if payment.bank_account_id is not None:
        account = get_bank_account(session, actor, fund.id, payment.bank_account_id)
        if account.use is not BankUse.OPERATING:
            raise BankAccountNeeded


def open_dues(
    session: Session, actor: Actor, fund_id: int, unit_ids: tuple[int, ...]
) -> list[rules.Due]:
    """List the unpaid bills of units: the oldest month first, then in the order of the units."""
    rows = session.execute(
        select(Bill.id, Bill.unit_id, Bill.amount_fen - Bill.paid_fen, Bill.month)
        .where(
            Bill.community_id == actor.community_id,
            Bill.fund_id == fund_id,
            Bill.unit_id.in_(unit_ids),
            Bill.transaction_id.is_not(None),
            Bill.paid_fen < Bill.amount_fen,
        )
        .order_by(Bill.month)
    ).all()
    ordered = sorted(rows, key=lambda row: (row[3], unit_ids.index(row[1])))
    return [rules.Due(bill_id, unit_id, left) for bill_id, unit_id, left, _ in ordered]


def _post(
    session: Session,
    actor: Actor,
    fund: Fund,
    payment: Payment,
    parts: tuple[rules.Part, ...],
    number: int,
    entry: Entry,
) -> int:
    assert fund.book_id is not None
    totals: dict[int, int] = {}
    for part in parts:
        account = (
            books.prepaid_account(session, actor, fund.book_id, part.unit_id)
            if part.bill_id is None
            else books.receivable_account(session, actor, fund.book_id, part.unit_id)
        )
        totals[account] = totals.get(account, 0) + part.amount_fen
    lines = [ledger.debit(entry.into, payment.amount_fen)]
    lines += [ledger.credit(account, amount) for account, amount in totals.items()]
    posting = ledger.Posting(
        fund.book_id,
        tuple(lines),
        Purpose.RECEIPT.value,
        f"receipt:{number}",
        f"receipt:{number}",
        effective_on=payment.received_on,
        is_adjusting=entry.is_adjusting,
    )
    return ledger.post(session, actor, posting).transaction_id


def _write_parts(
    session: Session, actor: Actor, receipt_id: int, parts: tuple[rules.Part, ...]
) -> None:
    at = db.statements(session)
    for line, part in enumerate(parts, 1):
        session.add(
            ReceiptPart(
                community_id=actor.community_id,
                receipt_id=receipt_id,
                line=line,
                unit_id=part.unit_id,
                bill_id=part.bill_id,
                amount_fen=part.amount_fen,
            )
        )
        if part.bill_id is not None:
            sql = "UPDATE trust_bill SET paid_fen = paid_fen + ? WHERE id = ? AND community_id = ?"
            at.run(sql, (part.amount_fen, part.bill_id, actor.community_id))
    session.flush()


def _reopen_bills(session: Session, actor: Actor, receipt_id: int) -> None:
    at = db.statements(session)
    paid = at.all(
        "SELECT bill_id, amount_fen FROM trust_receipt_part"
        " WHERE community_id = ? AND receipt_id = ? AND bill_id IS NOT NULL",
        (actor.community_id, receipt_id),
    )
    for bill_id, amount_fen in paid:
        sql = "UPDATE trust_bill SET paid_fen = paid_fen - ? WHERE id = ? AND community_id = ?"
        at.run(sql, (amount_fen, bill_id, actor.community_id))


def _payer(fund_id: int, number: int, payment: Payment) -> str:
    """Say whose units a payment is for, as the log hides it.

    The receipt stands before them: one hash for all payments of a unit would betray it.
    """
    units = ",".join(rules.unit_owner(unit_id) for unit_id in payment.unit_ids)
    return f"receipt:{fund_id}/{number}|{units}"
