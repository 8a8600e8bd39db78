"""Bank lines are those of their statements, and matches come to the same sums as their entries."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.trust_property.queries.policies import fee_caps
from community.trust_property.rules.bank import may_be_fee

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
        "trust: payment {} is said to be shown by bank line {}, no match says so",
        """
        SELECT p.id, p.bank_line_id FROM trust_payment p
        WHERE p.bank_line_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM trust_bank_line l
         JOIN trust_bank_match_entry e ON e.match_id = l.match_id AND NOT e.is_undone
         WHERE l.id = p.bank_line_id AND e.transaction_id = p.transaction_id)
        """,
    ),
    (
        "trust: match {} holds payment {}, which still waits for the bank",
        """
        SELECT e.match_id, p.id FROM trust_bank_match_entry e
        JOIN trust_payment p ON p.transaction_id = e.transaction_id
        WHERE NOT e.is_undone AND p.bank_line_id IS NULL
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

_FEES = """
SELECT m.id, m.community_id, m.fund_id, m.fee_fen, SUM(l.amount_fen), MAX(l.day)
FROM trust_bank_match m JOIN trust_bank_line l ON l.match_id = m.id
WHERE m.fee_fen > 0 AND m.undone_at IS NULL GROUP BY m.id, m.community_id, m.fund_id, m.fee_fen
"""


def problems(session: Session) -> Iterator[str]:
    """Name statements, lines and matches that contradict each other."""
    at = db.statements(session)
    for sentence, sql in _QUERIES:
        for row in at.all(sql):
            yield sentence.format(*row)
    for match_id, community_id, fund_id, fee, money, day in at.all(_FEES):
        most = fee_caps(session, community_id, fund_id)(clock.from_day_number(day))
        if not may_be_fee(fee, fee + money, most):
            yield f"trust: match {match_id} books {fee} fen as a fee, above the fund's rules"
