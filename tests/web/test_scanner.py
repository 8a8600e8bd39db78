"""The scanner page in a real Chromium: camera, photo, typing, and no network at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser import find_chromium
from tests.loopback import serve
from tests.web.gate import Gate, draw_photo, film

pytestmark = pytest.mark.once
CODE = "HTTPS://GUIHUALI.EXAMPLE/Q/P/ABCDEFGH234567"
SHOWN_WORDS = "[data-verdict]:visible [data-sentence]"
Open = Callable[..., BrowserContext]


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def address(gate: Gate) -> Iterator[str]:
    with serve(gate.app) as found:
        yield found


@pytest.fixture
def start(playwright: Playwright) -> Iterator[Open]:
    """Start a browser, with a film before its camera or without a camera that may be used."""
    with ExitStack() as stack:

        def opened(camera: Path | None = None, user_agent: str | None = None) -> BrowserContext:
            arguments = ["--no-sandbox"]
            if camera:
                arguments += [
                    "--use-fake-device-for-media-stream",
                    "--use-fake-ui-for-media-stream",
                    f"--use-file-for-fake-video-capture={camera}",
                ]
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
            stack.callback(browser.close)
            return browser.new_context(
                viewport={"width": 390, "height": 844}, user_agent=user_agent
            )

        yield opened


def type_code(page: Page, code: str) -> None:
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="确定").click()


def close_verdict(page: Page) -> None:
    page.get_by_role("button", name="继续扫码").click()


def test_camera_reads_one_code_once(gate: Gate, address: str, start: Open, tmp_path: Path) -> None:
    page = start(film(CODE, tmp_path / "camera.mjpeg")).new_page()
    page.goto(f"{address}/gate")
    expect(page.locator(SHOWN_WORDS)).to_have_text("签到成功", timeout=15_000)
    verdict = page.locator("[data-verdict]")
    assert "green" in (verdict.get_attribute("class") or "")
    expect(verdict).to_contain_text("3 号楼门口")
    expect(verdict).to_be_hidden(timeout=5_000)
    page.wait_for_timeout(1_500)
    assert [(scan["code"], scan["direction"], scan["late"]) for scan in gate.scans] == [
        (CODE, "in", False)
    ]
    assert gate.keys == [gate.scans[0]["nonce"]]


def test_second_scan_says_who_when_and_where(
    gate: Gate, address: str, start: Open, tmp_path: Path
) -> None:
    gate.answer |= {"reason": "already_in", "colour": "red", "sentence": "已经签到过了"}
    page = start(film(CODE, tmp_path / "camera.mjpeg")).new_page()
    page.goto(f"{address}/gate")
    verdict = page.locator("[data-verdict].red")
    expect(verdict).to_contain_text("已经签到过了", timeout=15_000)
    for words in ("王**", "09:02", "3 号楼门口"):
        expect(verdict).to_contain_text(words)


def test_refused_camera_leads_to_photo_and_typing(gate: Gate, address: str, start: Open) -> None:
    page = start().new_page()
    page.goto(f"{address}/gate")
    page.locator("[data-part=other][open]").wait_for()
    assert page.locator("[data-why]:visible").count() == 1
    page.locator("[data-part=photo]").set_input_files(
        {"name": "码.jpg", "mimeType": "image/jpeg", "buffer": draw_photo(CODE)}
    )
    expect(page.locator(SHOWN_WORDS)).to_have_text("签到成功", timeout=15_000)
    close_verdict(page)
    page.get_by_text("签退").click()
    type_code(page, "ab 12cd")
    expect(page.locator(SHOWN_WORDS)).to_have_text("签到成功")
    assert [(scan["code"], scan["direction"]) for scan in gate.scans] == [
        (CODE, "in"),
        ("AB12CD", "out"),
    ]


def test_photo_without_a_code_says_what_to_do(address: str, start: Open) -> None:
    page = start().new_page()
    page.goto(f"{address}/gate")
    page.locator("[data-part=other][open]").wait_for()
    page.locator("[data-part=photo]").set_input_files("static/icon-192.png")
    expect(page.locator("[data-verdict].red")).to_contain_text("没有找到二维码", timeout=15_000)


def test_five_characters_are_not_sent(gate: Gate, address: str, start: Open) -> None:
    page = start().new_page()
    page.goto(f"{address}/gate")
    page.locator("[data-part=other][open]").wait_for()
    type_code(page, "AB12C")
    expect(page.locator("input[name=code]")).to_have_attribute("aria-invalid", "true")
    assert gate.scans == []


def test_wechat_is_told_how_to_go_on(address: str, start: Open) -> None:
    page = start(user_agent="Mozilla/5.0 MicroMessenger/8.0").new_page()
    page.goto(f"{address}/gate")
    expect(page.locator("[data-why=wechat]")).to_be_visible()


def test_three_scans_without_network_arrive_later_in_order(
    gate: Gate, address: str, start: Open
) -> None:
    context = start()
    page = context.new_page()
    page.goto(f"{address}/gate")
    expect(page.locator("body")).to_have_attribute("data-offline-ready", "1", timeout=15_000)
    context.set_offline(True)
    page.reload()
    page.locator("[data-part=other][open]").wait_for()
    for place in range(3):
        type_code(page, f"CODE0{place}")
        expect(page.locator("[data-verdict].amber")).to_contain_text("联网后自动补传")
        close_verdict(page)
    expect(page.locator("[data-part=count]")).to_have_text("3")
    page.reload()
    expect(page.locator("[data-part=count]")).to_have_text("3")
    assert gate.scans == []
    context.set_offline(False)
    expect(page.locator("[data-part=uploaded]")).to_be_visible(timeout=10_000)
    expect(page.locator("[data-part=queue]")).to_be_hidden()
    (batch,) = gate.batches
    assert [scan["code"] for scan in batch] == ["CODE00", "CODE01", "CODE02"]
    assert all(scan["late"] for scan in batch)
    assert len({scan["nonce"] for scan in batch}) == 3
    assert [scan["device_time"] for scan in batch] == sorted(scan["device_time"] for scan in batch)


def test_busy_server_loses_no_scan(gate: Gate, address: str, start: Open) -> None:
    gate.status = 503
    page = start().new_page()
    page.goto(f"{address}/gate")
    page.locator("[data-part=other][open]").wait_for()
    type_code(page, "CODE01")
    expect(page.locator("[data-verdict].amber")).to_be_visible()
    close_verdict(page)
    page.get_by_role("button", name="现在补传").click()
    expect(page.locator("[data-part=uploaded]")).to_be_visible()
    assert gate.batches[0][0]["nonce"] == gate.scans[0]["nonce"]


def test_scans_of_another_account_stay_its_own(gate: Gate, address: str, start: Open) -> None:
    gate.status = 503
    context = start()
    page = context.new_page()
    page.goto(f"{address}/gate")
    page.locator("[data-part=other][open]").wait_for()
    type_code(page, "CODE01")
    close_verdict(page)
    expect(page.locator("[data-part=count]")).to_have_text("1")
    context.add_cookies([{"name": "person", "value": "2", "url": address}])
    page.goto(f"{address}/gate")
    page.locator("[data-part=other][open]").wait_for()
    expect(page.locator("[data-part=queue]")).to_be_hidden()
    context.clear_cookies(name="person")
    page.goto(f"{address}/gate")
    expect(page.locator("[data-part=uploaded]")).to_be_visible(timeout=10_000)
    assert [scan["code"] for batch in gate.batches for scan in batch] == ["CODE01"]


def test_confirmation_asks_and_sends_once(gate: Gate, address: str, start: Open) -> None:
    page = start().new_page()
    page.goto(f"{address}/form")
    page.get_by_role("button", name="删除").click()
    expect(page.get_by_role("dialog")).to_contain_text("真的要删除吗？")
    page.get_by_role("button", name="再想想").click()
    assert gate.forms == 0
    page.get_by_role("button", name="删除").click()
    page.get_by_role("button", name="确定").click()
    page.wait_for_url("**/forms")
    assert gate.forms == 1


def test_two_presses_send_one_form(gate: Gate, address: str, start: Open) -> None:
    page = start().new_page()
    page.goto(f"{address}/form")
    page.get_by_role("button", name="保存").dblclick()
    page.wait_for_url("**/forms")
    assert gate.forms == 1


def test_table_cells_say_their_column_on_a_phone(address: str, start: Open) -> None:
    page = start().new_page()
    page.goto(f"{address}/form")
    expect(page.locator("td").nth(1)).to_have_attribute("data-label", "金额")
