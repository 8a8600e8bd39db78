"""Each promise of the log is broken once, behind the triggers' back, and is then found in words."""

from __future__ import annotations

import pytest

from community import transparency
from community.kernel import db, triggers
from community.kernel.actor import Actor
from community.kernel.db import Database, Statements
from community.transparency import checks
from tests.ledger.books import around
from tests.transparency import logs

LEAF = "UPDATE transparency_leaf SET"
TILE = "UPDATE transparency_tile SET"
CHECKPOINT = "UPDATE transparency_checkpoint SET"
RECORD = "UPDATE transparency_record SET"
# The words that tell it, the damage, and whether the sealer itself meets it when it goes on.
BROKEN = [
    ("leaf 0 is not the hash of record 1", f"{LEAF} leaf_hash = ? WHERE log_index = 0", False),
    ("leaf 299 is not the hash", f"{LEAF} leaf_hash = ? WHERE log_index = 299", True),
    ("index 7 is missing", "DELETE FROM transparency_leaf WHERE log_index = 7", False),
    ("record 300 was passed over", f"{LEAF} record_id = 301 WHERE log_index = 299", False),
    ("tile/0/000 is not what the leaves give", f"{TILE} root = ?", True),
    ("tile/0/000 is missing", "DELETE FROM transparency_tile", True),
    ("tile/3/000 is one too many", f"{TILE} level = 3", True),
    ("the checkpoint of 300 is not the root", f"{CHECKPOINT} root = ? WHERE size = 300", True),
    ("tells something else", f"{CHECKPOINT} root = ? WHERE size = 300", True),
    ("no note that its key", f"{CHECKPOINT} note = ? WHERE size = 300", True),
    ("no note that its key", f"{CHECKPOINT} note = ? WHERE size = 2", False),
    ("no note that its key", "UPDATE transparency_log_key SET public_key = ?", True),
    ("another size", "DELETE FROM transparency_checkpoint WHERE size = 300", True),
    ("public record 5 is no JSON", f"{RECORD} content = ? WHERE id = 5", False),
    ("tells another community or kind", f"{RECORD} kind = 'other' WHERE id = 5", False),
]


@pytest.fixture
def actor(database: Database) -> Actor:
    """A log of 300 with an older checkpoint, and a record that waits."""
    made = logs.make_log(2)
    logs.fill(made, 298)
    db.write(logs.publish, made, "t.note", {"note": 1})
    return made


def loosen(at: Statements) -> None:
    """Take away the triggers and checks that would refuse."""
    for trigger in triggers.registered():
        if trigger.table.startswith("transparency_"):
            on = f" ON {trigger.table}" if at.is_postgres else ""
            at.run(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")


@pytest.mark.parametrize(("words", "sql", "stops"), BROKEN, ids=[each[1] for each in BROKEN])
def test_a_broken_promise_is_found(
    actor: Actor, database: Database, words: str, sql: str, *, stops: bool
) -> None:
    with around(database) as (at, session):
        loosen(at)
        at.run(sql, (bytes(32),) if "?" in sql else ())
        found = checks.problems(session)
        assert any(words in problem for problem in found), found
        if stops:
            with pytest.raises((transparency.LogDamaged, transparency.LogKeyMissing)):
                transparency.seal_community(session, actor)


def test_a_whole_log_has_no_problem(actor: Actor, database: Database) -> None:
    with database.read() as session:
        assert checks.problems(session) == []
