"""The fund's pages over HTTP: the firm's errand, the committee's phone, and everybody's view."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community.kernel import clock, db, ids
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.trust_property.service.emergencies import spend_emergency
from community.trust_property.service.estate import take_units
from community.trust_property.service.spending import RequestDraft
from tests import builders
from tests.conftest import NOON
from tests.trust_property.acts import (
    agree,
    ask,
    receive,
    request,
    spending_scene,
    working_scene,
)
from tests.trust_property.scene import make_scene, person

PLACE = "/c/guihua"
PDF = b"%PDF-1.4\n% quote\n%%EOF\n"


class Visitor:
    """Somebody with a browser of their own; nobody signed in without an actor."""

    def __init__(self, app: Flask, actor: Actor | None) -> None:
        self.client: FlaskClient = app.test_client()
        if actor is not None:
            builders.sign_in(self.client, actor.person_id or 0)

    def see(self, path: str, status: int = 200) -> str:
        answer = self.client.get(PLACE + path)
        assert answer.status_code == status, answer.text
        return answer.text

    def send(self, page: str, path: str, status: int = 303, **fields: Any) -> str:
        """Post a form that a page shows; tells where it leads, or the page."""
        shown = self.client.get(PLACE + page).text
        token = re.findall('name="csrf_token" value="([^"]+)"', shown)[0]
        hidden = {"csrf_token": token, "request_key": ids.random_code(26)}
        answer = self.client.post(PLACE + path, data={**hidden, **fields})
        assert answer.status_code == status, answer.text
        return answer.location if status == 303 else answer.text


def file(name: str = "报价单.pdf") -> tuple[BytesIO, str]:
    return BytesIO(PDF), name


def test_the_firm_asks_and_the_committee_approves_on_a_phone(app: Flask) -> None:
    scene, payee = spending_scene()
    firm, committee = Visitor(app, scene.firm), Visitor(app, scene.committee)
    desk = f"/desk/fund/{scene.fund_id}"
    where = firm.send(
        f"{desk}/spending",
        f"{desk}/spending",
        line_code="L01",
        payee_id=payee,
        amount_fen="8600",
        words="3 号楼电梯主板维修",
        quotes=[file("甲.pdf"), file("乙.pdf")],
    )
    page = firm.client.get(where).text
    assert "8,600.00" in page
    made = int(where.rsplit("/", 1)[1])
    matter_id = request(scene, made).matter_id
    shown = committee.see(f"{desk}/approvals/{matter_id}")
    for words in ("迅达电梯维修部", "8,600.00", "还剩 91,400.00 元", "甲.pdf", "批准"):
        assert words in shown
    seen = re.findall('name="content_hash" value="([0-9a-f]{64})"', shown)[0]
    approve = f"{desk}/approvals/{matter_id}"
    committee.send(approve, f"{approve}/approve", content_hash=seen)
    assert "已批准，待付款" in firm.see(f"{desk}/spending/{made}")
    firm.send(
        f"{desk}/spending",
        f"{desk}/spending/{made}/edit",
        line_code="L01",
        payee_id=payee,
        amount_fen="9600",
        words="3 号楼电梯主板维修",
    )
    page = firm.see(f"{desk}/spending/{made}")
    assert "等业委会批准" in page
    assert "8,600.00" in page
    assert "赵国华" in page
    everybody = Visitor(app, None).see(f"/fund/{scene.fund_id}/spending/{made}")
    assert "9,600.00" in everybody
    for hidden in ("赵国华", "陈立", "6222021001012345"):
        assert hidden not in everybody


def test_a_wrong_hash_is_refused_on_the_page(app: Flask) -> None:
    scene, payee = spending_scene()
    matter_id = request(scene, ask(scene, payee)).matter_id
    committee = Visitor(app, scene.committee)
    page = f"/desk/fund/{scene.fund_id}/approvals/{matter_id}"
    assert "alert" in committee.send(page, f"{page}/approve", 409, content_hash="0" * 64)
    assert "alert" in committee.send(page, f"{page}/reject", 422, reason="")
    committee.send(page, f"{page}/reject", reason="先比价")
    assert "先比价" in committee.see(page)


def test_everybody_sees_budget_spending_and_rules_without_an_account(app: Flask) -> None:
    scene, payee = spending_scene()
    ask(scene, payee, 100_00)
    nobody = Visitor(app, None)
    assert "电梯维保" in nobody.see(f"/fund/{scene.fund_id}/budget")
    assert "迅达电梯维修部" in nobody.see(f"/fund/{scene.fund_id}/spending")
    assert "业主大会决议 2026-1" in nobody.see(f"/fund/{scene.fund_id}/rules")
    for path in ("keys", "payees", "approvals", "spending"):
        nobody.see(f"/desk/fund/{scene.fund_id}/{path}", 302)
    nobody.see(f"/fund/{scene.fund_id + 99}/budget", 404)


def test_overdue_emergencies_stand_first_for_everybody(app: Flask) -> None:
    scene, payee = spending_scene()
    draft = RequestDraft("", payee, 6_000_00, "夜间水管爆裂抢修")
    db.write(spend_emergency, scene.firm, scene.fund_id, draft)
    nobody = Visitor(app, None)
    assert "到期没有追认" not in nobody.see(f"/fund/{scene.fund_id}/spending")
    with clock.fixed(NOON + timedelta(days=8)):
        assert "紧急支出到期没有追认" in nobody.see(f"/fund/{scene.fund_id}/spending")


def test_the_office_gives_keys_and_the_firm_proposes_rules(app: Flask) -> None:
    scene = make_scene()
    staff, firm = Visitor(app, scene.staff), Visitor(app, scene.firm)
    desk = f"/desk/fund/{scene.fund_id}"
    for side, actor in (("trustee", scene.firm), ("committee", scene.committee)):
        staff.send(
            f"{desk}/keys",
            f"{desk}/keys",
            side=side,
            person_id=actor.person_id,
            reference="任命书",
        )
    both = staff.send(
        f"{desk}/keys",
        f"{desk}/keys",
        409,
        side="committee",
        person_id=scene.firm.person_id,
        reference="x",
    )
    assert "alert" in both
    fields: dict[str, Any] = {
        "remuneration_bp": "8.5",
        "remuneration_basis": "fees_received",
        "remuneration_cap_fen": "120000",
        "small_fen": "500",
        "two_keys_fen": "10000",
        "vote_fen": "50000",
        "quotes_needed": "3",
        "emergency_cap_fen": "20000",
        "ratify_days": "7",
        "interim_bp": "50",
        "question_days": "7",
        "request_days": "60",
        "cooling_days": "3",
        "settlement_fee_bp": "0.60",
        "valid_from": clock.today().isoformat(),
        "reference": "决议 1",
    }
    wrong: dict[str, Any] = {**fields, "remuneration_bp": "200"}
    assert "百分比" in firm.send(f"{desk}/rules", f"{desk}/rules", 422, **wrong)
    firm.send(f"{desk}/rules", f"{desk}/rules", **fields, papers=[file("决议.pdf")])
    shown = Visitor(app, scene.committee).see(f"{desk}/approvals")
    assert "桂花里小区资金规则" in shown
    assert "1 把钥匙" in shown


def test_the_firm_sets_the_estate_up(app: Flask) -> None:
    scene = working_scene()
    firm, staff = Visitor(app, scene.firm), Visitor(app, scene.staff)
    desk = f"/desk/fund/{scene.fund_id}"
    staff.send(f"{desk}/estate", f"{desk}/units/take")
    assert "89.00" in staff.see(f"{desk}/estate")
    today = clock.today().isoformat()
    firm.send(
        f"{desk}/estate",
        f"{desk}/rates",
        use="home",
        rate_fen="1.85",
        valid_from=today,
        reference="决议 2",
    )
    firm.send(
        f"{desk}/estate",
        f"{desk}/contracts",
        kind="parking",
        payer="便捷停车",
        title="地面车位",
        amount_fen="12000",
        from_on="2026-12-01",
        until_on="2027-11-30",
        instalments="12",
        first_due_on="2026-12-05",
    )
    firm.send(
        f"{desk}/payees",
        f"{desk}/payees",
        name="迅达",
        account_name="迅达",
        bank_name="工行",
        account_number="6222 0210 0101",
        reference="合同",
    )
    waiting = firm.see(f"{desk}/approvals")
    for words in ("住宅收费标准", "便捷停车", "新收款方"):
        assert words in waiting


def test_a_unit_is_set_by_the_office_before_opening(app: Flask) -> None:
    scene = working_scene()
    db.write(take_units, scene.staff, scene.fund_id)
    staff = Visitor(app, scene.staff)
    desk = f"/desk/fund/{scene.fund_id}"
    link = re.findall(rf"{PLACE}({desk}/units/[0-9]+)", staff.see(f"{desk}/estate"))[0]
    staff.send(link, link, use="shop", area_centiares="90.01")
    assert "90.01" in staff.see(link)


def test_budget_and_remuneration_pages_take_their_forms(app: Flask) -> None:
    scene = working_scene()
    firm = Visitor(app, scene.firm)
    desk = f"/desk/fund/{scene.fund_id}"
    fields: dict[str, Any] = {"year": "2026", "reference": "决议 3", "decided_on": "2026-11-20"}
    wrong: dict[str, Any] = {**fields, "lines": "电梯维保"}
    assert "第 1 行" in firm.send(f"{desk}/budget", f"{desk}/budget", 422, **wrong)
    lines = "电梯维保\t120000\n绿化  30,000.50"
    missing = firm.send(f"{desk}/budget", f"{desk}/budget", 422, **fields, lines=lines)
    assert "会议记录" in missing
    firm.send(
        f"{desk}/budget", f"{desk}/budget", **fields, lines=lines, papers=[file("会议记录.pdf")]
    )
    receive(scene, 100_00, date(2026, 10, 5), "r1")
    firm.send(f"{desk}/remuneration", f"{desk}/remuneration", month="2026-10")
    assert "10.00" in firm.see(f"{desk}/remuneration")
    again = firm.send(f"{desk}/remuneration", f"{desk}/remuneration", 409, month="2026-10")
    assert "2026-10" in again


def test_a_handover_is_printed_confirmed_and_signed(app: Flask) -> None:
    scene, payee = spending_scene()
    made = ask(scene, payee)
    new = person(scene.community_id, "何平", Role.COMMITTEE)
    staff, taker = Visitor(app, scene.staff), Visitor(app, new)
    desk = f"/desk/fund/{scene.fund_id}"
    staff.send(
        f"{desk}/handovers",
        f"{desk}/handovers",
        side="committee",
        person_ids=[str(new.person_id)],
        reference="换届公告",
    )
    one = re.findall(rf"{PLACE}({desk}/handovers/[0-9]+)", staff.see(f"{desk}/handovers"))[0]
    assert "3 号楼电梯主板维修" in staff.see(one)
    taker.send(one, f"{one}/confirm")
    staff.send(one, f"{one}/sign", paper=file("签字.pdf"))
    printed = staff.client.get(f"{PLACE}{one}.pdf")
    assert printed.data.startswith(b"%PDF")
    old = Visitor(app, scene.committee)
    matter_id = request(scene, made).matter_id
    page = f"{desk}/approvals/{matter_id}"
    assert "退回的理由" not in old.see(page)


@pytest.mark.parametrize("who", ["owner", "auditor", "committee", "staff"])
def test_who_does_not_hold_the_trustees_key_posts_nothing(app: Flask, who: str) -> None:
    scene, payee = spending_scene()
    visitor = Visitor(app, getattr(scene, who))
    fields = {"line_code": "L01", "payee_id": payee, "amount_fen": "100", "words": "x"}
    desk = f"/desk/fund/{scene.fund_id}"
    visitor.send("/account", f"{desk}/spending", 403, **fields)


def test_a_paper_is_served_only_inside_its_fund(app: Flask) -> None:
    scene, payee = spending_scene()
    made = ask(scene, payee)
    committee = Visitor(app, scene.committee)
    desk = f"/desk/fund/{scene.fund_id}"
    page = committee.see(f"{desk}/spending/{made}")
    link = re.findall(rf"{PLACE}({desk}/papers/[0-9]+)", page)[0]
    assert "加密保存" in committee.see(link)
    opened = committee.send(link, link, 200, reason="审批用款")
    assert opened.startswith("%PDF")
    Visitor(app, scene.owner).see(link, 403)
    committee.see(f"{desk}/papers/999999", 404)


def test_a_returned_payment_and_a_second_key_on_pages(app: Flask) -> None:
    scene, payee = spending_scene()
    made = ask(scene, payee)
    agree(scene, request(scene, made).matter_id or 0)
    firm = Visitor(app, scene.firm)
    one = f"/desk/fund/{scene.fund_id}/spending/{made}"
    firm.send(
        one,
        f"{one}/pay",
        bank_account_id=scene.bank_account_id,
        amount_fen="8600.00",
        paid_on=clock.today().isoformat(),
        bank_number="B1",
    )
    page = firm.see(one)
    back = re.findall(rf"{PLACE}({one}/payments/[0-9]+/return)", page)[0]
    firm.send(one, back, returned_on=clock.today().isoformat(), reason="账号不存在")
    assert "银行已退回" in firm.see(one)
