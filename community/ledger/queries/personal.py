"""Everything the books hold under one person's name, for the person."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from community.kernel import clock, db

_ENTRIES = """
SELECT b.kind, b.name, a.path, a.unit, a.normal * e.amount, e.effective_on, t.recorded_at,
 t.purpose, t.source
FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id
JOIN ledger_entry e ON e.community_id = a.community_id
 AND e.holder_id = COALESCE(a.parent_id, a.id) AND e.account_id = a.id
JOIN ledger_transaction t ON t.id = e.transaction_id
WHERE a.community_id = ? AND a.owner = ? ORDER BY e.transaction_id, e.line
"""


def export_person(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give every entry on a person's accounts, and what the person recorded or approved."""
    at = db.statements(session)
    entries = [
        {
            "book": kind,
            "name": name,
            "account": path,
            "unit": unit,
            "amount": amount,
            "counts_on": clock.from_day_number(day).isoformat(),
            "recorded_at": clock.from_micros(recorded).isoformat(),
            "purpose": purpose,
            "source": source,
        }
        for kind, name, path, unit, amount, day, recorded, purpose, source in at.all(
            _ENTRIES, (community_id, f"person:{person_id}")
        )
    ]
    recorded = at.all(
        "SELECT id FROM ledger_transaction"
        " WHERE community_id = ? AND (actor_id = ? OR on_behalf_of = ?) ORDER BY id",
        (community_id, person_id, person_id),
    )
    approved = at.all(
        "SELECT proposal_id FROM ledger_approval WHERE community_id = ? AND person_id = ?",
        (community_id, person_id),
    )
    return {
        "entries": entries,
        "recorded_transactions": [row[0] for row in recorded],
        "approved_proposals": [row[0] for row in approved],
    }
