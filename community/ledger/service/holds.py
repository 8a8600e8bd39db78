"""Setting an amount aside, and what becomes of it."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Statements, hot_path
from community.ledger.errors import (
    BadPosting,
    HoldExceeded,
    HoldExpired,
    HoldResolved,
    UnknownTransaction,
)
from community.ledger.rules import (
    Line,
    Posted,
    Posting,
    TransactionKind,
    asked_bytes,
    check_amount,
    check_posting,
    check_texts,
    digest,
)
from community.ledger.service.held import Movement
from community.ledger.service.open_holds import note_next_expiry, take_open_hold
from community.ledger.service.recording import (
    expire_hold,
    first_answer,
    record,
    undo_hold,
)

_OPEN = (
    "INSERT INTO ledger_open_hold"
    " (community_id, hold_id, line, account_id, holder_id, amount, expires_at)"
    " SELECT ?, ?, ?, id, COALESCE(parent_id, id), ?, ? FROM ledger_account WHERE id = ?"
)
_HOLD = (
    "SELECT book_id, kind, purpose, source, expires_at FROM ledger_transaction"
    " WHERE id = ? AND community_id = ?"
)


@hot_path
def hold(session: Session, actor: Actor, posting: Posting, expires_at: datetime) -> Posted:
    """Set a posting's amounts aside until `expires_at`; they count against floors at once.

    The same key with the same content answers the first result.
    Raises: as `post`; BadPosting when it would already be over.
    """
    check_posting(posting)
    hashed = digest(asked_bytes(f"hold:{clock.micros(expires_at)}", posting))
    return hold_lines(session, actor, posting, expires_at, hashed)


def hold_lines(
    session: Session, actor: Actor, posting: Posting, expires_at: datetime, hashed: bytes
) -> Posted:
    """Set checked lines aside under a hash of what was asked."""
    at = db.statements(session)
    if expires_at <= clock.now():
        found = first_answer(at, actor, posting.book_id, posting.key, hashed)
        if found is None:
            raise BadPosting
        return found
    movements = [Movement(line.account_id, pending=line.amount) for line in posting.lines]
    before = first_answer(at, actor, posting.book_id, posting.key, hashed)
    if before is not None:
        return before
    posted = record(
        session,
        actor,
        posting,
        movements,
        TransactionKind.HOLD,
        hashed,
        expires_at=expires_at,
        is_cleared=True,
    )
    ends = clock.micros(expires_at)
    for number, line in enumerate(posting.lines, start=1):
        at.run(
            _OPEN,
            (actor.community_id, posted.transaction_id, number, line.amount, ends, line.account_id),
        )
    note_next_expiry(at, [line.account_id for line in posting.lines])
    return posted


@hot_path
def settle(
    session: Session, actor: Actor, hold_id: int, key: str, amount: int | None = None
) -> Posted:
    """Post what a hold set aside, all of it or `amount`; the rest is freed. Once only.

    A part is taken from the hold's lines in their order, so of lots the oldest goes first.
    Raises: UnknownTransaction, KeyReused, HoldResolved, HoldExpired, HoldExceeded,
    ApprovalNeeded, PeriodClosed.
    """
    return settle_cleared(session, actor, hold_id, key, amount, is_cleared=False)


def settle_cleared(
    session: Session,
    actor: Actor,
    hold_id: int,
    key: str,
    amount: int | None = None,
    *,
    is_cleared: bool = True,
    proposal_id: int | None = None,
) -> Posted:
    """Settle what has its approvals."""
    at = db.statements(session)
    book_id, purpose, source, expires_at = _find_hold(at, actor, hold_id)
    hashed = digest(f"settle:{hold_id}:{amount}".encode())
    found = first_answer(at, actor, book_id, key, hashed)
    if found is not None:
        return found
    check_texts(purpose, source, key)
    held = _claim(at, actor, hold_id)
    if expires_at <= clock.micros(clock.now()):
        raise HoldExpired
    settled = _part(held, amount)
    lines = tuple(
        Line(account_id, part) for (account_id, _), part in zip(held, settled, strict=True) if part
    )
    movements = [
        Movement(account_id, posted=part, undone=whole)
        for (account_id, whole), part in zip(held, settled, strict=True)
    ]
    posting = Posting(book_id, lines, purpose, source, key)
    posted = record(
        session,
        actor,
        posting,
        movements,
        TransactionKind.SETTLE,
        hashed,
        resolves=hold_id,
        is_cleared=is_cleared,
        proposal_id=proposal_id,
    )
    note_next_expiry(at, [account_id for account_id, _ in held])
    return posted


@hot_path
def release(session: Session, actor: Actor, hold_id: int, key: str) -> Posted:
    """Free what a hold set aside; once only.

    Raises: UnknownTransaction, KeyReused, HoldResolved.
    """
    at = db.statements(session)
    book_id, purpose, source, _ = _find_hold(at, actor, hold_id)
    hashed = digest(f"release:{hold_id}".encode())
    found = first_answer(at, actor, book_id, key, hashed)
    if found is not None:
        return found
    check_texts(purpose, source, key)
    if not _is_open(at, actor, hold_id):
        _refuse_resolved(at, actor, hold_id)
    return undo_hold(session, actor, hold_id, TransactionKind.RELEASE, key)


def release_expired(session: Session, actor: Actor, most: int = 200) -> int:
    """Release holds of the community whose time is over; only tidies, readings ignore them.

    Returns how many it released.
    """
    at = db.statements(session)
    rows = at.all(
        "SELECT DISTINCT hold_id FROM ledger_open_hold WHERE community_id = ? AND expires_at <= ?"
        " ORDER BY hold_id LIMIT ?",
        (actor.community_id, clock.micros(clock.now()), most),
    )
    for (hold_id,) in rows:
        expire_hold(session, actor, hold_id)
    return len(rows)


def _find_hold(at: Statements, actor: Actor, hold_id: int) -> tuple[int, str, str, int]:
    row = at.one(_HOLD, (hold_id, actor.community_id))
    if row is None or row[1] != TransactionKind.HOLD:
        raise UnknownTransaction
    return row[0], row[2], row[3], row[4]


def _is_open(at: Statements, actor: Actor, hold_id: int) -> bool:
    sql = "SELECT 1 FROM ledger_open_hold WHERE community_id = ? AND hold_id = ?"
    if at.is_postgres:
        sql += " FOR UPDATE"
    return bool(at.all(sql, (actor.community_id, hold_id)))


def _claim(at: Statements, actor: Actor, hold_id: int) -> list[tuple[int, int]]:
    held = take_open_hold(at, actor.community_id, hold_id)
    if not held:
        _refuse_resolved(at, actor, hold_id)
    return held


def _refuse_resolved(at: Statements, actor: Actor, hold_id: int) -> NoReturn:
    row = at.one(
        "SELECT kind FROM ledger_transaction WHERE community_id = ? AND resolves = ?",
        (actor.community_id, hold_id),
    )
    if row is not None and row[0] == TransactionKind.EXPIRE:
        raise HoldExpired
    raise HoldResolved(how="" if row is None else row[0])


def _part(held: list[tuple[int, int]], amount: int | None) -> list[int]:
    """Tell each line's part of a settled amount: first lines first, debits and credits apart."""
    if amount is None:
        return [whole for _, whole in held]
    check_amount(amount)
    whole = sum(value for _, value in held if value > 0)
    if amount > whole:
        raise HoldExceeded(held=whole, needed=amount)
    left = {1: amount, -1: amount}
    parts = []
    for _, value in held:
        side = 1 if value > 0 else -1
        part = min(abs(value), left[side])
        left[side] -= part
        parts.append(side * part)
    return parts
