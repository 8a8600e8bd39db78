"""The pages of opening day and of held money: what is typed stays, strangers are turned away."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient

from community.kernel import db
from community.kernel.db import Database
from community.trust_property.errors.opening import (
    AnswerNeeded,
    LedgerMissing,
    RowsUnmatched,
)
from community.trust_property.rules.opening import OpeningKind
from community.trust_property.schemas.opening import take_in_ledger
from community.trust_property.service.fee_import import (
    answer_fee_ledger,
    keep_fee_ledger,
    write_fee_ledger,
)
from tests import builders
from tests.trust_property.fee_sheets import Cells, workbook
from tests.trust_property.opening_day import add, fill, homes, open_fund, opening, opening_scene
from tests.trust_property.scene import Scene

KEY = re.compile(r'name="(csrf_token|request_key)" value="([^"]+)"')


def hidden(client: FlaskClient, address: str) -> dict[str, str]:
    return dict(KEY.findall(client.get(address).text))


def bring(scene: Scene, rows: Cells) -> None:
    ready = take_in_ledger("台账.xlsx", workbook(rows))
    db.write(keep_fee_ledger, scene.firm, scene.fund_id, ready)


def totals(scene: Scene) -> tuple[int, int]:
    found = dict(opening(scene).totals)
    return found[OpeningKind.ARREARS], found[OpeningKind.PREPAID]


def test_importing_twice_replaces_the_draft_and_spares_what_was_typed(database: Database) -> None:
    scene = opening_scene()
    home, _ = homes(scene)
    with pytest.raises(LedgerMissing):
        db.write(write_fee_ledger, scene.firm, scene.fund_id)
    add(scene, OpeningKind.ARREARS, 111, unit_id=home, month=202609)
    head = ("楼栋", "房号", "2026年9月欠费", "2026年10月欠费", "预存")
    bring(scene, (head, ("3号楼", "2-301", 10, 20, None), ("5号楼", "1-102", None, None, 5)))
    assert totals(scene) == (111, 0)
    assert db.write(write_fee_ledger, scene.firm, scene.fund_id) == 2
    assert totals(scene) == (111 + 2_000, 500)
    db.write(write_fee_ledger, scene.firm, scene.fund_id)
    assert totals(scene) == (111 + 2_000, 500)
    bring(scene, (head, ("3号楼", "2-301", 10, 30, None)))
    assert totals(scene) == (111 + 2_000, 500)
    db.write(write_fee_ledger, scene.firm, scene.fund_id)
    assert totals(scene) == (111 + 3_000, 0)


def test_open_questions_and_unplaced_rows_are_not_passed_over(database: Database) -> None:
    scene = opening_scene()
    bring(scene, (("房号", "9月欠费"), ("3-2-301", 10), ("8-1-101", 20)))
    with pytest.raises(AnswerNeeded):
        db.write(write_fee_ledger, scene.firm, scene.fund_id)
    db.write(answer_fee_ledger, scene.firm, scene.fund_id, 2026, "", 0)
    for left_out in (0, 2):
        with pytest.raises(RowsUnmatched):
            db.write(write_fee_ledger, scene.firm, scene.fund_id, left_out)
    assert db.write(write_fee_ledger, scene.firm, scene.fund_id, 1) == 1


def test_a_wrong_file_or_amount_is_told_on_the_page(
    database: Database, client: FlaskClient
) -> None:
    scene = opening_scene()
    builders.sign_in(client, scene.firm.person_id or 0)
    desk = f"/c/guihua/desk/fund/{scene.fund_id}/opening"
    form: dict[str, object] = {**hidden(client, desk)}
    form["ledger"] = (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "台账.pdf")
    answer = client.post(f"{desk}/ledger", data=form, content_type="multipart/form-data")
    assert answer.status_code == 415
    form = {**hidden(client, desk), "kind": "cash", "amount_fen": "一百"}
    answer = client.post(f"{desk}/items", data=form)
    assert (answer.status_code, "一百" in answer.text) == (422, True)
    form = {**hidden(client, desk)}
    assert client.post(f"{desk}/propose", data=form).status_code == 409


def test_questions_are_asked_on_the_page(database: Database, client: FlaskClient) -> None:
    scene = opening_scene()
    builders.sign_in(client, scene.firm.person_id or 0)
    bring(scene, (("房号", "9月", "往年欠费"), ("3-2-301", 10, 5)))
    page = f"/c/guihua/desk/fund/{scene.fund_id}/opening/ledger"
    shown = client.get(page).text
    assert all(name in shown for name in ('name="year"', 'name="meaning"', 'name="older_month"'))
    form = {**hidden(client, page), "year": "2026", "meaning": "owed", "older_month": "2025-12"}
    assert client.post(f"{page}/answer", data=form).status_code == 303
    assert client.post(f"{page}/write", data=hidden(client, page)).status_code == 303
    assert totals(scene) == (1_500, 0)


def test_deposits_and_collections_over_their_pages(database: Database, client: FlaskClient) -> None:
    scene = opening_scene()
    fill(scene)
    open_fund(scene)
    unit, _ = homes(scene)
    builders.sign_in(client, scene.firm.person_id or 0)
    desk = f"/c/guihua/desk/fund/{scene.fund_id}"
    way = {"channel": "cash", "bank_account_id": "", "on": "2026-11-22"}
    form = {
        **hidden(client, f"{desk}/held"),
        **way,
        "unit_id": str(unit),
        "label": "门禁卡押金",
        "amount_fen": "30",
        "payer": "王秀英",
    }
    assert client.post(f"{desk}/deposits", data=form).status_code == 303
    assert "门禁卡押金" in client.get(f"{desk}/held").text
    form = {**hidden(client, f"{desk}/held"), "counted_fen": "1"}
    short = client.post(f"{desk}/cash/count", data=form)
    assert (short.status_code, "79.00" in short.text) == (422, True)
    form = {**hidden(client, f"{desk}/held"), "name": "代收电费"}
    assert client.post(f"{desk}/agencies", data=form).status_code == 303


def test_everybody_sees_sums_and_no_names(database: Database, client: FlaskClient) -> None:
    scene = opening_scene()
    fill(scene)
    open_fund(scene)
    shown = client.get(f"/c/guihua/fund/{scene.fund_id}/held")
    assert shown.status_code == 200
    assert "2,000.00" in shown.text
    assert "301" not in shown.text


def test_owners_do_not_reach_the_desk(database: Database, client: FlaskClient) -> None:
    scene = opening_scene()
    builders.sign_in(client, scene.owner.person_id or 0)
    for page in ("opening", "opening/ledger", "held"):
        assert client.get(f"/c/guihua/desk/fund/{scene.fund_id}/{page}").status_code == 403
