"""How money comes in and goes out: the cash box or a bank account, by the trustee's key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock, ids
from community.kernel.actor import Actor
from community.trust_property import permissions
from community.trust_property.errors.bills import BankAccountNeeded
from community.trust_property.errors.held_money import CashShort, MovedInFuture
from community.trust_property.models import Fund
from community.trust_property.queries.fund import get_bank_account
from community.trust_property.rules.bills import Channel
from community.trust_property.rules.fund import BankUse, Purpose
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import yuan_text
from community.trust_property.service import books
from community.trust_property.service.fund import load_fund
from community.trust_property.service.keys import check_key


@dataclass(frozen=True, slots=True)
class Way:
    """How money moved: in cash or over a bank account, and on which day."""

    channel: Channel
    on: date
    bank_account_id: int | None = None


def load_for_trustee(session: Session, actor: Actor, fund_id: int) -> Fund:
    """Load a fund for what the trustee's key alone may enter.

    Raises: FundNotFound, FundClosed, NoKey.
    """
    actor.check(permissions.PREPARE.code)
    fund = load_fund(session, actor, fund_id)
    check_key(session, actor, fund_id, KeySide.TRUSTEE)
    return fund


def money_account(session: Session, actor: Actor, fund: Fund, way: Way) -> int:
    """Give the account money came into or left: the cash box or a bank account of the fund.

    Raises: MovedInFuture, BankAccountNeeded, BankAccountNotFound.
    """
    assert fund.book_id is not None
    if way.on > clock.today():
        raise MovedInFuture
    if (way.channel is Channel.CASH) == (way.bank_account_id is not None):
        raise BankAccountNeeded
    if way.bank_account_id is None:
        return books.cash_account(session, actor, fund.book_id, fund.id)
    account = get_bank_account(session, actor, fund.id, way.bank_account_id)
    if account.use is not BankUse.OPERATING:
        raise BankAccountNeeded
    return account.account_id


def check_cash(session: Session, actor: Actor, account_id: int, way: Way, amount_fen: int) -> None:
    """Refuse to take more out of the box than is in it.

    Raises: CashShort.
    """
    if way.channel is not Channel.CASH:
        return
    left = available(session, actor, account_id)
    if amount_fen > left:
        raise CashShort(left=yuan(left), amount=yuan(amount_fen))


def post_move(
    session: Session,
    actor: Actor,
    fund: Fund,
    moved: tuple[int, int, int],
    purpose: Purpose,
    source: str,
    on: date | None,
) -> int:
    """Post an amount from one account to another: (debited, credited, fen)."""
    assert fund.book_id is not None
    debited, credited, amount = moved
    lines = (ledger.debit(debited, amount), ledger.credit(credited, amount))
    key = f"{source}/{ids.random_code(20)}"
    posting = ledger.Posting(fund.book_id, lines, purpose.value, source, key, on)
    return ledger.post(session, actor, posting).transaction_id


def available(session: Session, actor: Actor, account_id: int) -> int:
    """Tell what an account holds, amounts on hold left out."""
    return ledger.get_account(session, actor.community_id, account_id).balance.available


def yuan(fen: int) -> str:
    """Write fen as yuan without the unit, as refusals show them."""
    return yuan_text(fen).removesuffix(" 元")
