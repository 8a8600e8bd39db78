"""Budgets: adopted by decision and two keys, versioned, and the books refuse to overspend."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.trust_property.errors.budget import (
    BudgetBelowUse,
    BudgetExists,
    BudgetMissing,
    BudgetUnclear,
    CarriedTooMuch,
    MinutesMissing,
    NoLastYear,
    YearOutOfRange,
)
from community.trust_property.errors.spending import BudgetExceeded
from community.trust_property.queries.budgets import budget_versions
from community.trust_property.queries.matters import matters
from community.trust_property.rules.budget import (
    BudgetKind,
    BudgetLine,
    LinesUnclearError,
    interim_lines,
    read_lines,
    write_lines,
)
from community.trust_property.rules.matters import MatterKind, MatterState
from community.trust_property.service.budgets import open_interim, propose_budget
from community.trust_property.service.matters import reject_matter
from tests.conftest import NOON
from tests.trust_property.acts import (
    LINES,
    adopt,
    agree,
    ask,
    line,
    published,
    request,
    spending_scene,
    working_scene,
)
from tests.trust_property.scene import Scene

NEXT_YEAR = NOON + timedelta(days=60)


def test_pasted_lines_are_read_and_written_back() -> None:
    found = read_lines("L05\t电梯维保\t120,000.50\t300\n绿化  30000\n\n保洁，8000元\n")
    assert found == (
        BudgetLine("L05", "电梯维保", 120_000_50, 300_00),
        BudgetLine("L01", "绿化", 30_000_00),
        BudgetLine("L02", "保洁", 8_000_00),
    )
    assert read_lines(write_lines(found)) == found
    for wrong in ("电梯", "电梯\t一万", "电梯\t-5", "电梯\t1.005", "a\tb\tc\td\te"):
        with pytest.raises(LinesUnclearError):
            read_lines(wrong)


def test_an_interim_share_is_rounded_down() -> None:
    found = interim_lines((BudgetLine("L01", "x", 99_99, 500),), 3_333)
    assert found == (BudgetLine("L01", "x", 33_32),)


def test_nothing_is_spent_without_a_budget(database: Database) -> None:
    scene = working_scene()
    with pytest.raises(BudgetMissing):
        ask(scene, 1)


def test_an_adopted_budget_is_in_the_books_and_published(database: Database) -> None:
    scene = working_scene()
    adopt(scene)
    assert (line(scene).whole_fen, line(scene).free_fen) == (100_000_00, 100_000_00)
    record = published(scene, "trust.budget")[0]
    assert record["lines"][0] == ["L01", "电梯维保", 100_000_00, 0]
    assert len(record["minutes_sha256"]) == 64


def test_an_amendment_is_another_version(database: Database) -> None:
    scene, payee = spending_scene()
    ask(scene, payee, 60_000_00, vote_reference="表决 1")
    less = (BudgetLine("L01", "电梯维保", 50_000_00), *LINES[1:])
    asked = (scene.fund_id, 2026, less, "决议 2", clock.today())
    with pytest.raises(MinutesMissing):
        db.write(propose_budget, scene.firm, *asked, ())
    with pytest.raises(BudgetBelowUse):
        adopt(scene, less)
    send_back(scene)
    with pytest.raises(BudgetBelowUse):
        adopt(scene, LINES[1:], reference="决议 3")


def test_amended_lines_keep_what_was_before(database: Database) -> None:
    scene = working_scene()
    adopt(scene)
    adopt(scene, (BudgetLine("L01", "电梯维保", 70_000_00), LINES[1]), reference="决议 2")
    with db.read() as session:
        found = budget_versions(session, scene.firm, scene.fund_id, 2026)
    assert [(each.version, each.kind) for each in found] == [
        (2, BudgetKind.AMENDED),
        (1, BudgetKind.ADOPTED),
    ]
    assert found[1].lines == LINES
    assert line(scene).whole_fen == 70_000_00


def test_the_books_refuse_the_fen_too_many(database: Database) -> None:
    scene, payee = spending_scene()
    ask(scene, payee, 99_999_99, vote_reference="表决 1")
    with pytest.raises(BudgetExceeded, match="0\\.01"):
        ask(scene, payee, 2)
    ask(scene, payee, 1)
    assert line(scene).free_fen == 0


def test_holds_of_a_thousand_on_five_thousand_refuse_the_sixth(database: Database) -> None:
    scene, payee = spending_scene()
    adopt(scene, (*LINES[:2], BudgetLine("L03", "公共水电", 5_000_00)), reference="决议 2")
    for _ in range(5):
        ask(scene, payee, 1_000_00, line_code="L03")
    with pytest.raises(BudgetExceeded):
        ask(scene, payee, 1_000_00, line_code="L03")
    assert line(scene, "L03").held_fen == 5_000_00


def test_lines_that_are_no_budget_are_refused(database: Database) -> None:
    scene = working_scene()
    for wrong in ((), (LINES[0], LINES[0]), (BudgetLine("L01", "x", -1),)):
        with pytest.raises(BudgetUnclear):
            adopt(scene, wrong)
    for year in (2025, 2028):
        with pytest.raises(YearOutOfRange):
            adopt(scene, year=year)


def test_until_adoption_a_voted_share_of_last_year_applies(database: Database) -> None:
    scene = working_scene()
    with pytest.raises(NoLastYear):
        db.write(open_interim, scene.firm, scene.fund_id, 2026)
    adopt(scene)
    with pytest.raises(BudgetExists):
        db.write(open_interim, scene.firm, scene.fund_id, 2026)
    with pytest.raises(NotAllowed):
        db.write(open_interim, scene.committee, scene.fund_id, 2026)
    with clock.fixed(NEXT_YEAR):
        db.write(open_interim, scene.firm, scene.fund_id, 2027)
        assert line(scene, year=2027).whole_fen == 50_000_00
        adopt(scene, year=2027, reference="2027 决议")
        assert line(scene, year=2027).whole_fen == 100_000_00
        with db.read() as session:
            kinds = [
                each.kind for each in budget_versions(session, scene.firm, scene.fund_id, 2027)
            ]
    assert kinds == [BudgetKind.ADOPTED, BudgetKind.INTERIM]


def test_what_is_carried_over_is_not_spent_twice(database: Database) -> None:
    scene, payee = spending_scene()
    agree(scene, matter_of(scene, ask(scene, payee, 9_000_00)))
    carried = (BudgetLine("L01", "电梯维保", 10_000_00, 91_000_01),)
    with clock.fixed(NEXT_YEAR):
        with pytest.raises(CarriedTooMuch):
            adopt(scene, carried, 2027)
        send_back(scene)
        adopt(scene, (BudgetLine("L01", "电梯维保", 10_000_00, 91_000_00),), 2027, "决议 4")
        assert line(scene).free_fen == 0
        assert line(scene, year=2027).whole_fen == 101_000_00


def send_back(scene: Scene) -> None:
    """Let the committee send back what waits for it."""
    with db.read() as session:
        waiting = matters(session, scene.committee, scene.fund_id, MatterState.OPEN)
    kinds = [each for each in waiting if each.kind == MatterKind.BUDGET]
    assert len(kinds) == 1
    db.write(reject_matter, scene.committee, scene.fund_id, kinds[0].id, "数字不对")


def matter_of(scene: Scene, request_id: int) -> int:
    found = request(scene, request_id).matter_id
    assert found is not None
    return found
