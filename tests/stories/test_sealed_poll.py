"""A sealed poll in real browsers: set up at the desk, cast on a phone, opened by two of three."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, Request, expect

from community.kernel import clock
from community.kernel.permissions import Role
from tests import builders
from tests.deliberation.voting import Street, make_street
from tests.stories import street
from tests.stories.conftest import open_phone

PASSPHRASE = "桂花开了三次才慢慢落下来"


def pick_up(app: Flask, browser: Browser, site: str, person: int) -> Page:
    return street.pick_up(app, open_phone(browser, site), site, person)


def make_opener(app: Flask, browser: Browser, site: str, town: Street) -> tuple[Page, Path]:
    """Let somebody make a key in the browser, save its file, and register it."""
    person = builders.make_person(town.community_id, "开启人", roles=(Role.COMMITTEE,))
    page = pick_up(app, browser, site, person)
    page.goto("/c/guihua/sealing/key")
    page.locator("[data-part=passphrase]").fill(PASSPHRASE)
    page.locator("[data-part=again]").fill(PASSPHRASE)
    with page.expect_download() as saved:
        page.get_by_role("button", name="生成并保存文件").click()
    page.get_by_role("button", name="登记公钥").click()
    expect(page.locator("main")).to_contain_text("已登记")
    return page, saved.value.path()


def open_share(page: Page, poll_id: int, key: Path) -> None:
    page.goto(f"/c/guihua/polls/{poll_id}")
    page.get_by_role("link", name="我是开启人").click()
    page.locator("[data-part=file]").set_input_files(key)
    page.locator("[data-part=passphrase]").fill(PASSPHRASE)
    page.get_by_role("button", name="解密").click()
    expect(page.locator("[data-say=ready-to-send]")).to_be_visible()
    page.get_by_role("button", name="交出份额").click()


def test_from_the_desk_to_the_result(app: Flask, site: str, browser: Browser) -> None:
    town = make_street(2)
    openers = [make_opener(app, browser, site, town) for _ in range(2)]
    assert town.convener.person_id is not None
    desk = pick_up(app, browser, site, town.convener.person_id)
    desk.goto("/c/guihua/desk/polls/new/yes_no")
    desk.get_by_label("要决定什么").fill("楼道要不要装声控灯")
    desk.get_by_label("谁能投").select_option("list")
    desk.get_by_label("指定名单").fill("\n".join(town.names))
    desk.get_by_text("加密投票（可选）").click()
    for box in desk.locator("input[name=openers]").all():
        box.check()
    desk.get_by_label("几位一起才能打开").fill("2")
    desk.get_by_label("不记名").check()
    desk.get_by_role("button", name="保存草稿").click()
    expect(desk.get_by_text("已存为草稿")).to_be_visible()
    poll_id = int(desk.url.rsplit("/", 1)[1])
    desk.get_by_role("button", name="公示名册").click()
    desk.get_by_role("button", name="冻结并公布").click()
    expect(desk.locator("main")).to_contain_text("任意 2 位一起才能打开")
    opens = clock.now() + timedelta(days=1, hours=1)
    with clock.fixed(opens):
        tracker = vote(pick_up(app, browser, site, town.people[0]), poll_id)
    with clock.fixed(opens + timedelta(days=8)):
        desk.goto(f"/c/guihua/desk/polls/{poll_id}")
        desk.get_by_role("button", name="截止投票").click()
        expect(desk.locator("main")).to_contain_text("已有 0 位交出份额")
        for page, key in openers:
            open_share(page, poll_id, key)
        desk.goto(f"/c/guihua/desk/polls/{poll_id}")
        desk.get_by_role("button", name="计票并公布").click()
        expect(desk.get_by_text("已计票，结果已公布。")).to_be_visible()
        desk.goto(f"/c/guihua/polls/{poll_id}/ballots")
        expect(desk.locator("main")).to_contain_text(tracker)
        expect(desk.locator("main tbody")).to_contain_text("同意")


def vote(page: Page, poll_id: int) -> str:
    """Choose, look, cast; gives the number that the browser drew. What is sent says nothing."""
    sent: list[str] = []

    def note(one: Request) -> None:
        if one.method == "POST":
            sent.append(one.post_data or "")

    page.on("request", note)
    page.goto(f"/c/guihua/polls/{poll_id}/vote")
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("[data-say=wrong]")).to_be_visible()
    page.get_by_text("同意", exact=True).click()
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("[data-part=chosen]")).to_have_text("同意")
    tracker = page.locator("[data-part=tracker]").inner_text().replace(" ", "")
    with page.expect_download() as saved:
        page.get_by_role("button", name="保存查票号").click()
    assert tracker in saved.value.path().read_text(encoding="utf-8")
    page.get_by_role("button", name="投出这一票").click()
    expect(page.locator("main")).to_contain_text("网站也不知道您选了什么")
    assert len(sent) == 1
    assert "choice" not in sent[0]
    assert tracker not in sent[0]
    return tracker
