"""Which approvals a book asks for on a day, and what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from community.kernel import clock, codec
from community.kernel.db import Statements, statements
from community.ledger.errors import BadPosting, UnknownProposal
from community.ledger.rules import (
    POLICY_CHANGE,
    Agreement,
    Bound,
    PolicyChange,
    Posting,
    ProposalState,
    Proposed,
    Reversal,
    Settlement,
)

_IN_FORCE = """
SELECT id, above, keys, role FROM ledger_policy
WHERE community_id = ? AND book_id = ? AND purpose = ? AND valid_from <= ? AND first_id IS NULL
ORDER BY valid_from DESC, id DESC LIMIT 1
"""
_TIER = """
SELECT id, above, keys, role FROM ledger_policy
WHERE community_id = ? AND book_id = ? AND first_id = ? AND above < ?
ORDER BY above DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """How many people of which role must approve."""

    policy_id: int
    keys: int
    role: str


def policy_for(
    at: Statements, community_id: int, book_id: int, purpose: str, amount: int | None
) -> PolicyInForce | None:
    """Find the policy that an amount for a purpose must meet today; None when it needs no key.

    What has no amount (None) always needs it.

    A purpose's own row goes before the book's row for every purpose.
    """
    today = clock.day_number(clock.today())
    for asked in dict.fromkeys((purpose, "")):
        row = at.one(_IN_FORCE, (community_id, book_id, asked, today))
        if row is None:
            continue
        if amount is None:
            return PolicyInForce(row[0], row[2], row[3])
        if amount <= row[1]:
            return None
        row = at.one(_TIER, (community_id, book_id, row[0], amount)) or row
        return PolicyInForce(row[0], row[2], row[3])
    return None


def keys_needed(
    session: Session, community_id: int, book_id: int, purpose: str, amount: int | None
) -> int:
    """Tell how many people must approve an amount for a purpose today; 0 when nobody must."""
    policy = policy_for(statements(session), community_id, book_id, purpose, amount)
    return 0 if policy is None else policy.keys


def newest_policy(at: Statements, community_id: int, book_id: int) -> PolicyInForce | None:
    """Find a book's newest policy, whatever its purpose and day: it guards the others' change."""
    row = at.one(
        "SELECT id, keys, role FROM ledger_policy WHERE community_id = ? AND book_id = ?"
        " ORDER BY id DESC LIMIT 1",
        (community_id, book_id),
    )
    return None if row is None else PolicyInForce(*row)


def policy_of(
    at: Statements, community_id: int, book_id: int, content: Proposed
) -> PolicyInForce | None:
    """Find the policy that a content must meet; a change of policy meets the book's own."""
    if isinstance(content, Bound):
        content = content.content
    if isinstance(content, PolicyChange):
        where = (community_id, book_id)
        policy = policy_for(at, *where, POLICY_CHANGE, amount=None)
        return policy or newest_policy(at, *where)
    purpose, amount = _purpose_and_amount(at, community_id, content)
    return policy_for(at, community_id, book_id, purpose, amount)


def _purpose_and_amount(
    at: Statements, community_id: int, content: Posting | Settlement | Reversal | Agreement
) -> tuple[str, int | None]:
    if isinstance(content, Agreement):
        return content.purpose, content.amount
    if isinstance(content, Posting):
        return content.purpose, sum(line.amount for line in content.lines if line.amount > 0)
    subject = content.hold_id if isinstance(content, Settlement) else content.transaction_id
    row = at.one(
        "SELECT t.purpose, SUM(CASE WHEN e.amount > 0 THEN e.amount ELSE 0 END)"
        " FROM ledger_transaction t JOIN ledger_entry e ON e.community_id = t.community_id"
        " AND e.transaction_id = t.id WHERE t.id = ? AND t.community_id = ? GROUP BY t.purpose",
        (subject, community_id),
    )
    if row is None:
        raise BadPosting
    amount = content.amount if isinstance(content, Settlement) else None
    return row[0], int(row[1]) if amount is None else amount


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as an approver sees it; its hash is what a key binds to."""

    proposal_id: int
    book_id: int
    content: Proposed
    content_hash: bytes
    author_id: int | None
    proposed_at: datetime
    state: ProposalState
    approved_by: tuple[int, ...]
    transaction_id: int | None
    keys_needed: int


def get_proposal(session: Session, community_id: int, proposal_id: int) -> ProposalView:
    """Get a proposal.

    Raises: UnknownProposal.
    """
    at = statements(session)
    row = at.one(
        "SELECT p.id, p.book_id, p.content, p.content_hash, p.author_id, p.proposed_at, p.state,"
        " p.transaction_id, y.keys FROM ledger_proposal p"
        " LEFT JOIN ledger_policy y ON y.id = p.policy_id WHERE p.id = ? AND p.community_id = ?",
        (proposal_id, community_id),
    )
    if row is None:
        raise UnknownProposal
    approved = at.all(
        "SELECT person_id FROM ledger_approval WHERE community_id = ? AND proposal_id = ?"
        " ORDER BY approved_at, person_id",
        (community_id, proposal_id),
    )
    content: Proposed = codec.load(bytes(row[2]).decode())
    keys = row[8]
    if keys is None:
        policy = policy_of(at, community_id, row[1], content)
        keys = 1 if policy is None else policy.keys
    return ProposalView(
        row[0],
        row[1],
        content,
        bytes(row[3]),
        row[4],
        clock.from_micros(row[5]),
        ProposalState(row[6]),
        tuple(person_id for (person_id,) in approved),
        row[7],
        keys,
    )


def open_proposals(session: Session, community_id: int, book_id: int) -> tuple[ProposalView, ...]:
    """List a book's proposals that wait for keys, the oldest first."""
    rows = statements(session).all(
        "SELECT id FROM ledger_proposal WHERE community_id = ? AND state = 'open'"
        " AND book_id = ? ORDER BY proposed_at, id",
        (community_id, book_id),
    )
    return tuple(get_proposal(session, community_id, row[0]) for row in rows)


@dataclass(frozen=True, slots=True)
class VoucherView:
    """A voucher of a transaction, or of the proposal that became it."""

    voucher_id: int
    title: str
    sha256: str
    redacted_sha256: str | None
    is_redacted: bool


def vouchers_of(
    session: Session, community_id: int, transaction_id: int
) -> tuple[VoucherView, ...]:
    """List the vouchers of a transaction: its own, and those its approved proposal rested on."""
    rows = statements(session).all(
        "SELECT v.id, v.title, v.sha256, v.redacted_sha256, r.voucher_id FROM ledger_voucher v"
        " LEFT JOIN ledger_voucher_redaction r ON r.community_id = v.community_id"
        "  AND r.voucher_id = v.id"
        " WHERE v.community_id = ? AND (v.transaction_id = ? OR v.proposal_id IN ("
        "  SELECT p.id FROM ledger_proposal p WHERE p.community_id = ?"
        "  AND p.transaction_id = ?)) ORDER BY v.id",
        (community_id, transaction_id, community_id, transaction_id),
    )
    return tuple(VoucherView(row[0], row[1], row[2], row[3], row[4] is not None) for row in rows)
