"""Changing one value of one row behind the application's back."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import dataclass
from pathlib import Path

# The tables of the books, and the log's own.
TABLES = (
    "ledger_unit",
    "ledger_book",
    "ledger_account",
    "ledger_transaction",
    "ledger_entry",
    "ledger_seal",
    "ledger_period",
    "ledger_period_balance",
    "ledger_policy",
    "ledger_proposal",
    "ledger_approval",
    "ledger_voucher",
    "transparency_record",
    "transparency_leaf",
    "transparency_tile",
    "transparency_log_key",
    "transparency_checkpoint",
)
# What a change of it is told by: the columns that name a row in a sentence.
NAMES = {
    "ledger_unit": ("code",),
    "ledger_entry": ("transaction_id", "account_id"),
    "ledger_seal": ("transaction_id",),
    "ledger_period_balance": ("account_id", "period_id"),
    "ledger_approval": ("proposal_id",),
    "ledger_period": ("id", "book_id"),
    "transparency_leaf": ("log_index",),
    "transparency_tile": ("number",),
    "transparency_checkpoint": ("size",),
}


@dataclass(frozen=True)
class Change:
    """One value that was changed, and the words a finding may name it by."""

    table: str
    column: str
    names: tuple[str, ...]
    before: object
    after: object

    def __str__(self) -> str:
        """Say it for the campaign's table."""
        where = " / ".join(self.names)
        return f"{self.table}.{self.column} of {where}: {self.before!r} -> {self.after!r}"


def columns_of(connection: sqlite3.Connection, table: str) -> list[str]:
    """List a table's columns."""
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def open_bare(path: Path) -> sqlite3.Connection:
    """Open a database without anything that refuses a change."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA ignore_check_constraints=ON")
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection


def change_value(value: object, chance: random.Random) -> object:
    """Give another value of the same kind."""
    if value is None:
        return chance.choice([1, 7])
    if isinstance(value, int):
        return 1 - value if value in {0, 1} and chance.random() < 0.5 else value + 1
    if isinstance(value, bytes):
        changed = bytearray(value)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        return bytes(changed)
    text = str(value)
    if not text:
        return "x"
    place = chance.randrange(len(text))
    other = chr(ord(text[place]) ^ 1)
    return text[:place] + other + text[place + 1 :]


def change_row(
    connection: sqlite3.Connection, table: str, column: str, chance: random.Random
) -> Change | None:
    """Change one column of one random row; None when another row holds that value already."""
    names = NAMES.get(table, ("id",))
    columns = columns_of(connection, table)
    rows = connection.execute(f"SELECT * FROM {table}").fetchall()
    row = dict(zip(columns, chance.choice(rows), strict=True))
    if column in {"floor", "ceiling"} and row["public_as"]:
        return None  # a resident's own limits are in no public record
    after = change_value(row[column], chance)
    where = " AND ".join(f"{name} IS ?" for name in columns)
    try:
        connection.execute(
            f"UPDATE {table} SET {column} = ? WHERE {where}",
            (after, *(row[name] for name in columns)),
        )
    except sqlite3.IntegrityError:
        return None
    named = tuple(str(row[name]) for name in names)
    return Change(table, column, (*named, str(after)), row[column], after)
