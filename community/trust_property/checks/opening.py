"""An opened fund began with what both sides signed, and holds what it owes to others."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy.orm import Session

from community.kernel import db
from community.kernel.db import Statements
from community.trust_property.rules.opening import OpeningItem, OpeningKind, items_hash

_QUERIES = (
    (
        "trust: fund {} is {}, its opening {}",
        """
        SELECT f.id, f.state, o.id FROM trust_opening o JOIN trust_fund f ON f.id = o.fund_id
        WHERE (o.state = 'opened' AND f.state = 'preparing')
         OR (o.state IN ('draft', 'asked') AND f.state <> 'preparing')
        """,
    ),
    (
        "trust: opening {} was not signed by both sides",
        """
        SELECT o.id FROM trust_opening o LEFT JOIN trust_matter m ON m.id = o.matter_id
        WHERE o.state = 'opened' AND (m.id IS NULL OR m.state <> 'made' OR m.kind <> 'opening')
        """,
    ),
    (
        "trust: bank account {} opened with {} fen, its bank says {}",
        """
        SELECT i.bank_account_id, i.amount_fen, i.bank_fen FROM trust_opening_item i
        JOIN trust_opening o ON o.id = i.opening_id AND o.state = 'opened'
        JOIN trust_bank_account k ON k.id = i.bank_account_id
        WHERE i.bank_fen IS NULL OR i.bank_fen <> i.amount_fen OR k.opening_fen IS NULL
         OR k.opening_fen <> i.amount_fen OR k.opening_on <> o.opening_on
        """,
    ),
    (
        "trust: unit {} was opened owing {} fen for {}, its bill says otherwise",
        """
        SELECT i.unit_id, i.amount_fen, i.month FROM trust_opening_item i
        JOIN trust_opening o ON o.id = i.opening_id AND o.state = 'opened'
        LEFT JOIN trust_bill b ON b.community_id = o.community_id AND b.fund_id = o.fund_id
         AND b.unit_id = i.unit_id AND b.month = i.month AND b.kind = 'arrears'
        WHERE i.kind = 'arrears' AND (b.id IS NULL OR b.amount_fen <> i.amount_fen
         OR b.transaction_id <> o.transaction_id)
        """,
    ),
    (
        "trust: bill {} is of arrears that no opening brought",
        """
        SELECT b.id FROM trust_bill b WHERE b.kind = 'arrears' AND b.transaction_id IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM trust_opening o WHERE o.fund_id = b.fund_id
          AND o.state = 'opened' AND o.transaction_id = b.transaction_id)
        """,
    ),
    (
        "trust: the reserve's transaction {} opens it without both sides",
        """
        SELECT t.id FROM ledger_transaction t
        JOIN trust_fund f ON f.reserve_book_id = t.book_id
        WHERE t.purpose = 'trust.opening' AND NOT EXISTS (SELECT 1 FROM trust_opening o
         JOIN ledger_proposal p ON p.id = o.reserve_proposal_id AND p.state = 'posted'
          AND p.transaction_id = t.id
         WHERE o.fund_id = f.id AND o.state = 'opened' AND o.reserve_transaction_id = t.id)
        """,
    ),
    (
        "trust: payee {} was owed {} fen on opening day, the books say otherwise",
        """
        SELECT i.payee_id, SUM(i.amount_fen) FROM trust_opening_item i
        JOIN trust_opening o ON o.id = i.opening_id AND o.state = 'opened'
        JOIN trust_fund f ON f.id = o.fund_id
        WHERE i.kind = 'payable' GROUP BY i.payee_id, o.transaction_id, f.book_id
        HAVING SUM(i.amount_fen) <> (SELECT COALESCE(-SUM(e.amount), 0) FROM ledger_entry e
         JOIN ledger_account a ON a.id = e.account_id AND a.book_id = f.book_id
         WHERE e.transaction_id = o.transaction_id
          AND a.path = 'payable/opening/' || i.payee_id)
        """,
    ),
    (
        "trust: unit {} has deposits of {} fen and {} in the books",
        """
        SELECT d.unit_id, SUM(CASE WHEN d.state = 'held' THEN d.amount_fen ELSE 0 END),
         a.posted_credits - a.posted_debits
        FROM trust_deposit d JOIN trust_fund f ON f.id = d.fund_id
        LEFT JOIN ledger_account a ON a.community_id = d.community_id AND a.book_id = f.book_id
         AND a.path = 'deposit/unit/' || d.unit_id
        GROUP BY d.fund_id, d.unit_id, a.id, a.posted_credits, a.posted_debits
        HAVING a.id IS NULL OR SUM(CASE WHEN d.state = 'held' THEN d.amount_fen ELSE 0 END)
         <> a.posted_credits - a.posted_debits
        """,
    ),
    (
        "trust: deposit {} was kept without the committee's key",
        """
        SELECT d.id FROM trust_deposit d LEFT JOIN trust_matter m ON m.id = d.matter_id
        WHERE d.state = 'forfeited' AND (m.id IS NULL OR m.state <> 'made' OR m.kind <> 'forfeit')
        """,
    ),
)


def problems(session: Session) -> Iterator[str]:
    """Name openings that nobody signed, bills nobody owed, and deposits the books do not know."""
    at = db.statements(session)
    for sentence, sql in _QUERIES:
        for row in at.all(sql):
            yield sentence.format(*row)
    yield from _signed_items(at)


def _signed_items(at: Statements) -> Iterator[str]:
    """Compare what was signed with the items as they stand, unit by unit."""
    openings = at.all(
        "SELECT o.id, m.content FROM trust_opening o JOIN trust_matter m ON m.id = o.matter_id"
        " WHERE o.state IN ('asked', 'opened') AND m.state IN ('open', 'made') ORDER BY o.id"
    )
    for opening_id, content in openings:
        rows = at.all(
            "SELECT kind, amount_fen, unit_id, month, label, payee_id, bank_account_id"
            " FROM trust_opening_item WHERE opening_id = ?",
            (opening_id,),
        )
        items = [OpeningItem(OpeningKind(kind), *rest) for kind, *rest in rows]
        if items_hash(items) != json.loads(content)["items"]:
            yield f"trust: opening {opening_id} has other items than both sides signed"
