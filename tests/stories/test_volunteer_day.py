"""The volunteer's day, from sign-in to the shop's counter, in a real browser."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from community import identity
from community.kernel import clock, db
from community.kernel.actor import Actor
from tests.stories import street
from tests.stories.conftest import CameraPhone


def test_from_sign_in_to_the_counter(
    app: Flask, site: str, phone: BrowserContext, camera_phone: CameraPhone
) -> None:
    with clock.fixed(street.FRIDAY):
        town = street.make_street()
        _choose_password(town)
        page = phone.new_page()
        _sign_in(page)
        _sign_up(page)
        code = _show_code(page)
    with clock.fixed(street.AT_THE_GATE):
        _scan(app, site, camera_phone, town, code, "in", "签到成功")
    with clock.fixed(street.AT_THE_END):
        _scan(app, site, camera_phone, town, code, "out", "签退成功")
        _see_points(page)
        digits = _redeem(page)
        with camera_phone(code) as counter:
            _collect(street.pick_up(app, counter, site, town.merchant), digits)
        page.goto("/c/guihua/rewards/mine")
        expect(page.locator("main")).to_contain_text("已领取")


def _choose_password(town: street.Street) -> None:
    own = Actor(community_id=town.community, person_id=town.wang)
    db.write(identity.set_password, own, identity.hash_password(street.PASSWORD))


def _sign_in(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="登录").first.click()
    page.get_by_role("link", name="用手机号和密码").click()
    page.locator("[name=number]").fill(street.NUMBER)
    page.locator("[name=password]").fill(street.PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.get_by_role("button", name="我已阅读并同意").click()
    expect(page.locator("main")).to_contain_text("王桂芬")


def _sign_up(page: Page) -> None:
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="活动").click()
    page.get_by_role("link", name="周六社区清洁").first.click()
    page.get_by_role("button", name="报名", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("已报名")


def _show_code(page: Page) -> bytes:
    page.goto("/c/guihua/my-code")
    prepare = page.get_by_role("button", name="生成我的码")
    if prepare.count():
        prepare.click()
    code = page.locator("main svg:not(.icon)").first
    expect(code).to_be_visible()
    return code.screenshot()


def _scan(
    app: Flask,
    site: str,
    camera_phone: CameraPhone,
    town: street.Street,
    code: bytes,
    direction: str,
    said: str,
) -> None:
    with camera_phone(code) as gate:
        page = street.pick_up(app, gate, site, town.leader)
        street.set_clock(page)
        page.goto(f"/c/guihua/shifts/{town.shift}/scanner?direction={direction}")
        verdict = page.locator("[data-verdict]")
        expect(verdict).to_be_visible(timeout=15_000)
        expect(verdict).to_contain_text(said)
        expect(verdict).to_contain_text("王**")


def _see_points(page: Page) -> None:
    page.goto("/c/guihua/my/points")
    expect(page.locator("main")).to_contain_text("+20")
    page.goto("/c/guihua/my/hours")
    expect(page.locator("main")).to_contain_text("周六社区清洁")


def _redeem(page: Page) -> str:
    page.goto("/c/guihua/rewards")
    page.get_by_role("link", name=street.GIFT).first.click()
    page.get_by_role("button", name="用 20 积分兑换").click()
    page.wait_for_url("**/rewards/mine/*")
    return page.locator("main figure .code").inner_text()


def _collect(page: Page, digits: str) -> None:
    page.goto("/c/guihua/shop")
    page.locator("[name=scanned]").fill(digits)
    page.get_by_role("button", name="核销").click()
    expect(page.locator("main")).to_contain_text(street.GIFT)
