"""The sums by day agree with the books as far as they say they go."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from community.kernel import db

_DIFFERING = """
SELECT x.account_id, SUM(x.debits), SUM(x.credits), SUM(x.entries) FROM (
 SELECT e.holder_id AS account_id, CASE WHEN e.amount > 0 THEN e.amount ELSE 0 END AS debits,
  CASE WHEN e.amount < 0 THEN -e.amount ELSE 0 END AS credits, 1 AS entries
 FROM trust_day_total_mark m JOIN ledger_entry e ON e.community_id = m.community_id
  AND e.holder_id = m.account_id AND e.sequence <= m.place
 UNION ALL
 SELECT account_id, -debits_fen, -credits_fen, -entries FROM trust_day_total
) x GROUP BY x.account_id HAVING SUM(x.debits) <> 0 OR SUM(x.credits) <> 0 OR SUM(x.entries) <> 0
"""


def problems(session: Session) -> Iterator[str]:
    """List accounts whose sums by day are not what the books say."""
    for account_id, debits, credited, entries in db.statements(session).all(_DIFFERING):
        yield (
            f"trust: account {account_id} has {debits} fen of debits, {credited} of credits and"
            f" {entries} entries that its sums by day leave out"
        )
