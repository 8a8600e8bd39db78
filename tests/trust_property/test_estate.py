"""Units, rates and contracts: taken from the register, then changed only by two keys."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.trust_property.errors.estate import ContractUnclear, FundUnitNotFound
from community.trust_property.errors.matters import BackDated, NothingChanged
from community.trust_property.queries.estate import (
    FundUnitView,
    contracts,
    fund_units,
    rates_on,
)
from community.trust_property.rules.estate import ContractKind, UnitUse, split_instalments
from community.trust_property.service.contracts import (
    ContractDraft,
    book_instalments,
    propose_contract,
)
from community.trust_property.service.estate import (
    propose_rate,
    propose_unit,
    set_unit,
    take_units,
)
from tests.conftest import NOON
from tests.trust_property.acts import agree, published, working_scene
from tests.trust_property.scene import Scene

PARKING = ContractDraft(
    ContractKind.PARKING,
    "便捷停车有限公司",
    "地面 40 个车位",
    10_000_01,
    date(2026, 11, 1),
    date(2027, 1, 31),
    3,
    date(2026, 11, 30),
)


def units(scene: Scene) -> tuple[FundUnitView, ...]:
    with db.read() as session:
        return fund_units(session, scene.staff, scene.fund_id)


def rates_now(scene: Scene) -> dict[UnitUse, int]:
    with db.read() as session:
        return rates_on(session, scene.staff, scene.fund_id, clock.today())


def test_units_come_with_their_area_once(database: Database) -> None:
    scene = working_scene()
    assert db.write(take_units, scene.staff, scene.fund_id) == 2
    assert db.write(take_units, scene.staff, scene.fund_id) == 0
    assert sorted(each.area_centiares for each in units(scene)) == [8_900, 12_050]
    home = units(scene)[0]
    db.write(set_unit, scene.staff, scene.fund_id, home.unit_id, UnitUse.SHOP, 9_001)
    assert (units(scene)[0].use, units(scene)[0].area_centiares) == (UnitUse.SHOP, 9_001)
    with pytest.raises(NotAllowed):
        db.write(set_unit, scene.firm, scene.fund_id, home.unit_id, UnitUse.HOME, 1)
    with pytest.raises(FundUnitNotFound):
        db.write(set_unit, scene.staff, scene.fund_id, 10**9, UnitUse.HOME, 1)


def test_an_area_changes_by_two_keys(database: Database) -> None:
    scene = working_scene()
    db.write(take_units, scene.staff, scene.fund_id)
    home = units(scene)[0]
    asked = (scene.fund_id, home.unit_id, UnitUse.HOME)
    made = db.write(propose_unit, scene.firm, *asked, 9_000, "不动产权证")
    assert units(scene)[0].area_centiares == home.area_centiares
    agree(scene, made)
    assert units(scene)[0].area_centiares == 9_000
    assert published(scene, "trust.unit")[0]["area_centiares"] == 9_000
    with pytest.raises(NothingChanged):
        db.write(propose_unit, scene.firm, *asked, 9_000, "不动产权证")


def test_a_rate_counts_from_its_day(database: Database) -> None:
    scene = working_scene()
    today = clock.today()
    asked = (scene.fund_id, UnitUse.HOME)
    agree(scene, db.write(propose_rate, scene.firm, *asked, 185, today, "决议 2"))
    later = today + timedelta(days=30)
    agree(scene, db.write(propose_rate, scene.firm, *asked, 210, later, "决议 3"))
    assert rates_now(scene) == {UnitUse.HOME: 185}
    with clock.fixed(NOON + timedelta(days=30)):
        assert rates_now(scene) == {UnitUse.HOME: 210}
    with pytest.raises(NothingChanged):
        db.write(propose_rate, scene.firm, *asked, 210, later, "决议 4")
    with pytest.raises(BackDated):
        db.write(propose_rate, scene.firm, *asked, 1, today - timedelta(days=1), "决议 4")


def test_instalments_add_up_to_the_fen() -> None:
    parts = split_instalments(10_000_01, 3, date(2026, 11, 30))
    assert [each.amount_fen for each in parts] == [3_333_34, 3_333_34, 3_333_33]
    assert [each.due_on.isoformat() for each in parts] == ["2026-11-30", "2026-12-30", "2027-01-30"]
    assert split_instalments(5, 2, date(2027, 1, 31))[1].due_on == date(2027, 2, 28)


def test_due_instalments_are_booked_once(database: Database) -> None:
    scene = working_scene()
    made = db.write(propose_contract, scene.firm, scene.fund_id, PARKING)
    with pytest.raises(NotAllowed):
        db.write(book_instalments, scene.committee, scene.fund_id)
    assert db.write(book_instalments, scene.firm, scene.fund_id) == 0
    agree(scene, made)
    with clock.fixed(NOON + timedelta(days=40)):
        assert db.write(book_instalments, scene.firm, scene.fund_id) == 2
        assert db.write(book_instalments, scene.second_firm, scene.fund_id) == 0
    with db.read() as session:
        found = contracts(session, scene.staff, scene.fund_id)[0]
    assert [each.transaction_id is None for each in found.instalments] == [False, False, True]
    assert sum(each.amount_fen for each in found.instalments) == found.amount_fen


def test_a_contract_that_ends_before_it_begins_is_refused(database: Database) -> None:
    scene = working_scene()
    wrong = ContractDraft(
        ContractKind.RENT, "x", "y", 100, date(2026, 2, 1), date(2026, 1, 1), 1, date(2026, 2, 1)
    )
    with pytest.raises(ContractUnclear):
        db.write(propose_contract, scene.firm, scene.fund_id, wrong)
