"""Statements that go against the grain: odd orders, odd signs, several accounts, broken files."""

from __future__ import annotations

from datetime import date

import pytest

from community.kernel.sheets import FileBroken, FileNotSheet, UnreadableFile
from community.trust_property.importing.reading import NoEntriesFound, read_statement
from community.trust_property.importing.statement import Choices, Column, Sign, Statement
from tests.trust_property.layouts import as_csv, as_xlsx

pytestmark = pytest.mark.once

HEAD = ["交易日期", "摘要", "借方发生额", "贷方发生额", "余额"]


def amounts(found: Statement) -> list[int]:
    return [line.amount_fen for line in found.lines]


def codes(found: Statement) -> set[str]:
    return {question.code for question in found.questions}


def reasons(found: Statement) -> list[tuple[int, str]]:
    return [(each.row, each.code) for each in found.skipped]


def test_days_newest_first_with_entries_of_a_day_oldest_first_still_chain() -> None:
    found = read_statement(
        as_csv(
            [
                HEAD,
                ["2026-03-05", "丙", "", "30.00", "160.00"],
                ["2026-03-05", "丁", "10.00", "", "150.00"],
                ["2026-03-02", "甲", "", "20.00", "120.00"],
                ["2026-03-02", "乙", "", "10.00", "130.00"],
            ]
        )
    )
    assert found.is_certain
    assert (found.opening_fen, found.closing_fen) == (100_00, 150_00)
    assert found.order == "days-mixed"


def test_balances_overrule_headers_and_the_user_is_asked() -> None:
    """Some write 借 and 贷 from the account holder's own books."""
    rows = [
        HEAD,
        ["2026-03-01", "甲", "20.00", "", "120.00"],
        ["2026-03-02", "乙", "", "50.00", "70.00"],
        ["2026-03-03", "丙", "30.00", "", "100.00"],
        ["2026-03-04", "丁", "", "1.00", "99.00"],
    ]
    found = read_statement(as_csv(rows))
    assert amounts(found) == [20_00, -50_00, 30_00, -1_00]
    assert codes(found) == {"sign-contradicts"}
    answered = read_statement(as_csv(rows), choices=Choices(sign=Sign.INVERTED))
    assert amounts(answered) == amounts(found)
    assert answered.is_certain


def test_missing_entry_breaks_the_balance_and_is_named() -> None:
    found = read_statement(
        as_csv(
            [
                HEAD,
                ["2026-03-01", "甲", "", "20.00", "120.00"],
                ["2026-03-02", "乙", "50.00", "", "70.00"],
                ["2026-03-04", "丁", "1.00", "", "62.00"],
                ["2026-03-05", "戊", "2.00", "", "60.00"],
            ]
        )
    )
    assert codes(found) == {"balance-breaks"}
    assert "第 4 行" in found.questions[0].sentence()


def test_credit_card_spending_is_negative_and_asked_about() -> None:
    rows = [
        ["招商银行信用卡账单"],
        ["交易日", "记账日", "交易摘要", "人民币金额", "卡号末四位"],
        ["03/02", "03/03", "超市", "120.50", "1234"],
        ["03/05", "03/06", "还款", "-500.00", "1234"],
    ]
    found = read_statement(as_csv(rows), choices=Choices(year=2026))
    assert amounts(found) == [-120_50, 500_00]
    assert codes(found) == {"card-sign"}
    kept = read_statement(as_csv(rows), choices=Choices(year=2026, sign=Sign.AS_WRITTEN))
    assert amounts(kept) == [120_50, -500_00]
    assert kept.is_certain


def test_day_without_year_takes_it_from_the_period() -> None:
    found = read_statement(
        as_csv(
            [
                ["账单周期：2026年2月1日-2026年3月31日"],
                ["日期", "收入", "支出", "余额"],
                ["02-03", "5.00", "", "15.00"],
                ["3月4日", "", "1.00", "14.00"],
            ]
        )
    )
    assert [line.day for line in found.lines] == [date(2026, 2, 3), date(2026, 3, 4)]
    assert (found.since, found.until) == (date(2026, 2, 1), date(2026, 3, 31))


def test_amounts_without_any_sign_are_asked_about() -> None:
    rows = [["日期", "金额", "摘要"], ["2026-03-01", "5.00", "甲"], ["2026-03-02", "6.00", "乙"]]
    assert codes(read_statement(as_csv(rows))) == {"sign"}
    turned = read_statement(as_csv(rows), choices=Choices(sign=Sign.INVERTED))
    assert amounts(turned) == [-5_00, -6_00]


def test_ambiguous_days_are_asked_about_and_proven_ones_are_not() -> None:
    head = ["Date", "Amount", "Description"]
    unsure = [head, ["03/04/2026", "5.00", "a"], ["05/04/2026", "-6.00", "b"]]
    found = read_statement(as_csv(unsure))
    assert codes(found) == {"day-order"}
    assert found.lines[0].day == date(2026, 4, 3)
    told = read_statement(as_csv(unsure), choices=Choices(month_first=True))
    assert (told.lines[0].day, told.is_certain) == (date(2026, 3, 4), True)
    proven = read_statement(as_csv([*unsure, ["04/25/2026", "1.00", "c"]]))
    assert (proven.lines[0].day, proven.is_certain) == (date(2026, 3, 4), True)


def test_columns_of_the_same_name_are_told_apart_by_what_they_hold() -> None:
    found = read_statement(
        as_csv(
            [
                ["日期", "金额", "金额", "余额", "摘要"],
                ["2026-03-01", "", "5.00", "15.00", "甲"],
                ["2026-03-02", "", "-6.00", "9.00", "乙"],
            ]
        )
    )
    assert amounts(found) == [5_00, -6_00]


def test_totals_notes_headers_of_new_pages_and_carried_balances_are_no_entries() -> None:
    found = read_statement(
        as_csv(
            [
                HEAD,
                ["", "承前页", "", "", "100.00"],
                ["2026-03-01", "甲", "", "20.00", "120.00"],
                ["", "本页合计", "", "20.00", ""],
                HEAD,
                ["2026-03-02", "乙", "50.00", "", "70.00"],
                [],
                ["本账单仅供核对"],
                ["合计", "", "50.00", "20.00", ""],
            ]
        )
    )
    assert amounts(found) == [20_00, -50_00]
    assert reasons(found) == [
        (2, "carried"),
        (4, "total"),
        (5, "header"),
        (8, "note"),
        (9, "total"),
    ]
    assert (found.opening_fen, found.closing_fen) == (100_00, 70_00)
    assert found.is_certain


def test_two_accounts_in_one_file_have_their_own_balances() -> None:
    head = ["账号", *HEAD]
    found = read_statement(
        as_csv(
            [
                head,
                ["1111", "2026-03-01", "甲", "", "20.00", "120.00"],
                ["2222", "2026-03-01", "乙", "5.00", "", "45.00"],
                ["1111", "2026-03-02", "丙", "10.00", "", "110.00"],
                ["2222", "2026-03-03", "丁", "", "1.00", "46.00"],
            ]
        )
    )
    assert [(each.account, each.opening_fen, each.closing_fen) for each in found.accounts] == [
        ("1111", 100_00, 110_00),
        ("2222", 50_00, 46_00),
    ]
    assert found.opening_fen is None
    assert found.is_certain


def test_accounts_one_below_the_other_are_told_by_their_titles() -> None:
    found = read_statement(
        as_csv(
            [
                ["账号：1111"],
                HEAD,
                ["2026-03-01", "甲", "", "20.00", "120.00"],
                ["账号：2222"],
                HEAD,
                ["2026-03-01", "乙", "5.00", "", "45.00"],
            ]
        )
    )
    assert [line.account for line in found.lines] == ["1111", "2222"]


def test_sheets_are_read_together_and_a_repeated_one_once() -> None:
    first = [HEAD, ["2026-03-01", "甲", "", "20.00", "120.00"]]
    second = [HEAD, ["2026-04-01", "乙", "20.00", "", "100.00"]]
    assert amounts(read_statement(as_xlsx(first, second))) == [20_00, -20_00]
    assert amounts(read_statement(as_xlsx(first, first))) == [20_00]


def test_workbook_numbers_are_exact_and_days_are_days() -> None:
    found = read_statement(
        as_xlsx(
            [
                ["日期", "金额", "余额", "流水号"],
                [date(2026, 3, 1), 0.1, 0.3, 20260301000123],
                [46083, 0.2, 0.5, 20260301000124],
                ["2026-03-03", -1234567.89, -1234567.39, 20260301000125],
            ]
        )
    )
    assert amounts(found) == [10, 20, -123456789]
    assert [line.day for line in found.lines] == [date(2026, 3, day) for day in (1, 2, 3)]
    assert found.lines[0].number == "20260301000123"


def test_half_a_fen_is_never_rounded_away() -> None:
    found = read_statement(
        as_csv([["日期", "金额"], ["2026-03-01", "1.005"], ["2026-03-02", "-2.00"]])
    )
    assert amounts(found) == [-2_00]
    assert codes(found) == {"unreadable-rows"}


def test_file_without_header_is_read_and_asked_about() -> None:
    found = read_statement(
        as_csv(
            [
                ["20260301", "物业费", "20.00", "120.00"],
                ["20260302", "电费", "-50.00", "70.00"],
                ["20260303", "水费", "-5.00", "65.00"],
            ]
        )
    )
    assert amounts(found) == [20_00, -50_00, -5_00]
    assert [line.balance_fen for line in found.lines] == [120_00, 70_00, 65_00]
    assert codes(found) == {"columns"}
    chosen = (Column.DATE, Column.SUMMARY, Column.AMOUNT, Column.BALANCE)
    one = as_csv([["20260301", "甲", "-1.00", "2.00"]])
    assert read_statement(one, choices=Choices(columns=chosen)).is_certain


def test_unknown_words_are_told_by_what_stands_below_them() -> None:
    found = read_statement(
        as_csv(
            [
                ["发生于", "说法", "变动", "剩下"],
                ["20260301", "物业费", "20.00", "120.00"],
                ["20260302", "电费", "-50.00", "70.00"],
                ["20260303", "水费", "-5.00", "65.00"],
            ]
        )
    )
    assert amounts(found) == [20_00, -50_00, -5_00]
    assert found.header_row == 1
    assert codes(found) == {"columns"}


def test_name_cut_in_the_middle_of_a_character_is_borne_with() -> None:
    whole = as_csv(
        [["交易日期", "对方户名", "金额", "余额"], ["2026-03-01", "深圳市财付通@", "5.00", "9.00"]],
        encoding="gb18030",
    )
    found = read_statement(whole.replace("通@".encode("gb18030"), b"\xcd"))
    assert found.encoding == "gb18030"
    assert found.lines[0].counterparty.startswith("深圳市财付")
    assert amounts(found) == [5_00]


def test_open_quotation_mark_swallows_nothing() -> None:
    text = '日期,摘要,金额,余额\n2026-03-01,"门锁,5.00,15.00\n2026-03-02,灯,-1.00,14.00\n2026-03-03,水,-1.00,13.00\n'
    assert amounts(read_statement(text.encode())) == [5_00, -1_00, -1_00]


def test_closed_payment_moves_nothing_and_an_answered_one_does() -> None:
    head = ["交易时间", "交易对方", "商品说明", "收/支", "金额", "交易状态", "交易订单号"]
    found = read_statement(
        as_csv(
            [
                head,
                ["2026-03-01 10:00:00", "甲店", "灯", "支出", "50.00", "交易关闭", "N1"],
                ["2026-03-02 10:00:00", "甲店", "退款-灯", "不计收支", "50.00", "退款成功", "N1_R"],
                ["2026-03-03 10:00:00", "乙店", "锁", "支出", "30.00", "交易关闭", "N2"],
                ["2026-03-04 10:00:00", "丙店", "漆", "支出", "9.00", "已全额退款", "N3"],
                ["2026-03-05 10:00:00", "丁店", "砖", "支出", "8.00", "交易成功", "N4"],
                ["2026-03-06 10:00:00", "余额宝", "转入", "不计收支", "7.00", "交易成功", "N5"],
                ["2026-03-07 10:00:00", "银行", "提现", "/", "6.00", "提现已到账", "N6"],
            ]
        )
    )
    assert amounts(found) == [-50_00, 50_00, -8_00, -6_00]
    assert reasons(found) == [(4, "closed"), (5, "refunded"), (7, "neutral")]


def test_amounts_in_ten_thousands_and_in_fen_are_scaled() -> None:
    head = ["日期", "金额（万元）", "摘要"]
    assert amounts(read_statement(as_csv([head, ["2026-03-01", "-1.5", "甲"]]))) == [-15_000_00]
    head = ["日期", "金额(分)", "摘要"]
    assert amounts(read_statement(as_csv([head, ["2026-03-01", "-150", "甲"]]))) == [-150]


def test_merged_cells_and_spans_give_their_value_to_all_they_cover() -> None:
    page = (
        "<table><tr><td rowspan=2>交易日期</td><td colspan=2>发生额</td><td rowspan=2>余额</td></tr>"
        "<tr><td>借方</td><td>贷方</td></tr>"
        "<tr><td>2026-03-01</td><td></td><td>5.00</td><td>15.00</td></tr>"
        "<tr><td>2026-03-02</td><td>1.00</td><td></td><td>14.00</td></tr></table>"
    ).encode()
    found = read_statement(page)
    assert amounts(found) == [5_00, -1_00]
    assert found.is_certain


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", UnreadableFile),
        (b"hello, world", NoEntriesFound),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe\xfd" * 50, FileNotSheet),
        (b"PK\x03\x04 nothing", FileBroken),
        (as_csv([["日期", "金额"]]), NoEntriesFound),
    ],
)
def test_what_is_no_statement_is_refused(content: bytes, refusal: type[UnreadableFile]) -> None:
    with pytest.raises(refusal):
        read_statement(content)


OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
ENCODING:USASCII
CHARSET:1252

<OFX><SIGNONMSGSRSV1><SONRS><FI><ORG>Town Bank</FI></SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>CNY<BANKACCTFROM><ACCTID>12345</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260301<DTEND>20260331
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260302120000[+8:CST]<TRNAMT>1234.56<FITID>A1<NAME>Wang &amp; Co<MEMO>Fee</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260305<TRNAMT>-8600.00<FITID>A2<NAME>Lift</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>2634.56<DTASOF>20260331</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>
<Acct><Id><IBAN>DE123</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">90.50</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="EUR">9.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><BookgDt><Dt>2026-03-05</Dt></BookgDt>
<AcctSvcrRef>R1</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Cdtr><Nm>Lift AG</Nm></Cdtr></RltdPties>
<RmtInf><Ustrd>Invoice 7</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>
"""


def test_ofx_is_read_with_its_balances() -> None:
    found = read_statement(OFX.encode())
    assert [
        (line.day, line.amount_fen, line.counterparty, line.number) for line in found.lines
    ] == [
        (date(2026, 3, 2), 1_234_56, "Wang & Co", "A1"),
        (date(2026, 3, 5), -8_600_00, "Lift", "A2"),
    ]
    assert (found.opening_fen, found.closing_fen) == (10_000_00, 2_634_56)
    assert (found.account, found.since) == ("12345", date(2026, 3, 1))


def test_camt_is_read_with_its_balances() -> None:
    found = read_statement(CAMT.encode())
    line = found.lines[0]
    assert (line.amount_fen, line.counterparty, line.summary) == (-9_50, "Lift AG", "Invoice 7")
    assert (found.opening_fen, found.closing_fen, found.currency) == (100_00, 90_50, "EUR")


def test_camt_with_entities_is_refused() -> None:
    bad = CAMT.replace("<Document", '<!DOCTYPE d [<!ENTITY a "b">]><Document')
    with pytest.raises(FileBroken):
        read_statement(bad.encode())
