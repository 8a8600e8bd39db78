"""Points and coins that expire: kept by month of expiry, the oldest spent first."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Statements
from community.ledger.errors import InsufficientBalance, UnknownBook
from community.ledger.rules import (
    LOT_UNIT,
    AccountType,
    BookKind,
    Line,
    Posted,
    Posting,
    check_amount,
    check_texts,
    credit,
    debit,
    digest,
    lot_end,
    lot_path,
    owner_path,
    take_oldest,
)
from community.ledger.service.accounts import ensure_account, ensure_lot, ensure_summary
from community.ledger.service.holds import hold_lines
from community.ledger.service.posting import post, post_cleared
from community.ledger.service.recording import expire_hold, first_answer

EXPIRED_PATH = "expired"

# Oldest first; what never expires is spent last.
_LOTS = """
SELECT l.id, l.posted_credits - l.posted_debits - l.pending_debits, l.expires_on
FROM ledger_account l JOIN ledger_account s ON s.id = l.parent_id
WHERE s.community_id = ? AND s.book_id = ? AND s.path = ? AND l.community_id = s.community_id
ORDER BY COALESCE(l.expires_on, 99991231), l.id
"""
_EXPIRED_LOTS = """
SELECT id, owner, unit, posted_credits - posted_debits - pending_debits, expires_on
FROM ledger_account WHERE community_id = ? AND book_id = ? AND parent_id IS NOT NULL
 AND expires_on < ? AND posted_credits - posted_debits - pending_debits > 0
ORDER BY id LIMIT ?
"""


def earn_lot(  # noqa: PLR0917  the door's agreed order
    session: Session,
    actor: Actor,
    book_id: int,
    owner: str,
    amount: int,
    expires_on: date | None,
    source_account_path: str,
    purpose: str,
    source: str,
    key: str,
) -> Posted:
    """Credit an owner with an amount that expires at the end of a month (None: never).

    The same key with the same content answers the first result.
    Raises: BadPosting, UnknownBook, KeyReused, PeriodClosed, CeilingReached.
    """
    check_amount(amount)
    check_texts(purpose, source, key)
    at = db.statements(session)
    unit = _unit(at, actor, book_id)
    lot_id = _lot(at, actor, book_id, unit, owner, lot_end(expires_on))
    source_id = _counterpart(
        session, actor, book_id, unit, source_account_path, AccountType.EXPENSE
    )
    lines = (debit(source_id, amount), credit(lot_id, amount))
    return post(session, actor, Posting(book_id, lines, purpose, source, key))


def spend_lots(  # noqa: PLR0917  the door's agreed order
    session: Session,
    actor: Actor,
    book_id: int,
    owner: str,
    amount: int,
    to_account_path: str,
    purpose: str,
    source: str,
    key: str,
) -> Posted:
    """Spend an owner's amount from the oldest lots; what has expired is not spent but expires.

    The same key with the same content answers the first result.
    Raises: BadPosting, UnknownBook, KeyReused, InsufficientBalance, PeriodClosed.
    """
    check_amount(amount)
    check_texts(purpose, source, key)
    at = db.statements(session)
    hashed = digest(f"spend:{owner}:{amount}:{to_account_path}:{purpose}:{source}".encode())
    before = first_answer(at, actor, book_id, key, hashed)
    if before is not None:
        return before
    unit = _unit(at, actor, book_id)
    lines = _lines_from(session, actor, book_id, owner, amount)
    to_id = _counterpart(session, actor, book_id, unit, to_account_path, AccountType.INCOME)
    posting = Posting(book_id, (*lines, credit(to_id, amount)), purpose, source, key)
    return post_cleared(session, actor, posting, hashed=hashed, is_cleared=False)


def hold_lots(  # noqa: PLR0917  the door's agreed order
    session: Session,
    actor: Actor,
    book_id: int,
    owner: str,
    amount: int,
    to_account_path: str,
    purpose: str,
    source: str,
    key: str,
    expires_at: datetime,
) -> int:
    """Set an owner's amount aside from the oldest lots; gives the hold's id.

    Raises: as `spend_lots`.
    """
    check_amount(amount)
    check_texts(purpose, source, key)
    at = db.statements(session)
    asked = f"hold:{owner}:{amount}:{to_account_path}:{purpose}:{source}:{clock.micros(expires_at)}"
    hashed = digest(asked.encode())
    before = first_answer(at, actor, book_id, key, hashed)
    if before is not None:
        return before.transaction_id
    unit = _unit(at, actor, book_id)
    lines = _lines_from(session, actor, book_id, owner, amount)
    to_id = _counterpart(session, actor, book_id, unit, to_account_path, AccountType.INCOME)
    posting = Posting(book_id, (*lines, credit(to_id, amount)), purpose, source, key)
    return hold_lines(session, actor, posting, expires_at, hashed).transaction_id


def move_lots(  # noqa: PLR0917  the door's agreed order
    session: Session,
    actor: Actor,
    book_id: int,
    from_owner: str,
    to_owner: str,
    amount: int,
    purpose: str,
    source: str,
    key: str,
) -> Posted:
    """Give an amount to another owner, oldest lots first; each part keeps its day of expiry.

    For gifts, inheritance and merged people. Raises: as `spend_lots`.
    """
    check_amount(amount)
    check_texts(purpose, source, key)
    at = db.statements(session)
    hashed = digest(f"move:{from_owner}:{to_owner}:{amount}:{purpose}:{source}".encode())
    before = first_answer(at, actor, book_id, key, hashed)
    if before is not None:
        return before
    unit = _unit(at, actor, book_id)
    taken = _lines_from(session, actor, book_id, from_owner, amount)
    lines: list[Line] = list(taken)
    for line in taken:
        row = at.one("SELECT expires_on FROM ledger_account WHERE id = ?", (line.account_id,))
        assert row is not None
        ends_on = None if row[0] is None else clock.from_day_number(row[0])
        lines.append(credit(_lot(at, actor, book_id, unit, to_owner, ends_on), line.amount))
    posting = Posting(book_id, tuple(lines), purpose, source, key)
    return post_cleared(session, actor, posting, hashed=hashed, is_cleared=False)


def spendable(session: Session, actor: Actor, book_id: int, owner: str) -> int:
    """Tell what an owner may spend from lots now; expired holds are released on the way."""
    today = clock.day_number(clock.today())
    return sum(
        free
        for _, free, ends_on in _free_lots(session, actor, book_id, owner)
        if free > 0 and (ends_on is None or ends_on >= today)
    )


def expire_lots(session: Session, actor: Actor, book_id: int, on: date, most: int = 200) -> int:
    """Expire what is left of lots that ended before a day; gives how many lots, `most` at a time.

    What a live hold sets aside stays until the hold is resolved.
    """
    at = db.statements(session)
    _unit(at, actor, book_id)
    rows = at.all(_EXPIRED_LOTS, (actor.community_id, book_id, clock.day_number(on), most))
    for lot_id, owner, unit, left, _ in rows:
        _expire(session, actor, book_id, unit, owner, lot_id, left)
    return len(rows)


def _expire(
    session: Session, actor: Actor, book_id: int, unit: str, owner: str, lot_id: int, left: int
) -> None:
    to_id = _counterpart(session, actor, book_id, unit, EXPIRED_PATH, AccountType.INCOME)
    row = db.statements(session).one("SELECT sequence FROM ledger_account WHERE id = ?", (lot_id,))
    assert row is not None
    key = f"expire-lot:{lot_id}:{row[0]}"
    posting = Posting(book_id, (debit(lot_id, left), credit(to_id, left)), "expired", owner, key)
    post_cleared(session, Actor.system(actor.community_id), posting)


def _lines_from(
    session: Session, actor: Actor, book_id: int, owner: str, amount: int
) -> tuple[Line, ...]:
    """Make the debit lines that take an amount from an owner's lots."""
    at = db.statements(session)
    today = clock.day_number(clock.today())
    lots = _free_lots(session, actor, book_id, owner)
    for lot_id, free, ends_on in lots:
        if free > 0 and ends_on is not None and ends_on < today:
            unit = _unit(at, actor, book_id)
            _expire(session, actor, book_id, unit, owner, lot_id, free)
    alive = [
        (lot_id, free) for lot_id, free, ends_on in lots if ends_on is None or ends_on >= today
    ]
    taken = take_oldest(alive, amount)
    have = sum(part for _, part in taken)
    if have < amount:
        raise InsufficientBalance(available=have, needed=amount)
    return tuple(debit(lot_id, part) for lot_id, part in taken)


def _free_lots(
    session: Session, actor: Actor, book_id: int, owner: str
) -> list[tuple[int, int, int | None]]:
    at = db.statements(session)
    where = (actor.community_id, book_id, owner_path(owner))
    expired = at.all(
        "SELECT DISTINCT h.hold_id FROM ledger_account s JOIN ledger_open_hold h"
        " ON h.community_id = s.community_id AND h.holder_id = s.id"
        " WHERE s.community_id = ? AND s.book_id = ? AND s.path = ? AND h.expires_at <= ?",
        (*where, clock.micros(clock.now())),
    )
    for (hold_id,) in expired:
        expire_hold(session, actor, hold_id)
    return [(row[0], row[1], row[2]) for row in at.all(_LOTS, where)]


def _unit(at: Statements, actor: Actor, book_id: int) -> str:
    row = at.one(
        "SELECT kind FROM ledger_book WHERE id = ? AND community_id = ?",
        (book_id, actor.community_id),
    )
    if row is None:
        raise UnknownBook
    return LOT_UNIT[BookKind(row[0])]


def _lot(
    at: Statements, actor: Actor, book_id: int, unit: str, owner: str, ends_on: date | None
) -> int:
    path = owner_path(owner)
    summary_id = ensure_summary(at, actor, book_id, unit, owner, path)
    return ensure_lot(at, actor, book_id, unit, owner, lot_path(path, ends_on), summary_id, ends_on)


def _counterpart(
    session: Session, actor: Actor, book_id: int, unit: str, path: str, kind: AccountType
) -> int:
    """Give the account on the other side; opened without limits when there is none."""
    row = db.statements(session).one(
        "SELECT id FROM ledger_account WHERE community_id = ? AND book_id = ? AND path = ?",
        (actor.community_id, book_id, path),
    )
    if row is not None:
        return int(row[0])
    return ensure_account(session, actor, book_id, unit, path, kind, floor=None)
