"""Publishing in the act's own transaction, and hiding what is personal."""

from __future__ import annotations

import os
from collections.abc import Mapping

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.db import Statements
from community.transparency.errors import RecordTooLong, RecordUnclear
from community.transparency.queries.place import derived_salt
from community.transparency.rules.records import (
    MOST_BYTES,
    SALT_LENGTH,
    hidden,
    record_bytes,
)

# The first of the two numbers of an advisory lock; the second is the community.
LOG_LOCK = 7_101

_INSERT = "INSERT INTO transparency_record (community_id, kind, ref, content) VALUES (?, ?, ?, ?)"
# A sealer waits for every record under way, so that none turns up behind a sealed one. The lock
# is taken in the same statement, before the row gets its number.
_INSERT_LOCKED = (
    "INSERT INTO transparency_record (community_id, kind, ref, content)"
    " SELECT ?, ?, CAST(? AS BIGINT), CAST(? AS BYTEA)"
    " FROM pg_advisory_xact_lock_shared(?, CAST(? AS INTEGER))"
)
_INSERT_SALT = (
    "INSERT INTO transparency_salt (community_id, value, salt, hidden_at) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (community_id, value) DO NOTHING"
)


def publish(
    session: Session | Statements,
    community_id: int,
    kind: str,
    fields: Mapping[str, object],
    ref: int | None = None,
) -> int:
    """Publish a record together with the act, by its session or raw statements; gives its id.

    `fields` is plain JSON without floats, days as ISO text. `ref` is the number by which
    `find_record` finds it; without one, the field named like the last word of the kind.

    Raises: RecordTooLong, RecordUnclear.
    """
    try:
        content = record_bytes(community_id, kind, clock.micros(clock.now()), fields)
    except ValueError as problem:
        raise RecordUnclear(reason=str(problem)) from problem
    if ref is None:
        named = fields.get(kind.rpartition(".")[2])
        ref = named if type(named) is int else None
    at = session if isinstance(session, Statements) else db.statements(session)
    return publish_bytes(at, community_id, kind, content, ref)


def publish_bytes(
    at: Statements, community_id: int, kind: str, content: bytes, ref: int | None = None
) -> int:
    """Publish the canonical bytes of a record as they are: the hot path; gives its id.

    Raises: RecordTooLong.
    """
    if len(content) > MOST_BYTES:
        raise RecordTooLong(size=len(content), most=MOST_BYTES)
    if at.is_postgres:
        values = (community_id, kind, ref, content, LOG_LOCK, community_id)
        record_id = at.insert(_INSERT_LOCKED, values)
    else:
        record_id = at.insert(_INSERT, (community_id, kind, ref, content))
    assert record_id is not None
    return record_id


def hide(session: Session, community_id: int, value: str) -> str:
    """Give the hexadecimal SHA-256 of a value with its salt; the same value, the same hash.

    Salt and value stay in a table of their own until `forget` erases them. Put the act before a
    person, as in `receipt:17|unit:3`, so that no two acts can be linked.
    """
    at = db.statements(session)
    return hidden(_salt(at, community_id, value, clock.micros(clock.now())), value.encode())


def hide_bytes(community_id: int, name: str, content: bytes) -> str:
    """Give the hexadecimal SHA-256 of a content with the salt derived for its name: the hot path.

    For what holds no personal words: the salt cannot be forgotten by itself.
    """
    return hidden(derived_salt(community_id, name), content)


def _salt(at: Statements, community_id: int, value: str, now_micros: int) -> bytes:
    """Give the salt of a value, drawn when there is none yet."""
    salt = os.urandom(SALT_LENGTH)
    values = (community_id, value, salt, now_micros)
    if at.run(_INSERT_SALT, values):
        return salt
    found = at.one(
        "SELECT salt FROM transparency_salt WHERE community_id = ? AND value = ?",
        (community_id, value),
    )
    assert found is not None
    return bytes(found[0])


def forget(session: Session, community_id: int, value: str) -> int:
    """Erase a hidden value and its salts, in every act that names it; tell how many.

    No proof breaks: the records keep hashes that nobody can open any more.
    """
    return db.statements(session).run(
        "DELETE FROM transparency_salt WHERE community_id = ? AND (value = ? OR value LIKE ?)",
        (community_id, value, f"%|{value}"),
    )
