"""Bank lines are those of their statements, and matches come to the same sums as their entries."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from community.kernel import db

_QUERIES = (
    (
        "trust: statement {} does not add up to its closing balance",
        # An overlapping statement adds only some of its lines; a whole one shows its own sum.
        """
        SELECT s.id FROM trust_statement s
        WHERE s.state = 'added'
         AND s.line_count = (SELECT COUNT(*) FROM trust_bank_line l WHERE l.statement_id = s.id)
         AND s.opening_fen + COALESCE((SELECT SUM(l.amount_fen) FROM trust_bank_line l
          WHERE l.statement_id = s.id), 0) <> s.closing_fen
        """,
    ),
    (
        "trust: bank line {} stands on an account of another fund than its statement",
        """
        SELECT l.id FROM trust_bank_line l JOIN trust_statement s ON s.id = l.statement_id
        WHERE l.bank_account_id <> s.bank_account_id
        """,
    ),
    (
        "trust: bank line {} is held by a match that was undone, or of another account",
        """
        SELECT l.id FROM trust_bank_line l JOIN trust_bank_match m ON m.id = l.match_id
        WHERE m.undone_at IS NOT NULL OR m.bank_account_id <> l.bank_account_id
        """,
    ),
    (
        "trust: match {} holds lines and entries of different sums",
        """
        SELECT m.id FROM trust_bank_match m
        WHERE m.undone_at IS NULL AND m.resolves_id IS NULL AND
         (SELECT COALESCE(SUM(l.amount_fen), 0) FROM trust_bank_line l WHERE l.match_id = m.id) <>
         (SELECT COALESCE(SUM(e.amount_fen), 0) FROM trust_bank_match_entry e
          WHERE e.match_id = m.id AND NOT e.is_undone)
        """,
    ),
    (
        "trust: match {} tells another amount of its entry than the book",
        """
        SELECT x.match_id FROM trust_bank_match_entry x
        JOIN trust_bank_account k ON k.id = x.bank_account_id
        WHERE NOT x.is_undone AND x.amount_fen <>
         (SELECT COALESCE(SUM(e.amount), 0) FROM ledger_entry e
          WHERE e.transaction_id = x.transaction_id AND e.account_id = k.account_id
           AND NOT e.is_pending)
        """,
    ),
)


def problems(session: Session) -> Iterator[str]:
    """Name statements, lines and matches that contradict each other."""
    at = db.statements(session)
    for sentence, sql in _QUERIES:
        for row in at.all(sql):
            yield sentence.format(*row)
