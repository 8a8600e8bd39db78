"""At the gate: the rotating screen, scans without a network, and the last item for two."""

from __future__ import annotations

import io

import zxingcpp
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from community.kernel import clock
from tests.rewards.scene import give_points
from tests.stories import street
from tests.stories.conftest import open_phone


def test_screen_then_pending_then_confirmed(app: Flask, site: str, browser: Browser) -> None:
    with clock.fixed(street.FRIDAY):
        town = street.make_street()
        gate = street.pick_up(app, open_phone(browser, site), site, town.leader)
        volunteer = street.pick_up(app, open_phone(browser, site), site, town.wang)
        volunteer.goto(f"/c/guihua/shifts/{town.shift}")
        volunteer.get_by_role("button", name="报名", exact=True).click()
        expect(volunteer.locator("main")).to_contain_text("已报名")
    with clock.fixed(street.AT_THE_GATE):
        _scan_screen(gate, volunteer, town, "签到")
        expect(volunteer.locator("main")).to_contain_text("等负责人确认")
    with clock.fixed(street.AT_THE_END):
        _scan_screen(gate, volunteer, town, "签退")
        volunteer.goto("/c/guihua/my/points")
        expect(volunteer.locator("main")).not_to_contain_text("+20")
        gate.goto(f"/c/guihua/shifts/{town.shift}/roster")
        gate.on("dialog", lambda dialog: dialog.accept())
        gate.get_by_role("button", name="全部确认").click()
        _agree(gate)
        expect(gate.locator("main")).not_to_contain_text("等您确认")
        volunteer.goto("/c/guihua/my/points")
        expect(volunteer.locator("main")).to_contain_text("+20")


def _agree(page: Page) -> None:
    dialog = page.locator("dialog[open]")
    if dialog.count():
        dialog.get_by_role("button").last.click()


def _scan_screen(gate: Page, volunteer: Page, town: street.Street, act: str) -> None:
    gate.goto(f"/c/guihua/shifts/{town.shift}/screen")
    shown = gate.locator("[data-image] svg")
    expect(shown).to_be_visible()
    address = _read(shown.screenshot())
    # A phone's own camera opens the address; opening alone must not check anybody in.
    volunteer.goto("/" + address.split("/", 3)[3])
    volunteer.get_by_role("button", name=act).click()


def _read(picture: bytes) -> str:
    from PIL import Image  # heavy, and only picture stories need it

    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert found, "no code on the screen"
    return str(found[0].text)


def test_three_scans_without_network_arrive_late(app: Flask, site: str, browser: Browser) -> None:
    with clock.fixed(street.FRIDAY):
        town = street.make_street()
        codes = [
            _sign_up(app, site, browser, town, each) for each in (town.wang, town.li, town.sun)
        ]
        context = open_phone(browser, site)
        gate = street.pick_up(app, context, site, town.leader)
    with clock.fixed(street.AT_THE_GATE):
        street.set_clock(gate)
        gate.goto(f"/c/guihua/shifts/{town.shift}/scanner")
        context.set_offline(True)
        for code in codes:
            _type(gate, code)
        expect(gate.locator("[data-part=count]")).to_have_text("3")
    with clock.fixed(street.STARTS):
        context.set_offline(False)
        expect(gate.locator("[data-part=sent]")).to_have_text("3")
        gate.goto(f"/c/guihua/shifts/{town.shift}/roster")
        expect(gate.get_by_text("离线补传")).to_have_count(3)


def _sign_up(app: Flask, site: str, browser: Browser, town: street.Street, person_id: int) -> str:
    page = street.pick_up(app, open_phone(browser, site), site, person_id)
    page.goto(f"/c/guihua/shifts/{town.shift}")
    page.get_by_role("button", name="报名", exact=True).click()
    expect(page.locator("main")).to_contain_text("已报名")
    page.goto("/c/guihua/my-code")
    prepare = page.get_by_role("button", name="生成我的码")
    if prepare.count():
        prepare.click()
    code = page.locator("main figure .code").inner_text()
    page.context.close()
    return code


def _type(gate: Page, code: str) -> None:
    # This phone has no camera: the page notices and opens the other ways by itself.
    expect(gate.locator("[data-part=other]")).to_have_attribute("open", "")
    gate.locator("[data-part=typed] [name=code]").fill(code)
    gate.locator("[data-part=typed] button").click()
    verdict = gate.locator("[data-verdict]")
    expect(verdict).to_contain_text("没有网络")
    verdict.get_by_role("button").click()
    expect(verdict).to_be_hidden()


def test_the_last_item_for_two_at_once(app: Flask, site: str, browser: Browser) -> None:
    with clock.fixed(street.FRIDAY):
        town = street.make_street(stock=1)
        pages = []
        for person_id in (town.wang, town.li):
            give_points(town.community, person_id, 60)
            page = street.pick_up(app, open_phone(browser, site), site, person_id)
            page.goto(f"/c/guihua/rewards/items/{town.item}")
            pages.append(page)
        for page in pages:
            page.evaluate("setTimeout(() => document.querySelector('main form').requestSubmit())")
        got = [_outcome(page) for page in pages]
    assert sorted(got) == ["got it", "sold out"]


def _outcome(page: Page) -> str:
    answer = page.locator("main figure .code, main .problem").first
    expect(answer).to_be_visible()
    if "/rewards/mine/" in page.url:
        return "got it"
    expect(page.locator("main .problem")).to_contain_text("换完")
    return "sold out"
