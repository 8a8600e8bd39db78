"""What banks' and services' exports hold beside the plain table, each met once."""

from __future__ import annotations

from datetime import date

import pytest

from community.trust_property.importing.reading import read_statement
from community.trust_property.importing.statement import Statement
from tests.trust_property.layouts import Rows, as_csv

pytestmark = pytest.mark.once


def read(*rows: list[str]) -> Statement:
    return read_statement(as_csv(rows))


def told(found: Statement) -> list[tuple[int, int, str, str]]:
    return [(line.day.day, line.amount_fen, line.counterparty, line.number) for line in found.lines]


def test_refund_in_a_column_of_its_own_takes_money_away() -> None:
    found = read(
        [
            "交易时间",
            "微信订单号",
            "交易状态",
            "应结订单金额",
            "退款金额",
            "充值券退款金额",
            "商品名称",
        ],
        ["`2026-01-05 10:00:00", "`A1", "`SUCCESS", "`300.00", "`0.00", "`0.00", "`停车费"],
        ["`2026-01-06 10:00:00", "`A1", "`REFUND", "`0.00", "`300.00", "`0.00", "`停车费"],
    )
    assert told(found) == [(5, 300_00, "", "A1"), (6, -300_00, "", "A1")]


def test_labels_above_a_header_are_not_its_upper_half() -> None:
    found = read(
        ["户名", "幸福小区", "币种", "人民币"],
        ["交易日期", "借方金额", "贷方金额", "账户余额"],
        ["2026-01-05", "0", "5.00", "15.00"],
        ["2026-01-06", "1.00", "0", "14.00"],
    )
    assert (found.header_row, found.is_certain) == (2, True)


def test_name_and_account_below_one_title_are_told_apart() -> None:
    found = read(
        ["交易日期", "发生额", "", "对方信息", "", "柜员交易号"],
        ["", "借方", "贷方", "账号", "户名", ""],
        ["2026-01-05", "", "5.00", "6222", "王小明", "N1"],
    )
    assert told(found) == [(5, 5_00, "王小明", "N1")]
    assert found.lines[0].counter_account == "6222"


@pytest.mark.parametrize(
    "rows",
    [
        [["流水号", "交易时间戳", "金额"], ["N1", "20260105091203", "5.00"]],
        [["流水号", "交易日期", "金额"], ["N1", "26-01-05", "5.00"]],
        [["凭证号", "交易日期", "交易类型", "交易金额"], ["N1", "2026-01-05", "付款", "5.00"]],
    ],
)
def test_days_and_sides_are_read_by_what_stands_there(rows: Rows) -> None:
    line = read_statement(as_csv(rows)).lines[0]
    assert (line.day, line.number) == (date(2026, 1, 5), "N1")
    assert line.amount_fen == (-5_00 if "付款" in rows[1] else 5_00)


def test_day_first_with_a_short_year_stays_day_first() -> None:
    found = read(["Date", "Amount"], ["26/01/25", "5.00"], ["27/01/25", "-5.00"])
    assert [line.day for line in found.lines] == [date(2025, 1, 26), date(2025, 1, 27)]


def test_totals_of_a_day_book_have_a_day_and_are_no_entries() -> None:
    found = read(
        ["日期", "摘要", "借方", "贷方", "对方单位", "凭证号"],
        ["2026-01-05", "合计", "", "5.00", "王小明", "0"],
        ["2026-01-31", "本月合计", "", "5.00", "", ""],
        ["2026-01-31", "本年累计", "", "5.00", "", ""],
    )
    assert told(found) == [(5, 5_00, "王小明", "")]


def test_card_at_a_till_is_the_buyers() -> None:
    found = read(
        ["交易日期", "终端号", "交易类型", "交易金额", "卡号", "检索参考号"],
        ["20260105", "T1", "消费", "5.00", "6222****1", "N1"],
        ["20260106", "T1", "退货", "-5.00", "6222****2", "N2"],
    )
    assert [(line.amount_fen, line.summary, line.counter_account) for line in found.lines] == [
        (5_00, "消费", "6222****1"),
        (-5_00, "退货", "6222****2"),
    ]
    assert found.is_certain
