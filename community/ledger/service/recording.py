"""The engine under every command: move the counters, write the lines, seal.

A few fixed statements on the raw connection. Accounts move by guarded updates, in id order, so
that on PostgreSQL two transactions never wait for each other crosswise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Statements
from community.kernel.errors import KeyReused
from community.ledger.errors import ApprovalNeeded, PeriodClosed, Unbalanced, UnknownBook
from community.ledger.queries.policies import policy_for
from community.ledger.rules import (
    Facts,
    Posted,
    Posting,
    TransactionKind,
    digest,
    record_bytes,
)
from community.ledger.service.open_holds import (
    find_expired_holds,
    note_next_expiry,
    take_open_hold,
)
from community.ledger.service.reasons import refuse_move, refuse_summary

_INSERT = """
INSERT INTO ledger_transaction
 (community_id, book_id, kind, request_key, request_hash, purpose, source, actor_id, on_behalf_of,
  effective_on, recorded_at, reverses, resolves, expires_at, canonical)
SELECT ?, id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM ledger_book
 WHERE id = ? AND community_id = ? AND (closed_through IS NULL OR closed_through < ?)
 AND (soft_closed_through IS NULL OR soft_closed_through < ? OR ?)
 AND (NOT has_policy OR ?)
ON CONFLICT (community_id, book_id, request_key) DO NOTHING RETURNING id
"""

# The natural balance after the change, less what is set aside, must stay at or above the floor;
# with what is coming in, at or below the ceiling. A change that improves matters always may.
_MOVE = """
UPDATE ledger_account SET
 posted_debits = posted_debits + ?, posted_credits = posted_credits + ?,
 pending_debits = pending_debits + ?, pending_credits = pending_credits + ?,
 sequence = sequence + ?,
 last_booked_on = CASE WHEN last_booked_on < ? THEN ? ELSE last_booked_on END
WHERE id = ? AND community_id = ? AND book_id = ? AND state = 'open'
 AND (holds_expire_at IS NULL OR holds_expire_at > ?)
 AND (floor IS NULL OR normal * (posted_debits - posted_credits + ?)
  - CASE WHEN normal = 1 THEN pending_credits + ? ELSE pending_debits + ? END >= floor)
 AND (ceiling IS NULL OR normal * (posted_debits - posted_credits + ?)
  + CASE WHEN normal = 1 THEN pending_debits + ? ELSE pending_credits + ? END <= ceiling)
RETURNING posted_debits - posted_credits, sequence, last_booked_on, unit, parent_id, is_summary
"""

_ENTRIES = """
INSERT INTO ledger_entry (community_id, transaction_id, line, account_id, amount, is_pending,
 effective_on, booked_on, holder_id, sequence, balance_after) VALUES """
_ENTRY_COLUMNS = 11
_SEAL = "INSERT INTO ledger_seal (transaction_id, community_id, digest) VALUES (?, ?, ?)"
_FIRST = """
SELECT request_hash, id, effective_on, recorded_at FROM ledger_transaction
WHERE community_id = ? AND book_id = ? AND request_key = ?
"""


@dataclass(slots=True)
class Movement:
    """What a transaction does to one account: posted and pending debits and credits."""

    account_id: int
    posted: int = 0
    pending: int = 0
    # An undone hold takes back what it added, on the side it added it.
    undone: int = 0


@dataclass(slots=True)
class Recording:
    """One transaction being written."""

    at: Statements
    session: Session
    actor: Actor
    posting: Posting
    facts: Facts
    now: int
    today: int
    is_cleared: bool
    transaction_id: int = 0


def first_answer(
    at: Statements, actor: Actor, book_id: int, key: str, hashed: bytes
) -> Posted | None:
    """Find what a request key was first answered with.

    Raises: KeyReused when the key was used for something else.
    """
    row = at.one(_FIRST, (actor.community_id, book_id, key))
    if row is None:
        return None
    if bytes(row[0]) != hashed:
        raise KeyReused
    return Posted(row[1], clock.from_day_number(row[2]), clock.from_micros(row[3]))


def record(
    session: Session,
    actor: Actor,
    posting: Posting,
    movements: Sequence[Movement],
    kind: TransactionKind,
    hashed: bytes,
    *,
    reverses: int | None = None,
    resolves: int | None = None,
    expires_at: datetime | None = None,
    is_cleared: bool = False,
) -> Posted:
    """Write one transaction whole: its row, the counters, the lines and the seal.

    The same key with the same hash answers the first result and writes nothing. `is_cleared`
    tells that no approval is needed, or that all are given.
    """
    at = db.statements(session)
    if at.is_postgres:
        _lock(at, posting.book_id, movements)
    now = clock.now()
    today = clock.day_of(now)
    facts = Facts(
        kind,
        actor.person_id,
        actor.on_behalf_of,
        posting.effective_on or today,
        now,
        reverses,
        resolves,
        expires_at,
    )
    recording = Recording(
        at, session, actor, posting, facts, clock.micros(now), clock.day_number(today), is_cleared
    )
    content = record_bytes(posting, facts)
    row = _insert(recording, content, hashed)
    if row is None:
        found = first_answer(at, actor, posting.book_id, posting.key, hashed)
        if found is not None:
            return found
        row = _insert_where_policy_allows(recording, content, hashed)
    recording.transaction_id = row[0]
    _write_lines(recording, movements)
    at.run(_SEAL, (recording.transaction_id, actor.community_id, digest(content)))
    return Posted(recording.transaction_id, facts.effective_on, now)


def _lock(at: Statements, book_id: int, movements: Sequence[Movement]) -> None:
    """Lock the book against closing and the accounts, summaries first, in id order."""
    at.one("SELECT pg_advisory_xact_lock_shared(?, ?)", (BOOK_LOCK, book_id))
    wanted = sorted({movement.account_id for movement in movements})
    marks = ",".join("?" * len(wanted))
    at.all(
        f"SELECT id FROM ledger_account WHERE id IN ({marks}) OR id IN"  # noqa: S608  marks only
        f" (SELECT parent_id FROM ledger_account WHERE id IN ({marks})) ORDER BY id FOR UPDATE",
        (*wanted, *wanted),
    )


BOOK_LOCK = 7_001


def _insert(recording: Recording, content: bytes, hashed: bytes) -> tuple[int] | None:
    posting, facts = recording.posting, recording.facts
    community_id = recording.actor.community_id
    effective = clock.day_number(facts.effective_on)
    return recording.at.one(
        _INSERT,
        (
            community_id,
            facts.kind.value,
            posting.key,
            hashed,
            posting.purpose,
            posting.source,
            facts.actor_id,
            facts.on_behalf_of,
            effective,
            recording.now,
            facts.reverses,
            facts.resolves,
            None if facts.expires_at is None else clock.micros(facts.expires_at),
            content,
            posting.book_id,
            community_id,
            effective,
            effective,
            posting.is_adjusting,
            recording.is_cleared,
        ),
    )


def _insert_where_policy_allows(recording: Recording, content: bytes, hashed: bytes) -> tuple[int]:
    """Insert what only the book's policy stopped, if that asks for no keys; else say why not."""
    at, posting = recording.at, recording.posting
    found = at.one(
        "SELECT has_policy, closed_through, soft_closed_through FROM ledger_book"
        " WHERE id = ? AND community_id = ?",
        (posting.book_id, recording.actor.community_id),
    )
    if found is None:
        raise UnknownBook
    has_policy, closed, soft_closed = found
    through = max(closed or 0, 0 if posting.is_adjusting else soft_closed or 0)
    if clock.day_number(recording.facts.effective_on) <= through:
        raise PeriodClosed(day=recording.facts.effective_on.isoformat())
    amount = sum(line.amount for line in posting.lines if line.amount > 0)
    policy = policy_for(at, recording.actor.community_id, posting.book_id, posting.purpose, amount)
    if policy is not None:
        raise ApprovalNeeded(keys=policy.keys)
    assert has_policy, "the guarded insert found no row, and no reason for it"
    recording.is_cleared = True
    row = _insert(recording, content, hashed)
    assert row is not None, "cleared and open, the row goes in"
    return row


def _write_lines(recording: Recording, movements: Sequence[Movement]) -> None:
    community_id, effective = (
        recording.actor.community_id,
        clock.day_number(recording.facts.effective_on),
    )
    sums: dict[str, int] = {}
    rows: list[object] = []
    line = 0
    for movement in movements:
        unit, holder_id, sequence, booked, balance = _move(recording, movement)
        sums[unit] = sums.get(unit, 0) + movement.posted + movement.pending
        for amount in (movement.pending, -movement.undone):
            if amount:
                line += 1
                rows += (community_id, recording.transaction_id, line, movement.account_id)
                rows += (amount, True, effective, recording.today, None, None, None)
        if movement.posted:
            line += 1
            rows += (community_id, recording.transaction_id, line, movement.account_id)
            rows += (movement.posted, False, effective, booked, holder_id, sequence, balance)
            if effective != booked:
                _note_late(recording, holder_id, booked)
    if any(sums.values()):
        raise Unbalanced(difference=max(abs(value) for value in sums.values()))
    _insert_entries(recording.at, rows, line)


def _insert_entries(at: Statements, rows: list[object], lines: int) -> None:
    if lines <= 8:
        at.run(_entries_sql(lines), rows)
        return
    width = _ENTRY_COLUMNS
    at.many(_entries_sql(1), [rows[i : i + width] for i in range(0, len(rows), width)])


@lru_cache(maxsize=8)
def _entries_sql(lines: int) -> str:
    row = "(" + ",".join("?" * _ENTRY_COLUMNS) + ")"
    return _ENTRIES + ",".join([row] * lines)


def _move(recording: Recording, movement: Movement) -> tuple[str, int, int, int, int]:
    """Move an account's counters, and its summary's; give unit and place in the statement."""
    row = _guarded_move(recording, movement.account_id, movement)
    balance, sequence, booked, unit, parent_id, is_summary = row
    if is_summary:
        refuse_summary(recording.at, movement.account_id)
    if parent_id is None:
        return unit, movement.account_id, sequence, booked, balance
    balance, sequence, booked, _, _, _ = _guarded_move(recording, parent_id, movement)
    return unit, parent_id, sequence, booked, balance


def _guarded_move(
    recording: Recording, account_id: int, movement: Movement
) -> tuple[int, int, int, str, int | None, bool]:
    posted, pending, undone = movement.posted, movement.pending, movement.undone
    debited = max(pending, 0) - max(undone, 0)
    credited = max(-pending, 0) - max(-undone, 0)
    # Freeing a hold never hurts, and must not wait for other expired holds to be freed.
    now = 0 if undone and not posted else recording.now
    parameters = (
        max(0, posted),
        max(0, -posted),
        debited,
        credited,
        1 if posted else 0,
        recording.today if posted else 0,
        recording.today,
        account_id,
        recording.actor.community_id,
        recording.posting.book_id,
        now,
        posted,
        credited,
        debited,
        posted,
        debited,
        credited,
    )
    row = recording.at.one(_MOVE, parameters)
    if row is None and _released_expired(recording, account_id):
        row = recording.at.one(_MOVE, parameters)
    if row is None:
        change = movement.posted + movement.pending
        actor, posting = recording.actor, recording.posting
        refuse_move(recording.at, actor.community_id, posting.book_id, account_id, change)
    return row


def _released_expired(recording: Recording, account_id: int) -> bool:
    """Release the expired holds of an account; tell whether there were any."""
    expired = find_expired_holds(
        recording.at, recording.actor.community_id, account_id, recording.now
    )
    for hold_id in expired:
        expire_hold(recording.session, recording.actor, hold_id)
    return bool(expired)


def expire_hold(session: Session, actor: Actor, hold_id: int) -> None:
    """Release a hold whose time is over; the product itself is the actor."""
    undo_hold(
        session,
        Actor.system(actor.community_id),
        hold_id,
        TransactionKind.EXPIRE,
        f"expire:{hold_id}",
    )


def undo_hold(
    session: Session, actor: Actor, hold_id: int, kind: TransactionKind, key: str
) -> Posted:
    """Take back all that a hold sets aside."""
    at = db.statements(session)
    lines = take_open_hold(at, actor.community_id, hold_id)
    found = at.one(
        "SELECT book_id, purpose, source FROM ledger_transaction WHERE id = ?", (hold_id,)
    )
    assert found is not None
    posting = Posting(found[0], (), found[1], found[2], key)
    movements = [Movement(account_id, undone=amount) for account_id, amount in lines]
    posted = record(
        session,
        actor,
        posting,
        movements,
        kind,
        digest(f"{kind.value}:{hold_id}".encode()),
        resolves=hold_id,
        is_cleared=True,
    )
    note_next_expiry(at, [account_id for account_id, _ in lines])
    return posted


def _note_late(recording: Recording, holder_id: int, booked: int) -> None:
    distance = abs(
        (recording.facts.effective_on - clock.from_day_number(booked)) // timedelta(days=1)
    )
    recording.at.run(
        "UPDATE ledger_account SET late_days = ? WHERE id = ? AND late_days < ?",
        (distance, holder_id, distance),
    )
