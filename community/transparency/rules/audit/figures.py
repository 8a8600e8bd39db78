"""Recomputing the figures of a published report from the books, one by one.

A figure's name says how: `<book> <measure> <accounts>[ <purpose>]`. Accounts are a path and all
below it (`bank`, `expense/2026`), or `type:asset` and the like. Measures: `opening` and `closing`
(natural balance before the first and after the last day), `moved` (closing less opening),
`debits` and `credits` (posted in the period, of one purpose when that is given), `held` (set
aside at the end of the last day) and `limit` (the sum of ceilings as the report was made).
"""

from __future__ import annotations

import re
from calendar import monthrange

from community.transparency.rules.audit.accounts import AuditedAccount, AuditedBook
from community.transparency.rules.audit.approvals import shanghai_day
from community.transparency.rules.audit.books import Books

MEASURES = ("opening", "closing", "moved", "debits", "credits", "held", "limit")
_PERIOD = re.compile(r"([0-9]{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?")
_TYPE = "type:"


def period_days(period: str) -> tuple[str, str]:
    """Return the first and last day of `2026`, `2026-Q4`, `2026-11` or `2026-11-01/2026-11-15`.

    Raises:
        ValueError: it is none of these.
    """
    first, slash, last = period.partition("/")
    if slash:
        if len(first) != 10 or len(last) != 10 or first > last:
            raise ValueError(f"{period!r} is no period")
        return first, last
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise ValueError(f"{period!r} is no period")
    number = int(match.group(1))
    if match.group(2):
        end = 3 * int(match.group(2))
        month = end - 2
    elif match.group(3):
        month = end = int(match.group(3))
    else:
        month, end = 1, 12
    days = monthrange(number, end)[1]
    return f"{number:04d}-{month:02d}-01", f"{number:04d}-{end:02d}-{days:02d}"


def recompute_figure(books: Books, name: str, period: str) -> int:
    """Recompute one figure from the records read so far.

    Raises:
        ValueError: its name or its period cannot be read, or its book is unknown.
    """
    words = name.split(" ")
    if not 3 <= len(words) <= 4 or words[1] not in MEASURES:
        raise ValueError(f"{name!r} is no figure's name")
    book = books.books.get(int(words[0]))
    if book is None:
        raise ValueError(f"book {words[0]} was never opened")
    first, last = period_days(period)
    purpose = words[3] if len(words) == 4 else None
    accounts = choose_accounts(book, words[2])
    if words[1] == "held":
        return _held(books, book.number, {one.number: one for one in accounts}, last)
    return sum(_measure(account, words[1], first, last, purpose) for account in accounts)


def choose_accounts(book: AuditedBook, asked: str) -> list[AuditedAccount]:
    """Return a book's accounts at or below a path, or all of a type."""
    if asked.startswith(_TYPE):
        kind = asked[len(_TYPE) :]
        return [account for account in book.accounts.values() if account.kind == kind]
    parts = tuple(asked.split("/"))
    return [account for account in book.accounts.values() if account.parts[: len(parts)] == parts]


def _measure(
    account: AuditedAccount, measure: str, first: str, last: str, purpose: str | None
) -> int:
    if measure == "limit":
        return account.ceiling or 0
    total = 0
    for (day, why), (debits, credits_) in account.moves.items():
        if day > last or purpose not in (None, why):
            continue
        before = day < first
        if measure == "debits":
            total += 0 if before else debits
        elif measure == "credits":
            total += 0 if before else credits_
        elif measure == "closing" or before == (measure == "opening"):
            total += account.normal * (debits - credits_)
    return total


def _held(books: Books, book: int, accounts: dict[int, AuditedAccount], last: str) -> int:
    """Add what holds still set aside at the end of a day, in the accounts' natural sign."""
    total = 0
    for hold in [*books.holds.values(), *books.past_holds]:
        ends = min(hold.until, shanghai_day(hold.expires_at))
        if hold.book == book and hold.since <= last < ends:
            for number, amount in hold.held.items():
                if number in accounts:
                    total += accounts[number].normal * amount
    return total
