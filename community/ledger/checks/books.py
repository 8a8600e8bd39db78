"""Every broken invariant of the books in words, from rows alone; the numbers are the design's."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.db import Statements
from community.ledger.rules import digest

# Each finds the rows that break an invariant: a sentence, and the query whose rows fill it.
_QUERIES = (
    (
        "1 transaction {} is not sealed",
        """
        SELECT t.id FROM ledger_transaction t LEFT JOIN ledger_seal s
         ON s.community_id = t.community_id AND s.transaction_id = t.id
        WHERE s.transaction_id IS NULL
        """,
    ),
    (
        "1 transaction {} has fewer than two lines",
        """
        SELECT s.transaction_id FROM ledger_seal s
        LEFT JOIN ledger_entry e ON e.community_id = s.community_id AND e.transaction_id =
         s.transaction_id
        GROUP BY s.transaction_id HAVING COUNT(e.line) < 2
        """,
    ),
    (
        "1 transaction {} does not add up to zero in {}: {}",
        """
        SELECT e.transaction_id, a.unit, SUM(e.amount) FROM ledger_entry e
        JOIN ledger_account a ON a.id = e.account_id
        GROUP BY e.transaction_id, a.unit, e.is_pending HAVING SUM(e.amount) <> 0
        """,
    ),
    (
        "1 transaction {} has a line in another book or community",
        """
        SELECT DISTINCT t.id FROM ledger_entry e
        JOIN ledger_transaction t ON t.id = e.transaction_id
        JOIN ledger_account a ON a.id = e.account_id
        WHERE a.book_id <> t.book_id OR a.community_id <> t.community_id OR e.community_id <>
         t.community_id
        """,
    ),
    (
        "2 account {} counts {} debits and {} credits, its entries {} and {}",
        """
        SELECT a.id, a.posted_debits, a.posted_credits, COALESCE(d, 0), COALESCE(c, 0)
        FROM ledger_account a
        LEFT JOIN (SELECT account_id, SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END) d, SUM(CASE
         WHEN amount < 0 THEN -amount ELSE 0 END) c
        FROM ledger_entry
        WHERE NOT is_pending
        GROUP BY account_id) e ON e.account_id = a.id
        WHERE NOT a.is_summary AND (a.posted_debits <> COALESCE(d, 0) OR a.posted_credits <>
         COALESCE(c, 0))
        """,
    ),
    (
        "2 account {} counts {} and {} pending, its open holds {} and {}",
        """
        SELECT a.id, a.pending_debits, a.pending_credits, COALESCE(d, 0), COALESCE(c, 0)
        FROM ledger_account a
        LEFT JOIN (SELECT e.account_id, SUM(CASE WHEN e.amount > 0 THEN e.amount ELSE 0 END) d,
         SUM(CASE WHEN e.amount < 0 THEN -e.amount ELSE 0 END) c
        FROM ledger_transaction t
        JOIN ledger_entry e ON e.community_id = t.community_id AND e.transaction_id = t.id
        LEFT JOIN ledger_transaction r ON r.community_id = t.community_id AND r.resolves = t.id
        WHERE t.kind = 'hold' AND r.id IS NULL
        GROUP BY e.account_id) h ON h.account_id = a.id
        WHERE NOT a.is_summary AND (a.pending_debits <> COALESCE(d, 0) OR a.pending_credits <>
         COALESCE(c, 0))
        """,
    ),
    (
        "2 summary account {} does not add up its lots",
        """
        SELECT s.id FROM ledger_account s LEFT JOIN ledger_account l ON l.parent_id = s.id
        WHERE s.is_summary
        GROUP BY s.id, s.posted_debits, s.posted_credits, s.pending_debits, s.pending_credits
        HAVING s.posted_debits <> COALESCE(SUM(l.posted_debits), 0) OR s.posted_credits <>
         COALESCE(SUM(l.posted_credits), 0) OR s.pending_debits <> COALESCE(SUM(l.pending_debits),
         0) OR s.pending_credits <> COALESCE(SUM(l.pending_credits), 0)
        """,
    ),
    (
        "2 the statement of account {} breaks at entry {}",
        """
        SELECT holder_id, sequence FROM (
         SELECT holder_id, sequence, amount, balance_after, booked_on,
          LAG(balance_after, 1, 0) OVER w AS balance_before,
          LAG(booked_on, 1, 0) OVER w AS booked_before, ROW_NUMBER() OVER w AS place
         FROM ledger_entry WHERE NOT is_pending
         WINDOW w AS (PARTITION BY holder_id ORDER BY sequence)) s
        WHERE balance_after <> balance_before + amount OR place <> sequence
         OR booked_on < booked_before
        """,
    ),
    (
        "2 account {} has {} entries on its statement, not {}",
        """
        SELECT a.id, COALESCE(n, 0), a.sequence FROM ledger_account a
        LEFT JOIN (SELECT holder_id, COUNT(*) n FROM ledger_entry
        WHERE NOT is_pending
        GROUP BY holder_id) e ON e.holder_id = a.id
        WHERE a.parent_id IS NULL AND a.sequence <> COALESCE(n, 0)
        """,
    ),
    (
        "2 entry {} of transaction {} stands on another account's statement",
        """
        SELECT e.line, e.transaction_id FROM ledger_entry e
        JOIN ledger_account a ON a.id = e.account_id
        WHERE NOT e.is_pending AND e.holder_id <> COALESCE(a.parent_id, a.id)
        """,
    ),
    (
        "3 account {} breaks its floor or ceiling",
        """
        SELECT id FROM ledger_account
        WHERE (floor IS NOT NULL AND normal * (posted_debits - posted_credits) - CASE WHEN normal
         = 1 THEN pending_credits ELSE pending_debits END < floor) OR (ceiling IS NOT NULL AND
         normal * (posted_debits - posted_credits) + CASE WHEN normal = 1 THEN pending_debits ELSE
         pending_credits END > ceiling)
        """,
    ),
    (
        "5 book {} has key {} twice",
        """
        SELECT book_id, request_key FROM ledger_transaction
        GROUP BY community_id, book_id, request_key HAVING COUNT(*) > 1
        """,
    ),
    (
        "6 transaction {} is reversed more than once",
        """
        SELECT reverses FROM ledger_transaction
        WHERE reverses IS NOT NULL
        GROUP BY reverses HAVING COUNT(*) > 1
        """,
    ),
    (
        "6 reversal {} is no exact mirror of {}",
        """
        SELECT r.id, r.reverses FROM ledger_transaction r
        WHERE r.reverses IS NOT NULL AND EXISTS (SELECT 1 FROM ledger_entry e
        WHERE e.transaction_id IN (r.id, r.reverses) AND e.community_id = r.community_id AND NOT
         e.is_pending
        GROUP BY e.account_id, ABS(e.amount) HAVING SUM(e.amount) <> 0)
        """,
    ),
    (
        "6 reversal {} is dated before {}",
        """
        SELECT r.id, t.id FROM ledger_transaction r
        JOIN ledger_transaction t ON t.id = r.reverses
        WHERE r.effective_on < t.effective_on
        """,
    ),
    (
        "7 hold {} is resolved more than once",
        """
        SELECT resolves FROM ledger_transaction
        WHERE resolves IS NOT NULL
        GROUP BY resolves HAVING COUNT(*) > 1
        """,
    ),
    (
        "7 hold {} is settled beyond its amount on account {}",
        """
        SELECT t.resolves, e.account_id FROM ledger_transaction t
        JOIN ledger_entry e ON e.community_id = t.community_id AND e.transaction_id = t.id AND NOT
         e.is_pending
        WHERE t.resolves IS NOT NULL
        GROUP BY t.resolves, t.community_id, e.account_id
        HAVING ABS(SUM(e.amount)) > (SELECT ABS(COALESCE(SUM(h.amount), 0)) FROM ledger_entry h
        WHERE h.community_id = t.community_id AND h.transaction_id = t.resolves AND h.account_id =
         e.account_id)
        """,
    ),
    (
        "7 what hold {} set aside is not taken back exactly by {}",
        """
        SELECT t.resolves, t.id FROM ledger_transaction t
        WHERE t.resolves IS NOT NULL AND EXISTS (SELECT 1 FROM ledger_entry e
        WHERE e.transaction_id IN (t.id, t.resolves) AND e.community_id = t.community_id AND
         e.is_pending
        GROUP BY e.account_id HAVING SUM(e.amount) <> 0)
        """,
    ),
    (
        "7 hold {} is open in the books but not on its list, or the other way round",
        """
        SELECT t.id FROM ledger_transaction t
        LEFT JOIN ledger_transaction r ON r.community_id = t.community_id AND r.resolves = t.id
        WHERE t.kind = 'hold' AND (r.id IS NULL) <> EXISTS (SELECT 1 FROM ledger_open_hold h
        WHERE h.community_id = t.community_id AND h.hold_id = t.id)
        """,
    ),
    (
        "8 transaction {} was recorded into the closed period of {}",
        """
        SELECT t.id, p.ends_on FROM ledger_period p
        JOIN ledger_transaction t ON t.community_id = p.community_id AND t.book_id = p.book_id
        WHERE p.state = 'closed' AND t.effective_on <= p.ends_on AND t.recorded_at > p.closed_at
        """,
    ),
    (
        "8 account {} had {} at the close of period {}, its entries say {}",
        """
        SELECT b.account_id, b.balance, b.period_id, COALESCE(SUM(e.amount), 0)
        FROM ledger_period_balance b JOIN ledger_period p ON p.id = b.period_id
        LEFT JOIN ledger_entry e ON e.account_id = b.account_id AND NOT e.is_pending AND
         e.effective_on <= p.ends_on
        GROUP BY b.account_id, b.balance, b.period_id
        HAVING b.balance <> COALESCE(SUM(e.amount), 0)
        """,
    ),
    (
        "8 book {} is closed through {}, its periods say {}",
        """
        SELECT b.id, b.closed_through, MAX(p.ends_on) FROM ledger_book b
        LEFT JOIN ledger_period p ON p.community_id = b.community_id AND p.book_id = b.id AND
         p.state = 'closed'
        GROUP BY b.id, b.closed_through
        HAVING COALESCE(b.closed_through, 0) <> COALESCE(MAX(p.ends_on), 0)
        """,
    ),
    (
        "9 proposal {} was carried out with {} keys of {}",
        """
        SELECT p.id, COUNT(a.person_id), y.keys FROM ledger_proposal p
        JOIN ledger_policy y ON y.id = p.policy_id
        LEFT JOIN ledger_approval a ON a.community_id = p.community_id AND a.proposal_id = p.id
         AND a.role = y.role AND a.content_hash = p.content_hash
        WHERE p.state = 'posted'
        GROUP BY p.id, y.keys HAVING COUNT(a.person_id) < y.keys
        """,
    ),
    (
        "9 the author of proposal {} approved it",
        """
        SELECT p.id FROM ledger_proposal p
        JOIN ledger_approval a ON a.community_id = p.community_id AND a.proposal_id = p.id
        WHERE a.person_id = p.author_id
        """,
    ),
    (
        "9 an approval of proposal {} is on another content",
        """
        SELECT p.id FROM ledger_proposal p
        JOIN ledger_approval a ON a.community_id = p.community_id AND a.proposal_id = p.id
        WHERE a.content_hash <> p.content_hash
        """,
    ),
    (
        "9 policy {} came without an approved proposal",
        """
        SELECT y.id FROM ledger_policy y
        LEFT JOIN ledger_proposal p ON p.id = y.proposal_id AND p.state = 'posted'
        WHERE p.id IS NULL AND (y.proposal_id IS NOT NULL OR EXISTS (SELECT 1 FROM ledger_policy o
        WHERE o.community_id = y.community_id AND o.book_id = y.book_id AND o.id < y.id
         AND o.set_at <> y.set_at))
        """,
    ),
    (
        "10 the file of voucher {} is gone, and no redaction says why",
        """
        SELECT v.id FROM ledger_voucher v
        LEFT JOIN ledger_voucher_redaction r ON r.community_id = v.community_id
         AND r.voucher_id = v.id
        WHERE r.voucher_id IS NULL AND NOT EXISTS (SELECT 1 FROM stored_file f
         WHERE f.community_id = v.community_id AND f.sha256 = v.sha256 AND f.dropped_at IS NULL)
        """,
    ),
    (
        "10 the public twin of voucher {} is gone",
        """
        SELECT v.id FROM ledger_voucher v
        WHERE v.redacted_sha256 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stored_file f
         WHERE f.community_id = v.community_id AND f.sha256 = v.redacted_sha256
         AND f.dropped_at IS NULL)
        """,
    ),
)

_BATCH = 5_000
_FIRST_DAY = 10_000_000
# The columns of a transaction that its canonical bytes repeat, by the names they have there.
_SEALED = (
    "book",
    "kind",
    "key",
    "purpose",
    "source",
    "actor",
    "on_behalf_of",
    "effective_on",
    "recorded_at",
    "reverses",
    "resolves",
    "expires_at",
)
_CONTENT = """
SELECT t.id, t.canonical, s.digest, t.book_id, t.kind, t.request_key, t.purpose, t.source,
 t.actor_id, t.on_behalf_of, t.effective_on, t.recorded_at, t.reverses, t.resolves, t.expires_at
FROM ledger_transaction t
JOIN ledger_seal s ON s.community_id = t.community_id AND s.transaction_id = t.id
WHERE t.id > ? ORDER BY t.id LIMIT ?
"""


def problems(session: Session) -> list[str]:
    """List every broken invariant of the books, in words."""
    at = db.statements(session)
    found = [sentence.format(*row) for sentence, sql in _QUERIES for row in at.all(sql)]
    return [*found, *_content_problems(at), *_proposal_problems(at)]


def _content_problems(at: Statements) -> Iterator[str]:
    """4: what is stored of each transaction is what was sealed, row by row."""
    last = 0
    while rows := at.all(_CONTENT, (last, _BATCH)):
        for row in rows:
            transaction_id, content, sealed = row[0], bytes(row[1]), bytes(row[2])
            if digest(content) != sealed:
                yield f"4 transaction {transaction_id} is not what was sealed"
            elif _facts(json.loads(content)) != _facts(dict(zip(_SEALED, row[3:], strict=True))):
                yield f"4 transaction {transaction_id} says other than what was sealed"
        last = rows[-1][0]
    yield from _line_problems(at)


def _facts(facts: dict[str, object]) -> list[object]:
    day = facts["effective_on"]
    if isinstance(day, int):
        day = clock.from_day_number(day).isoformat() if day > _FIRST_DAY else day
    return [day, *(facts[name] for name in _SEALED if name != "effective_on")]


def _line_problems(at: Statements) -> Iterator[str]:
    """4: the entries are the sealed lines; an undone hold is told by what it resolves."""
    last = 0
    while rows := at.all(
        "SELECT id, canonical FROM ledger_transaction WHERE id > ? ORDER BY id LIMIT ?",
        (last, _BATCH),
    ):
        entries = at.all(
            "SELECT transaction_id, account_id, amount, is_pending FROM ledger_entry"
            " WHERE transaction_id > ? AND transaction_id <= ? ORDER BY transaction_id, line",
            (last, rows[-1][0]),
        )
        found: dict[int, list[list[int]]] = defaultdict(list)
        kinds = {row[0]: _json(row[1]) for row in rows}
        for transaction_id, account_id, amount, is_pending in entries:
            if bool(is_pending) == (kinds[transaction_id].get("kind") == "hold"):
                found[transaction_id].append([account_id, amount])
        for transaction_id, facts in kinds.items():
            if sorted(facts.get("lines", [])) != sorted(found[transaction_id]):
                yield f"4 the lines of transaction {transaction_id} are not what was sealed"
        last = rows[-1][0]


def _json(content: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(bytes(content))
    except ValueError:
        return {}
    return found


def _proposal_problems(at: Statements) -> Iterator[str]:
    """9: the content of a proposal is what its hash says."""
    for proposal_id, content, hashed in at.all(
        "SELECT id, content, content_hash FROM ledger_proposal ORDER BY id"
    ):
        if digest(bytes(content)) != bytes(hashed):
            yield f"9 proposal {proposal_id} is not what was approved"
