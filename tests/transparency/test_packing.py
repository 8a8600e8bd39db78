"""An audit pack as the site writes it: the verifier alone recomputes everything from it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community import ledger, transparency
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.ledger import AccountType, BookKind, Line, Posting, credit, debit
from community.transparency.queries import PackFile
from community.transparency.rules.paper import write_paper
from tests.architecture import house
from tests.transparency import logs, written
from tests.transparency.invented_books import VOUCHER

VERIFIER = house.ROOT / "static/verify.py"


class Fund:
    """A public book with a bank, two units, fees and a line of the budget."""

    def __init__(self) -> None:
        self.actor = logs.make_log()
        self.book = db.write(ledger.ensure_book, self.actor, BookKind.TRUST, "fund/1")
        self.bank = self._open("bank/1", AccountType.ASSET)
        self.units = [
            self._open(f"receivable/unit/{n}", AccountType.ASSET, f"unit:{n}") for n in (31, 32)
        ]
        self.fees = self._open("fee/housing", AccountType.INCOME)
        self.lift = self._open("expense/2026/lift", AccountType.EXPENSE, ceiling=900_000)
        self.asked = 0

    def _open(
        self, path: str, kind: AccountType, owner: str = "", ceiling: int | None = None
    ) -> int:
        asked = (self.book, "CNY", path, kind, owner, None, ceiling)
        made: int = db.write(ledger.open_account, self.actor, *asked)
        return made

    def posting(self, *lines: Line, purpose: str = "trust.bill") -> Posting:
        self.asked += 1
        return Posting(self.book, lines, purpose, f"bill:{self.asked}", f"k{self.asked}")

    def post(self, *lines: Line) -> int:
        made: ledger.Posted = db.write(ledger.post, self.actor, self.posting(*lines))
        return made.transaction_id

    def month(self) -> None:
        """Bill, collect, hold, settle a part, reverse."""
        one, two = self.units
        bill = self.post(debit(one, 30_000), debit(two, 20_000), credit(self.fees, 50_000))
        self.post(debit(self.bank, 30_000), credit(one, 30_000))
        self.post(debit(two, 7_000), credit(one, 7_000))
        asked = self.posting(debit(self.lift, 9_000), credit(self.bank, 9_000))
        held: ledger.Posted = db.write(
            ledger.hold, self.actor, asked, clock.now() + timedelta(days=9)
        )
        db.write(ledger.settle, self.actor, held.transaction_id, f"s{bill}", 8_600)
        wrong = self.post(debit(self.bank, 1), credit(self.fees, 1))
        db.write(ledger.reverse, self.actor, wrong, "wrong", f"r{bill}")

    def seal(self) -> transparency.Checkpoint:
        db.write(transparency.checkpoint_now, self.actor)
        return logs.latest(self.actor)


def verify(*words: object) -> tuple[int, str]:
    command = [sys.executable, str(VERIFIER), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def write(actor: Actor, path: Path) -> Path:
    with db.read() as session, path.open("wb") as file:
        file.writelines(transparency.pack_bytes(session, actor.community_id))
    return path


def test_pack_of_real_books_holds(database: Database, tmp_path: Path) -> None:
    fund = Fund()
    fund.month()
    first = fund.seal()
    for day in (1, 2):
        with clock.fixed(clock.now() + timedelta(days=day)):
            fund.month()
            fund.seal()
    pack = write(fund.actor, tmp_path / "pack.zip")
    paper = f"https://example.org/verify#{write_paper(first.note)}"
    code, said = verify("pack", pack, "--key", logs.proof(fund.actor, 1).verifier_key)
    assert code == 0, said
    assert "21 transactions, 3 older checkpoints" in said
    assert verify("pack", pack, "--checkpoint", paper)[0] == 0
    assert write(fund.actor, tmp_path / "again.zip").read_bytes() == pack.read_bytes()


def test_closed_month_is_recomputed(database: Database, tmp_path: Path) -> None:
    fund = Fund()
    fund.month()
    with clock.fixed(clock.now() + timedelta(days=20)):
        ends = clock.today().replace(day=1) - timedelta(days=1)
        for _ in range(2):
            db.write(ledger.close_period, fund.actor, fund.book, ends)
        fund.month()
        figures = {f"{fund.book} closing bank": 21_400, f"{fund.book} moved receivable": 20_000}
        told = {"report": "month", "period": "2026-11", "sha256": None, "figures": figures}
        db.write(logs.publish, fund.actor, "trust.report", told)
        fund.seal()
    code, said = verify("pack", write(fund.actor, tmp_path / "pack.zip"))
    assert code == 0, said


def test_files_of_other_rooms_are_in_it_once(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("community.transparency.queries.packing._sources", [])
    twice = PackFile("vouchers", ".pdf", lambda: VOUCHER)
    transparency.add_pack_source(lambda session, community_id: [twice, twice])
    actor = logs.make_log(3)
    names = written.read_pack(write(actor, tmp_path / "pack.zip"))
    assert [name for name in names if name.startswith("vouchers/")] == [
        f"vouchers/{hashlib.sha256(VOUCHER).hexdigest()}.pdf"
    ]
    code, said = verify("pack", tmp_path / "pack.zip")
    assert code == 1
    assert "the log knows no such file" in said


def test_pack_is_offered_and_downloaded(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    logs.make_log()
    assert client.get("/log/guihua/pack.zip").status_code == 404
    assert "这里才有东西可下载" in client.get("/log/guihua/pack").text
    logs.make_log(300, "nanyuan")
    page = client.get("/log/nanyuan/pack").text
    assert "/log/nanyuan/pack.zip" in page
    (tmp_path / "pack.zip").write_bytes(client.get("/log/nanyuan/pack.zip").data)
    assert verify("pack", tmp_path / "pack.zip")[0] == 0
    done = app.test_cli_runner().invoke(
        args=["log", "pack", str(tmp_path / "cli.zip"), "--community", "nanyuan"]
    )
    assert done.exit_code == 0, done.output
    assert (tmp_path / "cli.zip").read_bytes() == (tmp_path / "pack.zip").read_bytes()
    done = app.test_cli_runner().invoke(
        args=["log", "pack", str(tmp_path / "x.zip"), "--community", "nowhere"]
    )
    assert done.exit_code == 1


def test_verifier_is_downloaded_as_it_is(client: FlaskClient) -> None:
    answer = client.get("/verify.py")
    assert answer.data == VERIFIER.read_bytes()
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "'wasm-unsafe-eval'" in client.get("/verify").headers["Content-Security-Policy"]
