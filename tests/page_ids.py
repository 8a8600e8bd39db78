"""Fills the ids of an address from what the database holds: `<int:shift_id>` with a shift's id."""

from __future__ import annotations

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from community.kernel.tables import Base, Community

# Where an argument's name is not its table's, and the column that an argument which is no id names.
TABLES: dict[str, tuple[str, str]] = {}


def find_addresses(session: Session, rule: Rule, slug: str) -> str | None:
    """Fill a rule's arguments with the newest rows of one community; None when one is missing."""
    community_id = session.scalar(select(Community.id).where(Community.slug == slug))
    values: dict[str, object] = {}
    for name in sorted(rule.arguments):
        found = slug if name == "community" else _newest(session, name, community_id)
        if found is None:
            return None
        values[name] = found
    built = rule.build(values, append_unknown=False)
    return None if built is None else built[1]


def _newest(session: Session, argument: str, community_id: int | None) -> object:
    name, column = TABLES.get(argument, (argument.removesuffix("_id"), "id"))
    table = _find_table(name)
    if table is None or column not in table.c:
        return None
    chosen = select(func.max(table.c[column]))
    if "community_id" in table.c:
        chosen = chosen.where(table.c.community_id == community_id)
    return session.scalar(chosen)


def _find_table(name: str) -> Table | None:
    tables = Base.metadata.tables
    if name in tables:
        return tables[name]
    return next((table for key, table in sorted(tables.items()) if key.endswith(f"_{name}")), None)
