"""Reports: true to the books, the same bytes for the same moment, recomputed by the verifier."""

from __future__ import annotations

import hashlib
import json
import zipfile
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.trust_property.checks.reports import problems
from community.trust_property.errors.reports import (
    PeriodRunning,
    PeriodUnclear,
    ReportUnchanged,
)
from community.trust_property.queries.fund import get_fund
from community.trust_property.queries.reports import (
    get_report_file,
    period_report,
    published_reports,
    written,
)
from community.trust_property.rules.periods import read_period
from community.trust_property.rules.reports import Report
from community.trust_property.service.reports import publish_report
from tests.conftest import NOON
from tests.ledger.books import around
from tests.transparency.test_packing import verify, write
from tests.trust_property.acts import published
from tests.trust_property.spent import IN_FEN, REPAIR_FEN, Spent, spend
from tests.trust_property.test_bills import HOME_FEN, bill, make_estate, pay

NOVEMBER = "2026-11"


def later() -> AbstractContextManager[None]:
    """Let it be a month on."""
    return clock.fixed(NOON + timedelta(days=35))


def report(spent: Spent, period: str = NOVEMBER) -> Report:
    with db.read() as session:
        return period_report(session, spent.scene.owner, spent.scene.fund_id, period)


def amounts(made: Report, key: str) -> dict[str, tuple[int, ...]]:
    section = made.section(key)
    assert section is not None
    return {each.name or each.title: each.amounts for each in section.lines}


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_has_its_days(name: str, first: date, last: date) -> None:
    found = read_period(name)
    assert found is not None
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize("name", ["2026-13", "2026-Q5", "26-11", "2026-11-01", "", "2026-1\n"])
def test_what_is_no_period_is_refused(name: str) -> None:
    assert read_period(name) is None


def test_a_report_says_what_the_books_say(database: Database) -> None:
    made = report(spend(make_estate()))
    assert amounts(made, "balance")["资产"] == (0, IN_FEN - REPAIR_FEN)
    assert amounts(made, "balance")["累计结余"] == (0, IN_FEN - REPAIR_FEN)
    assert amounts(made, "income")["本期结余"] == (IN_FEN - REPAIR_FEN,)
    assert amounts(made, "budget")["电梯维保"] == (
        100_000_00,
        REPAIR_FEN,
        REPAIR_FEN,
        0,
        100_000_00 - REPAIR_FEN,
    )
    assert amounts(made, "cash")["业主缴费"] == (IN_FEN, 0)
    assert amounts(made, "cash")["期末余额"] == (IN_FEN - REPAIR_FEN, 0)
    assert amounts(made, "payees")["迅达电梯维修部"] == (REPAIR_FEN, 0)
    assert list(amounts(made, "large").values()) == [(REPAIR_FEN,)]
    assert made.section("ages") is None


def test_assets_are_what_is_owed_and_what_is_left(database: Database) -> None:
    estate = make_estate()
    spent = spend(estate)
    with later():
        bill(estate, 202612)
        pay(estate, 2 * HOME_FEN, estate.home)
        made = report(spent, "2026-12")
    found = amounts(made, "balance")
    for place in (0, 1):
        assert found["资产"][place] == found["负债"][place] + found["累计结余"][place]
    ages = amounts(made, "ages")
    assert ages["合计"][0] == amounts(made, "balance")["业主欠费"][1]


def test_a_past_moment_comes_out_identical(database: Database) -> None:
    estate = make_estate()
    spent = spend(estate)
    scene = spent.scene
    moment = clock.now()
    with db.read() as session:
        first = written(session, scene.owner, scene.fund_id, NOVEMBER, moment)
    with later():
        bill(estate, 202612)
        pay(estate, HOME_FEN + 700, estate.home)
        with db.read() as session:
            again = written(session, scene.auditor, scene.fund_id, NOVEMBER, moment)
            now = written(session, scene.owner, scene.fund_id, "2026", clock.now())
            then = written(session, scene.owner, scene.fund_id, "2026", moment)
    assert again == first
    assert now != then


def test_a_published_report_stands_and_is_told_once(database: Database) -> None:
    estate = make_estate()
    spent = spend(estate)
    scene = spent.scene
    with pytest.raises(PeriodRunning):
        db.write(publish_report, scene.firm, scene.fund_id, NOVEMBER)
    with later():
        for wrong in ("2026-13", "november"):
            with pytest.raises(PeriodUnclear):
                db.write(publish_report, scene.firm, scene.fund_id, wrong)
        with pytest.raises(NotAllowed):
            db.write(publish_report, scene.owner, scene.fund_id, NOVEMBER)
        made = db.write(publish_report, scene.firm, scene.fund_id, NOVEMBER)
        with pytest.raises(ReportUnchanged):
            db.write(publish_report, scene.firm, scene.fund_id, NOVEMBER)
        with db.read() as session:
            (view,) = published_reports(session, scene.owner, scene.fund_id)
            kept = get_report_file(session, scene.owner, scene.fund_id, made)
            again = written(session, scene.owner, scene.fund_id, NOVEMBER, view.known_at)
    assert kept.content == again
    (record,) = published(scene, "trust.report")
    assert (record["period"], record["sha256"]) == (NOVEMBER, view.sha256)
    assert record["figures"] == json.loads(kept.content)["figures"]


def test_the_verifier_recomputes_a_report_and_names_a_changed_one(
    database: Database, tmp_path: Path
) -> None:
    spent = spend(make_estate())
    scene = spent.scene
    with later():
        made = db.write(publish_report, scene.firm, scene.fund_id, NOVEMBER)
        db.write(transparency.checkpoint_now, scene.staff)
    pack = write(scene.staff, tmp_path / "pack.zip")
    code, said = verify("pack", pack)
    assert code == 0, said
    with db.read() as session:
        kept = get_report_file(session, scene.owner, scene.fund_id, made)
    with zipfile.ZipFile(pack) as opened:
        assert opened.read(f"reports/{kept.sha256}.json") == kept.content
    name = f"{scene_book(spent)} closing bank"
    with later():
        false = {"report": "x", "period": NOVEMBER, "sha256": None, "figures": {name: 1}}
        db.write(publish_false, scene.staff, false)
        db.write(transparency.checkpoint_now, scene.staff)
    code, said = verify("pack", write(scene.staff, tmp_path / "false.zip"))
    assert code == 1
    assert name in said


def publish_false(session: Session, actor: Actor, fields: dict[str, object]) -> None:
    transparency.publish(session, actor.community_id, "trust.report", fields)


def scene_book(spent: Spent) -> int:
    with db.read() as session:
        return get_fund(session, spent.scene.owner, spent.scene.fund_id).book_id


def test_a_report_that_was_changed_is_told(database: Database) -> None:
    spent = spend(make_estate())
    scene = spent.scene
    with later():
        made = db.write(publish_report, scene.firm, scene.fund_id, NOVEMBER)
        with db.read() as session:
            assert list(problems(session)) == []
            kept = get_report_file(session, scene.owner, scene.fund_id, made).content
        spoiled = kept.replace(b"860000", b"860001")
        assert spoiled != kept
        with around(database) as (at, session):
            drop = "DROP TRIGGER IF EXISTS trust_report_no_update"
            at.run(drop + (" ON trust_report" if at.is_postgres else ""))
            at.run("UPDATE trust_report SET content = ? WHERE id = ?", (spoiled, made))
            assert "does not hash" in "".join(problems(session))
            sha256 = hashlib.sha256(spoiled).hexdigest()
            at.run("UPDATE trust_report SET sha256 = ? WHERE id = ?", (sha256, made))
            session.expire_all()
            told = list(problems(session))
            assert "is not what the public log carries" in told[0]
            assert "the books do not give any more" in told[1]
