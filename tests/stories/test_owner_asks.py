"""An owner asks, the due day passes, the page says so; a voucher is blacked out in the browser."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, expect

from community.kernel import clock, db, files
from community.trust_property.queries.papers import find_twin, get_twin
from community.trust_property.queries.spending import request_papers, requests
from tests.conftest import NOON
from tests.stories.conftest import open_phone
from tests.stories.test_two_keys import take
from tests.trust_property.acts import ask, spending_scene
from tests.trust_property.scene import Scene

WORDS = "电梯主板为什么这么贵？"
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def test_an_owner_asks_the_due_day_passes_and_the_page_says_so(
    app: Flask, site: str, browser: Browser
) -> None:
    scene, payee = spending_scene()
    request = ask(scene, payee)
    owner = take(app, browser, site, scene.owner.person_id)
    owner.goto(f"/c/guihua/fund/{scene.fund_id}/spending/{request}")
    owner.get_by_role("link", name="对这一笔提问").click()
    owner.locator("[name=words]").fill(WORDS)
    owner.get_by_role("button", name="公开提问").click()
    expect(owner.get_by_text("提问已公开，到期没有答复会标红。")).to_be_visible()
    anyone = open_phone(browser, site).new_page()
    with clock.fixed(NOON + timedelta(days=10)):
        anyone.goto(f"/c/guihua/fund/{scene.fund_id}")
        anyone.get_by_role("link", name="1 个逾期未答复").click()
        expect(anyone.get_by_role("heading", name="1 个提问逾期没有答复")).to_be_visible()
        anyone.get_by_role("link", name=WORDS).click()
        expect(anyone.get_by_role("heading", name="逾期未答复")).to_be_visible()
        expect(anyone.get_by_text("王秀英")).to_have_count(0)


def test_what_is_blacked_out_in_the_browser_is_gone_from_the_copy(
    app: Flask, site: str, browser: Browser, tmp_path: Path
) -> None:
    scene, _ = spending_scene()
    invoice = tmp_path / "发票.png"
    Image.new("RGB", (400, 300), WHITE).save(invoice)
    firm = take(app, browser, site, scene.firm.person_id)
    firm.goto(f"/c/guihua/desk/fund/{scene.fund_id}/spending")
    firm.get_by_text("提出用款申请").click()
    form = firm.locator("form[action$='/spending']")
    form.locator("[name=line_code]").select_option("L01")
    form.locator("[name=payee_id]").select_option(label="迅达电梯维修部")
    form.locator("[name=amount_fen]").fill("8600")
    form.locator("[name=words]").fill("3 号楼电梯主板烧坏，更换主板")
    form.locator("[name=quotes]").set_input_files(invoice)
    canvas = form.locator("canvas.redact")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    for part in ((0.1, 0.1, 0.5, 0.5), (0.7, 0.7, 0.9, 0.9)):
        left, top, right, bottom = part
        firm.mouse.move(box["x"] + box["width"] * left, box["y"] + box["height"] * top)
        firm.mouse.down()
        firm.mouse.move(box["x"] + box["width"] * right, box["y"] + box["height"] * bottom)
        firm.mouse.up()
    form.get_by_role("button", name="撤销一块").click()
    form.get_by_role("button", name="用这张副本").click()
    # Drawing the copy anew takes a slow machine its time.
    expect(form.get_by_text("副本已准备好")).to_be_visible(timeout=20_000)
    form.get_by_role("button", name="提出申请").click()
    expect(firm.get_by_role("heading", name="用款申请 1 号")).to_be_visible()
    copy = Image.open(BytesIO(copy_of(scene))).convert("RGB")
    assert copy.getpixel((120, 90)) == BLACK
    # Undone, and never covered.
    assert copy.getpixel((320, 240)) == WHITE
    assert copy.getpixel((10, 10)) == WHITE


def copy_of(scene: Scene) -> bytes:
    """Read the public copy of the newest request's first paper."""
    with db.read() as session:
        newest = requests(session, scene.firm, scene.fund_id)[0]
        kept = request_papers(session, scene.firm, scene.fund_id, newest.id)[0]
        twin = find_twin(session, scene.owner, kept.sha256)
        assert twin is not None
        with files.open_file(get_twin(session, scene.owner, twin)) as opened:
            return opened.read()
