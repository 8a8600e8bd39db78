"""What prevents a period from closing: where bank and book disagree, and what is still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.trust_property.models import PeriodClosing
from community.trust_property.queries.bank import (
    balance_at_bank,
    contradictions,
    count_open,
    last_closable_day,
)
from community.trust_property.queries.fund import BankAccountView, bank_accounts, get_fund
from community.trust_property.queries.matching import unmatched_entries
from community.trust_property.rules.fund import BankUse

SENTENCES = {
    "no-account": N_("还没有登记银行账户。"),
    "not-over": N_("这一天还没有过完。"),
    "no-statement": N_("{bank}（尾号 {digits}）的对账单还没有导入到这一天。"),
    "differs": N_(
        "{bank}（尾号 {digits}）银行余额 {bank_yuan} 元，账面余额 {book_yuan} 元，不一致。"
    ),
    "contradiction": N_("{bank}（尾号 {digits}）的对账单前后接不上：余额与流水合计不符。"),
    "open-lines": N_("{bank}（尾号 {digits}）有 {count} 条银行流水没有核对。"),
    "open-entries": N_("{bank}（尾号 {digits}）有 {count} 笔账目在银行流水里没有找到。"),
}


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that prevents closing; `account_id` is the bank account it belongs to."""

    code: str
    account_id: int | None
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def message(self) -> str:
        """Give the sentence with its facts still to be filled in."""
        return SENTENCES[self.code]


@dataclass(frozen=True, slots=True)
class AccountAtEnd:
    """A bank account at the period's end, as the bank and as the book has it."""

    account: BankAccountView
    bank_fen: int | None
    book_fen: int


@dataclass(frozen=True, slots=True)
class Closing:
    """A period's end as it stands."""

    ends_on: date
    accounts: tuple[AccountAtEnd, ...]
    blocks: tuple[Block, ...]
    softly_by: int | None
    softly_closed: bool
    closed: bool
    closed_through: date | None


def closing(session: Session, actor: Actor, fund_id: int, ends_on: date | None = None) -> Closing:
    """Tell how far a period is from closing; without a day, the month before this one.

    Raises: FundNotFound.
    """
    fund = get_fund(session, actor, fund_id)
    ends_on = ends_on or last_closable_day()
    accounts = [each for each in bank_accounts(session, actor, fund_id) if not each.is_closed]
    ends: list[AccountAtEnd] = []
    blocks: list[Block] = []
    if not accounts:
        blocks.append(Block("no-account", None))
    if ends_on >= clock.today():
        blocks.append(Block("not-over", None))
    for account in accounts:
        end, found = _account(session, actor, account, ends_on)
        ends.append(end)
        blocks += found
    row = session.scalar(
        select(PeriodClosing).where(
            PeriodClosing.community_id == actor.community_id,
            PeriodClosing.fund_id == fund_id,
            PeriodClosing.ends_on == ends_on,
        )
    )
    _, closed = ledger.closed_periods(session, actor.community_id, fund.book_id)
    return Closing(
        ends_on,
        tuple(ends),
        tuple(blocks),
        row.softly_by if row else None,
        row is not None,
        row is not None and row.closed_at is not None,
        closed,
    )


def _account(
    session: Session, actor: Actor, account: BankAccountView, ends_on: date
) -> tuple[AccountAtEnd, list[Block]]:
    book = ledger.balance_on(session, actor.community_id, account.account_id, ends_on)
    bank = balance_at_bank(session, actor, account, ends_on)
    names = (("bank", account.bank_name), ("digits", account.last_digits))
    blocks = []
    if bank is None:
        blocks.append(Block("no-statement", account.id, names))
    elif bank != book:
        yuan = (("bank_yuan", _yuan(bank)), ("book_yuan", _yuan(book)))
        blocks.append(Block("differs", account.id, (*names, *yuan)))
    if contradictions(session, actor, account, ends_on):
        blocks.append(Block("contradiction", account.id, names))
    if lines := count_open(session, actor, account.id, ends_on):
        blocks.append(Block("open-lines", account.id, (*names, ("count", str(lines)))))
    if entries := len(unmatched_entries(session, actor, account, ends_on)):
        blocks.append(Block("open-entries", account.id, (*names, ("count", str(entries)))))
    return AccountAtEnd(account, bank, book), blocks


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def books_of(session: Session, actor: Actor, fund_id: int) -> tuple[int, ...]:
    """List the books that close together: the operating one, and the reserve's when it has banks.

    Raises: FundNotFound.
    """
    fund = get_fund(session, actor, fund_id)
    uses = {each.use for each in bank_accounts(session, actor, fund_id)}
    if BankUse.RESERVE in uses:
        return fund.book_id, fund.reserve_book_id
    return (fund.book_id,)
