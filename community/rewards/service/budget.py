"""Commands of the reward budget: payers, what they put in, and what they take back."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.rewards import permissions
from community.rewards.errors import BudgetInUse, PayerKnown, PayerNotFound
from community.rewards.models import Payer
from community.rewards.rules.owners import payer_owner, year_owner
from community.rewards.service import books


def add_payer(session: Session, actor: Actor, name: str) -> int:
    """Name a payer: the street office, a firm, a fund.

    Raises: PayerKnown.
    """
    actor.check(permissions.BUDGET.code)
    known = session.scalar(
        select(Payer.id).where(Payer.community_id == actor.community_id, Payer.name == name)
    )
    if known is not None:
        raise PayerKnown(name=name)
    row = Payer(
        community_id=actor.community_id,
        name=name,
        made_at=clock.now(),
        made_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    return row.id


def fund_budget(
    session: Session, actor: Actor, payer_id: int, year: int, amount_fen: int, reference: str
) -> int:
    """Put a payer's money into a year's budget; tells the ledger's transaction.

    `reference` names the paper (拨款文号) and is part of the key: the same paper counts once.
    Raises: PayerNotFound.
    """
    actor.check(permissions.BUDGET.code)
    payer = _payer(session, actor, payer_id)
    book_id = books.budget_book(session, actor)
    put_in = books.payer_account(session, actor, book_id, payer.id, year)
    budget = books.year_account(session, actor, book_id, year)
    posting = ledger.Posting(
        book_id,
        (ledger.debit(put_in, amount_fen), ledger.credit(budget, amount_fen)),
        f"{payer.name} 投入 {year} 年奖励经费",
        reference,
        f"fund:{payer.id}:{year}:{reference}",
    )
    return ledger.post(session, actor, posting).transaction_id


def return_budget(
    session: Session, actor: Actor, payer_id: int, year: int, amount_fen: int, reference: str
) -> int:
    """Give unused money back to a payer; never what is held or spent.

    Raises: PayerNotFound, BudgetInUse.
    """
    actor.check(permissions.BUDGET.code)
    payer = _payer(session, actor, payer_id)
    book_id = books.budget_book(session, actor)
    put_in = books.payer_account(session, actor, book_id, payer.id, year)
    budget = books.year_account(session, actor, book_id, year)
    posting = ledger.Posting(
        book_id,
        (ledger.debit(budget, amount_fen), ledger.credit(put_in, amount_fen)),
        f"退回 {payer.name} {year} 年奖励经费",
        reference,
        f"return:{payer.id}:{year}:{reference}",
    )
    try:
        return ledger.post(session, actor, posting).transaction_id
    except ledger.InsufficientBalance as refusal:
        kind = ledger.BookKind.REWARD_BUDGET
        left = min(
            ledger.balance_of(session, actor.community_id, kind, owner).available
            for owner in (year_owner(year), payer_owner(payer_id, year))
        )
        raise BudgetInUse(left_yuan=f"{left // 100}.{left % 100:02d}") from refusal


def _payer(session: Session, actor: Actor, payer_id: int) -> Payer:
    row = session.get(Payer, payer_id)
    if row is None or row.community_id != actor.community_id:
        raise PayerNotFound
    return row
