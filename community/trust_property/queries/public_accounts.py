"""The public accounts: what is in the bank, what came and went, and what each total is made of.

No unit and no resident is named here: what households pay is shown as sums by day, and one by
one only as a receipt's number and amount.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock
from community.kernel.actor import Actor
from community.trust_property.queries.budgets import BudgetStanding, budget_standing
from community.trust_property.queries.day_totals import MONEY, DaySum, Flows, day_sums, flows
from community.trust_property.queries.entry_words import (
    account_names,
    receipt_number,
    words_of_entries,
)
from community.trust_property.queries.fund import FundView, get_fund
from community.trust_property.rules.titles import FROM_UNITS, Words, words_of

FIRST_ROWS = 10
MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """An account as it stands."""

    path: str
    words: Words
    balance_fen: int


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the public list: one entry, or a day's sum of what households paid.

    `amount_fen` is what the accounts grew by, in the sign of money coming in.
    """

    account_id: int
    path: str
    day: date
    purpose: str
    amount_fen: int
    entries: int
    transaction_id: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Lines of a list, the newest day first; `until` is the last day of the next page, if any."""

    rows: tuple[Row, ...]
    until: date | None


@dataclass(frozen=True, slots=True)
class PublicAccounts:
    """Everything the first page of a fund's public accounts shows."""

    fund: FundView
    money: tuple[Standing, ...]
    reserve: tuple[Standing, ...]
    month: Flows
    year: Flows
    budget: BudgetStanding | None
    latest: tuple[Row, ...]

    @property
    def money_fen(self) -> int:
        """Add up what is in bank and cash."""
        return sum(each.balance_fen for each in self.money)

    @property
    def reserve_fen(self) -> int:
        """Add up what the reserve has in the bank."""
        return sum(each.balance_fen for each in self.reserve)


def public_accounts(session: Session, actor: Actor, fund_id: int) -> PublicAccounts:
    """Tell how a fund stands today, for everybody.

    Raises: FundNotFound.
    """
    fund = get_fund(session, actor, fund_id)
    names = account_names(session, actor, fund_id)
    accounts = _accounts(session, actor, fund.book_id, MONEY)
    reserve = _accounts(session, actor, fund.reserve_book_id, MONEY)
    today = clock.today()
    sums = day_sums(session, actor, accounts, today.replace(month=1, day=1), today)
    return PublicAccounts(
        fund,
        _standings(accounts, names),
        _standings(reserve, names),
        flows(sums, today.replace(day=1), today),
        flows(sums, today.replace(month=1, day=1), today),
        budget_standing(session, actor, fund_id, today.year),
        _expanded(session, actor, fund_id, accounts, sums, FIRST_ROWS).rows[:FIRST_ROWS],
    )


def public_rows(
    session: Session,
    actor: Actor,
    fund_id: int,
    path: str = "",
    since: date | None = None,
    until: date | None = None,
    purpose: str = "",
) -> Rows:
    """List what moved on the accounts of a path and all below it, the newest day first.

    `path` empty means bank and cash, with the reserve's; without days it is this year.
    Raises: FundNotFound.
    """
    last = until or clock.today()
    first = since or last.replace(month=1, day=1)
    fund = get_fund(session, actor, fund_id)
    chosen = (path,) if path else MONEY
    accounts = [
        *_accounts(session, actor, fund.book_id, chosen),
        *(_accounts(session, actor, fund.reserve_book_id, chosen)),
    ]
    sums = [
        each
        for each in day_sums(session, actor, accounts, first, last)
        if not purpose or each.purpose == purpose
    ]
    return _expanded(session, actor, fund_id, accounts, sums, MOST_ROWS)


def public_day(
    session: Session, actor: Actor, fund_id: int, account_id: int, day: date, purpose: str
) -> tuple[Row, ...]:
    """List one by one what a day's sum is made of, without a unit; the newest first.

    Raises: FundNotFound.
    """
    fund = get_fund(session, actor, fund_id)
    every = (
        *ledger.book_accounts(session, actor.community_id, fund.book_id),
        *ledger.book_accounts(session, actor.community_id, fund.reserve_book_id),
    )
    own = {each.account_id: each for each in every}
    if account_id not in own:
        return ()
    account = own[account_id]
    found: list[Row] = []
    before: int | None = None
    while entries := ledger.entries_on(
        session, actor.community_id, account_id, day, purpose, before, 500
    ):
        found += [_row(account, day, each) for each in entries]
        before = entries[-1].transaction_id
    return _worded(session, actor, fund_id, found)


def _accounts(
    session: Session, actor: Actor, book_id: int, paths: Collection[str]
) -> list[ledger.BookAccount]:
    return [
        each
        for each in ledger.book_accounts(session, actor.community_id, book_id)
        if any(each.path == path or each.path.startswith(f"{path}/") for path in paths)
    ]


def _standings(
    accounts: Iterable[ledger.BookAccount], names: dict[str, str]
) -> tuple[Standing, ...]:
    return tuple(Standing(each.path, words_of(each.path, names), each.balance) for each in accounts)


def _expanded(
    session: Session,
    actor: Actor,
    fund_id: int,
    accounts: Iterable[ledger.BookAccount],
    sums: Iterable[DaySum],
    most: int,
) -> Rows:
    """List day sums, the newest first, those of no household taken apart into their entries."""
    own = {each.account_id: each for each in accounts}
    by_day: dict[date, list[DaySum]] = {}
    for each in sums:
        by_day.setdefault(each.day, []).append(each)
    rows: list[Row] = []
    for day in sorted(by_day, reverse=True):
        if len(rows) >= most:
            return Rows(_worded(session, actor, fund_id, rows), day)
        for each in sorted(by_day[day], key=lambda one: (one.purpose, one.account_id)):
            account = own[each.account_id]
            if each.purpose in FROM_UNITS:
                amount = each.amount_fen * _sign(account)
                head = (each.account_id, account.path, day, each.purpose)
                rows.append(Row(*head, amount, each.entries, None, ""))
                continue
            entries = ledger.entries_on(
                session, actor.community_id, each.account_id, day, each.purpose, None, 500
            )
            rows += [_row(account, day, entry) for entry in entries]
    return Rows(_worded(session, actor, fund_id, rows), None)


def _row(account: ledger.BookAccount, day: date, entry: ledger.DayEntry) -> Row:
    head = (account.account_id, account.path, day, entry.purpose)
    amount, number = entry.amount * _sign(account), receipt_number(entry.source)
    return Row(*head, amount, 1, entry.transaction_id, number)


def _sign(account: ledger.BookAccount) -> int:
    """Show an account's growth as positive."""
    grows_by_debits = {ledger.AccountType.ASSET, ledger.AccountType.EXPENSE}
    return 1 if account.type in grows_by_debits else -1


def _worded(session: Session, actor: Actor, fund_id: int, rows: list[Row]) -> tuple[Row, ...]:
    ids = [each.transaction_id for each in rows if each.transaction_id is not None]
    words = words_of_entries(session, actor, fund_id, ids)
    return tuple(
        replace(each, words=words.get(each.transaction_id or 0, each.words)) for each in rows
    )


def path_words(session: Session, actor: Actor, fund_id: int, path: str) -> Words | None:
    """Tell what the accounts of a path are called; None for bank and cash together."""
    return words_of(path, account_names(session, actor, fund_id)) if path else None
