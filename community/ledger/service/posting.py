"""Posting and reversing."""

from __future__ import annotations

from typing import Any, NoReturn

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import hot_path
from community.ledger.errors import (
    AlreadyReversed,
    AlreadySpent,
    BadPosting,
    InsufficientBalance,
    NotReversible,
    UnknownTransaction,
)
from community.ledger.rules import (
    MOST_TEXT,
    Line,
    Posted,
    Posting,
    TransactionKind,
    asked_bytes,
    check_posting,
    digest,
)
from community.ledger.service.bulk import record_all
from community.ledger.service.held import Movement
from community.ledger.service.recording import first_answer, record


@hot_path
def post(session: Session, actor: Actor, posting: Posting) -> Posted:
    """Post a transaction; the same key with the same content answers the first result.

    Raises: BadPosting, Unbalanced, KeyReused, UnknownBook, PeriodClosed, ApprovalNeeded,
    UnknownAccount, AccountClosed, SummaryAccount, InsufficientBalance, CeilingReached.
    """
    return post_cleared(session, actor, posting, is_cleared=False)


def post_cleared(
    session: Session,
    actor: Actor,
    posting: Posting,
    *,
    hashed: bytes | None = None,
    is_cleared: bool = True,
    proposal_id: int | None = None,
) -> Posted:
    """Post what has its approvals, or what the product itself posts.

    `hashed` is the hash of what was asked, where the lines were worked out from it.
    """
    check_posting(posting)
    movements = [Movement(line.account_id, posted=line.amount) for line in posting.lines]
    if hashed is None:
        hashed = digest(asked_bytes("post", posting))
    kind = TransactionKind.POST
    cleared: dict[str, Any] = {"is_cleared": is_cleared, "proposal_id": proposal_id}
    return record(session, actor, posting, movements, kind, hashed, **cleared)


@hot_path
def post_all(session: Session, actor: Actor, postings: tuple[Posting, ...]) -> tuple[Posted, ...]:
    """Post many transactions in one command, all or none: bills, imports.

    Each keeps its own key. A chunk of 200 takes about 10 ms. Raises: as `post`.
    """
    for posting in postings:
        check_posting(posting)
    if len({posting.book_id for posting in postings}) == 1:
        asked = [(posting, digest(asked_bytes("post", posting))) for posting in postings]
        posted = record_all(session, actor, asked)
        if posted is not None:
            return posted
    return tuple(post(session, actor, posting) for posting in postings)


@hot_path
def reverse(session: Session, actor: Actor, transaction_id: int, reason: str, key: str) -> Posted:
    """Reverse a transaction by its mirror, once, never dated before it.

    Raises: BadPosting, UnknownTransaction, KeyReused, NotReversible, AlreadyReversed,
    AlreadySpent when the receiver no longer has it, ApprovalNeeded, PeriodClosed.
    """
    return reverse_cleared(session, actor, transaction_id, reason, key, is_cleared=False)


def reverse_cleared(
    session: Session,
    actor: Actor,
    transaction_id: int,
    reason: str,
    key: str,
    *,
    is_cleared: bool = True,
    proposal_id: int | None = None,
) -> Posted:
    """Reverse what has its approvals."""
    at = db.statements(session)
    if not 0 < len(reason) <= MOST_TEXT:
        raise BadPosting
    row = at.one(
        "SELECT book_id, kind, purpose, effective_on FROM ledger_transaction"
        " WHERE id = ? AND community_id = ?",
        (transaction_id, actor.community_id),
    )
    if row is None:
        raise UnknownTransaction
    book_id, kind, purpose, effective_on = row
    hashed = digest(f"reverse:{transaction_id}:{reason}".encode())
    found = first_answer(at, actor, book_id, key, hashed)
    if found is not None:
        return found
    _check_reversible(session, actor, transaction_id, kind)
    entries = at.all(
        "SELECT account_id, amount FROM ledger_entry WHERE community_id = ?"
        " AND transaction_id = ? AND NOT is_pending ORDER BY line",
        (actor.community_id, transaction_id),
    )
    lines = tuple(Line(account_id, -amount) for account_id, amount in entries)
    day = max(clock.today(), clock.from_day_number(effective_on))
    posting = Posting(book_id, lines, purpose, reason, key, effective_on=day)
    movements = [Movement(line.account_id, posted=line.amount) for line in lines]
    try:
        return record(
            session,
            actor,
            posting,
            movements,
            TransactionKind.REVERSE,
            hashed,
            reverses=transaction_id,
            is_cleared=is_cleared,
            proposal_id=proposal_id,
        )
    except InsufficientBalance as refusal:
        _refuse_spent(refusal)


def _check_reversible(session: Session, actor: Actor, transaction_id: int, kind: str) -> None:
    if kind not in {TransactionKind.POST, TransactionKind.SETTLE}:
        raise NotReversible
    at = db.statements(session)
    if at.is_postgres:
        # Two reversals of one transaction wait for each other here, before either looks.
        at.one("SELECT id FROM ledger_transaction WHERE id = ? FOR UPDATE", (transaction_id,))
    done = at.one(
        "SELECT id FROM ledger_transaction WHERE community_id = ? AND reverses = ?",
        (actor.community_id, transaction_id),
    )
    if done is not None:
        raise AlreadyReversed


def _refuse_spent(refusal: InsufficientBalance) -> NoReturn:
    raise AlreadySpent(**refusal.facts) from refusal
