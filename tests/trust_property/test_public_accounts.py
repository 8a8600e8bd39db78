"""What anybody sees of a fund: true sums, each opened down to its entry, and no household."""

from __future__ import annotations

import re
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.trust_property.checks.totals import problems
from community.trust_property.queries.public_accounts import (
    PublicAccounts,
    public_accounts,
    public_rows,
)
from community.trust_property.rules.fund import Purpose
from community.trust_property.rules.titles import PURPOSES
from community.trust_property.service import totals
from tests.trust_property.spent import IN_FEN, REPAIR_FEN, Spent, spend
from tests.trust_property.test_bills import make_estate, pay


def test_every_purpose_of_an_entry_has_its_words() -> None:
    # What is agreed outside the books never becomes an entry.
    assert set(Purpose) - {Purpose.CHANGE} == set(PURPOSES)


def standing(spent: Spent) -> PublicAccounts:
    with db.read() as session:
        return public_accounts(session, spent.scene.owner, spent.scene.fund_id)


def test_the_sums_are_the_same_before_and_after_they_are_kept(database: Database) -> None:
    spent = spend(make_estate())
    before = standing(spent)
    assert before.money_fen == IN_FEN - REPAIR_FEN
    assert (before.month.in_fen, before.month.out_fen) == (IN_FEN, REPAIR_FEN)
    counted = db.write(totals.sum_days_up, spent.scene.staff)
    assert counted > 0
    assert db.write(totals.sum_days_up, spent.scene.staff) == 0
    assert standing(spent) == before


def test_what_comes_after_the_kept_sums_is_read_from_the_books(database: Database) -> None:
    estate = make_estate()
    spent = spend(estate)
    db.write(totals.sum_days_up, spent.scene.staff)
    pay(estate, 500, estate.home)
    found = standing(spent)
    assert found.month.in_fen == IN_FEN + 500
    db.write(totals.sum_days_up, spent.scene.staff)
    assert standing(spent) == found


def test_kept_sums_that_were_changed_are_told(database: Database) -> None:
    spent = spend(make_estate())
    db.write(totals.sum_days_up, spent.scene.staff)
    with db.read() as session:
        assert list(problems(session)) == []

    db.write(shift_sums, spent.scene.staff, 1)
    with db.read() as session:
        assert "its sums by day leave out" in next(iter(problems(session)))
    db.write(shift_sums, spent.scene.staff, -1)


def shift_sums(session: Session, actor: Actor, fen: int) -> None:
    db.statements(session).run(
        "UPDATE trust_day_total SET debits_fen = debits_fen + ? WHERE debits_fen > 1", (fen,)
    )


def test_every_total_opens_down_to_the_entry(database: Database, client: FlaskClient) -> None:
    spent = spend(make_estate())
    home = f"/c/guihua/fund/{spent.scene.fund_id}"
    assert client.get("/c/guihua/fund").location.endswith(home)
    page = client.get(home)
    assert page.status_code == 200
    seen, waiting = set(), [home]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        if address.startswith(f"{home}/ask"):
            # Who asks must sign in first.
            assert "/sign-in" in answer.location
            continue
        assert answer.status_code == 200, address
        links = re.findall(r'href="([^"#]+)"', answer.text)
        here = f"/fund/{spent.scene.fund_id}/"
        waiting += [
            link.replace("&amp;", "&")
            for link in links
            if here in link and re.search("/(entries|entry|day)", link)
        ]
        for word in ("王秀英", "301", "102", "李国强"):
            assert word not in answer.text, (address, word)
    assert any(f"/entry/{spent.paid}" in each for each in seen)
    paid = client.get(f"{home}/entry/{spent.paid}").text
    for word in ("8,600.00", "电梯", "迅达电梯维修部", "业委会 1 人批准", "/record/"):
        assert word in paid, word


def test_an_entry_of_another_fund_or_book_is_no_page(
    database: Database, client: FlaskClient
) -> None:
    spent = spend(make_estate())
    other = make_estate("lanyuan")
    stolen = f"/c/lanyuan/fund/{other.scene.fund_id}/entry/{spent.paid}"
    assert client.get(stolen).status_code == 404
    away = f"/c/lanyuan/fund/{spent.scene.fund_id}"
    assert client.get(away).status_code == 404


def test_a_list_is_bound_to_its_days(database: Database) -> None:
    spent = spend(make_estate())
    today = clock.today()
    with db.read() as session:
        actor, fund_id = spent.scene.owner, spent.scene.fund_id
        now = public_rows(session, actor, fund_id, "", today, today)
        past = today - timedelta(days=1)
        assert public_rows(session, actor, fund_id, "", past, past).rows == ()
    assert sorted(row.amount_fen for row in now.rows) == [-REPAIR_FEN, IN_FEN]
