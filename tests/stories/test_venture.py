"""A call of the venture fund: a group's paper, jurors by lot, the choice, the project's end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, expect

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.micro_projects.rules.deciding import ReviewOutcome
from community.micro_projects.rules.panels import SeatKind
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.venture_calls import CallState
from community.micro_projects.service import marking, venture_jury, venture_lots
from tests import builders
from tests.micro_projects.calling import KINDS, Calling, Judged, after_notice, apply, make_call
from tests.micro_projects.scene import state_of
from tests.micro_projects.test_venture_projects import answer, finish_job, fund
from tests.stories.conftest import open_phone
from tests.stories.street import pick_up, set_clock
from tests.stories.test_broken_off_works import photo

SITE = "/c/guihua"
NUMBER = "03 07 12 19 25 31 08"
GROUP, FIRM = "楼组互助送餐", "放学后的四点半课堂"
Take = Callable[[Actor], Page]


def record_group(page: Page, found: Calling, folder: Path) -> int:
    """Enter at the desk what the group's lead wrote and signed; gives the application."""
    page.goto(f"{SITE}/desk/calls/{found.call_id}")
    page.get_by_role("link", name="替居民小组录入申报").click()
    page.locator("[name=text]").fill("周阿姨")
    page.locator("[name=text]").press("Enter")
    page.get_by_role("link", name="周阿姨").click()
    page.locator("[name=paper]").set_input_files(photo(folder, "签字的申报表", 5))
    page.get_by_label("助老", exact=True).check()
    page.locator("[name=title]").fill(GROUP)
    page.locator("[name=need]").fill("三号楼有六位老人做饭不方便。")
    page.locator("[name=plan]").fill("楼组轮流送午饭，每周五天，共二十周。")
    page.locator("[name=names]").first.fill("餐盒和食材")
    page.locator("[name=amounts]").first.fill("20000")
    page.locator("[name=group_name]").fill("三号楼互助小组")
    page.locator("[name=sponsor_id]").select_option(str(found.firms[1]))
    page.get_by_role("button", name="录入并请依托单位答复").click()
    expect(page.get_by_text("已录入，已请依托单位答复")).to_be_visible()
    expect(page.get_by_text("按签字的纸质申报表录入")).to_be_visible()
    return int(page.url.rsplit("/", 1)[1])


def sponsor(page: Page, application: int) -> None:
    """Agree on the sponsor's phone."""
    page.goto(f"{SITE}/projects/applications/{application}")
    page.get_by_role("button", name="同意并提交").click()
    expect(page.get_by_text("已答复，并已通知小组。")).to_be_visible()


def offer(page: Page, found: Calling) -> None:
    """Put oneself forward as a juror."""
    page.goto(f"{SITE}/projects/calls/{found.call_id}")
    page.get_by_role("button", name="我愿意当评委").click()
    expect(page.get_by_text("您已自荐")).to_be_visible()


def ask_others(found: Calling, count: int) -> None:
    """Let more residents offer, and the experts and officials be asked by name."""
    here = found.scene.community_id
    for place in range(count):
        willing = builders.actor(here, builders.make_person(here, f"自荐{place}", birth_year=1970))
        db.write(venture_lots.offer_to_judge, willing, found.call_id)
    for person, kind in zip(found.pool, KINDS, strict=False):
        if kind is not SeatKind.RESIDENT:
            db.write(venture_jury.seat_juror, found.officer, found.call_id, person)


def list_jury(page: Page, found: Calling) -> None:
    """Begin to judge, and publish the list's hash with the seed's source."""
    page.goto(f"{SITE}/desk/calls/{found.call_id}")
    page.get_by_role("button", name="开始评审").click()
    expect(page.get_by_text("请审查资格、请评委就位")).to_be_visible()
    ask_others(found, 3)
    page.reload()
    form = page.locator("form[action$='/lot']")
    form.locator("[name=source][value=lottery]").check()
    at = (clock.now() + timedelta(hours=2)).astimezone(clock.SHANGHAI)
    form.locator("[name=at]").fill(f"{at:%Y-%m-%dT%H:%M}")
    form.locator("[name=words]").fill("双色球第 2026144 期")
    form.get_by_role("button", name="公布自荐名单指纹").click()
    expect(page.get_by_text("等种子", exact=True)).to_be_visible()


def draw_jury(page: Page, found: Calling) -> None:
    """Type the number that was drawn in public."""
    page.goto(f"{SITE}/desk/calls/{found.call_id}")
    page.locator("[name=number]").fill(NUMBER)
    page.get_by_role("button", name="抽签", exact=True).click()
    expect(page.get_by_text("已抽出", exact=True)).to_be_visible()
    expect(page.get_by_text("已到齐", exact=True)).to_be_visible()


def judge(take: Take, found: Calling, first: int, second: int) -> None:
    """Let one juror mark and sign on a phone, and the others do so too."""
    seats = found.seats()
    drawn = next(each for each in seats if each.kind is SeatKind.RESIDENT)
    page = take(found.juror(drawn))
    page.goto(f"{SITE}/projects/seats/{drawn.id}")
    for application, marks in ((first, ("38", "30")), (second, ("35", "30"))):
        for criterion, mark in zip(found.criteria(), marks, strict=True):
            page.locator(f"[name=mark_{application}_{criterion}]").fill(mark)
    page.get_by_role("button", name="签字", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.get_by_text("已签字。指纹已写入公开日志")).to_be_visible()
    for seat in seats:
        if seat.id != drawn.id:
            found.mark(seat, {first: 3_800, second: 3_500})
            db.write(marking.sign_sheet, found.juror(seat), seat.id, "方案清楚")


def choose(page: Page, found: Calling) -> None:
    """Post what the ranking and the purse propose."""
    page.goto(f"{SITE}/desk/calls/{found.call_id}")
    expect(page.locator("[name=granted_fen]").first).to_have_value("20000.00")
    page.get_by_role("button", name="公示入选结果").click()
    expect(page.get_by_text("入选结果已公示。")).to_be_visible()


def award(page: Page, found: Calling, name: str) -> int:
    """Give the approved project to the group's sponsor; gives the award."""
    page.goto(f"{SITE}/desk/calls/{found.call_id}")
    page.get_by_role("button", name=f"确定由 {name} 实施").click()
    expect(page.get_by_text("已确定实施单位，钱已预留")).to_be_visible()
    return int(page.url.rsplit("/", 1)[1])


def close_call(page: Page, found: Calling) -> None:
    """End the call, and see what everybody sees of it."""
    page.goto(f"{SITE}/desk/calls/{found.call_id}")
    page.get_by_text("结束这次征集", exact=True).click()
    page.locator("form[action$='/close'] [name=words]").fill("六位老人吃上了热饭。")
    page.get_by_role("button", name="结束并公开成果").click()
    expect(page.get_by_text("已结束，成果已公开。")).to_be_visible()


def test_a_venture_project_goes_from_the_call_to_its_closing(
    app: Flask, site: str, browser: Browser, tmp_path: Path
) -> None:
    found = make_call()

    def take(who: Actor) -> Page:
        page = pick_up(app, open_phone(browser, site), site, who.person_id or 0)
        set_clock(page)
        return page

    with found.taking():
        group = record_group(take(found.officer), found, tmp_path)
        sponsor(take(found.staff[1]), group)
        offer(take(found.scene.neighbour), found)
    firm = apply(found)
    with found.judging():
        list_jury(take(found.officer), found)
        found.screen(firm, group)
    with clock.fixed(found.row().pitch_at + timedelta(hours=4)):
        officer = take(found.officer)
        draw_jury(officer, found)
        judge(take, found, group, firm)
        choose(officer, found)
    with clock.fixed(after_notice(found)):
        officer = take(found.officer)
        officer.goto(f"{SITE}/desk/calls/{found.call_id}")
        officer.get_by_role("button", name="确定入选，立项送审").click()
        expect(officer.get_by_text("入选项目已立项，送街道审核。")).to_be_visible()
        made = Judged(found, group, firm)
        project, other = (found.application(each).project_id or 0 for each in (group, firm))
        answer(made, project, ReviewOutcome.APPROVED)
        answer(made, other, ReviewOutcome.REJECTED)
        fund(made, project, 20_000_00)
        given = award(officer, found, "青禾公益发展中心")
        finish_job(made, project, given, place=1)
    with clock.fixed(after_notice(found) + timedelta(days=5)):
        close_call(take(found.officer), found)
        anyone = open_phone(browser, site).new_page()
        anyone.goto(f"{SITE}/projects/calls/{found.call_id}/results")
        expect(anyone.get_by_text("六位老人吃上了热饭。")).to_be_visible()
        expect(anyone.get_by_text("20,000.00").first).to_be_visible()
        expect(anyone.locator("img.photo").first).to_be_visible()
    assert state_of(found.scene, project) is ProjectState.CLOSED
    assert found.row().state is CallState.CLOSED
