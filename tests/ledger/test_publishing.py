"""A public book tells the log everything, and of residents only sums and salted hashes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from community import ledger, transparency
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.permissions import Role
from community.ledger import AccountType, BookKind, PolicyChange, Posting, checks, credit, debit
from community.ledger.rules import public_group
from community.ledger.service.recording import expire_hold
from tests import builders
from tests.conftest import NOON
from tests.ledger.books import around
from tests.ledger.test_checks import loosen

ASSET, INCOME, EXPENSE = AccountType.ASSET, AccountType.INCOME, AccountType.EXPENSE


class Fund:
    """A public book: the bank, two units that owe, fees, and a line of the budget."""

    def __init__(self, kind: BookKind = BookKind.PROJECT) -> None:
        self.actor = Actor.system(builders.make_community())
        self.book = db.write(ledger.ensure_book, self.actor, kind, "fund/1")
        self.bank = self.open("bank/1", ASSET)
        self.one = self.open("receivable/unit/31", ASSET, "unit:31")
        self.two = self.open("receivable/unit/32", ASSET, "unit:32")
        self.fees = self.open("fee/housing", INCOME)
        self.lift = self.open("expense/2026/lift", EXPENSE, ceiling=900_000)
        self.keys = 0

    def open(
        self, path: str, kind: AccountType, owner: str = "", ceiling: int | None = None
    ) -> int:
        limits = (None, ceiling)
        unit = ("CNY", path, kind, owner, *limits)
        made: int = db.write(ledger.open_account, self.actor, self.book, *unit)
        return made

    def posting(self, *lines: ledger.Line, purpose: str = "trust.bill") -> Posting:
        self.keys += 1
        return Posting(self.book, lines, purpose, f"bill:{self.keys}", f"k{self.keys}")

    def post(self, *lines: ledger.Line, purpose: str = "trust.bill") -> int:
        made: ledger.Posted = db.write(ledger.post, self.actor, self.posting(*lines))
        return made.transaction_id

    def told(self, kind: str) -> list[dict[str, Any]]:
        with db.read() as session:
            records = transparency.records_of(session, self.actor.community_id, kind)
            return [each.fields for each in records]


@pytest.fixture
def fund(database: Database) -> Fund:
    return Fund()


def test_book_and_accounts_are_told_residents_as_a_group(fund: Fund) -> None:
    assert fund.told("ledger.book")[0]["book_kind"] == "project"
    told = [(each["account"], each["path"], each["type"]) for each in fund.told("ledger.account")]
    assert told == [
        (fund.bank, "bank/1", "asset"),
        (-1, "receivable/unit", "asset"),
        (fund.fees, "fee/housing", "income"),
        (fund.lift, "expense/2026/lift", "expense"),
    ]
    assert fund.told("ledger.account")[3]["ceiling"] == 900_000


def test_posting_is_told_with_its_lines(fund: Fund) -> None:
    made = fund.post(debit(fund.bank, 500), credit(fund.fees, 500))
    (said,) = fund.told("ledger.transaction")
    assert said == {
        "act": "post",
        "at": clock.micros(NOON),
        "book": fund.book,
        "community": fund.actor.community_id,
        "effective_on": "2026-11-22",
        "expires_at": None,
        "kind": "ledger.transaction",
        "lines": [[fund.bank, 500, 0], [fund.fees, -500, 0]],
        "proposal": None,
        "purpose": "trust.bill",
        "recorded_at": clock.micros(NOON),
        "resolves": None,
        "reverses": None,
        "source": "bill:1",
        "transaction": made,
    }


def test_many_at_once_are_told_one_by_one(fund: Fund) -> None:
    lines = ((debit(fund.one, 3), credit(fund.fees, 3)), (debit(fund.bank, 3), credit(fund.one, 3)))
    made = db.write(ledger.post_all, fund.actor, tuple(fund.posting(*each) for each in lines))
    told = fund.told("ledger.transaction")
    assert [each["transaction"] for each in told] == [each.transaction_id for each in made]
    assert told[1]["lines"] == [[-1, -3, 0], [fund.bank, 3, 0]]


def test_residents_lines_are_summed_and_hashed(fund: Fund) -> None:
    fund.post(debit(fund.one, 300), debit(fund.two, 200), credit(fund.fees, 500))
    fund.post(debit(fund.two, 70), credit(fund.one, 70))
    first, second = fund.told("ledger.transaction")
    assert first["lines"] == [[-1, 500, 0], [fund.fees, -500, 0]]
    assert second["lines"] == []
    assert len({first["detail"], second["detail"]}) == 2
    name = f"ledger.transaction:{first['transaction']}"
    ordered = sorted([(fund.one, 300), (fund.two, 200), (fund.fees, -500)])
    exact = "[" + ",".join(f"[{key},{amount},0]" for key, amount in ordered) + "]"
    where = (fund.actor.community_id, name)
    assert transparency.hide_bytes(*where, exact.encode()) == first["detail"]


def test_holds_tell_what_becomes_of_them(fund: Fund) -> None:
    def ask(amount: int) -> int:
        lines = (debit(fund.lift, amount), credit(fund.bank, amount))
        asked = (fund.posting(*lines), NOON + timedelta(days=9))
        held: ledger.Posted = db.write(ledger.hold, fund.actor, *asked)
        return held.transaction_id

    holds = [ask(900), ask(800), ask(700)]
    db.write(ledger.settle, fund.actor, holds[0], "s", 600)
    db.write(ledger.release, fund.actor, holds[1], "r")
    db.write(expire_hold_of, fund.actor, holds[2])
    paid = fund.post(debit(fund.bank, 10), credit(fund.fees, 10))
    db.write(ledger.reverse, fund.actor, paid, "wrong", "u")
    told = fund.told("ledger.transaction")
    acts = [(each["act"], each["resolves"], each["reverses"]) for each in told]
    assert acts[3:] == [
        ("settle", holds[0], None),
        ("release", holds[1], None),
        ("expire", holds[2], None),
        ("post", None, None),
        ("reverse", None, paid),
    ]
    sums: dict[int, list[int]] = {}
    for each in told:
        for account, posted, pending in each["lines"]:
            known = sums.setdefault(account, [0, 0])
            known[0] += posted
            known[1] += pending
    assert sums == {fund.bank: [-600, 0], fund.lift: [600, 0], fund.fees: [0, 0]}


def expire_hold_of(session: Any, actor: Actor, hold_id: int) -> None:
    expire_hold(session, actor, hold_id)


def test_two_keys_are_seen_to_be_two_people(fund: Fund) -> None:
    today = clock.today()
    change = PolicyChange(fund.book, "", 0, 2, Role.COMMITTEE.value, today)
    db.write(ledger.set_first_policy, fund.actor, change)
    people = [
        Actor(fund.actor.community_id, key, None, frozenset(), frozenset({Role.COMMITTEE}), None)
        for key in (71, 72, 73)
    ]
    lines = (debit(fund.lift, 860_000), credit(fund.bank, 860_000))
    asked = fund.posting(*lines, purpose="trust.spend")
    proposal = db.write(ledger.propose, people[0], fund.book, asked, "p1")
    with db.read() as session:
        hashed = ledger.get_proposal(session, fund.actor.community_id, proposal).content_hash
    for person in people[1:]:
        db.write(ledger.approve, person, proposal, hashed)
    (policy,) = fund.told("ledger.policy")
    assert (policy["keys"], policy["role"], policy["above"]) == (2, "committee", 0)
    (proposed,) = fund.told("ledger.proposal")
    approvals = fund.told("ledger.approval")
    assert len({proposed["author"], *(each["person"] for each in approvals)}) == 3
    assert {each["content_hash"] for each in approvals} == {hashed.hex()}
    (done,) = fund.told("ledger.carried_out")
    assert fund.told("ledger.transaction")[0]["proposal"] == proposal
    assert done["transaction"] == fund.told("ledger.transaction")[0]["transaction"]
    other = db.write(ledger.propose, people[0], fund.book, asked, "p2")
    db.write(ledger.withdraw, people[0], other)
    assert fund.told("ledger.withdrawal")[0]["proposal"] == other
    # The same person in another proposal cannot be recognised.
    assert fund.told("ledger.proposal")[1]["author"] != proposed["author"]


def test_vouchers_limits_and_periods_are_told(fund: Fund) -> None:
    made = fund.post(debit(fund.one, 500), credit(fund.fees, 500))
    change = (fund.lift, None, 1_000_000)
    db.write(ledger.change_limits, fund.actor, *change)
    assert fund.told("ledger.limits")[0]["ceiling"] == 1_000_000
    day = date(2026, 10, 31)
    for _ in range(2):
        db.write(ledger.close_period, fund.actor, fund.book, day)
    assert [each["state"] for each in fund.told("ledger.period")] == ["soft", "closed"]
    with clock.fixed(NOON + timedelta(days=30)):
        for _ in range(2):
            db.write(ledger.close_period, fund.actor, fund.book, date(2026, 11, 30))
    balances = fund.told("ledger.period")[3]["balances"]
    assert dict(balances) == {-1: 500, fund.fees: -500}
    assert made


def test_points_are_nobody_elses_affair(database: Database) -> None:
    points = Fund(BookKind.POINTS)
    points.post(debit(points.bank, 5), credit(points.fees, 5))
    for kind in ("ledger.book", "ledger.account", "ledger.transaction"):
        assert points.told(kind) == []


def test_refused_posting_tells_nothing(fund: Fund) -> None:
    lines = (debit(fund.lift, 900_001), credit(fund.bank, 900_001))
    with pytest.raises(ledger.CeilingReached):
        db.write(ledger.post, fund.actor, fund.posting(*lines))
    assert fund.told("ledger.transaction") == []


def test_repeated_key_tells_once(fund: Fund) -> None:
    asked = fund.posting(debit(fund.bank, 5), credit(fund.fees, 5))
    assert db.write(ledger.post, fund.actor, asked) == db.write(ledger.post, fund.actor, asked)
    assert len(fund.told("ledger.transaction")) == 1


@pytest.mark.parametrize(
    ("path", "owner", "group"),
    [
        ("receivable/unit/12", "unit:12", "receivable/unit"),
        ("prepaid/unit/12", "unit:12", "prepaid/unit"),
        ("person/7/lot/202612", "person:7", "person"),
        ("a/household/7", "household:9", "a/household"),
        ("x", "person:7", "person"),
        ("payable/12", "payee:12", ""),
        ("bank/1", "", ""),
    ],
)
def test_only_residents_accounts_are_grouped(path: str, owner: str, group: str) -> None:
    assert public_group(path, owner) == group


BROKEN = {
    "has no public record": "DELETE FROM transparency_record WHERE kind = 'ledger.transaction'",
    "transaction 1 says otherwise": "UPDATE ledger_transaction SET source = 'bill:7' WHERE id = 1",
    "transaction 2 says otherwise": "UPDATE ledger_entry SET account_id ="
    " (SELECT id FROM ledger_account WHERE owner = 'unit:32') WHERE transaction_id = 2"
    " AND account_id = (SELECT id FROM ledger_account WHERE owner = 'unit:31')",
    "transaction 1 has none": "UPDATE ledger_book SET kind = 'points'",
    "is told in public as": "UPDATE ledger_account SET public_as = -1 WHERE path = 'bank/1'",
    "ledger.policy": "UPDATE ledger_policy SET keys = 1",
}


@pytest.mark.parametrize(("words", "sql"), BROKEN.items(), ids=BROKEN)
def test_books_changed_behind_the_log_are_found(
    fund: Fund, database: Database, words: str, sql: str
) -> None:
    fund.post(debit(fund.bank, 5), credit(fund.fees, 5))
    fund.post(debit(fund.one, 5), credit(fund.fees, 5))
    change = PolicyChange(fund.book, "", 0, 2, Role.COMMITTEE.value, clock.today())
    db.write(ledger.set_first_policy, fund.actor, change)
    with around(database) as (at, session):
        loosen(at)
        for trigger in ("update", "delete"):
            on = " ON transparency_record" if at.is_postgres else ""
            at.run(f"DROP TRIGGER transparency_record_no_{trigger}{on}")
        at.run(sql)
        found = checks.problems(session)
    assert any(words in problem for problem in found), found
