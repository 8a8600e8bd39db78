"""Bank lines that pay open bills: matching writes a receipt, undoing it voids the receipt."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel.actor import Actor
from community.trust_property.errors.bank import LineTaken
from community.trust_property.errors.bills import PrepaymentUsed
from community.trust_property.models import Fund, Receipt
from community.trust_property.queries.bill_matching import (
    bill_offers,
    find_bills,
    find_units,
    owed_bills,
)
from community.trust_property.rules.bank import Wanted
from community.trust_property.rules.bill_matching import BILL, TITLES, UNIT
from community.trust_property.rules.bills import Channel, Part, spread_payment
from community.trust_property.rules.match_sources import (
    MatchSource,
    Offer,
    Settling,
    add_match_source,
)
from community.trust_property.service.receipts import (
    Entry,
    Payment,
    mark_void,
    open_dues,
    write_receipt,
)

UNDONE = "撤销与银行流水的核对"
_LONGEST_PAYER = 60


def pay_bills(session: Session, actor: Actor, settling: Settling) -> int:
    """Write a receipt over the bills that were picked; gives its entry.

    Raises: LineTaken when one of them is paid meanwhile.
    """
    wanted = dict(settling.picks)
    bills = owed_bills(session, actor, settling.fund_id, tuple(wanted))
    if {bill.bill_id: bill.open_fen for bill in bills} != wanted:
        raise LineTaken
    parts = tuple(Part(bill.unit_id, bill.bill_id, bill.open_fen) for bill in bills)
    return _write(session, actor, settling, parts)


def pay_unit(session: Session, actor: Actor, settling: Settling) -> int:
    """Write a receipt over a unit's bills, the oldest first, the rest prepaid; gives its entry."""
    unit_id = settling.picks[0][0]
    dues = open_dues(session, actor, settling.fund_id, (unit_id,))
    return _write(session, actor, settling, spread_payment(settling.amount_fen, dues, unit_id))


def take_back(
    session: Session, actor: Actor, transaction_id: int, mirror: Callable[[], int]
) -> None:
    """Void the receipt that a match wrote, on its own day; its number stays.

    A receipt voided before has its entry taken back already.
    Raises: PrepaymentUsed when what it paid ahead has paid a later bill.
    """
    receipt = session.scalar(
        select(Receipt).where(
            Receipt.community_id == actor.community_id, Receipt.transaction_id == transaction_id
        )
    )
    assert receipt is not None, "a match with bills has its receipt"
    if receipt.voided_at is not None:
        return
    try:
        taken_back = mirror()
    except ledger.InsufficientBalance as refusal:
        raise PrepaymentUsed from refusal
    mark_void(session, actor, receipt, UNDONE, taken_back)


def _write(session: Session, actor: Actor, settling: Settling, parts: tuple[Part, ...]) -> int:
    payment = Payment(
        tuple(dict.fromkeys(part.unit_id for part in parts)),
        settling.amount_fen,
        Channel.TRANSFER,
        settling.day,
        settling.bank_account_id,
        settling.payer[:_LONGEST_PAYER],
        settling.number,
    )
    fund = session.get_one(Fund, settling.fund_id)
    entry = Entry(settling.account_id, settling.is_adjusting)
    return write_receipt(session, actor, fund, payment, parts, entry).transaction_id


def _nothing(
    session: Session, actor: Actor, fund_id: int, wanted: tuple[Wanted, ...]
) -> tuple[Offer, ...]:
    """Offer nothing: units are offered together with their bills."""
    return (Offer(),) * len(wanted)


add_match_source(MatchSource(BILL, TITLES[BILL], bill_offers, find_bills, pay_bills, take_back))
add_match_source(MatchSource(UNIT, TITLES[UNIT], _nothing, find_units, pay_unit, take_back))
