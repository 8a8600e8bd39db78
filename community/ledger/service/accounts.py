"""Opening books and accounts, changing limits, closing accounts."""

from __future__ import annotations

from datetime import date
from typing import Any, NoReturn

from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Statements, hot_path
from community.ledger.errors import (
    AccountClosed,
    AccountDiffers,
    AccountNotEmpty,
    BadPosting,
    LimitBroken,
    UnknownAccount,
    UnknownBook,
)
from community.ledger.rules import UNITS, AccountType, BookKind, normal_side, public_group
from community.ledger.service.publishing import group_number, is_public

_OPEN = """
INSERT INTO ledger_account
 (community_id, book_id, unit, path, type, normal, owner, public_as, is_summary, parent_id,
  expires_on, floor, ceiling, posted_debits, posted_credits, pending_debits, pending_credits,
  sequence, last_booked_on, late_days, early_days, state, opened_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 'open', ?)
ON CONFLICT (community_id, book_id, path) DO NOTHING
"""
_FIND = """
SELECT id, unit, type, owner, is_summary FROM ledger_account
WHERE community_id = ? AND book_id = ? AND path = ?
"""
_FIND_MANY = """
SELECT id, unit, type, owner, is_summary, path FROM ledger_account
WHERE community_id = ? AND book_id = ? AND path IN ({marks})
"""


def ensure_book(session: Session, actor: Actor, kind: BookKind, name: str = "") -> int:
    """Give the id of the community's book of a kind and name, opened if there is none yet."""
    at = db.statements(session)
    sql = "SELECT id FROM ledger_book WHERE community_id = ? AND kind = ? AND name = ?"
    found = at.one(sql, (actor.community_id, kind.value, name))
    if found is None:
        opened = at.run(
            "INSERT INTO ledger_book (community_id, kind, name, has_policy, opened_at)"
            " VALUES (?, ?, ?, FALSE, ?) ON CONFLICT (community_id, kind, name) DO NOTHING",
            (actor.community_id, kind.value, name, clock.micros(clock.now())),
        )
        found = at.one(sql, (actor.community_id, kind.value, name))
        if opened and found is not None and kind.is_public:
            told = {"book": found[0], "book_kind": kind.value, "name": name}
            transparency.publish(session, actor.community_id, "ledger.book", told)
    assert found is not None
    return int(found[0])


def open_account(  # noqa: PLR0917  the door's agreed order
    session: Session,
    actor: Actor,
    book_id: int,
    unit: str,
    path: str,
    type: AccountType,  # noqa: A002  the trade's own word
    owner: str = "",
    floor: int | None = 0,
    ceiling: int | None = None,
) -> int:
    """Open an account and give its id; one that exists already, and agrees, is given as it is.

    `floor` and `ceiling` limit the natural balance, amounts on hold counted; None is no limit.
    Raises: BadPosting, UnknownBook, AccountDiffers.
    """
    return ensure_account(session, actor, book_id, unit, path, type, owner, floor, ceiling)


def ensure_account(  # noqa: PLR0917  the door's agreed order
    session: Session,
    actor: Actor,
    book_id: int,
    unit: str,
    path: str,
    type: AccountType,  # noqa: A002  the trade's own word
    owner: str = "",
    floor: int | None = 0,
    ceiling: int | None = None,
) -> int:
    """Give the id of an account, opened if there is none of that path; see `open_account`."""
    at = db.statements(session)
    found = at.one(_FIND, (actor.community_id, book_id, path))
    if found is None:
        _check_book(at, actor, book_id)
        _insert(at, actor, (book_id, unit, path, type, owner), (floor, ceiling))
        found = at.one(_FIND, (actor.community_id, book_id, path))
    assert found is not None
    return _agreed(found, unit, path, type, owner)


def ensure_accounts(
    session: Session,
    actor: Actor,
    book_id: int,
    unit: str,
    type: AccountType,  # noqa: A002  the trade's own word
    wanted: tuple[tuple[str, str], ...],
) -> tuple[int, ...]:
    """Give the ids of many accounts by (path, owner), floor 0; opened where there are none.

    One reading for all, where a bill for each of 10,000 units would ask 10,000 times.
    Raises: BadPosting, UnknownBook, AccountDiffers.
    """
    at = db.statements(session)
    _check_book(at, actor, book_id)
    sql = _FIND_MANY.format(marks=",".join("?" * len(wanted)))
    paths = tuple(path for path, _ in wanted)
    found = {row[5]: row[:5] for row in at.all(sql, (actor.community_id, book_id, *paths))}
    ids = []
    for path, owner in wanted:
        if path in found:
            ids.append(_agreed(found[path], unit, path, type, owner))
            continue
        made = _insert(at, actor, (book_id, unit, path, type, owner), (0, None))
        again = made or ensure_account(session, actor, book_id, unit, path, type, owner)
        found[path] = (again, unit, type.value, owner, False)
        ids.append(again)
    return tuple(ids)


def _agreed(found: tuple[Any, ...], unit: str, path: str, kind: AccountType, owner: str) -> int:
    account_id, had_unit, had_type, had_owner, is_summary = found
    if (had_unit, had_type, had_owner, bool(is_summary)) != (unit, kind.value, owner, False):
        raise AccountDiffers(account=path)
    return int(account_id)


def ensure_summary(
    at: Statements, actor: Actor, book_id: int, unit: str, owner: str, path: str
) -> int:
    """Give the id of the account that adds up an owner's lots."""
    found = at.one(_FIND, (actor.community_id, book_id, path))
    if found is None:
        _check_book(at, actor, book_id)
        opened = (book_id, unit, path, AccountType.LIABILITY, owner)
        _insert(at, actor, opened, (0, None), is_summary=True)
        found = at.one(_FIND, (actor.community_id, book_id, path))
    assert found is not None
    if (found[1], bool(found[4])) != (unit, True):
        raise AccountDiffers(account=path)
    return int(found[0])


def ensure_lot(
    at: Statements,
    actor: Actor,
    book_id: int,
    unit: str,
    owner: str,
    path: str,
    summary_id: int,
    ends_on: date | None,
) -> int:
    """Give the id of an owner's lot."""
    found = at.one(_FIND, (actor.community_id, book_id, path))
    if found is None:
        opened = (book_id, unit, path, AccountType.LIABILITY, owner)
        _insert(at, actor, opened, (0, None), parent_id=summary_id, ends_on=ends_on)
        found = at.one(_FIND, (actor.community_id, book_id, path))
    assert found is not None
    return int(found[0])


@hot_path
def change_limits(
    session: Session, actor: Actor, account_id: int, floor: int | None, ceiling: int | None
) -> None:
    """Change an account's floor and ceiling; the present balance must keep both.

    Raises: UnknownAccount, LimitBroken.
    """
    changed = db.statements(session).run(
        "UPDATE ledger_account SET floor = ?, ceiling = ? WHERE id = ? AND community_id = ?"
        " AND (CAST(? AS BIGINT) IS NULL OR normal * (posted_debits - posted_credits)"
        "  - CASE WHEN normal = 1 THEN pending_credits ELSE pending_debits END >= ?)"
        " AND (CAST(? AS BIGINT) IS NULL OR normal * (posted_debits - posted_credits)"
        "  + CASE WHEN normal = 1 THEN pending_debits ELSE pending_credits END <= ?)",
        (floor, ceiling, account_id, actor.community_id, floor, floor, ceiling, ceiling),
    )
    if changed == 0:
        row = _account(session, actor, account_id)
        raise LimitBroken(balance=row[3])
    at = db.statements(session)
    found = at.one("SELECT book_id, public_as FROM ledger_account WHERE id = ?", (account_id,))
    assert found is not None
    if found[1] == 0:
        told = {"book": found[0], "account": account_id, "floor": floor, "ceiling": ceiling}
        transparency.publish(at, actor.community_id, "ledger.limits", told, account_id)


@hot_path
def close_account(session: Session, actor: Actor, account_id: int) -> None:
    """Close an account that is empty and has no hold.

    Raises: UnknownAccount, AccountClosed, AccountNotEmpty.
    """
    changed = db.statements(session).run(
        "UPDATE ledger_account SET state = 'closed' WHERE id = ? AND community_id = ?"
        " AND state = 'open' AND posted_debits = posted_credits"
        " AND pending_debits = 0 AND pending_credits = 0",
        (account_id, actor.community_id),
    )
    if changed == 0:
        _refuse_close(_account(session, actor, account_id))


def _refuse_close(row: tuple[int, str, str, int]) -> NoReturn:
    if row[2] != "open":
        raise AccountClosed(account=row[1])
    raise AccountNotEmpty(account=row[1])


def _account(session: Session, actor: Actor, account_id: int) -> tuple[int, str, str, int]:
    row = db.statements(session).one(
        "SELECT id, path, state, normal * (posted_debits - posted_credits) FROM ledger_account"
        " WHERE id = ? AND community_id = ?",
        (account_id, actor.community_id),
    )
    if row is None:
        raise UnknownAccount(account=account_id)
    return row[0], row[1], row[2], row[3]


def _check_book(at: Statements, actor: Actor, book_id: int) -> None:
    found = at.one(
        "SELECT 1 FROM ledger_book WHERE id = ? AND community_id = ?",
        (book_id, actor.community_id),
    )
    if found is None:
        raise UnknownBook


def _insert(
    at: Statements,
    actor: Actor,
    opened: tuple[int, str, str, AccountType, str],
    limits: tuple[int | None, int | None],
    *,
    is_summary: bool = False,
    parent_id: int | None = None,
    ends_on: date | None = None,
) -> int | None:
    """Write an account and tell the public of it; None when somebody else was first."""
    book_id, unit, path, kind, owner = opened
    if unit not in UNITS or not 0 < len(path) <= 120 or len(owner) > 80:
        raise BadPosting
    # A summary stands in no line; it only adds up the lots below it.
    is_told = is_public(at, book_id) and not is_summary
    group, is_new = public_group(path, owner) if is_told else "", True
    public_as = 0 if is_told else None
    if group:
        public_as, is_new = group_number(at, actor.community_id, book_id, group)
    at.run(
        "INSERT INTO ledger_unit (code, scale) VALUES (?, ?) ON CONFLICT (code) DO NOTHING",
        (unit, UNITS[unit]),
    )
    account_id = at.insert(
        _OPEN,
        (
            actor.community_id,
            book_id,
            unit,
            path,
            kind.value,
            normal_side(kind),
            owner,
            public_as,
            is_summary,
            parent_id,
            None if ends_on is None else clock.day_number(ends_on),
            *limits,
            clock.micros(clock.now()),
        ),
    )
    if is_told and is_new and account_id is not None:
        floor, ceiling = (None, None) if group else limits
        told = {"book": book_id, "account": public_as or account_id, "path": group or path}
        says = {"unit": unit, "type": kind.value, "floor": floor, "ceiling": ceiling}
        transparency.publish(at, actor.community_id, "ledger.account", {**told, **says})
    return account_id
