"""The list of open holds: claimed when one is resolved, asked when one expires."""

from __future__ import annotations

from collections.abc import Sequence

from community.kernel.db import Statements

_EXPIRED = """
SELECT DISTINCT hold_id FROM ledger_open_hold
WHERE community_id = ? AND holder_id = ? AND expires_at <= ? ORDER BY hold_id
"""
_NEXT_EXPIRY = """
UPDATE ledger_account SET holds_expire_at =
 (SELECT MIN(h.expires_at) FROM ledger_open_hold h
  WHERE h.community_id = ledger_account.community_id AND h.{column} = ledger_account.id)
WHERE id = ?
"""


def find_expired_holds(at: Statements, community_id: int, account_id: int, now: int) -> list[int]:
    """Find the open holds on an account, or on a lot's whole summary, whose time is over."""
    holder = at.one(
        "SELECT COALESCE(parent_id, id) FROM ledger_account WHERE id = ? AND community_id = ?",
        (account_id, community_id),
    )
    if holder is None:
        return []
    return [row[0] for row in at.all(_EXPIRED, (community_id, holder[0], now))]


def take_open_hold(at: Statements, community_id: int, hold_id: int) -> list[tuple[int, int]]:
    """Claim an open hold: whoever deletes its rows resolves it. Empty when somebody else did."""
    rows = at.all(
        "DELETE FROM ledger_open_hold WHERE community_id = ? AND hold_id = ?"
        " RETURNING line, account_id, amount",
        (community_id, hold_id),
    )
    return [(account_id, amount) for _, account_id, amount in sorted(rows)]


def note_next_expiry(at: Statements, account_ids: Sequence[int]) -> None:
    """Keep on accounts, and on the summaries above them, when their next hold expires."""
    parents = set()
    for account_id in sorted(set(account_ids)):
        at.run(_NEXT_EXPIRY.format(column="account_id"), (account_id,))
        row = at.one("SELECT parent_id FROM ledger_account WHERE id = ?", (account_id,))
        if row is not None and row[0] is not None:
            parents.add(row[0])
    for parent_id in sorted(parents):
        at.run(_NEXT_EXPIRY.format(column="holder_id"), (parent_id,))
