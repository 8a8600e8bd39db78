"""`flask trust read-statement`: the real examples, its JSON and its exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.trust_property.layouts import LAYOUTS, as_csv

EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "bank"
needs_examples = pytest.mark.skipif(
    not EXAMPLES.is_dir(), reason="the shared bank examples are not beside the project"
)


def read(app: Flask, path: Path) -> tuple[int, dict[str, Any]]:
    done = app.test_cli_runner().invoke(args=["trust", "read-statement", str(path), "--whole"])
    return done.exit_code, json.loads(done.stdout or done.stderr)


def test_layout_is_read_with_certainty(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "statement.csv"
    file.write_bytes(as_csv(LAYOUTS["ceb"].rows, encoding="gb18030"))
    status, told = read(app, file)
    assert status == 0
    assert (told["encoding"], told["header_row"], told["bank"]) == ("gb18030", 3, "光大银行")
    assert told["columns"]["income"] == {"column": 4, "header": "存入金额", "confidence": 100}
    assert told["lines"][1] == {
        "row": 5,
        "date": "2026-03-05",
        "time": "09:00:00",
        "amount_fen": -860000,
        "counterparty": "迅捷电梯有限公司",
        "counter_account": "",
        "summary": "电梯维修",
        "note": "",
        "kind": "",
        "balance_fen": 263456,
        "number": "A002",
        "fee_fen": 0,
        "account": "",
        "sheet": "",
    }
    assert (told["opening_fen"], told["closing_fen"]) == (1000000, 258896)


def test_json_is_a_line_an_entry_and_the_rest_goes_beside(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "statement.csv"
    file.write_bytes(as_csv(LAYOUTS["ceb"].rows))
    done = app.test_cli_runner().invoke(args=["trust", "read-statement", str(file), "--json"])
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["amount_fen"] for each in entries][1] == -860000
    told = json.loads(done.stderr)
    assert (told["bank"], told["questions"], "lines" in told) == ("光大银行", [], False)


def test_unreadable_file_exits_2(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "photo.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    status, told = read(app, file)
    assert (status, told["error"]) == (2, "FileNotSheet")


@needs_examples
@pytest.mark.parametrize(
    ("name", "bank", "header_row", "first", "count", "question"),
    [
        ("icbc_debit.csv", "工商银行", 7, ("2023-05-02", -1340), 11, "balance-unreadable"),
        ("cmb_debit.csv", "招商银行", 1, ("2024-01-01", 123400), 5, "balance-breaks"),
        ("alipay.csv", "支付宝", 25, ("2023-02-12", -4974), 8, "entries-differ"),
        ("wechat.csv", "微信支付", 17, ("2019-09-26", -2816), 20, "entries-differ"),
        ("wechat.xlsx", "微信支付", 18, ("2019-09-26", -2816), 20, "entries-differ"),
    ],
)
def test_real_example_is_read(
    app: Flask,
    name: str,
    bank: str,
    header_row: int,
    first: tuple[str, int],
    count: int,
    question: str,
) -> None:
    """The examples are shortened and masked, and say so themselves: each asks one thing."""
    status, told = read(app, EXAMPLES / name)
    assert status == 0
    assert (told["bank"], told["header_row"]) == (bank, header_row)
    assert (told["lines"][0]["date"], told["lines"][0]["amount_fen"]) == first
    assert len(told["lines"]) == count
    assert {each["code"] for each in told["questions"]} == {question}


@needs_examples
def test_alipay_counts_an_answered_refund_and_leaves_out_what_was_never_paid(app: Flask) -> None:
    _, told = read(app, EXAMPLES / "alipay.csv")
    assert [each["amount_fen"] for each in told["lines"]][2:6] == [1603, 22222850, 5000, -5000]
    assert [
        (each["reason"], each["amount_fen"]) for each in told["skipped"] if each["amount_fen"]
    ] == [
        ("neutral", 9934),
        ("closed", 8200),
    ]


@needs_examples
def test_table_for_people_names_columns_and_questions(app: Flask) -> None:
    done = app.test_cli_runner().invoke(
        args=["trust", "read-statement", str(EXAMPLES / "cmb_debit.csv")]
    )
    assert done.exit_code == 0
    assert "交易金额 → 金额" in done.output
    assert "请确认" in done.output
