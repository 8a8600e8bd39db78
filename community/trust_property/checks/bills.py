"""Bills and receipts agree with each other and with the books."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from community.kernel import db

_QUERIES = (
    (
        "trust: bill {} says {} fen are paid, its receipts and prepayments {}",
        """
        SELECT b.id, b.paid_fen, COALESCE(r.paid, 0) + COALESCE(u.paid, 0) FROM trust_bill b
        LEFT JOIN (SELECT p.bill_id, SUM(p.amount_fen) AS paid FROM trust_receipt_part p
         JOIN trust_receipt t ON t.id = p.receipt_id AND t.voided_at IS NULL
         WHERE p.bill_id IS NOT NULL GROUP BY p.bill_id) r ON r.bill_id = b.id
        LEFT JOIN (SELECT bill_id, SUM(amount_fen) AS paid FROM trust_prepaid_use
         GROUP BY bill_id) u ON u.bill_id = b.id
        WHERE b.paid_fen <> COALESCE(r.paid, 0) + COALESCE(u.paid, 0)
        """,
    ),
    (
        "trust: receipt {} is over {} fen, its parts over {}",
        """
        SELECT t.id, t.amount_fen, SUM(p.amount_fen) FROM trust_receipt t
        JOIN trust_receipt_part p ON p.community_id = t.community_id AND p.receipt_id = t.id
        GROUP BY t.id, t.amount_fen HAVING SUM(p.amount_fen) <> t.amount_fen
        """,
    ),
    (
        "trust: receipt {} has no parts",
        """
        SELECT t.id FROM trust_receipt t WHERE NOT EXISTS (SELECT 1 FROM trust_receipt_part p
         WHERE p.community_id = t.community_id AND p.receipt_id = t.id)
        """,
    ),
    (
        "trust: fund {} has {} receipts, numbered up to {}",
        """
        SELECT fund_id, COUNT(*), MAX(number) FROM trust_receipt
        GROUP BY community_id, fund_id HAVING COUNT(*) <> MAX(number)
        """,
    ),
    (
        "trust: fund {} has {} receipts of deposits, numbered up to {}",
        """
        SELECT fund_id, COUNT(*), MAX(receipt_number) FROM trust_deposit
        WHERE receipt_number IS NOT NULL GROUP BY community_id, fund_id
        HAVING COUNT(*) <> MAX(receipt_number)
        """,
    ),
    (
        "trust: bills {} are {} over {} fen, they say {} over {}",
        """
        SELECT r.id, COUNT(b.id), COALESCE(SUM(b.amount_fen), 0), r.bill_count, r.total_fen
        FROM trust_bill_run r
        LEFT JOIN trust_bill b ON b.community_id = r.community_id AND b.run_id = r.id
        WHERE r.state <> 'dropped' GROUP BY r.id, r.bill_count, r.total_fen
        HAVING COUNT(b.id) <> r.bill_count OR COALESCE(SUM(b.amount_fen), 0) <> r.total_fen
        """,
    ),
    (
        "trust: unit {} owes {} fen by its bills and {} by the books",
        """
        SELECT o.unit_id, o.owed, a.posted_debits - a.posted_credits
        FROM (SELECT b.community_id, f.book_id, b.unit_id, SUM(b.amount_fen - b.paid_fen) AS owed
         FROM trust_bill b JOIN trust_fund f ON f.id = b.fund_id
         WHERE b.transaction_id IS NOT NULL GROUP BY b.community_id, f.book_id, b.unit_id) o
        JOIN ledger_account a ON a.community_id = o.community_id AND a.book_id = o.book_id
         AND a.path = 'receivable/unit/' || o.unit_id
        WHERE o.owed <> a.posted_debits - a.posted_credits
        """,
    ),
)


def problems(session: Session) -> Iterator[str]:
    """Name bills paid by nothing, receipts with gaps, and units that owe other sums."""
    at = db.statements(session)
    for sentence, sql in _QUERIES:
        for row in at.all(sql):
            yield sentence.format(*row)
