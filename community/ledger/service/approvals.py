"""Two keys (双密码): what needs approval is proposed, and carried out by the last key.

An approval binds to the hash of the whole content. The policy itself changes only by approval;
the first policy of a book is set when nobody's keys are asked for yet.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from community.kernel import clock, codec, db
from community.kernel.actor import Actor
from community.kernel.db import Statements
from community.kernel.errors import KeyReused
from community.ledger.errors import (
    BadPosting,
    NotYourKey,
    ProposalChanged,
    ProposalClosed,
    UnknownProposal,
    WrongRole,
)
from community.ledger.queries.policies import policy_of
from community.ledger.rules import (
    Agreement,
    Bound,
    PolicyChange,
    Posting,
    ProposalState,
    Proposed,
    Reversal,
    Settlement,
    check_posting,
    check_texts,
    digest,
)
from community.ledger.service.holds import settle_cleared
from community.ledger.service.policies import check_policy, find_book, write_policy
from community.ledger.service.posting import post_cleared, reverse_cleared
from community.ledger.service.publishing import (
    publish,
    publish_approval,
    publish_proposal,
)
from community.ledger.service.vouchers import check_voucher, keep_bound


@dataclass(frozen=True, slots=True)
class Approved:
    """What a key did: still waiting for others, or carried out as a transaction."""

    state: ProposalState
    keys_given: int
    keys_needed: int
    transaction_id: int | None


def propose(session: Session, actor: Actor, book_id: int, content: Proposed, key: str) -> int:
    """Propose a posting, a settlement, a reversal, a policy or an agreement; gives its id.

    Wrapped in `Bound`, the keys bind to its facts and vouchers too. The same key with
    the same content gives the first proposal.
    Raises: UnknownBook, BadPosting, Unbalanced, KeyReused.
    """
    at = db.statements(session)
    check_texts("proposal", "", key)
    find_book(at, actor, book_id)
    _check_content(book_id, content)
    written = codec.dump(content).encode()
    proposal_id = at.insert(
        "INSERT INTO ledger_proposal (community_id, book_id, request_key, content, content_hash,"
        " author_id, proposed_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'open')"
        " ON CONFLICT (community_id, book_id, request_key) DO NOTHING",
        (
            actor.community_id,
            book_id,
            key,
            written,
            digest(written),
            actor.person_id,
            clock.micros(clock.now()),
        ),
    )
    if proposal_id is not None:
        publish_proposal(session, actor, book_id, proposal_id, content, digest(written))
        if isinstance(content, Bound):
            keep_bound(at, actor, book_id, proposal_id, content.vouchers)
        return proposal_id
    row = at.one(
        "SELECT id, content_hash FROM ledger_proposal"
        " WHERE community_id = ? AND book_id = ? AND request_key = ?",
        (actor.community_id, book_id, key),
    )
    assert row is not None
    if bytes(row[1]) != digest(written):
        raise KeyReused
    return int(row[0])


def approve(session: Session, actor: Actor, proposal_id: int, content_hash: bytes) -> Approved:
    """Turn one's key on what one has seen; the last key needed carries the proposal out.

    The policy is the one in force now. Raises: UnknownProposal, ProposalClosed, ProposalChanged,
    NotYourKey, WrongRole, and whatever carrying it out raises.
    """
    at = db.statements(session)
    book_id, content, hashed, author_id, proposed_by_key = _open_proposal(at, actor, proposal_id)
    if content_hash != hashed:
        raise ProposalChanged
    if actor.person_id is None or actor.person_id == author_id:
        raise NotYourKey
    policy = policy_of(at, actor.community_id, book_id, content)
    if policy is not None and policy.role not in actor.roles:
        raise WrongRole
    role = "" if policy is None else policy.role
    given = at.run(
        "INSERT INTO ledger_approval (community_id, proposal_id, person_id, role, content_hash,"
        " approved_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (community_id, proposal_id, person_id) DO NOTHING",
        (
            actor.community_id,
            proposal_id,
            actor.person_id,
            role,
            hashed,
            clock.micros(clock.now()),
        ),
    )
    if given == 0:
        raise NotYourKey
    publish_approval(session, actor, book_id, proposal_id, role, hashed)
    keys = _keys_given(at, actor, proposal_id, role)
    needed = 1 if policy is None else policy.keys
    if keys < needed:
        return Approved(ProposalState.OPEN, keys, needed, None)
    policy_id = None if policy is None else policy.policy_id
    done = _carry_out(session, actor, content, proposal_id, proposed_by_key)
    at.run(
        "UPDATE ledger_proposal SET state = 'posted', policy_id = ?, transaction_id = ?,"
        " resolved_at = ? WHERE id = ? AND state = 'open'",
        (policy_id, done, clock.micros(clock.now()), proposal_id),
    )
    told = {"proposal": proposal_id, "policy": policy_id, "transaction": done}
    publish(at, actor.community_id, book_id, "ledger.carried_out", told)
    return Approved(ProposalState.POSTED, keys, needed, done)


def withdraw(session: Session, actor: Actor, proposal_id: int) -> None:
    """Withdraw one's own proposal; its approvals are void.

    Raises: UnknownProposal, ProposalClosed, WrongRole when it is somebody else's.
    """
    at = db.statements(session)
    book_id, _, _, author_id, _ = _open_proposal(at, actor, proposal_id)
    if not actor.is_system and actor.person_id != author_id:
        raise WrongRole
    at.run(
        "UPDATE ledger_proposal SET state = 'withdrawn', resolved_at = ?"
        " WHERE id = ? AND state = 'open'",
        (clock.micros(clock.now()), proposal_id),
    )
    told = {"proposal": proposal_id, "withdrawal": proposal_id}
    publish(at, actor.community_id, book_id, "ledger.withdrawal", told)


def reject(session: Session, actor: Actor, proposal_id: int) -> None:
    """Refuse somebody else's proposal with a key that could have approved it; it is closed.

    Raises: UnknownProposal, ProposalClosed, NotYourKey, WrongRole.
    """
    at = db.statements(session)
    book_id, content, _, author_id, _ = _open_proposal(at, actor, proposal_id)
    if actor.person_id is None or actor.person_id == author_id:
        raise NotYourKey
    policy = policy_of(at, actor.community_id, book_id, content)
    if policy is not None and policy.role not in actor.roles:
        raise WrongRole
    at.run(
        "UPDATE ledger_proposal SET state = 'rejected', resolved_at = ?"
        " WHERE id = ? AND state = 'open'",
        (clock.micros(clock.now()), proposal_id),
    )
    told = {"proposal": proposal_id, "rejection": proposal_id}
    publish(at, actor.community_id, book_id, "ledger.rejection", told)


def _open_proposal(
    at: Statements, actor: Actor, proposal_id: int
) -> tuple[int, Proposed, bytes, int | None, str]:
    sql = (
        "SELECT book_id, content, content_hash, author_id, request_key, state"
        " FROM ledger_proposal WHERE id = ? AND community_id = ?"
    )
    if at.is_postgres:
        sql += " FOR UPDATE"
    row = at.one(sql, (proposal_id, actor.community_id))
    if row is None:
        raise UnknownProposal
    if row[5] != ProposalState.OPEN:
        raise ProposalClosed
    content: Proposed = codec.load(bytes(row[1]).decode())
    return row[0], content, bytes(row[2]), row[3], row[4]


def _carry_out(
    session: Session, actor: Actor, content: Proposed, proposal_id: int, key: str
) -> int | None:
    if isinstance(content, Bound):
        content = content.content
    if isinstance(content, Agreement):
        return None
    if isinstance(content, Posting):
        return post_cleared(session, actor, content, proposal_id=proposal_id).transaction_id
    if isinstance(content, Settlement):
        hold_id, amount = content.hold_id, content.amount
        return settle_cleared(
            session, actor, hold_id, f"proposal:{key}", amount, proposal_id=proposal_id
        ).transaction_id
    if isinstance(content, Reversal):
        transaction_id, reason = content.transaction_id, content.reason
        key = f"proposal:{key}"
        return reverse_cleared(
            session, actor, transaction_id, reason, key, proposal_id=proposal_id
        ).transaction_id
    now = clock.micros(clock.now())
    write_policy(db.statements(session), actor, content, proposal_id, now)
    return None


def _keys_given(at: Statements, actor: Actor, proposal_id: int, role: str) -> int:
    row = at.one(
        "SELECT COUNT(*) FROM ledger_approval"
        " WHERE community_id = ? AND proposal_id = ? AND role = ?",
        (actor.community_id, proposal_id, role),
    )
    assert row is not None
    return int(row[0])


def _check_content(book_id: int, content: Proposed) -> None:
    if isinstance(content, Bound):
        for voucher in content.vouchers:
            check_voucher(voucher.title, voucher.sha256)
        content = content.content
    if isinstance(content, Posting):
        check_posting(content)
    elif isinstance(content, PolicyChange):
        check_policy(content)
    elif isinstance(content, Agreement):
        check_texts(content.purpose, content.source, "agreement")
    if isinstance(content, Posting | PolicyChange | Agreement) and content.book_id != book_id:
        raise BadPosting
