"""The public accounts page of a fund with 100,000 entries: server time of one request.

A year of bills and receipts of 500 units is entered day by day through the ledger, with requests
and payments; then the page is asked for as a visitor without an account asks. Beside it stands
fava on the same books, exported as Beancount: it lives among the oracles (`.ci/setup oracles`),
since Beancount is under the GPL, and is started as another process.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.books import make_tables
from benchmarks.harness import Row, at_most, interleave, median, percentile, scratch
from community import app as assembly
from community import identity, ledger
from community.app import create_app
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.trust_property.queries.fund import get_bank_account, get_fund
from community.trust_property.rules.bills import receivable_path, unit_owner
from community.trust_property.rules.fund import Purpose
from community.trust_property.service import books, totals
from community.trust_property.service.payments import PaymentDraft, pay_request
from tests.trust_property.acts import ask, spending_scene
from tests.trust_property.scene import Scene

ENTRIES = 100_000
UNITS = 500
DAYS = 250
TAIL = 1_000
MOST_MS = 50
ROUNDS = 60
YEAR = 2026
FIRST = date(YEAR, 3, 1)
NOW = clock.at(FIRST + timedelta(days=DAYS), 10)
ORACLE = Path(sys.prefix) / "oracles/bin/python"
# Its first answer reads the file; later ones come from its memory.
FAVA = """
import json, sys, time
from fava.application import create_app
began = time.perf_counter()
client = create_app([sys.argv[1]]).test_client()
address = "/" + client.get("/").location.split("/")[-3] + "/api/income_statement"
assert client.get(address).status_code == 200
taken = [time.perf_counter() - began]
for _ in range(int(sys.argv[2])):
    began = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200 and len(answer.data) > 1000
    taken.append(time.perf_counter() - began)
print(json.dumps([round(each * 1e6) for each in taken]))
"""


def run() -> list[Row]:
    """Measure with every sum kept, and with the newest entries still to be summed."""
    with scratch() as folder:
        app = _site(folder)
        with clock.fixed(clock.at(FIRST, 9)):
            identity.use_permission_table(assembly.permission_table())
            scene, payee = spending_scene()
        accounts = _fill(scene, payee)
        with clock.fixed(NOW):
            while db.write(totals.sum_days_up, scene.staff):
                continue
            _day(scene, accounts, TAIL // 4, "tail")
            rows = _measure(app, scene)
            rows.append(_fava(app, scene, folder / "books.beancount"))
            with db.read() as session:
                found = list(assembly.problems(session))
            assert not found, found[:3]
    return rows


def _site(folder: Path) -> Flask:
    url = f"sqlite:///{folder}/community.db"
    make_tables(url)
    return create_app({"INSTANCE": folder, "DATABASE_URL": url, "SECRET_KEY": "benchmark" * 4})


def _fill(scene: Scene, payee: int) -> tuple[int, int, tuple[int, ...]]:
    """Enter a year; a bill and its receipt are four entries."""
    with clock.fixed(clock.at(FIRST, 10)):
        accounts: tuple[int, int, tuple[int, ...]] = db.write(
            _open_accounts, Actor.system(scene.community_id), scene
        )
    each_day = ENTRIES // 4 // DAYS
    for number in range(DAYS):
        with clock.fixed(clock.at(FIRST + timedelta(days=number), 10)):
            _day(scene, accounts, each_day, str(number))
            if number % 10 == 9:
                asked = ask(scene, payee, 45_000)
                draft = PaymentDraft(scene.bank_account_id, 45_000, clock.today(), f"B{number}")
                db.write(pay_request, scene.firm, scene.fund_id, asked, draft)
    return accounts


def _open_accounts(
    session: Session, actor: Actor, scene: Scene
) -> tuple[int, int, tuple[int, ...]]:
    fund = get_fund(session, actor, scene.fund_id)
    bank = get_bank_account(session, actor, scene.fund_id, scene.bank_account_id)
    fees = books.fee_account(session, actor, fund.book_id, "home")
    wanted = tuple((receivable_path(unit), unit_owner(unit)) for unit in range(1, UNITS + 1))
    owed = ledger.ensure_accounts(
        session, actor, fund.book_id, "CNY", ledger.AccountType.ASSET, wanted
    )
    return bank.account_id, fees, owed


def _day(
    scene: Scene, accounts: tuple[int, int, tuple[int, ...]], receipts: int, name: str
) -> None:
    db.write(_enter, Actor.system(scene.community_id), scene.fund_id, accounts, receipts, name)


def _enter(
    session: Session,
    actor: Actor,
    fund_id: int,
    accounts: tuple[int, int, tuple[int, ...]],
    receipts: int,
    name: str,
) -> None:
    """Bill some units and take their money."""
    bank, fees, owed = accounts
    book_id = get_fund(session, actor, fund_id).book_id
    postings = []
    for number in range(receipts):
        unit, fen = owed[number % len(owed)], 20_000 + number
        bill, receipt = f"bill:{name}/{number}", f"receipt:{name}/{number}"
        out = (ledger.debit(unit, fen), ledger.credit(fees, fen))
        back = (ledger.debit(bank, fen), ledger.credit(unit, fen))
        postings.append(ledger.Posting(book_id, out, Purpose.BILL.value, bill, bill))
        postings.append(ledger.Posting(book_id, back, Purpose.RECEIPT.value, receipt, receipt))
    ledger.post_all(session, actor, tuple(postings))


def _measure(app: Flask, scene: Scene) -> list[Row]:
    address = f"/c/guihua/fund/{scene.fund_id}"
    client = app.test_client()
    page = client.get(address)
    assert page.status_code == 200, page.status
    assert "450.00" in page.text
    with db.read() as session:
        counted = session.execute(text("SELECT COUNT(*) FROM ledger_entry")).scalar_one()
    assert counted >= ENTRIES, counted

    def ask_page(number: int) -> None:
        assert client.get(address).status_code == 200

    def ask_bare(number: int) -> None:
        client.get("/healthz")

    with_tail = interleave({"page": ask_page, "floor": ask_bare}, ROUNDS)
    while db.write(totals.sum_days_up, scene.staff):
        continue
    kept = interleave({"page": ask_page, "floor": ask_bare}, ROUNDS)
    spent = time.process_time_ns()
    for number in range(ROUNDS):
        ask_page(number)
    processor_ms = (time.process_time_ns() - spent) / ROUNDS / 1e6
    began = time.perf_counter_ns()
    assert client.get(f"{address}/report?period={YEAR}").status_code == 200
    report_ms = (time.perf_counter_ns() - began) / 1e6
    return [
        at_most(
            f"public accounts page at {counted:,} entries",
            MOST_MS,
            median(kept["page"]) / 1_000,
            "ms",
            p99_ms=percentile(kept["page"], 99) / 1_000,
            processor_ms=processor_ms,
            bare_view_ms=median(kept["floor"]) / 1_000,
            year_report_ms=report_ms,
        ),
        at_most(
            f"the same with {TAIL:,} entries not yet summed up",
            MOST_MS,
            median(with_tail["page"]) / 1_000,
            "ms",
            p99_ms=percentile(with_tail["page"], 99) / 1_000,
        ),
    ]


def _fava(app: Flask, scene: Scene, file: Path) -> Row:
    """Let fava answer for the same books."""
    name = "fava's income statement of the same books, for comparison"
    if not ORACLE.exists():
        return Row(name, "nothing", "not installed: bash .ci/setup oracles", is_kept=True)
    told = app.test_client().get(f"/c/guihua/fund/{scene.fund_id}/books.beancount")
    assert told.status_code == 200
    file.write_bytes(told.data)
    asked = [str(ORACLE), "-c", FAVA, str(file), str(ROUNDS // 6)]
    done = subprocess.run(asked, capture_output=True, check=True, timeout=600)
    first, *later = json.loads(done.stdout.splitlines()[-1])
    figures = {
        "first_answer_ms": first / 1_000,
        "later_answer_ms": sorted(later)[len(later) // 2] / 1_000,
        "file_megabytes": len(told.data) / 1e6,
    }
    measured = f"first {first / 1e6:.1f} s, then {figures['later_answer_ms']:.0f} ms"
    return Row(name, "nothing", measured, is_kept=True, figures=figures)
