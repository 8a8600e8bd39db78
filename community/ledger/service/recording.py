"""The engine under every command: move the accounts, write the lines, seal.

A few fixed statements on the raw connection. Everything is read and decided before the first row
is written, so a refusal leaves nothing to undo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Rows, Statements
from community.kernel.errors import KeyReused, Refusal
from community.ledger.errors import (
    ApprovalNeeded,
    PeriodClosed,
    Unbalanced,
    UnknownAccount,
    UnknownBook,
)
from community.ledger.queries.policies import policy_for
from community.ledger.rules import (
    Facts,
    Posted,
    Posting,
    TransactionKind,
    digest,
    record_bytes,
)
from community.ledger.service.held import (
    Held,
    Movement,
    has_expired_holds,
    hold_accounts,
    move_all,
    write_all,
)
from community.ledger.service.open_holds import (
    find_expired_holds,
    note_next_expiry,
    take_open_hold,
)
from community.ledger.service.publishing import publish_transaction

TRANSACTION = Rows(
    "ledger_transaction",
    {
        "community_id": "bigint",
        "book_id": "bigint",
        "kind": "text",
        "request_key": "text",
        "request_hash": "bytea",
        "purpose": "text",
        "source": "text",
        "actor_id": "bigint",
        "on_behalf_of": "bigint",
        "effective_on": "bigint",
        "recorded_at": "bigint",
        "reverses": "bigint",
        "resolves": "bigint",
        "expires_at": "bigint",
        "canonical": "bytea",
    },
    "ON CONFLICT (community_id, book_id, request_key) DO NOTHING",
)
ENTRY = Rows(
    "ledger_entry",
    {
        "community_id": "bigint",
        "transaction_id": "bigint",
        "line": "bigint",
        "account_id": "bigint",
        "amount": "bigint",
        "is_pending": "boolean",
        "effective_on": "bigint",
        "booked_on": "bigint",
        "holder_id": "bigint",
        "sequence": "bigint",
        "balance_after": "bigint",
    },
)
SEAL = Rows(
    "ledger_seal", {"transaction_id": "bigint", "community_id": "bigint", "digest": "bytea"}
)
_FIRST = """
SELECT request_hash, id, effective_on, recorded_at FROM ledger_transaction
WHERE community_id = ? AND book_id = ? AND request_key = ?
"""


@dataclass(slots=True)
class Recording:
    """One transaction being written."""

    at: Statements
    actor: Actor
    posting: Posting
    movements: Sequence[Movement]
    facts: Facts
    hashed: bytes
    held: dict[int, Held]
    today: int
    effective: int


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
    proposal_id: int | None = None,
) -> Posted:
    """Write one transaction whole: its row, the counters, the lines and the seal.

    The same key with the same hash answers the first result and writes nothing. `is_cleared`
    tells that no approval is needed, or that all are given.
    """
    at = db.statements(session)
    account_ids = [movement.account_id for movement in movements]
    held = hold_accounts(at, actor.community_id, posting.book_id, account_ids)
    # Under the locks: what waited for them must not be judged by an earlier clock.
    now = clock.now()
    micros = clock.micros(now)
    if _released_expired(session, actor, movements, held, micros):
        held = hold_accounts(at, actor.community_id, posting.book_id, account_ids)
    today = clock.day_of(now)
    effective_on = posting.effective_on or today
    ends = None if expires_at is None else clock.micros(expires_at)
    links = (reverses, resolves, ends)
    facts = Facts(
        kind.value, actor.person_id, actor.on_behalf_of, effective_on, micros, *links, proposal_id
    )
    days = (clock.day_number(today), clock.day_number(effective_on))
    recording = Recording(at, actor, posting, movements, facts, hashed, held, *days)
    refusal = find_refusal(recording, is_cleared=is_cleared)
    transaction_id = None if refusal is not None else _write(recording)
    if transaction_id is None:
        # A repeated key is answered even when what it once did would now be refused.
        found = first_answer(at, actor, posting.book_id, posting.key, hashed)
        if found is not None:
            return found
        assert refusal is not None, "the key was taken, and free"
        raise refusal
    return Posted(transaction_id, effective_on, now)


def find_refusal(recording: Recording, *, is_cleared: bool) -> Refusal | None:
    """Tell the first refusal, in their fixed order, and move the accounts in memory."""
    posting, held = recording.posting, recording.held
    missing = [each.account_id for each in recording.movements if each.account_id not in held]
    if missing:
        where = (posting.book_id, recording.actor.community_id)
        sql = "SELECT 1 FROM ledger_book WHERE id = ? AND community_id = ?"
        known = recording.at.one(sql, where) is not None
        return UnknownAccount(account=missing[0]) if known else UnknownBook()
    book = held[recording.movements[0].account_id]
    through = book.closed_through or 0
    if not posting.is_adjusting and book.soft_closed_through is not None:
        through = max(through, book.soft_closed_through)
    if recording.effective <= through:
        return PeriodClosed(day=recording.facts.effective_on.isoformat())
    if book.has_policy and not is_cleared:
        amount = sum(line.amount for line in posting.lines if line.amount > 0)
        where = (recording.actor.community_id, posting.book_id)
        policy = policy_for(recording.at, *where, posting.purpose, amount)
        if policy is not None:
            return ApprovalNeeded(keys=policy.keys)
    refusal = _unbalanced(recording)
    return refusal or move_all(recording.at, held, recording.movements, recording.today)


def _unbalanced(recording: Recording) -> Refusal | None:
    """Refuse lines that do not add up to zero within each unit."""
    units = {account.unit for account in recording.held.values()}
    for unit in units if len(units) > 1 else ():
        total = sum(
            each.posted + each.pending
            for each in recording.movements
            if recording.held[each.account_id].unit == unit
        )
        if total:
            return Unbalanced(difference=abs(total))
    return None


def _write(recording: Recording) -> int | None:
    """Write the rows; None when the key was used before."""
    at, community_id = recording.at, recording.actor.community_id
    content = record_bytes(recording.posting, recording.facts)
    transaction_id = at.insert(TRANSACTION.insert, transaction_row(recording, content))
    if transaction_id is None:
        return None
    head = (community_id, transaction_id)
    entries = [head + row for row in entry_rows(recording)]
    write_all(at, recording.held)
    at.insert_all(ENTRY, entries)
    at.run(SEAL.insert, (transaction_id, community_id, digest(content)))
    publish_recorded(recording, transaction_id, content)
    return transaction_id


def publish_recorded(recording: Recording, transaction_id: int, sealed: bytes) -> None:
    """Tell the public log a transaction that is sealed, if its book is public."""
    held, movements = recording.held, recording.movements
    if held[movements[0].account_id].public_as is not None:
        publish_transaction(
            recording.at,
            recording.actor.community_id,
            transaction_id,
            recording.posting.book_id,
            recording.facts,
            sealed,
            movements,
            held,
        )


def transaction_row(recording: Recording, content: bytes) -> tuple[object, ...]:
    """Give the values of the transaction itself."""
    actor, posting, facts = recording.actor, recording.posting, recording.facts
    return (
        actor.community_id,
        posting.book_id,
        facts.kind,
        posting.key,
        recording.hashed,
        posting.purpose,
        posting.source,
        facts.actor_id,
        facts.on_behalf_of,
        recording.effective,
        facts.recorded_at,
        facts.reverses,
        facts.resolves,
        facts.expires_at,
        content,
    )


def entry_rows(recording: Recording) -> list[tuple[object, ...]]:
    """Give the values of all entries after community and transaction."""
    held = recording.held
    effective, today = recording.effective, recording.today
    rows: list[tuple[object, ...]] = []
    line = 0
    for movement in recording.movements:
        for amount in (movement.pending, -movement.undone):
            if amount:
                line += 1
                what = (line, movement.account_id, amount, True, effective, today)
                rows.append((*what, None, None, None))
        posted = movement.posted
        if posted:
            line += 1
            account = held[movement.account_id]
            holder = account if account.parent_id is None else held[account.parent_id]
            holder.place += 1
            holder.balance += posted
            if effective != holder.booked_on:
                late = _days_between(effective, holder.booked_on)
                holder.late_days = max(holder.late_days, late)
                holder.early_days = max(holder.early_days, -late)
            what = (line, movement.account_id, posted, False, effective, holder.booked_on)
            rows.append((*what, holder.account_id, holder.place, holder.balance))
    return rows


def _days_between(first: int, last: int) -> int:
    return (clock.from_day_number(last) - clock.from_day_number(first)) // timedelta(days=1)


def _released_expired(
    session: Session,
    actor: Actor,
    movements: Sequence[Movement],
    held: dict[int, Held],
    now: int,
) -> bool:
    """Release the expired holds of the accounts; tell whether there were any.

    Freeing a hold never hurts, so it does not wait for other holds to be freed.
    """
    if not has_expired_holds(held, now):
        return False
    if not any(movement.posted or movement.pending for movement in movements):
        return False
    at = db.statements(session)
    expired = {
        hold_id
        for account_id in held
        for hold_id in find_expired_holds(at, actor.community_id, account_id, now)
    }
    for hold_id in sorted(expired):
        expire_hold(session, actor, hold_id)
    return True


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
