"""An office clerk: from the empty wizard, over a messy sheet, to the first activity."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, expect

from community import identity
from community.kernel import db, jobs
from community.web.operations.first_run import spell_token
from tests.identity.sheets import make_xlsx
from tests.stories.conftest import open_phone

# A title above the header, merged cells, a shortened phone number, a total, and a wrong area.
SHEET = make_xlsx(
    ["桂花里社区住户花名册（2026 年 11 月）"],
    [],
    ["楼号", "单元", "房号", "姓名", "联系电话", "建筑面积（㎡）", "备注"],
    ["1号楼", 1, 101.0, "陈桂芳", 1.3800000001e10, 86.5, ""],
    [None, None, 101.0, "李志国", " 13800000002", None, "户主"],
    [None, 2, "602", "王　敏", "１３８０００００００３", "89.12平方米", ""],
    ["2号楼", 1, "201", "赵小军", "1380000", "九十", ""],
    ["合计", None, None, "4 人", None, None, None],
    merged=("A4:A6", "B4:B5"),
)


def test_from_the_empty_wizard_to_the_first_activity(
    app: Flask, site: str, browser: Browser, tmp_path: Path
) -> None:
    desk = open_phone(browser, site).new_page()
    _found_community(desk, spell_token(Path(app.config["INSTANCE"])))
    _sign_in_by_slip(desk)
    _import(app, desk, tmp_path)
    _open_activity(desk)


def _found_community(desk: Page, token: str) -> None:
    desk.goto("/setup")
    desk.locator("[name=token]").fill(token)
    desk.get_by_role("button", name="开始").click()
    desk.locator("[name=name]").fill("桂花里社区")
    desk.locator("[name=slug]").fill("guihuali")
    _next(desk)
    desk.locator("[name=lines]").fill("1–2 号楼, 2 单元, 6 层, 2 户")
    _next(desk)
    desk.locator("main form input[type=radio]").first.check()
    _next(desk)
    desk.locator("[name=lines]").fill("林秋月 1980\n何志强 1975")
    _next(desk)
    _next(desk)
    desk.locator("[name=seen]").check()
    _next(desk)
    desk.locator("main form button[type=submit]").last.click()
    desk.wait_for_url("**/setup/done")


def _next(desk: Page) -> None:
    desk.get_by_role("button", name="下一步").click()


def _sign_in_by_slip(desk: Page) -> None:
    desk.get_by_role("link", name="这是我，现在登录").first.click()
    desk.locator("main form button[type=submit]").first.click()
    desk.get_by_role("button", name="我已阅读并同意").click()
    expect(desk.locator("body")).to_contain_text("桂花里社区")


def _import(app: Flask, desk: Page, folder: Path) -> None:
    sheet = folder / "花名册.xlsx"
    sheet.write_bytes(SHEET)
    desk.goto("/c/guihuali/desk/imports")
    desk.locator("input[type=file]").set_input_files(sheet)
    desk.get_by_role("button", name="上传并预览").click()
    preview = desk.locator("main")
    expect(preview).to_contain_text("要改的地方")
    expect(preview).to_contain_text("陈桂芳")
    expect(preview.get_by_role("link", name="下载标好问题的表格")).to_be_visible()
    desk.locator("form[action$='/start'] button[type=submit]").first.click()
    expect(desk.locator("form[action$='/start']")).to_have_count(0)
    with app.app_context():
        while jobs.run_due():
            pass
    with db.read() as session:
        found = identity.search_people(session, 1, "陈桂芳")
    assert [(each.name, each.building) for each in found] == [("陈桂芳", "1 号楼")]


def _open_activity(desk: Page) -> None:
    desk.goto("/c/guihuali/activities/new")
    desk.locator("[name=title]").fill("周六社区清洁")
    desk.locator("[name=kind]").select_option("environment")
    desk.locator("[name=place]").fill("1 号楼门口")
    desk.get_by_role("button", name="建好，去加班次").click()
    desk.locator("a[href$='/shifts/new']").first.click()
    desk.locator("[name=starts_at]").fill("2026-11-28T09:00")
    desk.locator("[name=ends_at]").fill("2026-11-28T11:00")
    desk.locator("[name=capacity]").fill("20")
    desk.get_by_role("button", name="只加这一班").click()
    expect(desk.locator("main")).to_contain_text("周六社区清洁")
    desk.goto("/c/guihuali/activities")
    expect(desk.locator("main")).to_contain_text("周六社区清洁")
