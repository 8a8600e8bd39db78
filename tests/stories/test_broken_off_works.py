"""A works project fails half-way on everybody's phone, and a successor finishes it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, expect

from community.kernel import clock, files
from community.kernel.actor import Actor
from community.micro_projects.rules.states import ProjectState
from tests.micro_projects import contracting as acts
from tests.micro_projects.contracting import make_job
from tests.micro_projects.scene import Scene, free_money, state_of
from tests.stories.conftest import open_phone
from tests.stories.street import pick_up, set_clock

SITE = "/c/guihua"


def take(app: Flask, browser: Browser, site: str, who: Actor) -> Page:
    page = pick_up(app, open_phone(browser, site), site, who.person_id or 0)
    set_clock(page)
    return page


def photo(folder: Path, name: str, shade: int) -> Path:
    """Put a picture on somebody's phone."""
    ready = acts.picture(name, shade)
    path = folder / f"{name}.png"
    path.write_bytes(files.intake.path_of(ready.sha256).read_bytes())
    return path


def fill_plan(page: Page, plan: str) -> None:
    """Type a plan into its rows; the shares are added up as they are typed."""
    lines = [line.split("｜") for line in plan.splitlines()]
    rows = page.locator(".plan-row")
    expect(rows.first).to_be_visible()
    for place in range(rows.count()):
        cells = (lines[place] if place < len(lines) else ["", "", ""])[:3]
        for name, value in zip(("titles", "shares", "days"), cells, strict=True):
            rows.nth(place).locator(f"[name=plan_{name}]").fill(value)
    expect(page.get_by_text("比例合计 100%，正好。")).to_be_visible()


def sign_contract(officer: Page, folder: Path, firm: str, plan: str) -> None:
    """Draft a contract on the award that waits, and record both signatures."""
    officer.goto(f"{SITE}/desk/contracts")
    officer.get_by_role("link", name=firm).first.click()
    fill_plan(officer, plan)
    officer.get_by_role("button", name="生成合同").click()
    expect(officer.get_by_text("合同已生成")).to_be_visible()
    officer.locator("[name=scan]").set_input_files(photo(folder, f"签字页{len(firm)}", 1))
    officer.get_by_role("button", name="登记签字").click()
    expect(officer.get_by_text("履行中").first).to_be_visible()


def hand_in(worker: Page, folder: Path, title: str, name: str) -> None:
    """Hand in the next milestone from the phone."""
    worker.goto(f"{SITE}/deliveries")
    worker.get_by_role("link", name=title).first.click()
    expect(worker.get_by_role("heading", name=re.compile(f"提交： *{title}"))).to_be_visible()
    worker.locator("[name=evidence]").set_input_files([photo(folder, name, 7)])
    worker.locator("[name=words]").fill(f"{title}做好了，请验收。")
    worker.context.grant_permissions(["geolocation"])
    worker.context.set_geolocation({"latitude": 22.54286, "longitude": 114.05956, "accuracy": 9})
    worker.locator("[name=place]").fill("3 号楼")
    worker.get_by_role("button", name="用手机定位").click()
    expect(worker.locator("[name=place]")).to_have_value("3 号楼 22.54286, 114.05956 (±9 m)")
    expect(worker.locator("[name=happened_at]")).not_to_have_value("")
    # Whoever does not want to say so takes it out again.
    worker.locator("[name=happened_at]").fill("")
    worker.get_by_role("button", name="提交，请社区验收").click()
    expect(worker.get_by_text("已提交，等社区验收。照片")).to_be_visible()


def accept(officer: Page, title: str) -> None:
    """Accept what waits."""
    officer.goto(f"{SITE}/desk/contracts")
    card = officer.locator("section", has=officer.get_by_role("heading", name="等您验收"))
    card.get_by_role("link", name=title).click()
    officer.get_by_label("通过").check()
    officer.get_by_role("button", name="登记验收").click()
    expect(officer.get_by_text("验收意见已登记")).to_be_visible()


def pay(officer: Page, checker: Page, folder: Path, number: str) -> None:
    """Prepare the payment on one phone and check it on another, clicking twice."""
    officer.locator("[name=invoice_number]").fill(number)
    officer.locator("[name=invoice]").set_input_files(photo(folder, f"发票{number}", 3))
    officer.get_by_role("button", name="提出付款").click()
    expect(officer.get_by_text("付款已提出")).to_be_visible()
    expect(officer.get_by_text("请另一位工作人员复核").first).to_be_visible()
    checker.goto(f"{SITE}/desk/contracts")
    card = checker.locator("section", has=checker.get_by_role("heading", name="等复核的付款"))
    card.get_by_role("link").first.click()
    checker.get_by_role("button", name="复核通过").dblclick()
    expect(checker.get_by_role("button", name="复核通过")).to_have_count(0)


def break_off(officer: Page) -> None:
    """End the contract: half a milestone is settled, the rest is free."""
    officer.reload()
    officer.get_by_text("中途终止", exact=True).click()
    officer.locator("form[action$='/end'] [name=reason]").fill("承接单位停工 20 天，催告无果")
    officer.locator("[name=settlement_fen]").fill("800")
    officer.get_by_role("button", name="终止合同").click()
    officer.locator("dialog button.danger").click()
    expect(officer.get_by_text("已验收的照付，其余的钱已放回项目。")).to_be_visible()


def judge(
    app: Flask,
    browser: Browser,
    site: str,
    officer: Page,
    scene: Scene,
    project_id: int,
    folder: Path,
) -> None:
    """Show the result and ask the residents."""
    officer.goto(f"{SITE}/desk/projects/{project_id}/closing")
    officer.locator("[name=papers]").set_input_files([photo(folder, "新扶手", 9)])
    officer.get_by_role("button", name="上传").click()
    expect(officer.get_by_text("资料已保存。")).to_be_visible()
    officer.get_by_role("button", name="开始调查").click()
    expect(officer.get_by_text("请打印二维码")).to_be_visible()
    resident = take(app, browser, site, scene.neighbour)
    resident.goto(f"{SITE}/projects/{project_id}/survey")
    resident.get_by_label("很满意", exact=True).check()
    resident.get_by_role("button", name="提交评价").click()
    expect(resident.get_by_text("您已经评价过了")).to_be_visible()


def test_a_works_project_that_fails_is_finished_by_a_successor(
    app: Flask, site: str, browser: Browser, tmp_path: Path
) -> None:
    job = make_job()
    officer = take(app, browser, site, job.officer)
    checker = take(app, browser, site, job.checker)
    worker = take(app, browser, site, job.worker)
    sign_contract(
        officer,
        tmp_path,
        "青禾扶手工程队",
        "进场打孔｜30｜2026-12-05\n安装一半｜30｜2026-12-20\n全部装好｜40｜2027-01-10",
    )
    hand_in(worker, tmp_path, "进场打孔", "打孔")
    accept(officer, "进场打孔")
    pay(officer, checker, tmp_path, "001")
    break_off(officer)
    assert free_money(job.scene, job.project_id) == 2_000_00 + 8_000_00 - 2_400_00 - 800_00
    hand_in(worker, tmp_path, "终止结算：已完成部分", "半截")
    accept(officer, "终止结算")
    pay(officer, checker, tmp_path, "002")
    firm_id, master = acts.make_firm(job.scene, "安泰装修队", "何师傅")
    acts.give_award(job.scene, job.project_id, firm_id, 5_500_00)
    successor = take(app, browser, site, master)
    sign_contract(officer, tmp_path, "安泰装修队", "接着装完｜100｜2027-01-20")
    hand_in(successor, tmp_path, "接着装完", "装完")
    accept(officer, "接着装完")
    pay(officer, checker, tmp_path, "003")
    judge(app, browser, site, officer, job.scene, job.project_id, tmp_path)
    with clock.fixed(clock.now() + timedelta(days=5)):
        officer.goto(f"{SITE}/desk/projects/{job.project_id}/closing")
        officer.locator("form[action$='/close'] [name=words]").fill("扶手装好了。")
        officer.get_by_role("button", name="结项", exact=True).click()
        expect(officer.get_by_text("项目已结项")).to_be_visible()
        anyone = open_phone(browser, site).new_page()
        anyone.goto(f"{SITE}/projects/{job.project_id}/delivery")
        expect(anyone.get_by_text("8,700.00").first).to_be_visible()
        expect(anyone.get_by_text("中途终止").first).to_be_visible()
        expect(anyone.get_by_text("接续前一份中途终止的合同")).to_be_visible()
        expect(anyone.get_by_text("不足 5 人，不公布比例")).to_be_visible()
    assert state_of(job.scene, job.project_id) is ProjectState.CLOSED
    assert free_money(job.scene, job.project_id) == 10_000_00 - 8_700_00
