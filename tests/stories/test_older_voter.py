"""An older resident votes alone: large type, the text read aloud, by touch and by keyboard."""

from __future__ import annotations

import base64
from datetime import timedelta

from flask import Flask
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from community.deliberation import Secrecy
from community.kernel import clock
from tests import builders
from tests.deliberation.voting import Street, decide, frozen, make_street, poll_of
from tests.stories import street
from tests.stories.conftest import open_phone

# The browser's own voice, replaced by one that writes down what it is given to say.
VOICE = """() => {
  window.said = [];
  const speak = (one) => { window.said.push(one.text); };
  Object.defineProperty(window, "speechSynthesis", {value: {speak, cancel() {}}});
}"""
MOST_STOPS = 40


def make_poll() -> tuple[Street, int]:
    town = make_street(2)
    town.people.append(builders.make_person(town.community_id, "孙玉兰", birth_year=1951))
    poll_id = frozen(
        town,
        title="单元门口装扶手",
        text="三号楼每个单元门口装一副不锈钢扶手，费用从公共收益里出。",
        secrecy=Secrecy.SECRET,
    )
    return town, poll_id


def granny(app: Flask, browser: Browser, site: str, town: Street) -> Page:
    context = open_phone(browser, site)
    context.add_cookies([{"name": "elder", "value": "1", "url": site}])
    context.add_init_script(f"({VOICE})()")
    return street.pick_up(app, context, site, town.people[-1])


def test_she_hears_the_text_and_votes_in_two_steps(app: Flask, site: str, browser: Browser) -> None:
    town, poll_id = make_poll()
    with clock.fixed(poll_of(town, poll_id).opens_at + timedelta(hours=1)):
        page = granny(app, browser, site, town)
        page.goto("/c/guihua/polls")
        page.get_by_role("link", name="单元门口装扶手").click()
        page.get_by_role("button", name="朗读").click()
        said = "".join(page.evaluate("window.said"))
        assert "不锈钢扶手" in said
        assert "同意" in said
        expect(page.get_by_role("button", name="停止")).to_be_visible()
        page.get_by_role("link", name="去投票").click()
        size = page.locator("main p").first.evaluate(
            "(one) => parseFloat(getComputedStyle(one).fontSize)"
        )
        assert size >= 20
        expect(page.locator("label.choice").first).to_be_visible()
        for choice in page.locator("label.choice").all():
            box = choice.bounding_box()
            assert box is not None
            assert box["height"] >= 60
        page.get_by_text("同意", exact=True).click()
        page.get_by_role("button", name="下一步").click()
        expect(page.locator("main")).to_contain_text("您选的是：")
        expect(page.locator("main .chosen")).to_have_text("同意")
        page.get_by_role("button", name="朗读").click()
        assert "同意" in "".join(page.evaluate("window.said"))
        page.get_by_role("button", name="投出这一票").click()
        expect(page.locator("main")).to_contain_text("您的票已经记下")
        expect(page.locator("main")).to_contain_text("查票号")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        kept = page.request.get(f"{page.url}/file").body()
        verdict = verdict_on(page, kept)
        expect(verdict).to_contain_text("凭证成立，清单还没有公布")
    assert decide(town, poll_id).winners == (1,)
    expect(verdict_on(page, kept)).to_contain_text("您的票在公布的清单里")
    lines = kept.split(b"\n")
    lines[2] = b"salt " + base64.b64encode(bytes(32))
    expect(verdict_on(page, b"\n".join(lines))).to_contain_text("选票凭证不成立")


def test_she_votes_without_touching_the_screen(app: Flask, site: str, browser: Browser) -> None:
    town, poll_id = make_poll()
    with clock.fixed(poll_of(town, poll_id).opens_at + timedelta(hours=1)):
        page = granny(app, browser, site, town)
        page.goto(f"/c/guihua/polls/{poll_id}/vote")
        tab_to(page, "(one) => one.matches('[data-read-aloud]')")
        page.keyboard.press("Enter")
        assert "单元门口装扶手" in "".join(page.evaluate("window.said"))
        tab_to(page, "(one) => one.name === 'choice'")
        page.keyboard.press("ArrowDown")
        tab_to(page, "(one) => one.matches('main button[type=submit]')")
        page.keyboard.press("Enter")
        expect(page.locator("main .chosen")).to_have_text("反对")
        tab_to(page, "(one) => one.matches('main button[type=submit]')")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("您的票已经记下")
    assert decide(town, poll_id).passed is False


def verdict_on(page: Page, receipt: bytes) -> Locator:
    """Let the phone check a kept receipt; gives the verdict it shows."""
    page.goto("/verify")
    file: FilePayload = {"name": "ballot.txt", "mimeType": "text/plain", "buffer": receipt}
    page.set_input_files("input[type=file]", file)
    verdict = page.locator("[data-verdict]:visible")
    expect(verdict).to_be_visible()
    return verdict


def tab_to(page: Page, wanted: str) -> None:
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(f"(({wanted}))(document.activeElement)"):
            return
    message = f"{MOST_STOPS} stops do not reach {wanted}"
    raise AssertionError(message)
