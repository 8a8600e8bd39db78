"""A fund's books and bank accounts are its own."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from community.kernel import db

_QUERIES = (
    (
        "trust: fund {} has no books of its own",
        """
        SELECT f.id FROM trust_fund f
        LEFT JOIN ledger_book b ON b.id = f.book_id AND b.kind = 'trust'
        LEFT JOIN ledger_book r ON r.id = f.reserve_book_id AND r.kind = 'reserve'
        WHERE b.id IS NULL OR r.id IS NULL
        """,
    ),
    (
        "trust: bank account {} has its account in another book",
        """
        SELECT k.id FROM trust_bank_account k JOIN trust_fund f ON f.id = k.fund_id
        LEFT JOIN ledger_account a ON a.id = k.account_id AND a.type = 'asset' AND a.book_id =
         CASE WHEN k.use = 'operating' THEN f.book_id ELSE f.reserve_book_id END
        WHERE a.id IS NULL
        """,
    ),
    (
        "trust: book {} of a fund asks for no keys",
        """
        SELECT b.id FROM trust_fund f
        JOIN ledger_book b ON b.id = f.book_id OR b.id = f.reserve_book_id
        WHERE NOT EXISTS (SELECT 1 FROM ledger_policy p WHERE p.community_id = b.community_id
         AND p.book_id = b.id AND p.purpose = '')
        """,
    ),
)


def problems(session: Session) -> Iterator[str]:
    """Name funds without books, strange bank accounts, and books without a policy."""
    at = db.statements(session)
    for sentence, sql in _QUERIES:
        for row in at.all(sql):
            yield sentence.format(*row)
