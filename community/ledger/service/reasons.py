"""Why a guarded update found no row: the refusals, in their fixed order."""

from __future__ import annotations

from typing import NoReturn

from community.kernel.db import Statements
from community.ledger.errors import (
    AccountClosed,
    CeilingReached,
    InsufficientBalance,
    SummaryAccount,
    UnknownAccount,
)


def refuse_summary(at: Statements, account_id: int) -> NoReturn:
    """Refuse an entry on an account that only adds up its lots."""
    row = at.one("SELECT path FROM ledger_account WHERE id = ?", (account_id,))
    raise SummaryAccount(account=account_id if row is None else row[0])


def refuse_move(
    at: Statements, community_id: int, book_id: int, account_id: int, change: int
) -> NoReturn:
    """Say why an account did not take a change (debits positive)."""
    row = at.one(
        "SELECT path, state, normal, posted_debits - posted_credits, pending_debits,"
        " pending_credits, floor, ceiling FROM ledger_account"
        " WHERE id = ? AND community_id = ? AND book_id = ?",
        (account_id, community_id, book_id),
    )
    if row is None:
        raise UnknownAccount(account=account_id)
    path, state, normal, posted, debited, credited, floor, ceiling = row
    if state != "open":
        raise AccountClosed(account=path)
    natural, change = normal * posted, normal * change
    aside, coming = (credited, debited) if normal == 1 else (debited, credited)
    if floor is not None and natural - aside + change < floor:
        raise InsufficientBalance(available=max(natural - aside - floor, 0), needed=-change)
    assert ceiling is not None, "the guarded update found no row, and no reason for it"
    raise CeilingReached(room=max(ceiling - natural - coming, 0), needed=change)
