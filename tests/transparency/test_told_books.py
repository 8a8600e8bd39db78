"""What the ledger tells the log passes the verifier that people download, and only then."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from community import ledger, transparency
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.ledger import PolicyChange, credit, debit
from tests.conftest import NOON
from tests.ledger.test_publishing import Fund

VERIFIER = Path(__file__).parents[2] / "static/verify.py"


def live_a_month(fund: Fund) -> None:
    """Bill, pay, reverse, hold, settle, approve with two keys, and close the month."""
    fund.post(debit(fund.bank, 5_000), credit(fund.fees, 5_000))
    fund.post(debit(fund.one, 300), debit(fund.two, 200), credit(fund.fees, 500))
    fund.post(debit(fund.two, 70), credit(fund.one, 70))
    paid = fund.post(debit(fund.bank, 100), credit(fund.one, 100))
    db.write(ledger.reverse, fund.actor, paid, "wrong", "u")
    lines = (debit(fund.lift, 900), credit(fund.bank, 900))
    ends = NOON + timedelta(days=9)
    holds = [db.write(ledger.hold, fund.actor, fund.posting(*lines), ends) for _ in range(2)]
    db.write(ledger.settle, fund.actor, holds[0].transaction_id, "s", 600)
    db.write(ledger.release, fund.actor, holds[1].transaction_id, "r")
    change = PolicyChange(fund.book, "", 0, 2, Role.COMMITTEE.value, clock.today())
    db.write(ledger.set_first_policy, fund.actor, change)
    people = [
        Actor(fund.actor.community_id, key, None, frozenset(), frozenset({Role.COMMITTEE}), None)
        for key in (71, 72, 73)
    ]
    spent = fund.posting(debit(fund.lift, 860), credit(fund.bank, 860), purpose="trust.spend")
    proposal = db.write(ledger.propose, people[0], fund.book, spent, "p1")
    with db.read() as session:
        hashed = ledger.get_proposal(session, fund.actor.community_id, proposal).content_hash
    for person in people[1:]:
        db.write(ledger.approve, person, proposal, hashed)
    with clock.fixed(NOON + timedelta(days=30)):
        for _ in range(2):
            db.write(ledger.close_period, fund.actor, fund.book, date(2026, 11, 30))


@pytest.mark.parametrize("is_told_wrong", [False, True])
def test_verifier_re_adds_the_books(app: Flask, tmp_path: Path, *, is_told_wrong: bool) -> None:
    fund = Fund()
    live_a_month(fund)
    if is_told_wrong:
        told = {"book": fund.book, "account": 99_999, "floor": None, "ceiling": 1}
        db.write(publish, fund.actor, told)
    db.write(transparency.checkpoint_now, fund.actor)
    file = tmp_path / "pack.zip"
    run = app.test_cli_runner().invoke
    assert run(args=["log", "pack", str(file), "--community", "guihua"]).exit_code == 0
    done = subprocess.run(
        [sys.executable, VERIFIER, "pack", file], capture_output=True, text=True, check=False
    )
    assert done.returncode == (1 if is_told_wrong else 0), done.stdout + done.stderr
    assert ("99999" in done.stdout) == is_told_wrong


def publish(session: Session, actor: Actor, told: dict[str, object]) -> None:
    transparency.publish(session, actor.community_id, "ledger.limits", told)
