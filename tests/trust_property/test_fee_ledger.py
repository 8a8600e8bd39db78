"""Fee ledgers as offices keep them: wide, long, merged, with sums, and rows nobody can place."""

from __future__ import annotations

import pytest

from community.trust_property.importing.fee_columns import find_month
from community.trust_property.importing.fee_ledger import (
    FeeChoices,
    FeeLedger,
    NoFeesFound,
    read_fee_ledger,
)
from community.trust_property.importing.fee_units import (
    AMBIGUOUS,
    UNCLEAR,
    UNKNOWN,
    UnitFinder,
)
from tests.trust_property.fee_sheets import KNOWN, LONG, WIDE, WIDE_MERGED, Cells, csv, workbook

LAST = 202610


def read(content: bytes, choices: FeeChoices | None = None, name: str = "") -> FeeLedger:
    return read_fee_ledger(content, KNOWN, LAST, choices, name)


def rows(*given: tuple[object, ...]) -> Cells:
    return given


@pytest.mark.parametrize("content", [workbook(WIDE, WIDE_MERGED), csv(WIDE)])
def test_a_column_for_each_month(content: bytes) -> None:
    found = read(content)
    assert found.arrears == (
        (1, 202608, 25_365),
        (1, 202609, 25_365),
        (1, 202610, 25_365),
        (2, 202610, 25_365),
    )
    assert found.prepaid == ((3, 100_000), (4, 5_000))
    assert (found.questions, found.problems) == ((), ())
    # The sum of October counts the fifty yuan paid too much, as the office's own sum does not.
    assert [dict(each.facts)["counted"] for each in found.doubts] == ["457.30"]


@pytest.mark.parametrize("content", [workbook(LONG), csv(LONG)])
def test_a_row_for_each_month(content: bytes) -> None:
    found = read(content)
    assert found.arrears == ((1, 202609, 25_365), (1, 202610, 10_000))
    assert found.prepaid == ((5, 10_000),)
    (problem,) = found.problems
    assert (problem.row, problem.reason) == (6, UNKNOWN)
    assert "无此人" not in problem.text


@pytest.mark.parametrize(
    ("building", "entrance", "room", "expected"),
    [
        ("3号楼", "2单元", "301", 1),
        ("3栋", None, "2-301", 1),
        ("3", "二单元", "301室", 1),
        (None, None, "3-2-301", 1),
        (None, None, "3号楼2单元301室", 1),
        ("3号楼", None, "301", 1),
        ("5号楼", None, "102", AMBIGUOUS),
        ("5号楼", "2", "102", 4),
        ("6", None, 501, 5),
        ("7号楼", None, "101", UNKNOWN),
        ("3号楼", "9单元", "301", UNKNOWN),
        ("3号楼", None, None, UNCLEAR),
    ],
)
def test_units_out_of_the_many_ways_to_write_them(
    building: str | None, entrance: str | None, room: str | int | None, expected: int | str
) -> None:
    assert UnitFinder(KNOWN).find(building, entrance, room) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1月", (0, 1)),
        ("12月份", (0, 12)),
        ("2026-03", (2026, 3)),
        ("2026年3月欠费", (2026, 3)),
        ("2026.03", (2026, 3)),
        ("202603", (2026, 3)),
        ("2026年度3月", (2026, 3)),
        ("十一月", (0, 11)),
        ("房号", (0, 0)),
        ("欠费12户", (0, 0)),
    ],
)
def test_months_in_headers(text: str, expected: tuple[int, int]) -> None:
    assert find_month(text) == expected


def test_a_group_of_columns_under_each_month() -> None:
    found = read(
        workbook(
            rows(
                ("楼号", "单元", "室号", "2026年9月", None, "2026年10月", None),
                (None, None, None, "应收", "实收", "应收", "实收"),
                (3, 2, 301, 253.65, 253.65, 253.65, 100),
                (3, 2, 302, 253.65, None, 253.65, 300),
            ),
            ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1"),
        )
    )
    assert found.arrears == ((1, 202610, 15_365), (2, 202609, 25_365))
    assert found.prepaid == ((2, 4_635),)


def test_a_year_that_nobody_wrote_is_asked_for() -> None:
    content = workbook(rows(("房号", "9月欠费", "11月欠费"), ("3-2-301", 10, 20)))
    found = read(content)
    assert [each.code for each in found.questions] == ["year"]
    assert found.arrears == ((1, 202509, 1_000), (1, 202511, 2_000))
    content = workbook(rows(("房号", "9月欠费", "10月欠费"), ("3-2-301", 10, 20)))
    answered = read(content, FeeChoices(year=2026))
    assert (answered.questions, answered.arrears) == (
        (),
        ((1, 202609, 1_000), (1, 202610, 2_000)),
    )


def test_what_bare_months_mean_is_asked_for() -> None:
    content = workbook(rows(("房号", "2026年9月", "2026年10月"), ("3-2-301", 10, 20)))
    assert [each.code for each in read(content).questions] == ["meaning"]
    assert read(content, FeeChoices(meaning="owed")).arrears_fen == 3_000
    assert read(content, FeeChoices(meaning="paid")).arrears == ()
    assert read(content, name="9-10月欠费.xlsx").questions == ()


def test_arrears_without_a_month_are_asked_about() -> None:
    content = workbook(
        rows(("房号", "往年欠费", "2026年9月欠费"), ("3-2-301", 500, 10), ("3-2-302", None, 10))
    )
    found = read(content)
    assert [each.code for each in found.questions] == ["older_month"]
    assert found.arrears[0] == (1, 202608, 50_000)
    assert read(content, FeeChoices(older_month=202512)).arrears[0] == (1, 202512, 50_000)


def test_a_span_of_months_is_shared_evenly_and_said() -> None:
    found = read(
        workbook(rows(("房号", "欠费期间", "欠费金额"), ("3-2-301", "2026年8月-2026年10月", 100)))
    )
    assert found.arrears == ((1, 202608, 3_334), (1, 202609, 3_333), (1, 202610, 3_333))
    assert len(found.doubts) == 1


def test_rows_that_cannot_be_read_are_named_with_their_reason() -> None:
    found = read(
        workbook(
            rows(
                ("楼栋", "房号", "2026年10月欠费"),
                ("5号楼", "102", 10),
                ("3号楼", "2-301", "欠两百"),
                ("3号楼", "2-302", 10),
            )
        )
    )
    assert [(each.row, each.reason == AMBIGUOUS) for each in found.problems] == [
        (2, True),
        (3, False),
    ]
    assert found.arrears == ((2, 202610, 1_000),)


def test_months_after_opening_day_are_left_out_with_a_reason() -> None:
    found = read(workbook(rows(("房号", "2026年11月欠费"), ("3-2-301", 10))))
    assert (found.arrears, len(found.problems)) == ((), 1)


def test_the_building_of_a_sheets_name_counts() -> None:
    found = read(workbook(rows(("室号", "2026年10月欠费"), ("2-301", 10)), name="3号楼"))
    assert found.arrears == ((1, 202610, 1_000),)


def test_something_else_is_no_fee_ledger() -> None:
    with pytest.raises(NoFeesFound):
        read(workbook(rows(("姓名", "电话"), ("王", "1"))))
