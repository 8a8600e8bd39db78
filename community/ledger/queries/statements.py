"""Statements: opening balance, entries with the balance after each, closing balance, by pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.db import Statements
from community.kernel.errors import BadInput
from community.ledger.rules import BookKind

PAGE = 50
# One transaction may take from many lots; its entries on one statement are shown as one.
_SPARE_OF_LOTS = 64

_HOLDER = """
SELECT a.id, a.normal, a.is_summary FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id
WHERE a.community_id = ? AND a.owner = ? AND a.parent_id IS NULL AND b.kind = ? AND b.name = ?
 AND (? = '' OR a.path = ?)
ORDER BY a.id
"""
_BEFORE = """
SELECT balance_after FROM ledger_entry
WHERE community_id = ? AND holder_id = ? AND booked_on < ?
ORDER BY booked_on DESC, sequence DESC LIMIT 1
"""
_UNTIL = """
SELECT balance_after FROM ledger_entry
WHERE community_id = ? AND holder_id = ? AND booked_on <= ?
ORDER BY booked_on DESC, sequence DESC LIMIT 1
"""
_COLUMNS = """
SELECT e.transaction_id, e.booked_on, e.sequence, e.amount, e.balance_after, e.effective_on,
 t.recorded_at, t.purpose, t.source, t.kind, t.reverses
FROM ledger_entry e JOIN ledger_transaction t ON t.id = e.transaction_id
WHERE e.community_id = ? AND e.holder_id = ?
"""
_FORWARD = f"""{_COLUMNS} AND (e.booked_on, e.sequence) > (?, ?) AND e.booked_on <= ?
ORDER BY e.booked_on, e.sequence LIMIT ?
"""
_BACKWARD = f"""{_COLUMNS} AND (e.booked_on, e.sequence) < (?, ?) AND e.booked_on >= ?
ORDER BY e.booked_on DESC, e.sequence DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One transaction on a statement, in the account's natural sign."""

    occurred_on: date
    recorded_at: datetime
    purpose: str
    source: str
    amount: int
    balance_after: int
    transaction_id: int
    kind: str
    reverses: int | None


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A page of a statement; `opening` and `closing` are of the whole span, not of the page."""

    opening: int
    entries: tuple[StatementEntry, ...]
    closing: int
    next_cursor: str | None


def statement(
    session: Session,
    community_id: int,
    kind: BookKind,
    owner: str,
    since: date | None,
    until: date | None,
    after: str | None = None,
    *,
    path: str = "",
    name: str = "",
    limit: int = PAGE,
    newest_first: bool = False,
) -> StatementPage:
    """Give a page of an owner's statement, both days included, in the order of booking.

    `after` is the `next_cursor` of the page before. An owner with several accounts in the book
    names one by `path`; lots are shown as one account.
    Raises: BadInput for a cursor that is not ours.
    """
    at = db.statements(session)
    rows = at.all(_HOLDER, (community_id, owner, kind.value, name, path, path))
    if not rows:
        return StatementPage(0, (), 0, None)
    assert len(rows) == 1, f"{owner} has several accounts in the book: name one by its path"
    span = (since, until)
    holder = (rows[0][0], rows[0][1], bool(rows[0][2]))
    return _statement(at, community_id, holder, span, after, limit, newest_first=newest_first)


def _statement(
    at: Statements,
    community_id: int,
    holder: tuple[int, int, bool],
    span: tuple[date | None, date | None],
    after: str | None,
    limit: int,
    *,
    newest_first: bool,
) -> StatementPage:
    holder_id, normal, is_summary = holder
    first = 0 if span[0] is None else clock.day_number(span[0])
    last = 99991231 if span[1] is None else clock.day_number(span[1])
    opening = at.one(_BEFORE, (community_id, holder_id, first))
    closing = at.one(_UNTIL, (community_id, holder_id, last))
    sql, edge = (_BACKWARD, (last + 1, 0)) if newest_first else (_FORWARD, (first, 0))
    start = edge if after is None else _read_cursor(after)
    bound = first if newest_first else last
    wanted = limit + (_SPARE_OF_LOTS if is_summary else 1)
    rows = at.all(sql, (community_id, holder_id, *start, bound, wanted))
    groups = _by_transaction(rows)
    if len(rows) == wanted and len(groups) > 1:
        # The last may go on beyond what was read; the next page shows it whole.
        groups.pop()
    shown = groups[:limit]
    more = len(groups) > limit or len(rows) == wanted
    entries = tuple(_entry(group, normal, newest_first=newest_first) for group in shown)
    cursor = f"{shown[-1][-1][1]}-{shown[-1][-1][2]}" if more and shown else None
    return StatementPage(
        normal * (opening[0] if opening else 0),
        entries,
        normal * (closing[0] if closing else 0),
        cursor,
    )


Row = tuple[int, int, int, int, int, int, int, str, str, str, int | None]


def _by_transaction(rows: list[tuple[object, ...]]) -> list[list[Row]]:
    groups: list[list[Row]] = []
    for row in rows:
        if groups and groups[-1][0][0] == row[0]:
            groups[-1].append(row)  # type: ignore[arg-type]
        else:
            groups.append([row])  # type: ignore[list-item]
    return groups


def _entry(group: list[Row], normal: int, *, newest_first: bool) -> StatementEntry:
    last = group[0] if newest_first else group[-1]
    return StatementEntry(
        clock.from_day_number(last[5]),
        clock.from_micros(last[6]),
        last[7],
        last[8],
        normal * sum(row[3] for row in group),
        normal * last[4],
        last[0],
        last[9],
        last[10],
    )


def _read_cursor(after: str) -> tuple[int, int]:
    day, _, sequence = after.partition("-")
    if not (day.isascii() and day.isdigit() and sequence.isascii() and sequence.isdigit()):
        raise BadInput
    if len(day) > 8 or len(sequence) > 18:
        raise BadInput
    return int(day), int(sequence)
