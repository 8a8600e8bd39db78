"""Charts carry exactly their numbers, in the drawing and in the table."""

import re
from collections.abc import Callable, Sequence
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.web import charts

pytestmark = pytest.mark.once

Make = Callable[[str, str, Sequence[str], Sequence[charts.Series]], charts.Drawn]
SVG = "{http://www.w3.org/2000/svg}"
MONTHS = [f"{month} 月" for month in range(1, 13)]
GIVEN = [12, 0, 7, 30, 22, 19, 1, 4, 100, 64, 31, 15]


def heights(drawn: charts.Drawn, kind: int) -> list[int]:
    tree = ET.fromstring(str(drawn.svg))  # noqa: S314 - drawn a line above
    return [
        int(one.attrib["height"])
        for one in tree.iter(f"{SVG}rect")
        if one.attrib["class"] == f"s{kind}"
    ]


def test_table_says_what_the_bars_say() -> None:
    drawn = charts.bars("每月人次", "月份", MONTHS, [("人次", GIVEN)])
    assert [values for _, values in drawn.rows] == [(str(value),) for value in GIVEN]
    assert heights(drawn, 0) == [value * charts.PLOT_HEIGHT // 100 for value in GIVEN if value]


def test_series_stand_on_one_another() -> None:
    drawn = charts.bars("时长", "月份", ["1 月"], [("付出", [30]), ("得到", [10])])
    tree = ET.fromstring(str(drawn.svg))  # noqa: S314 - drawn a line above
    lower, upper = (
        next(one for one in tree.iter(f"{SVG}rect") if one.attrib["class"] == kind)
        for kind in ("s0", "s1")
    )
    assert int(upper.attrib["y"]) + int(upper.attrib["height"]) == int(lower.attrib["y"])
    assert drawn.rows == (("1 月", ("30", "10")),)


@pytest.mark.parametrize("make", [charts.bars, charts.line, charts.ranked])
def test_no_data_is_still_a_chart(make: Make) -> None:
    assert make("空", "月份", [], [("人次", [])]).rows == ()
    nothing = make("空", "月份", ["1 月", "2 月"], [("人次", [0, 0])])
    assert ET.fromstring(str(nothing.svg)) is not None  # noqa: S314 - drawn a line above


@pytest.mark.parametrize("make", [charts.bars, charts.line, charts.ranked])
def test_names_are_escaped(make: Make) -> None:
    drawn = make('a"<b>', "组", ['<script>"x'], [("人", [1])])
    assert "<script>" not in str(drawn.svg)
    assert ET.fromstring(str(drawn.svg)) is not None  # noqa: S314 - drawn a line above


def test_missing_value_is_our_mistake() -> None:
    with pytest.raises(AssertionError, match="missing"):
        charts.bars("x", "月份", MONTHS, [("人次", [1])])


@given(st.integers(min_value=0, max_value=10**13))
def test_scale_reaches_the_highest_in_few_round_steps(highest: int) -> None:
    marks = charts.scale(highest)
    assert marks[0] == 0
    assert marks[-1] >= highest
    assert 2 <= len(marks) <= 6
    assert re.fullmatch(r"[125]0*", str(marks[1]))


@given(st.lists(st.integers(min_value=0, max_value=10**12), min_size=1, max_size=40))
def test_every_number_is_whole(values: list[int]) -> None:
    labels = [str(place) for place in range(len(values))]
    for make in (charts.bars, charts.line, charts.ranked):
        drawn = str(make("x", "y", labels, [("z", values)]).svg)
        numbers = re.findall(r' (?:x|y|width|height|cx|cy|x1|y2)="([^"]*)"', drawn)
        assert all(re.fullmatch(r"-?\d+", number) for number in numbers)
