"""A children's class of 8,000 yuan is given to a small group by one project officer on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from community.micro_projects.rules.projects import ProjectKind
from tests.micro_projects.awarding import credit_code
from tests.micro_projects.scene import free_money, give_money, make_project, make_scene
from tests.stories.conftest import open_phone
from tests.stories.street import pick_up, set_clock

pytestmark = pytest.mark.browser


def test_one_officer_on_a_phone_gives_a_childrens_class(
    app: Flask, site: str, browser: Browser, tmp_path: Path
) -> None:
    scene = make_scene()
    project = make_project(
        scene, title="暑期儿童书画班", kind=ProjectKind.SERVICE, budget_fen=900_000
    )
    give_money(scene, project, 900_000)
    officer = pick_up(app, open_phone(browser, site), site, scene.officer.person_id or 0)
    set_clock(officer)
    officer.goto(f"/c/guihua/projects/{project}")
    officer.get_by_role("link", name="定向委托").click()
    officer.get_by_role("link", name="登记单位").click()
    form = officer.locator("form[action$='/desk/suppliers']")
    form.locator("[name=name]").fill("晨光社工中心")
    form.locator("[name=credit_code]").fill(credit_code(1))
    form.get_by_text("服务类").click()
    form.get_by_role("button", name="登记").click()
    form = officer.locator("form[action$='/certificates']")
    form.locator("[name=title]").fill("民办非企业单位登记证书")
    paper = tmp_path / "证书.pdf"
    paper.write_bytes(b"%PDF-1.4\n% paper\n%%EOF\n")
    form.locator("[name=upload]").set_input_files(paper)
    form.get_by_role("button", name="登记证照").click()
    expect(officer.get_by_text("已核对")).to_be_visible()
    officer.goto(f"/c/guihua/desk/projects/{project}/direct-award")
    officer.locator("[name=amount_fen]").fill("8000")
    officer.get_by_role("button", name="确定并预留资金").click()
    expect(officer.get_by_text("已预留 8,000.00 元")).to_be_visible()
    assert free_money(scene, project) == 100_000
    anyone = open_phone(browser, site).new_page()
    anyone.goto(officer.url)
    expect(anyone.get_by_text("晨光社工中心").first).to_be_visible()
    expect(anyone.get_by_text("金额小，专门比选不划算").first).to_be_visible()
    expect(anyone.get_by_text("陈专员")).to_have_count(0)
