"""What is held, approved and paid agrees with the books, and nobody holds both keys."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy.orm import Session

from community.kernel import codec, db
from community.kernel.db import Statements
from community.ledger import Bound
from community.trust_property.rules.matters import Fact, bound_facts

_QUERIES = (
    (
        "trust: person {} holds both keys of fund {} at once",
        """
        SELECT a.person_id, a.fund_id FROM trust_key_holder a JOIN trust_key_holder b
         ON b.fund_id = a.fund_id AND b.person_id = a.person_id AND b.side = 'committee'
        WHERE a.side = 'trustee' AND (a.until_at IS NULL OR a.until_at > b.from_at)
         AND (b.until_at IS NULL OR b.until_at > a.from_at)
        """,
    ),
    (
        "trust: matter {} is {}, its proposal is {}",
        """
        SELECT m.id, m.state, p.state FROM trust_matter m
        LEFT JOIN ledger_proposal p ON p.id = m.proposal_id
        WHERE p.id IS NULL OR p.state <>
         CASE m.state WHEN 'made' THEN 'posted' ELSE m.state END
        """,
    ),
    (
        "trust: matter {} was approved by one who held no committee key",
        """
        SELECT m.id FROM trust_matter m
        JOIN ledger_approval a ON a.community_id = m.community_id AND a.proposal_id = m.proposal_id
        WHERE NOT EXISTS (SELECT 1 FROM trust_key_holder h WHERE h.fund_id = m.fund_id
         AND h.person_id = a.person_id AND h.side = 'committee' AND h.from_at <= a.approved_at
         AND (h.until_at IS NULL OR h.until_at >= a.approved_at))
        """,
    ),
    (
        "trust: {} {} came without an approved matter",
        """
        SELECT 'rule', r.id FROM trust_rule r JOIN trust_matter m ON m.id = r.matter_id
        WHERE m.state <> 'made' OR m.kind <> 'rules'
        UNION ALL SELECT 'rate', r.id FROM trust_rate r JOIN trust_matter m ON m.id = r.matter_id
        WHERE m.state <> 'made' OR m.kind <> 'rate'
        UNION ALL SELECT 'contract', r.id FROM trust_contract r
        JOIN trust_matter m ON m.id = r.matter_id WHERE m.state <> 'made' OR m.kind <> 'contract'
        UNION ALL SELECT 'payee account', r.id FROM trust_payee_account r
        JOIN trust_matter m ON m.id = r.matter_id WHERE m.state <> 'made' OR m.kind <> 'payee'
        UNION ALL SELECT 'budget', r.id FROM trust_budget r
        JOIN trust_matter m ON m.id = r.matter_id WHERE m.state <> 'made' OR m.kind <> 'budget'
        """,
    ),
    (
        "trust: request {} is {}, and has a matter that is {}",
        """
        SELECT q.id, q.state, m.state FROM trust_request q
        JOIN trust_matter m ON m.id = q.matter_id
        WHERE NOT q.is_emergency AND m.state NOT IN (CASE q.state WHEN 'asked' THEN 'open'
         WHEN 'approved' THEN 'made' WHEN 'paid' THEN 'made' WHEN 'done' THEN 'made'
         WHEN 'rejected' THEN 'rejected' ELSE 'withdrawn' END,
         CASE q.state WHEN 'withdrawn' THEN 'made' ELSE '-' END)
        """,
    ),
    (
        "trust: request {} is {} without any hold on its line",
        """
        SELECT q.id, q.state FROM trust_request q WHERE q.state = 'asked'
         AND NOT EXISTS (SELECT 1 FROM ledger_open_hold h WHERE h.hold_id = q.hold_id)
         AND NOT EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.resolves = q.hold_id
          AND t.kind = 'expire')
        """,
    ),
    (
        "trust: request {} asks for {} fen, its versions say otherwise",
        """
        SELECT q.id, q.amount_fen FROM trust_request q LEFT JOIN trust_request_version v
         ON v.request_id = q.id AND v.version = q.version
        WHERE v.id IS NULL OR v.amount_fen <> q.amount_fen OR v.payee_id <> q.payee_id
        """,
    ),
    (
        "trust: request {} was paid {} fen of {}",
        """
        SELECT q.id, COALESCE(SUM(p.amount_fen), 0), q.amount_fen FROM trust_request q
        LEFT JOIN trust_payment p ON p.request_id = q.id AND p.returned_on IS NULL
        GROUP BY q.id, q.amount_fen, q.state
        HAVING COALESCE(SUM(p.amount_fen), 0) > q.amount_fen
         OR (q.state IN ('paid', 'done') AND COALESCE(SUM(p.amount_fen), 0) <> q.amount_fen)
         OR (q.state NOT IN ('approved', 'paid', 'done') AND COALESCE(SUM(p.amount_fen), 0) <> 0)
        """,
    ),
    (
        "trust: payment {} is not in the books as it says",
        """
        SELECT p.id FROM trust_payment p JOIN trust_bank_account k ON k.id = p.bank_account_id
        WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.community_id = p.community_id
         AND e.transaction_id = p.transaction_id AND e.account_id = k.account_id
         AND e.amount = -p.amount_fen)
        """,
    ),
    (
        "trust: the remunerations of {} in fund {} are not what the books say",
        """
        SELECT r.month / 100, r.fund_id FROM trust_remuneration r
        JOIN trust_fund f ON f.id = r.fund_id
        JOIN ledger_account a ON a.book_id = f.book_id
         AND a.path = 'remuneration/' || CAST(r.month / 100 AS VARCHAR(4))
        WHERE r.state = 'made'
        GROUP BY r.fund_id, r.month / 100, a.posted_debits, a.posted_credits
        HAVING SUM(r.amount_fen) <> a.posted_debits - a.posted_credits
        """,
    ),
)


def problems(session: Session) -> Iterator[str]:
    """Name what does not agree, and matters whose keys bind to something else than is shown."""
    at = db.statements(session)
    for sentence, sql in _QUERIES:
        for row in at.all(sql):
            yield sentence.format(*row)
    yield from _bindings(at)


def _bindings(at: Statements) -> Iterator[str]:
    rows = at.all(
        "SELECT m.id, m.kind, m.title, m.facts, m.content, m.vouchers, m.content_hash, p.content,"
        " p.content_hash FROM trust_matter m JOIN ledger_proposal p ON p.id = m.proposal_id"
        " ORDER BY m.id"
    )
    for matter_id, kind, title, facts, content, vouchers, hashed, asked, proposed in rows:
        bound = codec.load(bytes(asked).decode())
        shown = tuple(Fact(*each) for each in json.loads(facts))
        expected = bound_facts(kind, title, shown, json.loads(content))
        papers = [(each[0], each[2]) for each in json.loads(vouchers)]
        if (
            not isinstance(bound, Bound)
            or bound.facts != expected
            or [(each.title, each.sha256) for each in bound.vouchers] != papers
            or bytes(hashed) != bytes(proposed)
        ):
            yield f"trust: matter {matter_id} shows something else than its keys bind to"
