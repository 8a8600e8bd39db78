"""Rows of public books against the records that told them: the same, and told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from community import transparency
from community.kernel import db
from community.kernel.db import Statements
from community.ledger.rules import BookKind

_KINDS = ", ".join(f"'{kind.value}'" for kind in BookKind if kind.is_public)
_PUBLIC = f"IN (SELECT id FROM ledger_book WHERE kind IN ({_KINDS}))"  # noqa: S608  an enum
# What a record repeats of its row, by name; days are turned into ISO text.
_ROWS = {
    "ledger.book": (
        f"SELECT id, kind, name FROM ledger_book WHERE community_id = ? AND id {_PUBLIC}",  # noqa: S608
        ("book", "book_kind", "name"),
    ),
    "ledger.account": (
        f"""
        SELECT id, book_id, unit, path, type FROM ledger_account WHERE community_id = ?
        AND book_id {_PUBLIC} AND NOT is_summary AND COALESCE(public_as, 0) = 0
        """,  # noqa: S608  as above
        ("account", "book", "unit", "path", "type"),
    ),
    "ledger.policy": (
        f"""
        SELECT id, book_id, valid_from, first_id, proposal_id FROM ledger_policy
        WHERE community_id = ? AND book_id {_PUBLIC}
        """,  # noqa: S608  as above
        ("policy", "book", "valid_from", "first", "proposal"),
    ),
    "ledger.voucher": (
        f"""
        SELECT v.id, v.transaction_id, v.proposal_id FROM ledger_voucher v
        LEFT JOIN ledger_transaction t ON t.id = v.transaction_id
        LEFT JOIN ledger_proposal p ON p.id = v.proposal_id
        WHERE v.community_id = ? AND COALESCE(t.book_id, p.book_id) {_PUBLIC}
        """,  # noqa: S608  as above
        ("voucher", "transaction", "proposal"),
    ),
    "ledger.carried_out": (
        f"""
        SELECT id, book_id, policy_id, transaction_id FROM ledger_proposal
        WHERE community_id = ? AND state = 'posted' AND book_id {_PUBLIC}
        """,  # noqa: S608  as above
        ("proposal", "book", "policy", "transaction"),
    ),
}
_DAYS = frozenset({"valid_from", "ends_on"})


def problems(session: Session) -> list[str]:
    """List what does not hold."""
    at = db.statements(session)
    found: list[str] = []
    for (community_id,) in at.all("SELECT id FROM community ORDER BY id"):
        for kind, (sql, names) in _ROWS.items():
            found += _compare(session, community_id, kind, names, at.all(sql, (community_id,)))
        found += _limits(session, at, community_id)
        found += _periods(session, at, community_id)
        found += _owners(at, community_id)
        found += _people(session, at, community_id)
    return found


def _compare(
    session: Session,
    community_id: int,
    kind: str,
    names: tuple[str, ...],
    rows: list[tuple[Any, ...]],
) -> Iterator[str]:
    kept = Counter(_plain(names, row) for row in rows)
    told = Counter(
        tuple(fields.get(name) for name in names)
        for fields in _fields(session, community_id, kind)
        if kind != "ledger.account" or fields["account"] > 0  # below are residents' groups
    )
    for row in sorted(kept - told, key=str):
        yield f"11 {names[0]} {row[0]} is not what the public log was told: {row[1:]}"
    for row in sorted(told - kept, key=str):
        yield f"11 {names[0]} {row[0]} of the public log is no row: {row[1:]}"


def _fields(session: Session, community_id: int, kind: str) -> list[dict[str, Any]]:
    return [record.fields for record in transparency.records_of(session, community_id, kind)]


def _plain(names: tuple[str, ...], row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        _day(value) if name in _DAYS else value for name, value in zip(names, row, strict=True)
    )


def _day(number: int | None) -> str | None:
    """Write a day number as ISO text, also one that is no day."""
    if number is None:
        return None
    return f"{number // 10_000:04d}-{number // 100 % 100:02d}-{number % 100:02d}"


def _limits(session: Session, at: Statements, community_id: int) -> Iterator[str]:
    """Find accounts whose limits are not the last that were told."""
    told: dict[int, tuple[Any, ...]] = {}
    for kind in ("ledger.account", "ledger.limits"):
        for fields in _fields(session, community_id, kind):
            told[fields["account"]] = (fields["floor"], fields["ceiling"])
    sql, _ = _ROWS["ledger.account"]
    limits = sql.replace("id, book_id, unit, path, type", "id, floor, ceiling", 1)
    for account_id, floor, ceiling in at.all(limits, (community_id,)):
        if told.get(account_id, (floor, ceiling)) != (floor, ceiling):
            yield f"11 account {account_id} has other limits than the public log was told"


def _periods(session: Session, at: Statements, community_id: int) -> Iterator[str]:
    """Find periods that end or stand otherwise than was told last."""
    told: dict[int, tuple[Any, ...]] = {}
    for fields in _fields(session, community_id, "ledger.period"):
        told[fields["period"]] = (fields["book"], fields["ends_on"], fields["state"])
    rows = at.all(
        "SELECT id, book_id, ends_on, state FROM ledger_period"  # noqa: S608
        f" WHERE community_id = ? AND book_id {_PUBLIC}",
        (community_id,),
    )
    for period_id, book_id, ends_on, state in rows:
        if told.pop(period_id, None) != (book_id, _day(ends_on), state):
            yield f"11 period {period_id} of book {book_id} is not what the public log was told"
    for period_id in sorted(told):
        yield f"11 period {period_id} of the public log is no row"


def _owners(at: Statements, community_id: int) -> Iterator[str]:
    """Find residents' accounts whose path is another's."""
    rows = at.all(
        "SELECT id, path, owner FROM ledger_account WHERE community_id = ? AND public_as <> 0",
        (community_id,),
    )
    for account_id, path, owner in rows:
        if owner.partition(":")[2] not in path.split("/"):
            yield f"11 account {account_id} of {owner!r} lies under the path of another"


def _people(session: Session, at: Statements, community_id: int) -> Iterator[str]:
    """Find proposals and approvals by others than the public log hides behind their hashes."""
    authors = at.all(
        f"SELECT id, author_id FROM ledger_proposal WHERE community_id = ? AND book_id {_PUBLIC}",  # noqa: S608
        (community_id,),
    )
    told = {
        fields["proposal"]: fields["author"]
        for fields in _fields(session, community_id, "ledger.proposal")
    }
    for proposal_id, author_id in authors:
        if not _is_hidden(session, community_id, proposal_id, author_id, told.get(proposal_id)):
            yield f"11 proposal {proposal_id} has another author than the public log was told"
    keys: dict[int, set[str]] = {}
    for fields in _fields(session, community_id, "ledger.approval"):
        keys.setdefault(fields["proposal"], set()).add(fields["person"])
    approvals = at.all(
        "SELECT a.proposal_id, a.person_id FROM ledger_approval a JOIN ledger_proposal p"  # noqa: S608
        f" ON p.id = a.proposal_id WHERE a.community_id = ? AND p.book_id {_PUBLIC}",
        (community_id,),
    )
    for proposal_id, person_id in approvals:
        said = keys.get(proposal_id, set())
        if not any(_is_hidden(session, community_id, proposal_id, person_id, one) for one in said):
            yield f"11 proposal {proposal_id} was approved by others than the public log was told"


def _is_hidden(
    session: Session, community_id: int, proposal_id: int, person_id: int | None, told: str | None
) -> bool:
    """Tell whether a hash hides a person; one whose salt was erased proves nothing any more."""
    if person_id is None or told is None:
        return person_id is None and told is None
    value = f"proposal:{proposal_id}|person:{person_id}"
    hashed = transparency.find_hidden(session, community_id, value)
    return hashed == told or (hashed is None and _is_erased(session, community_id, proposal_id))


def _is_erased(session: Session, community_id: int, proposal_id: int) -> bool:
    """Tell whether a salt of the proposal was erased (the right to be forgotten)."""
    at = db.statements(session)
    start = f"proposal:{proposal_id}|person:"
    kept = at.one(
        "SELECT COUNT(*) FROM transparency_salt WHERE community_id = ? AND value LIKE ?",
        (community_id, f"{start}%"),
    )
    named = {
        fields["author"]
        for fields in _fields(session, community_id, "ledger.proposal")
        if fields["proposal"] == proposal_id
    }
    named |= {
        fields["person"]
        for fields in _fields(session, community_id, "ledger.approval")
        if fields["proposal"] == proposal_id
    }
    return kept is None or int(kept[0]) < len(named - {None})
