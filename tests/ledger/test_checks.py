"""Each invariant is broken once, behind the constraints' back, and is then found in words."""

from __future__ import annotations

import pytest

from community import ledger
from community.kernel import db, triggers
from community.kernel.db import Database, Statements
from community.ledger import PolicyChange, checks
from tests.ledger.books import Books, around
from tests.ledger.test_approvals import TODAY, payment, propose, turn_key
from tests.ledger.test_holds import hold, settle
from tests.ledger.test_lots import earn, spend
from tests.ledger.test_periods import OCTOBER, close

ENTRY = "UPDATE ledger_entry SET"
ACCOUNT = "UPDATE ledger_account SET"
TRANSACTION = "UPDATE ledger_transaction SET"
SETTLED = "transaction_id IN (SELECT id FROM ledger_transaction WHERE kind = 'settle')"
AS_REVERSAL = "kind = 'reverse', reverses = 1, resolves = NULL, expires_at = NULL"
VOUCHER = "INSERT INTO ledger_voucher (community_id, transaction_id, title, sha256, added_at"
TWIN = f"{VOUCHER}, redacted_sha256) VALUES (1, 1, 'a', 'b', 0, 'c')"

BROKEN = [
    ("1 transaction 1 is not sealed", "DELETE FROM ledger_seal WHERE transaction_id = 1"),
    ("1 transaction 1 has fewer than two lines", "DELETE FROM ledger_entry WHERE line = 1"),
    ("1 transaction 1 does not add up to zero in PTS", f"{ENTRY} amount = 99 WHERE amount = 100"),
    ("has a line in another book", f"{TRANSACTION} book_id = book_id + 1 WHERE id = 1"),
    ("its entries", f"{ACCOUNT} posted_credits = posted_credits + 1 WHERE path = 'person/1'"),
    ("its open holds", f"{ACCOUNT} pending_debits = pending_debits + 1 WHERE path = 'person/1'"),
    ("does not add up its lots", f"{ACCOUNT} posted_credits = posted_credits + 1 WHERE is_summary"),
    ("breaks at entry 1", f"{ENTRY} balance_after = 1 WHERE transaction_id = 1"),
    ("entries on its statement, not 77", f"{ACCOUNT} sequence = 77 WHERE path = 'person/1'"),
    ("another account's statement", f"{ENTRY} holder_id = account_id WHERE holder_id > 0"),
    ("breaks its floor or ceiling", f"{ACCOUNT} floor = 10000 WHERE path = 'person/1'"),
    ("4 transaction 1 is not what was sealed", f"{TRANSACTION} canonical = request_hash"),
    ("4 transaction 1 says other than", f"{TRANSACTION} purpose = 'bribe' WHERE id = 1"),
    ("is no exact mirror of 1", f"{TRANSACTION} {AS_REVERSAL} WHERE kind = 'hold'"),
    ("is dated before 1", f"{TRANSACTION} {AS_REVERSAL}, effective_on = 1 WHERE kind = 'hold'"),
    ("is reversed more than once", f"{TRANSACTION} {AS_REVERSAL} WHERE id > 1"),
    ("is resolved more than once", f"{TRANSACTION} resolves = 1, kind = 'settle' WHERE id > 1"),
    ("is settled beyond its amount", f"{ENTRY} amount = amount * 9 WHERE NOT is_pending"),
    ("is not taken back exactly", f"{ENTRY} amount = amount * 2 WHERE is_pending AND {SETTLED}"),
    ("open in the books but not on its list", "DELETE FROM ledger_open_hold"),
    ("into the closed period", f"{TRANSACTION} recorded_at = 9999999999999999, effective_on = 1"),
    ("at the close of period", "UPDATE ledger_period_balance SET balance = 5"),
    ("its periods say", "UPDATE ledger_book SET closed_through = 20991231"),
    ("was carried out with 0 keys", "DELETE FROM ledger_approval"),
    ("the author of proposal", "UPDATE ledger_proposal SET author_id = 51"),
    ("on another content", "UPDATE ledger_proposal SET content_hash = content"),
    ("is not what was approved", "UPDATE ledger_proposal SET content = content_hash"),
    ("came without an approved proposal", "UPDATE ledger_proposal SET state = 'withdrawn'"),
    ("10 the file of voucher", f"{VOUCHER}) VALUES (1, 1, 'a', 'b', 0)"),
    (
        "10 the public twin of voucher",
        f"{VOUCHER}, redacted_sha256) VALUES (1, 1, 'a', 'b', 0, 'c')",
    ),
]


@pytest.fixture
def full(books: Books) -> Books:
    """A book in which everything has happened once."""
    books.give(books.wang, 100, "k1")
    settle(books, hold(books, 30, "h1"), "s1", 20)
    hold(books, 10, "h2")
    earn(books, 50, None, "e1")
    spend(books, 5, "s2")
    close(books, OCTOBER)
    close(books, OCTOBER)
    first = PolicyChange(books.book_id, "", 0, 1, "committee", TODAY)
    db.write(ledger.set_first_policy, books.actor, first)
    turn_key(books, propose(books, payment(books, 7)), 51)
    change = PolicyChange(books.book_id, "", 10, 1, "committee", TODAY)
    turn_key(books, propose(books, change, "change"), 51)
    return books


def loosen(at: Statements) -> None:
    """Take away all that would refuse: triggers, checks, unique and foreign keys."""
    if not at.is_postgres:
        at.run("PRAGMA defer_foreign_keys=ON")
    for trigger in triggers.registered():
        if trigger.table.startswith("ledger_"):
            on = f" ON {trigger.table}" if at.is_postgres else ""
            at.run(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")
    for name in ("reverses", "resolves"):
        at.run(f"DROP INDEX uq_ledger_transaction_{name}")
    if at.is_postgres:
        for table, name in at.all(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE conrelid::regclass::text LIKE 'ledger%' AND contype IN ('c', 'f')"
        ):
            at.run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        at.run("DROP INDEX uq_ledger_entry_statement")


@pytest.mark.parametrize(("words", "sql"), BROKEN, ids=[words for words, _ in BROKEN])
def test_a_broken_invariant_is_found(full: Books, database: Database, words: str, sql: str) -> None:
    with around(database) as (at, session):
        if database.is_sqlite:
            at.run("PRAGMA ignore_check_constraints=ON")
        loosen(at)
        at.run(sql)
        found = checks.problems(session)
    assert any(words in problem for problem in found), found


def test_a_full_book_has_no_problem(full: Books, database: Database) -> None:
    with database.read() as session:
        assert checks.problems(session) == []
