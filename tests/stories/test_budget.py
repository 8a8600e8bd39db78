"""Twenty projects: drafted at the desk, voted on by phone, with scripts and without, and told."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from community.kernel import clock
from tests.conftest import NOON
from tests.deliberation.hall import BUDGET_FEN, PROJECTS, vote_all
from tests.deliberation.voting import Street, make_street, poll_of
from tests.stories.conftest import PHONE, open_phone
from tests.stories.street import pick_up

NEIGHBOURS = 40
OPENS = NOON + timedelta(days=1)


def test_a_budget_of_twenty_projects(
    app: Flask, site: str, browser: Browser, tmp_path: Path
) -> None:
    street = make_street(NEIGHBOURS)
    desk = pick_up(app, _desk(browser, site), site, street.convener.person_id or 0)
    poll_id = _draft(desk, street)
    _post_and_freeze(desk)
    with clock.fixed(OPENS + timedelta(hours=3)):
        first = pick_up(app, open_phone(browser, site), site, street.people[0])
        _vote_with_a_running_total(first, poll_id)
        second = pick_up(app, _without_scripts(browser, site), site, street.people[1])
        _vote_without_scripts(second, poll_id)
    vote_all(street, poll_id, first=2)
    closes = poll_of(street, poll_id).closes_at
    with clock.fixed(closes + timedelta(minutes=1)):
        desk.goto(f"/c/guihua/desk/polls/{poll_id}")
        desk.get_by_role("button", name="截止投票").click()
        desk.get_by_role("button", name="计票并公布").click()
        expect(desk.get_by_text("已计票，结果已公布")).to_be_visible()
        anyone = open_phone(browser, site).new_page()
        winners = _read_result(anyone, poll_id)
        _count_again(app, anyone, poll_id, winners, tmp_path)


def _desk(browser: Browser, site: str) -> BrowserContext:
    context = browser.new_context(
        base_url=site, viewport={"width": 1280, "height": 900}, locale="zh-CN"
    )
    context.set_default_timeout(10_000)
    return context


def _without_scripts(browser: Browser, site: str) -> BrowserContext:
    context = browser.new_context(
        base_url=site, viewport=PHONE, locale="zh-CN", java_script_enabled=False
    )
    context.set_default_timeout(10_000)
    return context


def _draft(desk: Page, street: Street) -> int:
    desk.goto("/c/guihua/desk/polls/new/budget")
    desk.locator("[name=title]").fill("2027 年公共预算")
    desk.locator("[name=text]").fill("二十个项目，二十万元，请您来定。")
    desk.locator("[name=options]").fill("\n".join(f"{name} | {cost}" for name, cost in PROJECTS))
    for name, at in (("opens_at", OPENS), ("closes_at", OPENS + timedelta(days=7))):
        local = at.astimezone(clock.SHANGHAI).isoformat()[:16]
        desk.locator(f"[name={name}]").fill(local)
    desk.locator("[name=roll_kind]").select_option("list")
    desk.locator("[name=names]").fill("\n".join(street.names))
    desk.locator("[name=setting_budget]").fill(str(BUDGET_FEN // 100))
    desk.locator("[name=setting_most_projects]").fill("6")
    desk.locator("[name=setting_completion]").select_option("add1u")
    desk.get_by_role("button", name="保存草稿").click()
    expect(desk.get_by_text("总预算 200,000.00 元，20 个项目。")).to_be_visible()
    expect(desk.get_by_text("最多选 6 个。")).to_be_visible()
    found = re.search(r"/polls/(\d+)", desk.url)
    assert found is not None
    return int(found[1])


def _post_and_freeze(desk: Page) -> None:
    desk.get_by_role("button", name="公示名册").click()
    desk.get_by_role("button", name="冻结并公布").click()
    expect(desk.get_by_text("已冻结并写进公开日志")).to_be_visible()


def _vote_with_a_running_total(phone: Page, poll_id: int) -> None:
    phone.goto(f"/c/guihua/polls/{poll_id}")
    phone.get_by_role("link", name="去投票").click()
    running = phone.locator(".running")
    expect(running).to_contain_text("已选 0 / 6 个，合计 0.00 元")
    for number in (1, 2, 3, 4, 5, 6):
        phone.get_by_label(PROJECTS[number - 1][0]).check()
    expect(running).to_contain_text("已选 6 / 6 个，合计 194,200.00 元")
    expect(phone.get_by_text("选多了")).to_be_hidden()
    phone.get_by_label(PROJECTS[6][0]).check()
    expect(phone.get_by_text("选多了")).to_be_visible()
    phone.get_by_role("button", name="下一步").click()
    expect(phone.get_by_text("选得太多。")).to_be_visible()
    # What was ticked is still ticked, and the total with it.
    expect(running).to_contain_text("已选 7 / 6 个")
    phone.get_by_label(PROJECTS[6][0]).uncheck()
    phone.get_by_role("button", name="下一步").click()
    expect(
        phone.get_by_text("6 个项目，合计 194,200.00 元，总预算 200,000.00 元。")
    ).to_be_visible()
    phone.get_by_role("button", name="投出这一票").click()
    expect(phone.get_by_text("您的票已经记下")).to_be_visible()


def _vote_without_scripts(phone: Page, poll_id: int) -> None:
    phone.goto(f"/c/guihua/polls/{poll_id}/vote")
    expect(phone.locator(".running")).to_be_hidden()
    phone.get_by_label(PROJECTS[14][0]).check()
    phone.get_by_role("button", name="下一步").click()
    expect(phone.get_by_text("1 个项目，合计 5,500.00 元")).to_be_visible()
    phone.get_by_role("button", name="投出这一票").click()
    expect(phone.get_by_text("您的票已经记下")).to_be_visible()


def _read_result(phone: Page, poll_id: int) -> set[str]:
    phone.goto(f"/c/guihua/polls/{poll_id}")
    phone.get_by_role("link", name="看结果").click()
    lines = phone.locator(".projects > li")
    expect(lines).to_have_count(len(PROJECTS))
    assert all(text.strip() for text in lines.locator("p.small").all_inner_texts())
    bought = lines.filter(has_text="买下").filter(has=phone.locator(".tag.done"))
    assert bought.count() > 3
    for text in bought.locator("p.small").all_inner_texts():
        assert "人的钱包一起出" in text or "按票数补买" in text
    unwanted = lines.filter(has_text=PROJECTS[-1][0])
    expect(unwanted).to_contain_text("没有人选。")
    spent = 200_000 - _yuan(phone.locator("dt:has-text('剩下') + dd").inner_text())
    names = {text.strip() for text in bought.locator("b").all_inner_texts()}
    assert spent == sum(cost for name, cost in PROJECTS if name in names)
    return names


def _yuan(text: str) -> int:
    return int(text.replace(",", "").split(".")[0])


def _count_again(app: Flask, phone: Page, poll_id: int, winners: set[str], folder: Path) -> None:
    """Download the file and count it at the terminal: the same projects, and nobody's name."""
    with phone.expect_download() as downloading:
        phone.get_by_role("link", name="下载 .pb 文件").click()
    file = folder / f"budget-{poll_id}.pb"
    downloading.value.save_as(file)
    text = file.read_text(encoding="utf-8")
    assert "居民" not in text
    done = app.test_cli_runner().invoke(
        args=["poll", "count-pb", str(file), "--rule", "equal-shares", "--completion", "add1u",
              "--json"]
    )  # fmt: skip
    answer = json.loads(done.output)
    titles = {str(number): name for number, (name, _) in enumerate(PROJECTS, start=1)}
    assert answer["votes"] == NEIGHBOURS
    assert {titles[one] for one in answer["published"]} == winners
