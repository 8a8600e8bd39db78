"""Where rewards keep their amounts in the ledger: books, account paths and owners."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import ledger
from community.kernel.actor import Actor
from community.rewards.rules.owners import merchant_owner, paid_owner, payer_owner, year_owner

REDEEMED = "redeemed"


def points_book(session: Session, actor: Actor) -> int:
    """Give the community's points book."""
    return ledger.ensure_book(session, actor, ledger.BookKind.POINTS)


def budget_book(session: Session, actor: Actor) -> int:
    """Give the community's reward budget book."""
    return ledger.ensure_book(session, actor, ledger.BookKind.REWARD_BUDGET)


def payer_account(session: Session, actor: Actor, book_id: int, payer_id: int, year: int) -> int:
    """Give the account of what a payer has put in for a year."""
    return ledger.ensure_account(
        session,
        actor,
        book_id,
        "CNY",
        f"payer/{payer_id}/{year}",
        ledger.AccountType.ASSET,
        owner=payer_owner(payer_id, year),
        floor=0,
    )


def year_account(session: Session, actor: Actor, book_id: int, year: int) -> int:
    """Give the year's budget; its floor of 0 is what refuses overspending."""
    return ledger.ensure_account(
        session,
        actor,
        book_id,
        "CNY",
        f"budget/{year}",
        ledger.AccountType.LIABILITY,
        owner=year_owner(year),
        floor=0,
    )


def owed_account(session: Session, actor: Actor, book_id: int, merchant_id: int) -> int:
    """Give the account of what a merchant is owed for items handed out."""
    return ledger.ensure_account(
        session,
        actor,
        book_id,
        "CNY",
        f"owed/merchant/{merchant_id}",
        ledger.AccountType.LIABILITY,
        owner=merchant_owner(merchant_id),
        floor=0,
    )


def paid_account(session: Session, actor: Actor, book_id: int, merchant_id: int) -> int:
    """Give the account of what a merchant has been paid over the years."""
    return ledger.ensure_account(
        session,
        actor,
        book_id,
        "CNY",
        f"paid/merchant/{merchant_id}",
        ledger.AccountType.EQUITY,
        owner=paid_owner(merchant_id),
        floor=0,
    )
