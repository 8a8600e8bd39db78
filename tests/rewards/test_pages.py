"""The pages of rewards over HTTP: a resident's errand, the merchant's, the desk's."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from community.kernel import clock, db, ids
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.rewards.rules.redemptions import Purse
from community.rewards.service.collecting import collect_code
from community.rewards.service.redemptions import redeem
from community.rewards.service.settlements import make_sheet
from tests import builders
from tests.conftest import NOON
from tests.rewards.scene import Scene, give_points, make_scene, points_of, serve_minutes

PLACE = "/c/guihua"


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, app: Flask, actor: Actor) -> None:
        self.client: FlaskClient = app.test_client()
        builders.sign_in(self.client, actor.person_id or 0)

    def see(self, path: str, status: int = 200) -> str:
        answer = self.client.get(PLACE + path)
        assert answer.status_code == status, answer.text
        return answer.text

    def fetch(self, path: str) -> bytes:
        answer = self.client.get(PLACE + path)
        assert answer.status_code == 200
        content: bytes = answer.data
        return content

    def send(self, path: str, status: int = 303, **fields: Any) -> str:
        """Post a form; tells where it leads, or the page."""
        shown = self.client.get(f"{PLACE}/rewards").text
        token = re.findall('name="csrf_token" value="([^"]+)"', shown)[0]
        hidden = {"csrf_token": token, "request_key": ids.random_code(26)}
        answer = self.client.post(PLACE + path, data={**hidden, **fields})
        assert answer.status_code == status, answer.text
        return answer.location if status == 303 else answer.text


@pytest.fixture
def scene(app: Flask) -> Scene:
    return make_scene()


def test_a_resident_redeems_and_the_merchant_hands_out(app: Flask, scene: Scene) -> None:
    resident, seller = Visitor(app, scene.resident), Visitor(app, scene.seller)
    assert "洗衣液 2 千克" in resident.see("/rewards")
    page = f"/rewards/items/{scene.item_id}"
    assert "兑换后剩 70 分" in resident.see(page)
    where = resident.send(f"{page}/redeem", purse="own")
    code = resident.client.get(where).text
    digits = re.findall(r'class="code">(\d{6})<', code)[0]
    assert "qr-code" in code
    assert "/shop/collected/" in (green := seller.send("/shop/collect", scanned=digits))
    assert "核销成功" in seller.client.get(green).text
    assert "王**" in seller.see("/shop")
    assert "王秀英" not in seller.see("/shop")
    assert "已经领过了" in seller.send("/shop/collect", 409, scanned=digits)
    assert "已领取" in resident.see("/rewards/mine")
    assert points_of(scene).total == 70


def test_a_refused_redemption_shows_the_item_again(app: Flask, scene: Scene) -> None:
    resident = Visitor(app, scene.resident)
    page = f"/rewards/items/{scene.item_id}"
    for _ in range(3):
        resident.send(f"{page}/redeem", purse="own")
    assert "积分还差 20 分" in resident.see(page)
    assert "可用 10 分，还差 20 分" in resident.send(f"{page}/redeem", 409, purse="own")


def test_posting_twice_with_one_key_redeems_once(app: Flask, scene: Scene) -> None:
    resident = Visitor(app, scene.resident)
    page = f"{PLACE}/rewards/items/{scene.item_id}"
    shown = resident.client.get(page).text
    fields = {
        name: re.findall(f'name="{name}" value="([^"]+)"', shown)[0]
        for name in ("csrf_token", "request_key")
    }
    first = resident.client.post(f"{page}/redeem", data={**fields, "purse": "own"})
    second = resident.client.post(f"{page}/redeem", data={**fields, "purse": "own"})
    assert first.location == second.location
    assert points_of(scene).pending == 30


def test_a_scanned_code_leads_each_to_their_own_page(app: Flask, scene: Scene) -> None:
    made = db.write(redeem, scene.resident, scene.item_id, Purse.OWN)
    address = f"/q/r/guihua/{made.code}"
    stranger = app.test_client().get(address)
    assert stranger.status_code == 200
    assert "洗衣液" not in stranger.text
    seller, resident = Visitor(app, scene.seller), Visitor(app, scene.resident)
    assert f"code={made.code}" in seller.client.get(address).location
    assert made.code in seller.see(f"/shop?code={made.code}")
    assert resident.client.get(address).location.endswith(f"/rewards/mine/{made.redemption_id}")
    neighbour = Visitor(app, scene.neighbour)
    assert neighbour.client.get(address).status_code == 200


def test_a_neighbour_sees_neither_code_nor_desk(app: Flask, scene: Scene) -> None:
    made = db.write(redeem, scene.resident, scene.item_id, Purse.OWN)
    neighbour = Visitor(app, scene.neighbour)
    neighbour.see(f"/rewards/mine/{made.redemption_id}", 404)
    for path in ("/desk/rewards", "/desk/rewards/items", "/desk/rewards/redemptions", "/shop"):
        neighbour.see(path, 403)
    assert app.test_client().get(f"{PLACE}/rewards").status_code == 302


def test_the_desk_sets_up_an_item_from_nothing(app: Flask, scene: Scene) -> None:
    staff = Visitor(app, scene.staff)
    new = "/desk/rewards/items/new"
    facts: dict[str, Any] = {
        "merchant_id": scene.merchant_id,
        "title": "理发一次",
        "category": "服务",
        "points": "50",
        "cost_fen": "15.50",
        "from_on": "2026-11-22",
        "pickup_days": "30",
        "limit_count": "1",
        "limit_period": "month",
    }
    assert "请用数字键填写整数" in staff.send(new, 422, **(facts | {"points": "1_000"}))
    assert "请用数字键填写整数" in staff.send(new, 422, **(facts | {"points": "５０"}))
    assert "最多两位小数" in staff.send(new, 422, **(facts | {"cost_fen": "15.505"}))
    assert "要一起填" in staff.send(new, 422, **(facts | {"limit_period": ""}))
    until = {"until_on": "2026-11-21"}
    assert "结束日期早于开始日期" in staff.send(new, 422, **(facts | until))
    where = staff.send(new, **facts).removeprefix(PLACE)
    assert "草稿" in staff.see(where)
    assert "现在只有 0 件" in staff.send(f"{where}/stock", 409, quantity="-1")
    staff.send(f"{where}/stock", quantity="3", note="首批")
    staff.send(f"{where}/list", state="listed")
    resident = Visitor(app, scene.resident)
    assert "理发一次" in resident.see("/rewards?category=服务")
    staff.send(f"{where}/edit", **(facts | {"title": "理发"}))
    assert "理发" in staff.see("/desk/rewards/items")
    staff.send(f"{where}/list", state="withdrawn")
    assert "理发" not in resident.see("/rewards")


def test_a_photo_is_kept_and_shown_and_anything_else_refused(app: Flask, scene: Scene) -> None:
    staff = Visitor(app, scene.staff)
    where = f"/desk/rewards/items/{scene.item_id}"
    picture = BytesIO()
    Image.new("RGB", (40, 30), "green").save(picture, "JPEG")
    good = (BytesIO(picture.getvalue()), "洗衣液.jpg")
    staff.send(f"{where}/photo", photo=good)
    assert Image.open(BytesIO(staff.fetch(f"/rewards/items/{scene.item_id}/photo"))).width == 40
    assert f"/rewards/items/{scene.item_id}/photo" in staff.see("/rewards")
    staff.send(f"{where}/photo", 415, photo=(BytesIO(b"MZ no picture"), "x.jpg"))


def test_the_budget_page_adds_up(app: Flask, scene: Scene) -> None:
    made = db.write(redeem, scene.resident, scene.item_id, Purse.OWN)
    db.write(redeem, scene.resident, scene.item_id, Purse.OWN)
    db.write(collect_code, scene.seller, made.digits)
    staff = Visitor(app, scene.staff)
    page = staff.see("/desk/rewards")
    for figure in ("76.00", "12.00", "100.00", "街道办"):
        assert figure in page
    fund: dict[str, Any] = {
        "payer_id": scene.payer_id,
        "year": "2026",
        "amount_fen": "50",
        "reference": "二批",
    }
    staff.send("/desk/rewards/fund", **fund)
    assert "150.00" in staff.see("/desk/rewards")
    too_much = fund | {"amount_fen": "1000"}
    assert "最多还能退回 126.00 元" in staff.send("/desk/rewards/return", 409, **too_much)
    assert "二批" in staff.see("/desk/rewards/entries")
    assert "已有名为" in staff.send("/desk/rewards/payers", 409, name="街道办")


def test_a_month_is_settled_downloaded_and_paid(app: Flask, scene: Scene) -> None:
    made = db.write(redeem, scene.resident, scene.item_id, Purse.OWN)
    db.write(collect_code, scene.seller, made.digits)
    with clock.fixed(clock.at(clock.day_of(NOON).replace(month=12, day=2), 9)):
        staff, seller = Visitor(app, scene.staff), Visitor(app, scene.seller)
        page = "/desk/rewards/settlements"
        assert "出结算单" in staff.see(page)
        sheet = staff.send(page, merchant_id=scene.merchant_id, month="2026-11")
        where = sheet.removeprefix(PLACE)
        book = openpyxl.load_workbook(BytesIO(staff.fetch(f"{where}.xlsx")))
        cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]  # type: ignore[union-attr]
        assert {"洗衣液 2 千克", "合计", "商户签章：__________"} <= set(cells)
        assert "12" in cells
        staff.send(f"{where}/pay", 422, reference="")
        staff.send(f"{where}/pay", reference="银行流水 8812")
        assert "银行流水 8812" in staff.see(where)
        assert "银行流水 8812" in seller.see("/shop/sheets")
        assert seller.fetch(f"/shop/sheets/{where.rsplit('/', 1)[1]}.xlsx")
        staff.send(page, 422, merchant_id="1", month="2026-13")


def test_another_merchants_sheet_is_not_there(app: Flask, scene: Scene) -> None:
    made = db.write(redeem, scene.resident, scene.item_id, Purse.OWN)
    db.write(collect_code, scene.seller, made.digits)
    other = make_scene("haitang")
    with clock.fixed(clock.at(clock.day_of(NOON).replace(month=12, day=2), 9)):
        sheet = db.write(make_sheet, scene.staff, scene.merchant_id, clock.day_of(NOON))
        answer = Visitor(app, other.seller).client.get(f"/c/haitang/shop/sheets/{sheet}.xlsx")
        assert answer.status_code == 404


def test_an_honour_goes_from_the_books_to_the_board(app: Flask, scene: Scene) -> None:
    serve_minutes(scene.community_id, scene.resident.person_id or 0, 6_000)
    give_points(scene.community_id, scene.neighbour.person_id or 0, 400)
    staff, second = Visitor(app, scene.staff), Visitor(app, scene.second_staff)
    resident, neighbour = Visitor(app, scene.resident), Visitor(app, scene.neighbour)
    facts: dict[str, Any] = {"name": "文明市民", "year": "2026", "subject": "person"}
    assert "至少要填一项" in staff.send("/desk/honours", 422, **facts)
    where = staff.send("/desk/honours", **facts, least_hours="100")
    where = where.removeprefix(PLACE)
    page = staff.see(where)
    assert "王秀英" in page
    assert "李国强" not in page
    person = scene.resident.person_id
    staff.send(f"{where}/propose", person_id=person)
    assert "已经提名过" in staff.send(f"{where}/propose", 409, person_id=person)
    stranger = scene.neighbour.person_id
    assert "没有达到" in staff.send(f"{where}/propose", 409, person_id=stranger)
    honour = re.findall(r"/honours/(\d+)/answer", resident.see("/honours/mine"))[0]
    decide = f"{where}/{honour}/decide"
    assert "不能自己批准" in staff.send(decide, 409, is_approved="1")
    second.send(decide, is_approved="1")
    assert "王秀英" not in neighbour.see("/honours")
    neighbour.see(f"/honours/{honour}/certificate", 404)
    resident.send(f"/honours/{honour}/answer", is_shown="1")
    assert "王秀英" in neighbour.see("/honours")
    assert "2026-0001" in neighbour.see(f"/honours/{honour}/certificate")
    neighbour.send(f"/honours/{honour}/answer", 404, is_shown="0")
    resident.send(f"/honours/{honour}/answer", is_shown="0")
    assert "王秀英" not in neighbour.see("/honours")


def test_an_auditor_reads_and_changes_nothing(app: Flask, scene: Scene) -> None:
    person = builders.make_person(scene.community_id, "审计员", roles=(Role.AUDITOR,))
    auditor = Visitor(app, builders.actor(scene.community_id, person))
    for path in ("/desk/rewards", "/desk/rewards/items", "/desk/rewards/settlements"):
        assert "<form" not in auditor.see(path).split('id="main"')[1].split("</main>")[0]
    shown = auditor.client.get(f"{PLACE}/rewards").text
    token = re.findall('name="csrf_token" value="([^"]+)"', shown)[0]
    answer = auditor.client.post(
        f"{PLACE}/desk/rewards/payers",
        data={"csrf_token": token, "request_key": "k" * 12, "name": "某某"},
    )
    assert answer.status_code == 403
