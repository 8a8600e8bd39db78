"""A children's class of 8,000 yuan is given to a group by one officer on a phone, and paid."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from community.identity.models import Organization
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.micro_projects.rules.projects import ProjectKind
from community.micro_projects.rules.states import ProjectState
from tests import builders
from tests.micro_projects.contracting import employ
from tests.micro_projects.registering import credit_code
from tests.micro_projects.scene import (
    Scene,
    free_money,
    give_money,
    make_project,
    make_scene,
    state_of,
)
from tests.stories.conftest import open_phone
from tests.stories.street import pick_up, set_clock
from tests.stories.test_broken_off_works import accept, hand_in, judge, pay, sign_contract, take

GROUP, CLASS = "晨光社工中心", "暑期儿童书画班"


def test_one_officer_on_a_phone_gives_a_childrens_class(
    app: Flask, site: str, browser: Browser, tmp_path: Path
) -> None:
    scene = make_scene()
    project = make_project(scene, title=CLASS, kind=ProjectKind.SERVICE, budget_fen=900_000)
    give_money(scene, project, 900_000)
    officer = pick_up(app, open_phone(browser, site), site, scene.officer.person_id or 0)
    set_clock(officer)
    officer.goto(f"/c/guihua/projects/{project}")
    officer.get_by_role("link", name="定向委托").click()
    officer.get_by_role("link", name="登记单位").click()
    register_group(officer, tmp_path)
    give_class(officer, project)
    assert free_money(scene, project) == 100_000
    anyone = open_phone(browser, site).new_page()
    anyone.goto(officer.url)
    expect(anyone.get_by_text(GROUP).first).to_be_visible()
    expect(anyone.get_by_text("金额小，专门比选不划算").first).to_be_visible()
    expect(anyone.get_by_text("陈专员")).to_have_count(0)
    teacher = make_teacher(scene)
    checker = builders.make_person(scene.community_id, "周复核", roles=(Role.STAFF,))
    sign_contract(officer, tmp_path, GROUP, "上完十节课｜100｜2026-12-20")
    group = take(app, browser, site, teacher)
    hand_in(group, tmp_path, "上完十节课", "作品展")
    accept(officer, "上完十节课")
    phone = take(app, browser, site, builders.actor(scene.community_id, checker))
    pay(officer, phone, tmp_path, "001")
    judge(app, browser, site, officer, scene, project, tmp_path)
    with clock.fixed(clock.now() + timedelta(days=5)):
        close(officer, project)
    anyone.goto(f"/c/guihua/projects/{project}/delivery")
    expect(anyone.get_by_text("8,000.00").first).to_be_visible()
    assert state_of(scene, project) is ProjectState.CLOSED
    assert free_money(scene, project) == 100_000


def register_group(officer: Page, folder: Path) -> None:
    """Write the group into the register, with its certificate."""
    form = officer.locator("form[action$='/desk/suppliers']")
    form.locator("[name=name]").fill(GROUP)
    form.locator("[name=credit_code]").fill(credit_code(1))
    form.get_by_text("服务类").click()
    form.get_by_role("button", name="登记").click()
    form = officer.locator("form[action$='/certificates']")
    form.locator("[name=title]").fill("民办非企业单位登记证书")
    paper = folder / "证书.pdf"
    paper.write_bytes(b"%PDF-1.4\n% paper\n%%EOF\n")
    form.locator("[name=upload]").set_input_files(paper)
    form.get_by_role("button", name="登记证照").click()
    expect(officer.get_by_text("已核对")).to_be_visible()


def give_class(officer: Page, project: int) -> None:
    """Give the class to the group, its money set aside."""
    officer.goto(f"/c/guihua/desk/projects/{project}/direct-award")
    officer.locator("[name=amount_fen]").fill("8000")
    officer.get_by_role("button", name="确定并预留资金").click()
    expect(officer.get_by_text("已预留 8,000.00 元")).to_be_visible()


def make_teacher(scene: Scene) -> Actor:
    """Let one of the group's people have an account: that is the matter of another story."""
    person = builders.make_person(scene.community_id, "白老师")
    with db.read() as session:
        group = session.scalars(select(Organization.id).where(Organization.name == GROUP)).one()
    builders.grant(scene.community_id, person, Role.ORGANIZATION, group)
    employ(scene, group, person)
    return builders.actor(scene.community_id, person)


def close(officer: Page, project: int) -> None:
    """Close the project with its report."""
    officer.goto(f"/c/guihua/desk/projects/{project}/closing")
    officer.locator("form[action$='/close'] [name=words]").fill("十节课上完了，办了作品展。")
    officer.get_by_role("button", name="结项", exact=True).click()
    expect(officer.get_by_text("项目已结项")).to_be_visible()
