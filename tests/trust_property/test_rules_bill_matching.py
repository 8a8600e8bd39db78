"""Which bills a line pays, on plain values: places and names in free words, oldest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from community.trust_property.rules.bank import Wanted
from community.trust_property.rules.bill_matching import (
    OwedBill,
    is_named,
    offer_bills,
    places_in,
)


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("王秀英 3号楼2单元301室 物业费", ("3号楼2单元301",)),
        ("3-2-301 11月物业费", ("3-2-301",)),
        ("桂花里 3 栋 301 和 5#102", ("3 栋 301", "5#102")),
        ("转账 2026-11-05 订单 20261122-1", ()),
        ("物业费11月12日", ()),
        ("流水 4367886688-01", ()),
    ],
)
def test_places_are_found_in_what_people_write(words: str, places: tuple[str, ...]) -> None:
    assert places_in(words) == places


def test_a_short_name_within_another_names_nobody() -> None:
    assert is_named("王秀英", "王秀英物业费")
    assert is_named("李明", "李明 转账")
    assert not is_named("李明", "李明华 转账")


def owing(number: int, fen: int, month: int, unit: int = 1) -> OwedBill:
    return OwedBill(number, unit, f"{unit} 号", month, date(2026, 1, 31), fen)


def test_the_oldest_bills_that_make_the_sum_come_first() -> None:
    bills = [owing(1, 100, 202609), owing(2, 100, 202610), owing(3, 100, 202611)]
    wanted = Wanted(date(2026, 11, 20), 200, "")
    (found,) = offer_bills(wanted, bills, [])
    assert [each.id for each in found.picks] == [1, 2]
    assert offer_bills(replace(wanted, amount_fen=250), bills, []) == ()


def test_two_units_of_one_sum_are_not_told_apart() -> None:
    bills = [owing(1, 100, 202611), owing(2, 100, 202611, unit=2)]
    wanted = Wanted(date(2026, 11, 20), 100, "")
    assert {each.score for each in offer_bills(wanted, bills, [])} == {55}
    both = offer_bills(replace(wanted, amount_fen=200), bills, [])
    assert ([each.id for each in both[0].picks], both[0].score) == ([1, 2], 94)
    (alone,) = offer_bills(wanted, [], bills[:1])
    assert alone.score < 60
    assert offer_bills(wanted, [], bills) == ()
