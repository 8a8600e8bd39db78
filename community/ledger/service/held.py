"""The accounts of one transaction: read and locked once, moved in memory, written back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from community.kernel.db import Statements
from community.kernel.errors import Refusal, WriteFailed
from community.ledger.errors import (
    AccountClosed,
    CeilingReached,
    InsufficientBalance,
    SummaryAccount,
)

# The first of the two numbers of an advisory lock; the second is the book.
BOOK_LOCK = 7_001

_SELECT = """
SELECT a.id, a.parent_id, a.unit, a.normal, a.state, a.is_summary, a.floor, a.ceiling,
 a.posted_debits, a.posted_credits, a.pending_debits, a.pending_credits, a.holds_expire_at,
 a.sequence, a.last_booked_on, b.closed_through, b.soft_closed_through, b.has_policy,
 a.public_as
FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id
"""
# What was read is what is changed: under the lock this always holds, and says so if it does not.
_UPDATE = """
UPDATE ledger_account SET posted_debits = ?, posted_credits = ?, pending_debits = ?,
 pending_credits = ?, sequence = ?, last_booked_on = ?
WHERE id = ? AND posted_debits = ? AND posted_credits = ? AND pending_debits = ?
 AND pending_credits = ?
"""
_ARRAYS = ", ".join(["CAST(? AS bigint[])"] * 11)
_UPDATE_ARRAYS = f"""
UPDATE ledger_account a SET posted_debits = v.p, posted_credits = v.q, pending_debits = v.r,
 pending_credits = v.s, sequence = v.n, last_booked_on = v.d
FROM unnest({_ARRAYS}) AS v (p, q, r, s, n, d, id, bp, bq, br, bs)
WHERE a.id = v.id AND a.posted_debits = v.bp AND a.posted_credits = v.bq
 AND a.pending_debits = v.br AND a.pending_credits = v.bs
"""  # noqa: S608  only marks are put in
_UPDATE_DAYS = """
UPDATE ledger_account SET late_days = CASE WHEN late_days < ? THEN ? ELSE late_days END,
 early_days = CASE WHEN early_days < ? THEN ? ELSE early_days END WHERE id = ?
"""


@dataclass(slots=True)
class Movement:
    """What one line does to an account: posted, put on hold, or taken off hold; debits positive."""

    account_id: int
    posted: int = 0
    pending: int = 0
    undone: int = 0


class Held:
    """One account as read under the lock, and what the transaction makes of it."""

    __slots__ = (
        "account_id",
        "balance",
        "before",
        "booked_on",
        "ceiling",
        "closed_through",
        "early_days",
        "floor",
        "has_policy",
        "holds_expire_at",
        "is_changed",
        "is_summary",
        "late_days",
        "normal",
        "parent_id",
        "pending_credits",
        "pending_debits",
        "place",
        "posted_credits",
        "posted_debits",
        "public_as",
        "sequence",
        "soft_closed_through",
        "state",
        "unit",
    )

    def __init__(self, row: Sequence[object]) -> None:
        (
            self.account_id,
            self.parent_id,
            self.unit,
            self.normal,
            self.state,
            self.is_summary,
            self.floor,
            self.ceiling,
            self.posted_debits,
            self.posted_credits,
            self.pending_debits,
            self.pending_credits,
            self.holds_expire_at,
            self.sequence,
            self.booked_on,
            self.closed_through,
            self.soft_closed_through,
            self.has_policy,
            self.public_as,
        ) = row  # type: ignore[assignment]
        self.before: tuple[int, ...] = row[8:12]  # type: ignore[assignment]
        # Where its statement stands: they go on line by line, the counters all at once.
        self.place = self.sequence
        self.balance = self.posted_debits - self.posted_credits
        self.late_days = self.early_days = 0
        self.is_changed = False

    account_id: int
    parent_id: int | None
    unit: str
    normal: int
    state: str
    is_summary: bool
    floor: int | None
    ceiling: int | None
    posted_debits: int
    posted_credits: int
    pending_debits: int
    pending_credits: int
    holds_expire_at: int | None
    sequence: int
    booked_on: int
    closed_through: int | None
    soft_closed_through: int | None
    has_policy: bool
    public_as: int | None

    def move(self, movement: Movement, today: int) -> None:
        """Take a movement in."""
        posted, pending, undone = movement.posted, movement.pending, movement.undone
        if posted:
            if posted > 0:
                self.posted_debits += posted
            else:
                self.posted_credits -= posted
            self.sequence += 1
            self.booked_on = max(self.booked_on, today)
        if pending or undone:
            self.pending_debits += max(pending, 0) - max(undone, 0)
            self.pending_credits += max(-pending, 0) - max(-undone, 0)
        self.is_changed = True

    def refusal(self, at: Statements) -> Refusal | None:
        """Tell why the account does not take what was moved, in the fixed order of refusals.

        A hold that is only freed is always taken.
        """
        if self.state != "open":
            return AccountClosed(account=self.path(at))
        if self.floor is None and self.ceiling is None:
            return None
        natural = self.normal * (self.posted_debits - self.posted_credits)
        if self.normal == 1:
            aside, coming = self.pending_credits, self.pending_debits
        else:
            aside, coming = self.pending_debits, self.pending_credits
        if self.floor is not None and natural - aside < self.floor:
            had = self._available_before()
            return InsufficientBalance(
                available=max(had, 0), needed=had - (natural - aside - self.floor)
            )
        if self.ceiling is not None and natural + coming > self.ceiling:
            room = self._room_before()
            return CeilingReached(
                room=max(room, 0), needed=room + (natural + coming - self.ceiling)
            )
        return None

    def path(self, at: Statements) -> str:
        """Tell the account's path, which only a refusal needs."""
        row = at.one("SELECT path FROM ledger_account WHERE id = ?", (self.account_id,))
        assert row is not None
        return str(row[0])

    def _available_before(self) -> int:
        debits, credited, pending_debits, pending_credits = self.before
        aside = pending_credits if self.normal == 1 else pending_debits
        return self.normal * (debits - credited) - aside - (self.floor or 0)

    def _room_before(self) -> int:
        debits, credited, pending_debits, pending_credits = self.before
        coming = pending_debits if self.normal == 1 else pending_credits
        return (self.ceiling or 0) - self.normal * (debits - credited) - coming

    def after(self) -> tuple[int, ...]:
        """Give the counters and the place as they become."""
        return (
            self.posted_debits,
            self.posted_credits,
            self.pending_debits,
            self.pending_credits,
            self.sequence,
            self.booked_on,
        )

    def write_days(self, at: Statements) -> None:
        """Note how late or early an entry was booked."""
        late, early = self.late_days, self.early_days
        at.run(_UPDATE_DAYS, (late, late, early, early, self.account_id))


def hold_accounts(
    at: Statements, community_id: int, book_id: int, account_ids: Sequence[int]
) -> dict[int, Held]:
    """Read the accounts of a book, and the summaries above them, under a lock in id order.

    The book is locked against closing. Accounts that are not in the book are missing.
    """
    if at.is_postgres:
        at.one("SELECT pg_advisory_xact_lock_shared(?, ?)", (BOOK_LOCK, book_id))
        rows = at.all(
            _postgres_sql(len(account_ids)), (*account_ids, *account_ids, community_id, book_id)
        )
        return {row[0]: Held(row) for row in rows}
    if len(account_ids) == len(_PAIR):
        rows = at.all(_PAIR_SQL, (*account_ids, community_id, book_id))
    else:
        rows = at.all(_sqlite_sql(len(account_ids)), (*account_ids, community_id, book_id))
    held = {row[0]: Held(row) for row in rows}
    parents = {each.parent_id for each in held.values() if each.parent_id is not None}
    if parents:
        rows = at.all(_sqlite_sql(len(parents)), (*parents, community_id, book_id))
        held.update((row[0], Held(row)) for row in rows)
    return held


_PAIR = ("?1", "?2")
# The usual two: a list of values would be a temporary table.
_PAIR_SQL = " UNION ALL ".join(
    f"{_SELECT} WHERE a.id = {mark} AND a.community_id = ?3 AND a.book_id = ?4" for mark in _PAIR
)


@lru_cache(maxsize=64)
def _sqlite_sql(count: int) -> str:
    marks = ",".join("?" * count)
    return f"{_SELECT} WHERE a.id IN ({marks}) AND a.community_id = ? AND a.book_id = ?"


@lru_cache(maxsize=64)
def _postgres_sql(count: int) -> str:
    marks = ",".join("?" * count)
    return (
        f"{_SELECT} WHERE a.id IN (SELECT id FROM ledger_account WHERE id IN ({marks})"  # noqa: S608
        f" UNION SELECT parent_id FROM ledger_account WHERE id IN ({marks}))"
        " AND a.community_id = ? AND a.book_id = ? ORDER BY a.id FOR UPDATE OF a"
    )


def has_expired_holds(held: dict[int, Held], now: int) -> bool:
    """Tell whether a hold on one of the accounts has expired."""
    for account in held.values():
        if account.holds_expire_at is not None and account.holds_expire_at <= now:
            return True
    return False


def write_all(at: Statements, held: dict[int, Held]) -> None:
    """Write the counters of all changed accounts back at once.

    Raises: WriteFailed when somebody changed them meanwhile, which the lock forbids.
    """
    changed = [account for account in held.values() if account.is_changed]
    rows = [(*account.after(), account.account_id, *account.before) for account in changed]
    if at.is_postgres:
        columns = [list(column) for column in zip(*rows, strict=True)]
        done = at.run(_UPDATE_ARRAYS, columns)
    else:
        done = at.many(_UPDATE, rows)
    if done != len(changed):
        raise WriteFailed
    for account in changed:
        if account.late_days or account.early_days:
            account.write_days(at)


def move_all(
    at: Statements, held: dict[int, Held], movements: Iterable[Movement], today: int
) -> Refusal | None:
    """Move the accounts and the summaries above them; tell the first refusal.

    Limits are judged when all lines are in: lines of one account count together.
    """
    moved = []
    for movement in movements:
        account = held[movement.account_id]
        moved.append(account)
        if account.is_summary:
            return SummaryAccount(account=account.path(at))
        account.move(movement, today)
        if account.parent_id is not None:
            parent = held[account.parent_id]
            parent.move(movement, today)
            moved.append(parent)
    for account in moved:
        if (refusal := account.refusal(at)) is not None:
            return refusal
    return None
