"""The pages and files of reports: for everybody, true, and without a household."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from community import transparency
from community.kernel import clock, db
from community.kernel.db import Database
from community.trust_property.queries.reports import period_report
from community.trust_property.rules.reports import Report, say_the_same
from community.trust_property.service.reports import publish_report
from community.web.qr import modules
from tests import builders
from tests.conftest import NOON
from tests.trust_property.acts import receive
from tests.trust_property.spent import REPAIR_FEN, Spent, spend
from tests.trust_property.test_bills import make_estate
from tests.trust_property.test_reports import later
from tests.trust_property.test_views_bills import hidden

NAMES = ("王秀英", "李国强", "301", "1 单元 102")


def fen(cell: object) -> int:
    """Read a cell in yuan."""
    return 0 if cell is None else int(Decimal(str(cell)) * 100)


def home(spent: Spent) -> str:
    return f"/c/guihua/fund/{spent.scene.fund_id}"


def test_anybody_reads_a_report_and_follows_its_lines(
    database: Database, client: FlaskClient
) -> None:
    spent = spend(make_estate())
    for period in ("2026-11", "2026-Q4", "2026", "2026-10", "nonsense"):
        page = client.get(f"{home(spent)}/report?period={period}")
        assert page.status_code == 200
        for name in NAMES:
            assert name not in page.text, (period, name)
    shown = client.get(f"{home(spent)}/report?period=2026-11").text
    assert shown.count("<svg") >= 2
    assert "8,600.00" in shown
    links = {each.replace("&amp;", "&") for each in re.findall(r'href="([^"]+)"', shown)}
    inner = [each for each in links if "/entries?" in each or "/entry/" in each]
    assert len(inner) > 5
    for each in inner:
        assert client.get(each).status_code == 200, each


def test_the_workbook_holds_every_table(database: Database, client: FlaskClient) -> None:
    spent = spend(make_estate())
    answer = client.get(f"{home(spent)}/report.xlsx?period=2026-11")
    book: Any = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert {"资产负债表", "收支表", "预算执行", "现金流量表", "收款方"} <= set(book.sheetnames)
    rows = [row for row in book["预算执行"].iter_rows(values_only=True) if row[0] == "电梯维保"]
    assert [str(cell) for cell in rows[0][1:4]] == ["100000", "8600", "8600"]


def test_vouchers_balance_and_stay_text(database: Database, client: FlaskClient) -> None:
    spent = spend(make_estate())
    address = f"{home(spent)}/vouchers.xlsx?period=2026-11"
    assert client.get(address).status_code in {302, 401, 403}
    assert spent.scene.firm.person_id is not None
    builders.sign_in(client, spent.scene.firm.person_id)
    book: Any = openpyxl.load_workbook(io.BytesIO(client.get(address).data))
    heads, *rows = book["凭证"].iter_rows(values_only=True)
    assert heads == (
        "日期",
        "凭证字",
        "凭证号",
        "摘要",
        "科目编码",
        "科目名称",
        "借方",
        "贷方",
    )
    by_number: dict[int, int] = {}
    for row in rows:
        number = int(str(row[2]))
        by_number[number] = by_number.get(number, 0) + fen(row[6]) - fen(row[7])
    assert sorted(by_number) == list(range(1, len(by_number) + 1))
    assert set(by_number.values()) == {0}
    assert REPAIR_FEN in {fen(row[6]) for row in rows}


def test_the_notice_carries_the_checkpoint(
    app: Flask, client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent = spend(make_estate())
    db.write(transparency.checkpoint_now, spent.scene.staff)
    drawn: list[str] = []

    def draw(text: str, label: str, **_: bool) -> str:
        drawn.append(text)
        return label

    monkeypatch.setattr("community.trust_property.views.reports.qr_svg", draw)
    answer = client.get(f"{home(spent)}/report.pdf?period=2026-11")
    assert answer.data.startswith(b"%PDF")
    with db.read() as session:
        checkpoint = transparency.latest_checkpoint(session, spent.scene.community_id)
    assert checkpoint is not None
    (address,) = drawn
    assert address.endswith("/verify#" + transparency.write_paper(checkpoint.note))
    assert len(modules(address, is_printed=True)) < 120


def test_the_firm_publishes_once_the_month_is_over(database: Database, client: FlaskClient) -> None:
    spent = spend(make_estate())
    assert spent.scene.firm.person_id is not None
    with later():
        address = f"{home(spent)}/report?period=2026-11"
        assert client.post(address).status_code in {302, 303, 400, 401, 403}
        builders.sign_in(client, spent.scene.firm.person_id)
        told = client.post(address, data=hidden(client, address))
        assert told.status_code == 303
        assert "第 1 版" in client.get(told.location).text
        assert address in client.get(f"{home(spent)}/reports").text
        page = client.get(address).text
        assert "发布新的一版" not in page
        (kept,) = re.findall(r'href="([^"]+\.json)"', page)
        assert client.get(kept).data.startswith(b"{")


def test_what_came_after_publishing_is_told_and_not_printed(
    database: Database, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent = spend(make_estate())
    scene = spent.scene
    printed: list[Report] = []

    def keep(_name: str, _template: str, *, report: Report, **_: object) -> str:
        printed.append(report)
        return ""

    monkeypatch.setattr("community.trust_property.views.reports.send_pdf", keep)
    builders.sign_in(client, scene.firm.person_id or 0)
    address = f"{home(spent)}/report?period=2026-11"
    with later():
        db.write(publish_report, scene.firm, scene.fund_id, "2026-11")
    with clock.fixed(NOON + timedelta(days=36)):
        receive(scene, 12_34, date(2026, 11, 30), "late")
        page = client.get(address).text
        assert "第 1 版发布以后，数字有更正" in page
        assert "发布新的一版" in page
        client.get(f"{home(spent)}/report.pdf?period=2026-11")
        with db.read() as session:
            now = period_report(session, scene.owner, scene.fund_id, "2026-11")
        client.post(address, data=hidden(client, address))
        client.get(f"{home(spent)}/report.pdf?period=2026-11")
        listed = client.get(f"{home(spent)}/reports").text
    assert [say_the_same(each, now) for each in printed] == [False, True]
    assert "2026-11 的旧版原文" in listed
