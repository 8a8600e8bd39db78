"""Honest books of one invented fund, with everything that the campaign then changes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from community import ledger, transparency
from community.kernel import clock, db, files
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.ledger import AccountType, BookKind, Line, PolicyChange, Posting, credit, debit
from community.transparency import PackFile
from tests import builders

START = clock.at(datetime(2026, 9, 1, tzinfo=clock.SHANGHAI).date())
REPORTS: dict[int, list[bytes]] = {}


def publish(session: Session, actor: Actor, kind: str, fields: dict[str, object]) -> int:
    """Publish a record of a room above."""
    return transparency.publish(session, actor.community_id, kind, fields)


def keep(session: Session, actor: Actor, name: str, content: bytes) -> str:
    """Keep a file and give its hash."""
    ready = files.take_in(files.Upload(name, content, "text/plain"))
    files.keep_file(session, actor, ready)
    return ready.sha256


def report_files(session: Session, community_id: int) -> Iterator[PackFile]:
    """Yield the reports of the scene, as the room of reports would."""
    for content in REPORTS.get(community_id, []):
        yield PackFile("reports", ".txt", lambda content=content: content)  # type: ignore[misc]


class Fund:
    """A fund whose months are drawn by chance."""

    def __init__(self, chance: random.Random, slug: str = "guihua") -> None:
        self.chance = chance
        self.slug = slug
        self.community = builders.make_community(slug)
        self.actor = Actor.system(self.community)
        self.people = [
            Actor(
                self.community, builders.make_person(self.community, name), roles=frozenset({role})
            )
            for name, role in (
                (f"周理{slug}", Role.PROPERTY),
                (f"吴审{slug}", Role.COMMITTEE),
                (f"郑审{slug}", Role.COMMITTEE),
            )
        ]
        self.asked = 0
        self.book = self._do(ledger.ensure_book, BookKind.TRUST, "fund/1")
        self.bank = self._open("bank/1", AccountType.ASSET)
        self.units = [
            self._open(f"receivable/unit/{number}", AccountType.ASSET, f"unit:{number}")
            for number in (31, 32, 33)
        ]
        self.fees = self._open("fee/housing", AccountType.INCOME)
        self.lines = [
            self._open(f"expense/2026/{name}", AccountType.EXPENSE, ceiling=9_000_000)
            for name in ("lift", "green")
        ]
        first = (self._policy("trust.spend", 0, 1), self._policy("policy_change", 0, 1))
        self._do(ledger.set_first_policies, first)

    def _do(self, command: Callable[..., Any], *values: Any, by: Actor | None = None) -> Any:
        return db.write(command, by or self.actor, *values)

    def _open(
        self, path: str, kind: AccountType, owner: str = "", ceiling: int | None = None
    ) -> int:
        asked = (self.book, "CNY", path, kind, owner, None, ceiling)
        made: int = self._do(ledger.open_account, *asked)
        return made

    def _policy(self, purpose: str, above: int, keys: int) -> PolicyChange:
        role = Role.COMMITTEE.value
        return PolicyChange(self.book, purpose, above, keys, role, clock.today())

    def posting(self, *lines: Line, purpose: str = "trust.bill") -> Posting:
        """Ask for a posting under a key of its own."""
        self.asked += 1
        return Posting(self.book, lines, purpose, f"bill:{self.asked}", f"k{self.asked}")

    def post(self, *lines: Line, purpose: str = "trust.bill") -> int:
        """Post lines; gives the transaction."""
        made: ledger.Posted = self._do(ledger.post, self.posting(*lines, purpose=purpose))
        return made.transaction_id

    def month(self) -> None:
        """Bill every unit, collect from some, spend by two keys, correct a mistake."""
        fee = self.chance.randint(100, 400) * 100
        for unit in self.units:
            self.post(debit(unit, fee), credit(self.fees, fee))
        for unit in self.chance.sample(self.units, 2):
            self.receive(unit, fee)
        self.spend()
        self.hold_and_leave()
        wrong = self.post(debit(self.bank, 7), credit(self.fees, 7))
        self._do(ledger.reverse, wrong, "typed twice", f"r{self.asked}")

    def receive(self, unit: int, amount: int) -> None:
        """Take a payment and give a numbered receipt."""
        paid = self.post(debit(self.bank, amount), credit(unit, amount), purpose="trust.receipt")
        number = sum(self.receipts()) + 1
        told = {"number": number, "fund": 1, "amount": amount, "transaction": paid}
        self._do(publish, "trust.receipt", told)

    def receipts(self) -> list[int]:
        """Give a 1 for each receipt there is."""
        with db.read() as session:
            return [1 for _ in transparency.records_of(session, self.community, "trust.receipt")]

    def spend(self) -> None:
        """Propose and approve a payment, and attach its voucher with a public twin."""
        author, *keys = self.people
        amount = self.chance.randint(50, 900) * 10
        line = self.chance.choice(self.lines)
        lines = (debit(line, amount), credit(self.bank, amount))
        asked = self.posting(*lines, purpose="trust.spend")
        proposal = self._do(ledger.propose, self.book, asked, f"p{self.asked}", by=author)
        with db.read() as session:
            hashed = ledger.get_proposal(session, self.community, proposal).content_hash
        done = self._do(ledger.approve, proposal, hashed, by=self.chance.choice(keys))
        words = f"invoice {self.slug} {self.asked}"
        original = self._do(keep, "invoice.txt", f"{words} for Wang".encode())
        twin = self._do(keep, "twin.txt", f"{words} for [blacked out]".encode())
        self._do(ledger.add_voucher, done.transaction_id, "发票", original, twin)

    def hold_and_leave(self) -> None:
        """Set amounts aside: one is settled in part, one freed, one left open."""
        for end in ("settle", "release", ""):
            line, amount = self.chance.choice(self.lines), self.chance.randint(5, 50) * 10
            lines = (debit(line, amount), credit(self.bank, amount))
            asked = self.posting(*lines, purpose="trust.order")
            expires_at = clock.now() + timedelta(days=400)
            held = self._do(ledger.hold, asked, expires_at).transaction_id
            if end == "settle":
                self._do(ledger.settle, held, f"s{held}", amount - 10)
            elif end == "release":
                self._do(ledger.release, held, f"f{held}")

    def close(self, ends: datetime) -> None:
        """Close a month and publish its report."""
        for _ in range(2):
            self._do(ledger.close_period, self.book, ends.date())
        with db.read() as session:
            rows = db.statements(session).all(
                "SELECT b.balance FROM ledger_period_balance b JOIN ledger_period p"
                " ON p.id = b.period_id WHERE b.account_id = ? ORDER BY p.ends_on DESC LIMIT 1",
                (self.bank,),
            )
        content = f"report of {ends:%Y-%m} of {self.slug}".encode()
        sha256 = files.take_in(files.Upload("report.txt", content, "text/plain")).sha256
        REPORTS.setdefault(self.community, []).append(content)
        figures = {f"{self.book} closing bank": rows[0][0]}
        told = {"report": "month", "period": f"{ends:%Y-%m}", "sha256": sha256}
        self._do(publish, "trust.report", {**told, "figures": figures})

    def seal(self) -> transparency.Checkpoint:
        """Seal and sign; gives the checkpoint."""
        self._do(transparency.checkpoint_now)
        with db.read() as session:
            found = transparency.latest_checkpoint(session, self.community)
        assert found is not None
        return found


def write_history(chance: random.Random, months: int = 3, slug: str = "guihua") -> Fund:
    """Write some months, sealing after each."""
    with clock.fixed(START):
        fund = Fund(chance, slug)
    at = START
    for _ in range(months):
        with clock.fixed(at + timedelta(days=chance.randint(1, 20), hours=9)):
            fund.month()
            fund.seal()
        following = (at + timedelta(days=40)).astimezone(clock.SHANGHAI).replace(day=1)
        with clock.fixed(following + timedelta(hours=9)):
            fund.close(following - timedelta(days=1))
            fund.seal()
        at = following
    return fund
