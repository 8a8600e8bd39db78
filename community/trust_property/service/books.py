"""Where the fund keeps its amounts in the ledger: books and accounts, opened when first needed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.trust_property.models import Fund
from community.trust_property.rules import bills
from community.trust_property.rules import fund as rules

MOST = 10**15
_ASSET = ledger.AccountType.ASSET
_LIABILITY = ledger.AccountType.LIABILITY
_EQUITY = ledger.AccountType.EQUITY
_INCOME = ledger.AccountType.INCOME
_EXPENSE = ledger.AccountType.EXPENSE


def open_books(session: Session, actor: Actor, fund: Fund) -> None:
    """Open a new fund's two books, their base accounts and the policy on who must approve."""
    name = rules.book_name(fund.id)
    for kind in (ledger.BookKind.TRUST, ledger.BookKind.RESERVE):
        book_id = ledger.ensure_book(session, actor, kind, name)
        _set_policies(session, actor, book_id)
        open_account(session, actor, book_id, rules.OPENING, _EQUITY, floor=None)
        open_account(session, actor, book_id, rules.INTEREST, _INCOME, floor=None)
        open_account(session, actor, book_id, rules.OTHER, _INCOME, floor=None)
        open_account(session, actor, book_id, rules.UNIDENTIFIED, _LIABILITY)
        open_account(session, actor, book_id, rules.UNEXPLAINED, _EXPENSE)
        if kind is ledger.BookKind.TRUST:
            fund.book_id = book_id
            open_account(session, actor, book_id, rules.REMUNERATION_DUE, _LIABILITY)
        else:
            fund.reserve_book_id = book_id


def open_account(
    session: Session,
    actor: Actor,
    book_id: int,
    path: str,
    kind: ledger.AccountType,
    owner: str = "",
    *,
    floor: int | None = 0,
    ceiling: int | None = None,
) -> int:
    """Give the id of an account in yuan, opened if there is none of that path."""
    return ledger.ensure_account(session, actor, book_id, "CNY", path, kind, owner, floor, ceiling)


def bank_account(session: Session, actor: Actor, book_id: int, bank_account_id: int) -> int:
    """Give the account of a bank account.

    It has no floor: payments are entered before the receipts of the same days are imported, and a
    month closes only when bank and book agree.
    """
    path = rules.bank_path(bank_account_id)
    return open_account(session, actor, book_id, path, _ASSET, floor=None)


def payable_account(session: Session, actor: Actor, book_id: int, payee_id: int) -> int:
    """Give the account of what a payee is owed; its floor refuses to pay what nobody approved."""
    return open_account(session, actor, book_id, rules.payable_path(payee_id), _LIABILITY)


def taken_over_account(session: Session, actor: Actor, book_id: int, payee_id: int) -> int:
    """Give the account of a debt taken over; its floor refuses more than both sides signed."""
    return open_account(session, actor, book_id, rules.taken_over_path(payee_id), _LIABILITY)


def receivable_accounts(
    session: Session, actor: Actor, book_id: int, unit_ids: Sequence[int]
) -> tuple[int, ...]:
    """Give the accounts of what many units owe, in their order."""
    if not unit_ids:
        return ()
    wanted = tuple((bills.receivable_path(each), bills.unit_owner(each)) for each in unit_ids)
    return ledger.ensure_accounts(session, actor, book_id, "CNY", _ASSET, wanted)


def prepaid_accounts(
    session: Session, actor: Actor, book_id: int, unit_ids: Sequence[int]
) -> tuple[int, ...]:
    """Give the accounts of what many units have paid ahead, in their order."""
    if not unit_ids:
        return ()
    wanted = tuple((bills.prepaid_path(each), bills.unit_owner(each)) for each in unit_ids)
    return ledger.ensure_accounts(session, actor, book_id, "CNY", _LIABILITY, wanted)


def receivable_account(session: Session, actor: Actor, book_id: int, unit_id: int) -> int:
    """Give the account of what a unit owes."""
    path, owner = bills.receivable_path(unit_id), bills.unit_owner(unit_id)
    return open_account(session, actor, book_id, path, _ASSET, owner)


def prepaid_account(session: Session, actor: Actor, book_id: int, unit_id: int) -> int:
    """Give the account of what a unit has paid ahead."""
    path, owner = bills.prepaid_path(unit_id), bills.unit_owner(unit_id)
    return open_account(session, actor, book_id, path, _LIABILITY, owner)


def find_prepaid(
    session: Session, actor: Actor, book_id: int, unit_ids: Sequence[int]
) -> dict[int, int]:
    """Find the accounts of what units have paid ahead; most units never did."""
    paths = {bills.prepaid_path(each): each for each in unit_ids}
    found = ledger.find_accounts(session, actor.community_id, book_id, tuple(paths))
    return {paths[path]: account_id for path, account_id in found.items()}


def fee_account(session: Session, actor: Actor, book_id: int, use: str) -> int:
    """Give the income account of fees of a use of units."""
    return open_account(session, actor, book_id, bills.fee_path(use), _INCOME, floor=None)


def cash_account(session: Session, actor: Actor, book_id: int, fund_id: int) -> int:
    """Give the account of a fund's cash box; no more can leave it than is in it."""
    return open_account(session, actor, book_id, bills.cash_path(fund_id), _ASSET)


def expense_account(session: Session, actor: Actor, book_id: int, path: str, ceiling: int) -> int:
    """Give the account of a budget line; its ceiling is how the database refuses to overspend."""
    return open_account(session, actor, book_id, path, _EXPENSE, ceiling=ceiling)


def capped_account(session: Session, actor: Actor, book_id: int, path: str, cap: int) -> int:
    """Give an expense account whose ceiling is a cap of the rules in force.

    A cap lowered beneath what is spent leaves the ceiling at what is spent.
    """
    account_id = expense_account(session, actor, book_id, path, cap)
    found = ledger.get_account(session, actor.community_id, account_id)
    wanted = max(cap, found.balance.total + found.incoming)
    if found.ceiling != wanted:
        ledger.change_limits(session, actor, account_id, 0, wanted)
    return account_id


def find_account(session: Session, actor: Actor, fund: Fund, path: str) -> int | None:
    """Find an account of a fund's operating book."""
    kind, name = ledger.BookKind.TRUST, rules.book_name(fund.id)
    return ledger.find_account(session, actor.community_id, kind, path, name)


def _set_policies(session: Session, actor: Actor, book_id: int) -> None:
    """Ask for a committee key for everything that is not listed as needing none."""
    today = clock.today()
    committee = Role.COMMITTEE.value
    free = tuple(
        ledger.PolicyChange(book_id, purpose.value, MOST, 1, committee, today)
        for purpose in rules.WITHOUT_KEYS
    )
    rest = ledger.PolicyChange(book_id, "", 0, 1, committee, today)
    ledger.set_first_policies(session, actor, (rest, *free))
