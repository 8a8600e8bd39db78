"""Many postings of one book in a few statements: bills, imports. All or none.

Everything is decided in memory under one lock, in order, by the rules that a single post meets.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Statements
from community.kernel.errors import WriteFailed
from community.ledger.rules import Facts, Posted, Posting, TransactionKind, digest, record_bytes
from community.ledger.service.held import (
    Held,
    Movement,
    has_expired_holds,
    hold_accounts,
    write_all,
)
from community.ledger.service.recording import (
    ENTRY,
    SEAL,
    TRANSACTION,
    Recording,
    entry_rows,
    find_refusal,
    publish_recorded,
    transaction_row,
)

_KEYS_AT_ONCE = 500


def record_all(
    session: Session, actor: Actor, asked: Sequence[tuple[Posting, bytes]]
) -> tuple[Posted, ...] | None:
    """Write postings, each with the hash of what it asks; all are of one book.

    None, and nothing written, when one of them is refused, repeats a key or meets an expired hold:
    one by one each gets its own answer. Raises: WriteFailed when a key was taken meanwhile.
    """
    at = db.statements(session)
    book_id = asked[0][0].book_id
    account_ids = sorted({line.account_id for posting, _ in asked for line in posting.lines})
    held = hold_accounts(at, actor.community_id, book_id, account_ids)
    now = clock.now()
    if has_expired_holds(held, clock.micros(now)):
        return None
    keys = [posting.key for posting, _ in asked]
    if len(set(keys)) < len(keys) or _any_used(at, actor, book_id, keys):
        return None
    recordings, rows = [], []
    for posting, hashed in asked:
        recording = _recording(at, actor, posting, hashed, held)
        if find_refusal(recording, is_cleared=False) is not None:
            return None
        recordings.append(recording)
        rows.append(entry_rows(recording))
    ids = _write(at, actor, recordings, rows)
    return tuple(Posted(ids[each.posting.key], each.facts.effective_on, now) for each in recordings)


def _recording(
    at: Statements, actor: Actor, posting: Posting, hashed: bytes, held: dict[int, Held]
) -> Recording:
    now = clock.now()
    today = clock.day_of(now)
    effective_on = posting.effective_on or today
    facts = Facts(
        TransactionKind.POST.value,
        actor.person_id,
        actor.on_behalf_of,
        effective_on,
        clock.micros(now),
    )
    movements = [Movement(line.account_id, posted=line.amount) for line in posting.lines]
    days = (clock.day_number(today), clock.day_number(effective_on))
    return Recording(at, actor, posting, movements, facts, hashed, held, *days)


def _any_used(at: Statements, actor: Actor, book_id: int, keys: Sequence[str]) -> bool:
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        some = keys[start : start + _KEYS_AT_ONCE]
        marks = ",".join("?" * len(some))
        sql = (
            "SELECT 1 FROM ledger_transaction WHERE community_id = ? AND book_id = ?"  # noqa: S608  only marks are put in
            f" AND request_key IN ({marks}) LIMIT 1"
        )
        if at.one(sql, (actor.community_id, book_id, *some)) is not None:
            return True
    return False


def _write(
    at: Statements,
    actor: Actor,
    recordings: Sequence[Recording],
    rows: Sequence[Sequence[tuple[object, ...]]],
) -> dict[str, int]:
    """Write all rows, table by table; gives the transactions' ids by their keys."""
    contents = [record_bytes(each.posting, each.facts) for each in recordings]
    made = at.insert_all(
        TRANSACTION,
        [transaction_row(*each) for each in zip(recordings, contents, strict=True)],
        "request_key",
    )
    if len(made) != len(recordings):
        raise WriteFailed
    write_all(at, recordings[0].held)
    community_id = actor.community_id
    ids = [made[each.posting.key] for each in recordings]
    entries = [
        (community_id, transaction_id, *row)
        for transaction_id, lines in zip(ids, rows, strict=True)
        for row in lines
    ]
    at.insert_all(ENTRY, entries)
    seals = [
        (transaction_id, community_id, digest(content))
        for transaction_id, content in zip(ids, contents, strict=True)
    ]
    at.insert_all(SEAL, seals)
    for each, transaction_id, content in zip(recordings, ids, contents, strict=True):
        publish_recorded(each, transaction_id, content)
    return made
