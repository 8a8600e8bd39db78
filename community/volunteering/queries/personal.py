"""Everything volunteering holds about a person; columns naming people are found by themselves."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Column, or_, select
from sqlalchemy.orm import Session

from community.kernel.tables import Base
from community.volunteering import models as _models  # noqa: F401  its tables

ROOM = "community.volunteering.models"
PERSON = "person.id"
# Codes that open doors or papers are nobody's data but the door's.
SECRETS = frozenset({"arrival_code", "leaving_code", "code", "digest", "nonce", "secret"})


def person_tables() -> dict[type[Base], tuple[Column[Any], ...]]:
    """Give each table of the room that names people, with the columns that do."""
    found: dict[type[Base], tuple[Column[Any], ...]] = {}
    for mapper in Base.registry.mappers:
        if not mapper.class_.__module__.startswith(ROOM):
            continue
        columns = tuple(
            column
            for column in mapper.columns
            if any(key.target_fullname == PERSON for key in column.foreign_keys)
        )
        if columns:
            found[mapper.class_] = columns
    return found


def export_person(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give every row of the room that names a person, as plain values by table."""
    exported: dict[str, Any] = {}
    for table, columns in person_tables().items():
        rows = session.scalars(
            select(table)
            .where(
                table.community_id == community_id,  # type: ignore[attr-defined]  # every table's
                or_(*(column == person_id for column in columns)),
            )
            .order_by(table.id)  # type: ignore[attr-defined]  # every table's
        )
        plain = [_plain(row) for row in rows]
        if plain:
            exported[str(table.__tablename__)] = plain
    return exported


def _plain(row: Base) -> dict[str, Any]:
    return {
        name: _value(getattr(row, name))
        for name in row.__mapper__.columns.keys()  # noqa: SIM118  a column collection, no dict
        if name not in SECRETS
    }


def _value(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value
