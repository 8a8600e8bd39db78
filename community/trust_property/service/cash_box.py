"""The cash box: counted, with every difference in the books, and paid into the bank."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property.errors.held_money import CountReasonMissing
from community.trust_property.models import CashCount
from community.trust_property.rules import fund as fund_rules
from community.trust_property.rules.bills import Channel
from community.trust_property.rules.fund import Purpose
from community.trust_property.service import books
from community.trust_property.service.money_ways import (
    Way,
    check_cash,
    load_for_trustee,
    money_account,
    post_move,
    yuan,
)


def count_cash(
    session: Session, actor: Actor, fund_id: int, counted_fen: int, reason: str = ""
) -> int:
    """Enter what lies in the box; gives the count's id.

    What is missing the trustee owes to the fund; what is too much waits as money of somebody
    unknown. Raises: FundNotFound, FundClosed, NoKey, CountReasonMissing, PeriodClosed.
    """
    fund = load_for_trustee(session, actor, fund_id)
    assert fund.book_id is not None
    box = books.cash_account(session, actor, fund.book_id, fund.id)
    book_fen = ledger.get_account(session, actor.community_id, box).balance.total
    over = counted_fen - book_fen
    if over and not reason.strip():
        raise CountReasonMissing(difference=yuan(abs(over)))
    row = CashCount(
        community_id=actor.community_id,
        fund_id=fund_id,
        counted_fen=counted_fen,
        book_fen=book_fen,
        reason=reason,
        counted_at=clock.now(),
        counted_by=actor.person_id,
    )
    if over:
        path = fund_rules.UNIDENTIFIED if over > 0 else fund_rules.TRUSTEE_OWES
        kind = ledger.AccountType.LIABILITY if over > 0 else ledger.AccountType.ASSET
        other = books.open_account(session, actor, fund.book_id, path, kind)
        moved = (box, other, over) if over > 0 else (other, box, -over)
        source = f"cash:{fund_id}"
        row.transaction_id = post_move(session, actor, fund, moved, Purpose.CASH, source, None)
    session.add(row)
    session.flush()
    return row.id


def bank_cash(
    session: Session, actor: Actor, fund_id: int, bank_account_id: int, amount_fen: int, on: date
) -> int:
    """Pay cash into a bank account, where it waits for the bank's line; gives the transaction.

    Raises: FundNotFound, FundClosed, NoKey, BankAccountNotFound, BankAccountNeeded,
    MovedInFuture, CashShort, PeriodClosed.
    """
    fund = load_for_trustee(session, actor, fund_id)
    assert fund.book_id is not None
    into = money_account(session, actor, fund, Way(Channel.TRANSFER, on, bank_account_id))
    box = books.cash_account(session, actor, fund.book_id, fund.id)
    check_cash(session, actor, box, Way(Channel.CASH, on), amount_fen)
    moved = (into, box, amount_fen)
    return post_move(session, actor, fund, moved, Purpose.TRANSFER, f"cash:{fund_id}", on)
