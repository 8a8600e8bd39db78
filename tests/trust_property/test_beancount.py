"""Twelve months of a fund as Beancount, checked by Beancount itself in a process of its own.

Beancount is under the GPL: it lives in an environment of its own (`requirements-oracles.lock`),
and nothing here imports it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from community import ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.trust_property.queries.fund import get_fund
from community.trust_property.rules.bills import months_from
from community.trust_property.rules.bookkeeping import (
    NamedAccount,
    account_codes,
    beancount_names,
)
from tests.conftest import NOON
from tests.trust_property.spent import Spent, spend
from tests.trust_property.test_bills import HOME_FEN, bill, in_month, make_estate, pay

ORACLE = Path(sys.prefix) / "oracles/bin/python"
# Ends with 1 on the first mistake; prints what every account holds.
BALANCES = """
import json, sys
from beancount import loader
from beancount.core import realization
entries, errors, _ = loader.load_file(sys.argv[1])
for error in errors: print(error, file=sys.stderr)
sums = {}
for each in realization.iter_children(realization.realize(entries)):
    for position in each.balance:
        sums[each.account] = str(position.units.number)
print(json.dumps(sums)); sys.exit(bool(errors))
"""


def ask(*words: str) -> subprocess.CompletedProcess[str]:
    assert ORACLE.exists(), "run: make test, or .ci/setup oracles"
    return subprocess.run([str(ORACLE), *words], capture_output=True, text=True, check=False)


def test_twelve_months_have_the_same_balances(
    database: Database, app: Flask, tmp_path: Path
) -> None:
    estate = make_estate()
    spent = spend(estate)
    for month in months_from(202612, 11):
        bill(estate, month)
        with in_month(month):
            pay(estate, HOME_FEN + month % 7, estate.home)
    file = tmp_path / "fund.beancount"
    with clock.fixed(NOON + timedelta(days=400)):
        done = app.test_cli_runner().invoke(
            args=["trust", "beancount", str(spent.scene.fund_id), str(file)]
        )
    assert done.exit_code == 0, done.output
    checked = ask("-m", "beancount.scripts.check", str(file))
    assert (checked.returncode, checked.stderr) == (0, "")
    told = ask("-c", BALANCES, str(file))
    assert told.returncode == 0, told.stderr
    found = {name: fen for name, fen in json.loads(told.stdout).items() if fen}
    assert found == expected(spent)
    assert len(found) >= 5


def test_a_changed_amount_is_no_balance_any_more(
    database: Database, app: Flask, tmp_path: Path
) -> None:
    spent = spend(make_estate())
    file = tmp_path / "fund.beancount"
    app.test_cli_runner().invoke(args=["trust", "beancount", str(spent.scene.fund_id), str(file)])
    text = file.read_text(encoding="utf-8")
    assert "8600.00 CNY" in text
    file.write_text(text.replace("8600.00 CNY", "8601.00 CNY", 1), encoding="utf-8")
    assert ask("-m", "beancount.scripts.check", str(file)).returncode == 1


def test_an_unknown_fund_is_told(database: Database, app: Flask, tmp_path: Path) -> None:
    done = app.test_cli_runner().invoke(args=["trust", "beancount", "99", str(tmp_path / "none")])
    assert done.exit_code == 1
    assert "99" in done.output


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("expense/2026/L01", "expense", "Expenses:Operating:Expense:2026:L01"),
        ("bank/3", "asset", "Assets:Operating:Bank:3"),
        ("bank-charges", "expense", "Expenses:Operating:Bank-charges"),
        ("agency/水电", "liability", "Liabilities:Operating:Agency:X"),
    ],
)
def test_names_are_what_beancount_takes(path: str, kind: str, name: str) -> None:
    found = beancount_names("Operating", [NamedAccount(7, path, kind, "")])
    assert found == {7: name}


def test_two_accounts_never_share_a_name_or_a_code() -> None:
    both = [
        NamedAccount(7, "agency/水", "liability", ""),
        NamedAccount(9, "agency/电", "liability", ""),
    ]
    assert len(set(beancount_names("Operating", both).values())) == 2
    codes = account_codes([*both, NamedAccount(-4, "prepaid/unit", "liability", "")])
    assert codes == {7: "2241001", 9: "2241002", -4: "2203000"}


def expected(spent: Spent) -> dict[str, str]:
    """Add up the ledger's own rows by the account the public sees."""
    scene = spent.scene
    with db.read() as session:
        fund = get_fund(session, Actor.system(scene.community_id), scene.fund_id)
        paths = ledger.public_account_paths(session, scene.community_id, fund.book_id)
        rows = db.statements(session).all(
            "SELECT CASE WHEN public_as < 0 THEN public_as ELSE id END,"
            " SUM(posted_debits - posted_credits) FROM ledger_account"
            " WHERE book_id = ? GROUP BY 1",
            (fund.book_id,),
        )
    accounts = [
        NamedAccount(number, path, kind.value, "") for number, (path, kind) in paths.items()
    ]
    names = beancount_names("Operating", accounts)
    return {
        names[number]: f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
        for number, fen in rows
        if fen
    }
