"""An owners' vote online, on paper and by mandate: 2/3 on the last day, heads yes, area no."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect

from community.kernel import clock
from community.kernel.permissions import Role
from tests import builders
from tests.deliberation.voting import Street, make_street, poll_of
from tests.looking import PHONE, look_at
from tests.stories import street
from tests.stories.conftest import open_phone

TITLE = "更换物业服务企业"
# In 0.01 m²: eight homes, and a shop as large as six of them.
AREAS = [8_000] * 8 + [45_000]
SHOP = 8
# Six of nine heads are exactly 2/3; five of the six agree, with less than half of their area.
ONLINE, ON_PAPER, BY_MANDATE, LAST_DAY = (0, 1), (3, SHOP), 4, 2


@dataclass
class Vote:
    """The poll and whoever looks at it."""

    app: Flask
    browser: Browser
    site: str
    town: Street
    poll_id: int
    clerk: int
    desks: dict[int, Page] = field(default_factory=dict)

    def phone_of(self, person_id: int) -> Page:
        """Let somebody take the own phone; the session's time follows the story's."""
        return street.pick_up(self.app, open_phone(self.browser, self.site), self.site, person_id)

    @property
    def desk(self) -> str:
        return f"/c/guihua/desk/polls/{self.poll_id}"


def make_vote(app: Flask, browser: Browser, site: str) -> Vote:
    town = make_street(len(AREAS))
    for number, (person_id, area) in enumerate(zip(town.people, AREAS, strict=True), start=1):
        unit = builders.make_unit(town.community_id, f"{number}01", area=area)
        builders.own(town.community_id, person_id, unit)
    clerk = builders.make_person(town.community_id, "高静", roles=(Role.STAFF,))
    vote = Vote(app, browser, site, town, 0, clerk)
    vote.poll_id = propose(vote)
    return vote


def propose(vote: Vote) -> int:
    """Draft the vote at the desk, post its roll, freeze and publish it; gives its number."""
    page = desk_page(vote, None, "/c/guihua/desk/polls/new/owners")
    page.get_by_label("要决定什么").fill(TITLE)
    page.get_by_label("全文").fill("解聘现在的物业，改聘乙公司。")
    page.get_by_label("有纸质票或市级系统的票").check()
    page.locator("[name=setting_item]").select_option("4")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("body")).to_contain_text("已存为草稿")
    poll_id = int(page.url.rsplit("/", 1)[1])
    page.get_by_role("button", name="公示名册").click()
    expect(page.locator("body")).to_contain_text("名册已公示")
    expect(page.locator("main")).to_contain_text("9 票")
    page.get_by_role("button", name="冻结并公布").click()
    expect(page.locator("body")).to_contain_text("已冻结并写进公开日志")
    for words in (TITLE, "法定表决", "民法典第二百七十八条"):
        expect(page.locator("main")).to_contain_text(words)
    assert page.get_by_role("button", name="公示名册").count() == 0
    assert page.get_by_role("link", name="修改").count() == 0
    return poll_id


@contextmanager
def on(vote: Vote, **before_closing: int) -> Iterator[None]:
    """Be so long before the poll closes."""
    with clock.fixed(poll_of(vote.town, vote.poll_id).closes_at - timedelta(**before_closing)):
        yield


def test_two_thirds_come_on_the_last_day_and_the_area_says_no(
    app: Flask, site: str, browser: Browser, tmp_path: Path
) -> None:
    vote = make_vote(app, browser, site)
    with on(vote, days=13):
        codes = print_papers(vote, tmp_path)
        for number in ONLINE:
            cast(vote, number)
        bring_mandate(vote, holder="居民005")
        for number in ON_PAPER:
            log_return(vote, codes[number])
        expect(desk_page(vote, "").locator("main")).to_contain_text("5 / 9 票")
    with on(vote, minutes=5):
        cast(vote, LAST_DAY)
        expect(desk_page(vote, "").locator("main")).to_contain_text("6 / 9 票")
    with on(vote, days=0):
        read_papers(vote, [codes[each] for each in ON_PAPER])
        look_at_result(vote)


def print_papers(vote: Vote, folder: Path) -> list[str]:
    """Print a paper for each owner; gives the addresses of their codes, in the roll's order."""
    page = desk_page(vote, "/papers")
    page.get_by_role("button", name="给全部名册编票").click()
    expect(page.locator("body")).to_contain_text("新编了 9 张纸质票")
    link = page.locator("a[href*='/papers/sheet']").first.get_attribute("href")
    assert link is not None
    paper, picture = folder / "papers.pdf", folder / "page"
    # Drawing nine sheets takes a busy machine its time.
    paper.write_bytes(page.request.get(link, timeout=60_000).body())
    subprocess.run(["pdftoppm", "-r", "150", "-png", paper, picture], check=True)
    found = []
    for each in sorted(folder.glob("page-*.png")):
        with Image.open(each) as drawn:
            found += [code.text for code in zxingcpp.read_barcodes(drawn)]
    assert len(found) == len(AREAS)
    return found


def cast(vote: Vote, number: int) -> None:
    """Vote yes on the own phone."""
    page = vote.phone_of(vote.town.people[number])
    page.goto(f"/c/guihua/polls/{vote.poll_id}")
    page.get_by_role("link", name="去投票").click()
    expect(page.locator("main")).to_contain_text("您这一票代表 80.00 平方米，算 1 人")
    page.get_by_text("同意", exact=True).click()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="投出这一票").click()
    expect(page.locator("main")).to_contain_text("您的票已经记下")
    page.context.close()


def bring_mandate(vote: Vote, holder: str) -> None:
    """Record a written mandate with its scan, and enter the ballot that the holder brings."""
    page = desk_page(vote, "/deliveries")
    page.get_by_role("link", name=f"居民{BY_MANDATE:03d}").click()
    page.get_by_text("登记书面委托").click()
    page.get_by_role("searchbox").fill("没有这个人")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("main")).to_contain_text("没有找到“没有这个人”")
    page.get_by_role("searchbox").fill(holder)
    page.get_by_role("button", name="查找").click()
    page.get_by_role("radio", name=holder).check()
    page.set_input_files("#mandate input[type=file]", scan())
    page.get_by_role("button", name="登记委托").click()
    expect(page.locator("body")).to_contain_text("委托已登记，已告诉本人")
    expect(page.locator("main")).to_contain_text(holder)
    kept = page.get_by_role("link", name="委托书").get_attribute("href")
    assert kept is not None
    assert page.request.get(kept).ok
    page.get_by_text("录入受托票").click()
    page.locator("details[open]").get_by_text("同意", exact=True).click()
    page.get_by_role("button", name="记入受托票").click()
    expect(page.locator("body")).to_contain_text("受托票已记入")


def log_return(vote: Vote, code: str) -> None:
    """Scan a paper that came back: its address opens at the desk, and nothing is opened yet."""
    page = desk_page(vote, None, urlsplit(code).path)
    page.get_by_role("button", name="登记收回").click()
    expect(page.locator("body")).to_contain_text("已登记收回")
    expect(page.locator("main")).to_contain_text("纸质票要等投票截止后")
    assert page.locator("input[name=choice]").count() == 0


def read_papers(vote: Vote, codes: list[str]) -> None:
    """Close, name two witnesses, let two clerks read each paper, and count."""
    page = desk_page(vote, "")
    page.get_by_role("button", name="截止投票").click()
    expect(page.locator("body")).to_contain_text("投票已截止。")
    page.goto(f"{vote.desk}/papers")
    page.get_by_label("监票人").fill("邓华、方敏")
    page.get_by_role("button", name="开始唱票").click()
    expect(page.locator("main")).to_contain_text("邓华、方敏")
    for reader in (vote.town.convener.person_id or 0, vote.clerk):
        for code, choice in zip(codes, ("同意", "反对"), strict=True):
            one = desk_page(vote, None, urlsplit(code).path, reader)
            one.get_by_text(choice, exact=True).click()
            one.get_by_role("button", name="记下").click()
            expect(one.locator("body")).to_contain_text("已记下")
        if reader != vote.clerk:
            page.goto(vote.desk)
            press_decide(page)
            expect(page.locator("main")).to_contain_text("还有 2 张收回的纸质票没有录完")
    page.goto(vote.desk)
    press_decide(page)
    expect(page.get_by_role("link", name="看结果")).to_be_visible()


def press_decide(page: Page) -> None:
    """Count; the page asks once more, for what is published stays."""
    page.get_by_role("button", name="计票并公布").click()
    page.locator("dialog button:not(.quiet)").click()


def look_at_result(vote: Vote) -> None:
    """Open the result as a passer-by: no, for the area, with both bars and the article."""
    page = open_phone(vote.browser, vote.site).new_page()
    page.goto(f"/c/guihua/polls/{vote.poll_id}/result")
    main = page.locator("main")
    for words in (
        "没有通过",
        "民法典第二百七十八条",
        "同意的面积",
        "6 / 9，占 66.66%",
        "5 / 6，占 83.33%",
        "400.00 / 850.00，占 47.05%",
        "共 6 张票，名册上 9 票",
    ):
        expect(main).to_contain_text(words)
    assert page.locator(".measure").filter(has_text="没有达到").count() == 1
    assert look_at(page, PHONE) == []
    assert "居民00" not in main.inner_text()


def desk_page(vote: Vote, part: str | None, path: str = "", person_id: int | None = None) -> Page:
    """Open a page of the poll's desk, or any path, as its convener or another clerk."""
    who = person_id or vote.town.convener.person_id or 0
    page = vote.desks.get(who)
    if page is None or page.is_closed():
        page = vote.desks[who] = vote.phone_of(who)
    page.goto(path or f"{vote.desk}{part or ''}")
    return page


def scan() -> FilePayload:
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "PNG")
    return {"name": "委托书.png", "mimeType": "image/png", "buffer": picture.getvalue()}


pytestmark = pytest.mark.usefixtures("database")
