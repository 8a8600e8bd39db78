"""A shared surplus is what was voted, to the fen, and what the books show."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from community.kernel import db
from community.trust_property.rules.surplus import share_surplus

_QUERIES = (
    (
        "trust: surplus {} is {} fen, its shares {}",
        """
        SELECT s.id, s.amount_fen, COALESCE(SUM(h.amount_fen), 0) FROM trust_surplus s
        LEFT JOIN trust_surplus_share h ON h.community_id = s.community_id AND h.surplus_id = s.id
        GROUP BY s.id, s.amount_fen HAVING COALESCE(SUM(h.amount_fen), 0) <> s.amount_fen
        """,
    ),
    (
        "trust: surplus {} is {}, its matter {}",
        """
        SELECT s.id, s.state, m.state FROM trust_surplus s
        LEFT JOIN trust_matter m ON m.id = s.matter_id
        WHERE m.id IS NULL OR m.state <> s.state OR m.kind <> 'surplus'
        """,
    ),
    (
        "trust: surplus {} gives unit {} another sum than the books",
        """
        SELECT s.id, h.unit_id FROM trust_surplus s JOIN trust_fund f ON f.id = s.fund_id
        JOIN trust_surplus_share h ON h.community_id = s.community_id AND h.surplus_id = s.id
        WHERE s.state = 'made' AND h.amount_fen > 0 AND NOT EXISTS (SELECT 1 FROM ledger_entry e
         JOIN ledger_account a ON a.id = e.account_id AND a.book_id = f.book_id
         WHERE e.community_id = s.community_id AND e.transaction_id = s.transaction_id
          AND a.path = 'prepaid/unit/' || h.unit_id AND e.amount = -h.amount_fen)
        """,
    ),
)
_SHARES = """
SELECT s.id, s.amount_fen, h.unit_id, h.area_centiares, h.amount_fen FROM trust_surplus s
JOIN trust_surplus_share h ON h.community_id = s.community_id AND h.surplus_id = s.id
ORDER BY s.id, h.unit_id
"""


def problems(session: Session) -> Iterator[str]:
    """Name surpluses whose shares are not by area or not in the books."""
    at = db.statements(session)
    for sentence, sql in _QUERIES:
        for row in at.all(sql):
            yield sentence.format(*row)
    kept: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for surplus_id, whole, unit_id, area, amount in at.all(_SHARES):
        kept.setdefault((surplus_id, whole), []).append((unit_id, area, amount))
    for (surplus_id, whole), rows in kept.items():
        if sum(amount for *_, amount in rows) != whole:
            continue  # Named above already.
        shares = share_surplus(whole, [(unit_id, area) for unit_id, area, _ in rows])
        if [each.amount_fen for each in shares] != [amount for *_, amount in rows]:
            yield f"trust: surplus {surplus_id} is not shared by area"
