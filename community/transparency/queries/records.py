"""Reading published records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from community.kernel import db
from community.transparency.errors import UnknownRecord
from community.transparency.rules.records import hidden

# Old SQLite takes no more than 999 values in a statement.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record, and its place in the log once it is sealed."""

    id: int
    kind: str
    ref: int | None
    content: bytes
    log_index: int | None

    @property
    def is_sealed(self) -> bool:
        """Tell whether it has its place in the log."""
        return self.log_index is not None

    @property
    def fields(self) -> dict[str, Any]:
        """Give what the record says."""
        found: dict[str, Any] = json.loads(self.content)
        return found


_SELECT = (
    "SELECT r.id, r.kind, r.ref, r.content, l.log_index FROM transparency_record r"
    " LEFT JOIN transparency_leaf l ON l.community_id = r.community_id AND l.record_id = r.id"
    " WHERE r.community_id = ?"
)


def get_record(session: Session, community_id: int, record_id: int) -> RecordView:
    """Give a record of the community.

    Raises: UnknownRecord.
    """
    row = db.statements(session).one(f"{_SELECT} AND r.id = ?", (community_id, record_id))
    if row is None:
        raise UnknownRecord
    return read_row(row)


def find_record(session: Session, community_id: int, kind: str, ref: int) -> RecordView | None:
    """Find the newest record of a kind about a subject."""
    row = db.statements(session).one(
        f"{_SELECT} AND r.kind = ? AND r.ref = ? ORDER BY r.id DESC LIMIT 1",
        (community_id, kind, ref),
    )
    return None if row is None else read_row(row)


def find_records(
    session: Session, community_id: int, kind: str, refs: Sequence[int]
) -> dict[int, RecordView]:
    """Find the newest record of a kind about each of some subjects."""
    found: dict[int, RecordView] = {}
    for start in range(0, len(refs), AT_ONCE):
        asked = tuple(refs[start : start + AT_ONCE])
        places = ", ".join("?" * len(asked))
        rows = db.statements(session).all(
            f"{_SELECT} AND r.kind = ? AND r.ref IN ({places}) ORDER BY r.id",
            (community_id, kind, *asked),
        )
        found |= {view.ref: view for view in map(read_row, rows) if view.ref is not None}
    return found


def records_of(session: Session, community_id: int, kind: str) -> Iterator[RecordView]:
    """Give every record of a kind, the oldest first."""
    rows = db.statements(session).all(
        f"{_SELECT} AND r.kind = ? ORDER BY r.id", (community_id, kind)
    )
    return map(read_row, rows)


def list_records(
    session: Session,
    community_id: int,
    kind: str = "",
    words: str = "",
    before: int | None = None,
    most: int = 50,
) -> tuple[RecordView, ...]:
    """List records, the newest first, of one kind or with some words in them."""
    at = db.statements(session)
    contains = (
        "POSITION(CAST(? AS BYTEA) IN r.content) > 0"
        if at.is_postgres
        else ("INSTR(r.content, CAST(? AS BLOB)) > 0")
    )
    asked = ""
    values: list[object] = [community_id]
    for condition, value in (
        ("r.kind = ?", kind),
        (contains, words.encode()),
        ("r.id < ?", before),
    ):
        if value:
            asked += f" AND {condition}"
            values.append(value)
    rows = at.all(f"{_SELECT}{asked} ORDER BY r.id DESC LIMIT ?", (*values, most))
    return tuple(read_row(row) for row in rows)


def kinds_of(session: Session, community_id: int) -> tuple[str, ...]:
    """Name the kinds of records there are; each is one step through the index."""
    at = db.statements(session)
    found: list[str] = []
    while True:
        row = at.one(
            "SELECT MIN(kind) FROM transparency_record WHERE community_id = ? AND kind > ?",
            (community_id, found[-1] if found else ""),
        )
        if row is None or row[0] is None:
            return tuple(found)
        found.append(row[0])


def find_hidden(session: Session, community_id: int, value: str) -> str | None:
    """Tell what a hidden value looks like in records; None once its salt is erased."""
    row = db.statements(session).one(
        "SELECT salt FROM transparency_salt WHERE community_id = ? AND value = ?",
        (community_id, value),
    )
    return None if row is None else hidden(bytes(row[0]), value.encode())


def read_row(row: tuple[Any, ...]) -> RecordView:
    """Read one row of a record."""
    return RecordView(row[0], row[1], row[2], bytes(row[3]), row[4])
