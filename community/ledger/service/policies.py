"""The policies of a book: who must approve what, from a day on, in classes of amounts."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Statements
from community.ledger.errors import ApprovalNeeded, BadPosting, UnknownBook
from community.ledger.rules import PolicyChange, Tier
from community.ledger.service.publishing import publish_policy


def set_first_policy(session: Session, actor: Actor, change: PolicyChange) -> int:
    """Give a book its first policy; gives the policy's id.

    Raises: UnknownBook, BadPosting, ApprovalNeeded when the book has a policy already.
    """
    return set_first_policies(session, actor, (change,))[0]


def set_first_policies(
    session: Session, actor: Actor, changes: tuple[PolicyChange, ...]
) -> tuple[int, ...]:
    """Give a book its first policies together, one a purpose; gives their ids.

    Raises: UnknownBook, BadPosting, ApprovalNeeded when the book has a policy already.
    """
    at = db.statements(session)
    for change in changes:
        check_policy(change)
    for book_id in {change.book_id for change in changes}:
        if find_book(at, actor, book_id):
            raise ApprovalNeeded(keys=1)
    # One instant for all: that is how `checks` knows the first policies of a book.
    now = clock.micros(clock.now())
    return tuple(write_policy(at, actor, change, None, now) for change in changes)


def find_book(at: Statements, actor: Actor, book_id: int) -> bool:
    """Tell whether a book of the community has a policy.

    Raises: UnknownBook.
    """
    row = at.one(
        "SELECT has_policy FROM ledger_book WHERE id = ? AND community_id = ?",
        (book_id, actor.community_id),
    )
    if row is None:
        raise UnknownBook
    return bool(row[0])


def check_policy(change: PolicyChange) -> None:
    """Refuse a policy without keys or role, dated back, or whose tiers do not rise.

    Raises: BadPosting.
    """
    steps = (Tier(change.above, change.keys), *change.tiers)
    is_rising = all(low.above < high.above for low, high in pairwise(steps))
    has_keys = all(step.keys >= 1 and step.above >= 0 for step in steps)
    if not (is_rising and has_keys and change.role) or change.valid_from < clock.today():
        raise BadPosting


def write_policy(
    at: Statements, actor: Actor, change: PolicyChange, proposal_id: int | None, now: int
) -> int:
    """Write a policy with its tiers, set at an instant; gives the id of its first row."""
    starts: date = max(change.valid_from, clock.today())
    first_id: int | None = None
    for step in (Tier(change.above, change.keys), *change.tiers):
        made = at.insert(
            "INSERT INTO ledger_policy (community_id, book_id, purpose, above, keys, role,"
            " valid_from, first_id, proposal_id, set_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                actor.community_id,
                change.book_id,
                change.purpose,
                step.above,
                step.keys,
                change.role,
                clock.day_number(starts),
                first_id,
                proposal_id,
                now,
            ),
        )
        assert made is not None
        publish_policy(at, actor, change, step, made, starts, proposal_id, first_id)
        first_id = first_id or made
    at.run("UPDATE ledger_book SET has_policy = TRUE WHERE id = ?", (change.book_id,))
    assert first_id is not None
    return first_id
