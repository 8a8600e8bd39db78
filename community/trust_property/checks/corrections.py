"""Every correction names the entry it corrects, and both keys agreed to it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from community.kernel import db

_QUERIES = (
    (
        "trust: transaction {} corrects nothing that is in its book",
        """
        SELECT t.id FROM ledger_transaction t
        WHERE t.purpose = 'trust.correction' AND t.reverses IS NULL
         AND NOT EXISTS (SELECT 1 FROM ledger_transaction c WHERE c.book_id = t.book_id
          AND c.community_id = t.community_id AND t.source = 'corrects:' || c.id)
        """,
    ),
    (
        "trust: transaction {} is a correction that no matter brought",
        """
        SELECT t.id FROM ledger_transaction t
        WHERE t.purpose = 'trust.correction' AND t.reverses IS NULL
         AND NOT EXISTS (SELECT 1 FROM ledger_proposal p
          JOIN trust_matter m ON m.proposal_id = p.id AND m.kind = 'correction'
          WHERE p.transaction_id = t.id AND p.state = 'posted' AND m.state = 'made'
           AND t.source = 'corrects:' || m.subject_id)
        """,
    ),
)


def problems(session: Session) -> Iterator[str]:
    """Name corrections that correct nothing or that nobody approved."""
    at = db.statements(session)
    for sentence, sql in _QUERIES:
        for row in at.all(sql):
            yield sentence.format(*row)
