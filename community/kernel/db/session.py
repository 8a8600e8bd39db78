"""The session a command receives, and the few raw statements of the hot path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NoReturn

from sqlalchemy import CursorResult
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase

RAW = "statements"


class CommandSession(Session):
    """A fresh session for one command; the writer alone begins and ends transactions."""

    def commit(self) -> NoReturn:
        """Refuse: the writer commits, and answers only afterwards."""
        raise AssertionError("a command never commits; kernel.db.write does")

    def begin(self, nested: bool = False) -> NoReturn:  # noqa: FBT002  SQLAlchemy's own
        """Refuse: the writer begins transactions."""
        raise AssertionError("a command never opens a transaction; kernel.db.write does")

    def begin_nested(self) -> NoReturn:
        """Refuse: a command is one savepoint already."""
        raise AssertionError("a command never opens a savepoint; kernel.db.write does")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows to insert into a table: its columns with PostgreSQL's types, and what follows."""

    table: str
    types: dict[str, str]
    suffix: str = ""
    insert: str = field(init=False)
    insert_arrays: str = field(init=False)

    def __post_init__(self) -> None:
        """Make the statements once."""
        start = f"INSERT INTO {self.table} ({', '.join(self.types)})"
        marks = ", ".join("?" * len(self.types))
        arrays = ", ".join(f"CAST(? AS {each}[])" for each in self.types.values())
        object.__setattr__(self, "insert", f"{start} VALUES ({marks}) {self.suffix}")
        from_arrays = f"{start} SELECT * FROM unnest({arrays}) {self.suffix}"  # noqa: S608  names of ours
        object.__setattr__(self, "insert_arrays", from_arrays)


class Statements:
    """Raw statements inside a session's transaction, with `?` for parameters on both databases.

    An ORM unit of work costs about 30 times the processor time of the raw statements.
    """

    __slots__ = ("_connection", "_execute", "is_postgres")

    def __init__(self, connection: Any, *, is_postgres: bool) -> None:
        """Wrap a DBAPI connection (sqlite3 or psycopg).

        `is_postgres` also tells whether guard rows must be locked: SQLite has one writer, who
        waits for nobody.
        """
        self._connection = connection
        self.is_postgres = is_postgres
        self._execute = _with_percent(connection) if is_postgres else connection.execute

    def run(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Execute and tell how many rows changed."""
        cursor = self._execute(sql, parameters)
        return int(cursor.rowcount)

    def insert(self, sql: str, parameters: Sequence[object] = ()) -> int | None:
        """Insert one row and give its id; None when `ON CONFLICT DO NOTHING` did nothing."""
        if self.is_postgres:
            row = self.one(sql + " RETURNING id", parameters)
            return None if row is None else int(row[0])
        # Not RETURNING: SQLite then journals the statement apart, which costs more than it does.
        cursor = self._execute(sql, parameters)
        return int(cursor.lastrowid) if cursor.rowcount else None

    def one(self, sql: str, parameters: Sequence[object] = ()) -> tuple[Any, ...] | None:
        """Execute and give the first row, if any."""
        row: tuple[Any, ...] | None = self._execute(sql, parameters).fetchone()
        return row

    def all(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Execute and give all rows."""
        rows: list[tuple[Any, ...]] = self._execute(sql, parameters).fetchall()
        return rows

    def many(self, sql: str, rows: Sequence[Sequence[object]]) -> int:
        """Execute once per row of parameters and tell how many rows changed."""
        cursor = self._connection.cursor()
        cursor.executemany(_percent(sql) if self.is_postgres else sql, rows)
        return int(cursor.rowcount)

    def insert_all(
        self, table: Rows, rows: Sequence[Sequence[object]], key: str = ""
    ) -> dict[Any, int]:
        """Insert many rows; with a `key` column, give the id of each row made, by that column.

        PostgreSQL takes one array a column, in one statement.
        """
        if not self.is_postgres:
            if not key:
                self.many(table.insert, rows)
                return {}
            place = list(table.types).index(key)
            made = {row[place]: self.insert(table.insert, row) for row in rows}
            return {name: made_id for name, made_id in made.items() if made_id is not None}
        columns = [list(column) for column in zip(*rows, strict=True)]
        if not key:
            self.run(table.insert_arrays, columns)
            return {}
        return dict(self.all(f"{table.insert_arrays} RETURNING {key}, id", columns))


def change(session: Session, statement: UpdateBase) -> int:
    """Execute an UPDATE or DELETE written with SQLAlchemy and tell how many rows it changed.

    By it work is claimed: `WHERE state = <what I read>`. Rows already loaded stay as they are.
    """
    done = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(done, CursorResult), "an UPDATE or DELETE"
    return int(done.rowcount)


def _with_percent(connection: Any) -> Callable[[str, Sequence[object]], Any]:
    def execute(sql: str, parameters: Sequence[object]) -> Any:
        return connection.execute(_percent(sql), parameters)

    return execute


@lru_cache(maxsize=1024)
def _percent(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


def statements(session: Session) -> Statements:
    """Give raw statements inside the session's transaction, after flushing what is pending.

    Instants are passed and come back as whole microseconds (`clock.micros`), days as YYYYMMDD,
    booleans as given.
    """
    session.flush()
    found: Statements | None = session.info.get(RAW)
    if found is not None:
        return found
    raw: Any = session.connection().connection.dbapi_connection
    return Statements(raw, is_postgres=type(raw).__module__.startswith("psycopg"))
