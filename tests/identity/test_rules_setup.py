"""The wizard's quick entry of buildings."""

from __future__ import annotations

import pytest

from community.identity.rules.setup import BuildingPlan, UnreadableLineError, read_buildings

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "line",
    [
        "1–12 号楼, 3 单元, 6 层, 2 户",
        "1-12号楼，3个单元，6层，2户",
        "１～１２ 栋、3 单元、6 层、每层 2 户",
        "1到12幢 3单元 6层 2户",
        "1-12, 3 entrances, 6 floors, 2 doors",
    ],
)
def test_lines_as_people_type_them(line: str) -> None:
    plans = read_buildings(line)
    assert len(plans) == 12
    assert plans[2] == BuildingPlan("3 号楼", 3, 6, 2)
    assert len(plans[2].units) == 36
    assert (plans[2].units[0], plans[2].units[-1]) == ("1 单元 101", "3 单元 602")


def test_a_building_without_entrances() -> None:
    (plan,) = read_buildings("A座, 18 层, 8 户")
    assert plan.name == "A 座"
    assert (plan.units[0], plan.units[-1]) == ("101", "1808")


def test_a_later_line_replaces_a_building() -> None:
    plans = read_buildings("1-3 号楼, 2 单元, 6 层, 2 户\n3 号楼, 11 层, 4 户")
    assert [plan.entrances for plan in plans] == [2, 2, 0]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "十二栋楼",
        "12-1 号楼, 3 单元, 6 层, 2 户",
        "1 号楼, 0 层, 2 户",
        "1 号楼, 99 层, 2 户",
        "1-201 号楼, 1 层, 1 户",
        "1-100 号楼, 9 单元, 30 层, 4 户",
        "1 号楼, 6 层",
    ],
)
def test_what_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(UnreadableLineError):
        read_buildings(line)
