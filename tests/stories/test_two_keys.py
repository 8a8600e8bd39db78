"""Two keys on two phones: an edit lets the approval fall away; a handover kills old keys."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, expect

from community.kernel.permissions import Role
from tests.stories.conftest import open_phone
from tests.stories.street import pick_up, set_clock
from tests.trust_property.acts import spending_scene
from tests.trust_property.scene import Scene, person


def take(app: Flask, browser: Browser, site: str, person_id: int | None) -> Page:
    page = pick_up(app, open_phone(browser, site), site, person_id or 0)
    set_clock(page)
    return page


def ask_for_lift_repair(firm: Page, scene: Scene, folder: Path) -> None:
    quote = folder / "报价单.pdf"
    quote.write_bytes(b"%PDF-1.4\n% quote\n%%EOF\n")
    firm.goto(f"/c/guihua/desk/fund/{scene.fund_id}/spending")
    firm.get_by_text("提出用款申请").click()
    form = firm.locator("form[action$='/spending']")
    form.locator("[name=line_code]").select_option("L01")
    form.locator("[name=payee_id]").select_option(label="迅达电梯维修部")
    form.locator("[name=amount_fen]").fill("8600")
    form.locator("[name=words]").fill("3 号楼电梯主板烧坏，更换主板")
    form.locator("[name=quotes]").set_input_files(quote)
    form.get_by_role("button", name="提出申请").click()
    expect(firm.get_by_role("heading", name="用款申请 1 号")).to_be_visible()


def open_waiting(committee: Page, scene: Scene) -> None:
    committee.goto(f"/c/guihua/desk/fund/{scene.fund_id}/approvals")
    committee.get_by_role("link", name="3 号楼电梯主板烧坏").first.click()


def test_an_edited_amount_lets_the_approval_fall_away(
    app: Flask, site: str, browser: Browser, tmp_path: Path
) -> None:
    scene, _ = spending_scene()
    firm = take(app, browser, site, scene.firm.person_id)
    committee = take(app, browser, site, scene.committee.person_id)
    ask_for_lift_repair(firm, scene, tmp_path)
    open_waiting(committee, scene)
    expect(committee.get_by_text("还剩 91,400.00 元")).to_be_visible()
    committee.get_by_role("button", name="批准").click()
    expect(committee.get_by_text("已用您的钥匙批准。")).to_be_visible()
    firm.reload()
    expect(firm.get_by_text("已批准，待付款").first).to_be_visible()
    firm.get_by_text("修改", exact=True).click()
    form = firm.locator("form[action$='/edit']")
    form.locator("[name=amount_fen]").fill("9600")
    form.get_by_role("button", name="改好，重新申请").click()
    expect(firm.get_by_text("原来的批准作废").first).to_be_visible()
    expect(firm.get_by_role("button", name="登记付款")).to_have_count(0)
    anyone = open_phone(browser, site).new_page()
    anyone.goto(f"/c/guihua/fund/{scene.fund_id}/spending")
    anyone.get_by_role("link", name="3 号楼电梯主板烧坏").click()
    expect(anyone.get_by_text("9,600.00").first).to_be_visible()
    expect(anyone.get_by_text("业委会 0 人（需要 1 人）")).to_be_visible()
    expect(anyone.get_by_text("赵国华")).to_have_count(0)


def test_a_handover_kills_the_old_keys(
    app: Flask, site: str, browser: Browser, tmp_path: Path
) -> None:
    scene, _ = spending_scene()
    person(scene.community_id, "何平", Role.COMMITTEE)
    firm = take(app, browser, site, scene.firm.person_id)
    old = take(app, browser, site, scene.committee.person_id)
    office = take(app, browser, site, scene.staff.person_id)
    ask_for_lift_repair(firm, scene, tmp_path)
    open_waiting(old, scene)
    office.goto(f"/c/guihua/desk/fund/{scene.fund_id}/handovers")
    office.locator("summary", has_text="办理交接").click()
    office.get_by_label("何平").check()
    office.locator("[name=reference]").fill("第三届业委会选举公告")
    office.get_by_role("button", name="办理交接").click()
    office.locator("dialog button.danger").click()
    expect(office.get_by_text("原来的钥匙即刻失效")).to_be_visible()
    office.get_by_role("link", name="第三届业委会选举公告").click()
    expect(office.get_by_text("3 号楼电梯主板烧坏").first).to_be_visible()
    old.get_by_role("button", name="批准").click()
    expect(old.get_by_role("alert")).to_be_visible()
    firm.reload()
    expect(firm.get_by_text("交接退回，待重新提交").first).to_be_visible()
