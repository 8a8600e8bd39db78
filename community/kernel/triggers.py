"""Triggers that both databases carry, made with the schema and again after migrations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sqlalchemy import Connection, Table, event

from community.kernel.tables import Base


@dataclass(frozen=True, slots=True)
class Trigger:
    """One refusal of the database, as SQL for each of the two.

    `when` is an SQL condition over OLD/NEW that both databases read alike; the trigger aborts
    with `message` when it holds. `event` is as in `BEFORE UPDATE`, e.g. "UPDATE OF amount".
    """

    name: str
    table: str
    event: str
    when: str
    message: str

    def statements(self, dialect: str) -> tuple[str, ...]:
        """Give the statements that make the trigger anew."""
        if dialect == "sqlite":
            return (
                f"DROP TRIGGER IF EXISTS {self.name}",
                (
                    f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table}"
                    f" FOR EACH ROW WHEN {self.when}"
                    f" BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
                ),
            )
        row = "OLD" if self.event.startswith("DELETE") else "NEW"
        return (
            (
                f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$"
                f" BEGIN IF {self.when} THEN RAISE EXCEPTION '{self.message}'"
                f" USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$"
            ),
            f"DROP TRIGGER IF EXISTS {self.name} ON {self.table}",
            (
                f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table}"
                f" FOR EACH ROW EXECUTE FUNCTION {self.name}()"
            ),
        )


_registry: dict[str, Trigger] = {}


def refuse(name: str, table: str, event_sql: str, when: str, message: str) -> None:
    """Register a trigger that aborts `event_sql` on `table` when the condition holds."""
    _registry[name] = Trigger(name, table, event_sql, when, message)


def append_only(table: str) -> None:
    """Refuse every UPDATE and DELETE on a table."""
    refuse(f"{table}_no_update", table, "UPDATE", "TRUE", f"{table} is append-only")
    refuse(f"{table}_no_delete", table, "DELETE", "TRUE", f"{table} is append-only")


def registered() -> tuple[Trigger, ...]:
    """List all triggers by name."""
    return tuple(_registry[name] for name in sorted(_registry))


def install(connection: Connection, table: str | None = None) -> None:
    """Make the triggers (of one table, or all) anew on a connection."""
    for trigger in registered():
        if table is None or trigger.table == table:
            for statement in trigger.statements(connection.dialect.name):
                connection.exec_driver_sql(statement)


@event.listens_for(Base.metadata, "after_create")
def _after_create(target: object, connection: Connection, **options: object) -> None:
    made = cast("list[Table]", options.get("tables") or [])
    for name in sorted(each.name for each in made):
        install(connection, name)
