"""From bill to bank to the notice on the lift door, and to a neighbour's phone that scans it."""

from __future__ import annotations

import subprocess
from datetime import date, datetime
from pathlib import Path

import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from community import transparency
from community.kernel import clock, db, jobs
from community.kernel.db import Database
from tests.stories.conftest import open_phone
from tests.stories.test_two_keys import take
from tests.transparency.behind import build_again, rewrite
from tests.trust_property.banking import statement_file
from tests.trust_property.scene import Scene
from tests.trust_property.test_bills import HOME_FEN, NEXT_FEN, make_estate

MONTH_OVER: datetime = clock.at(date(2026, 12, 2), 9)
NOVEMBER = "2026-11-01 至 2026-11-30"
CHARGE_FEN, INTEREST_FEN = 5_00, 18
LINES = (
    ("2026-11-22", "王秀英", "物业费 2-301", HOME_FEN),
    ("2026-11-23", "李国强", "物业费", NEXT_FEN),
    ("2026-11-25", "", "账户管理费", -CHARGE_FEN),
    ("2026-11-30", "", "结息", INTEREST_FEN),
)
VERDICT = "[data-verdict]:not([hidden]):not([data-verdict=working])"


def test_a_notice_is_scanned_and_nothing_was_changed_until_somebody_does(
    app: Flask, database: Database, site: str, browser: Browser, tmp_path: Path
) -> None:
    scene = make_estate().scene
    firm = take(app, browser, site, scene.firm.person_id)
    committee = take(app, browser, site, scene.committee.person_id)
    _bill(firm, scene)
    _take_payment(firm, scene, "301", "2026-11-22", "王秀英")
    _take_payment(firm, scene, "102", "2026-11-22", "李国强")
    with clock.fixed(MONTH_OVER):
        _import_statement(firm, scene)
        _match(firm, scene)
        _close(firm, committee, scene)
        address = _read_code(_print_notice(firm, scene, tmp_path))
        assert address.startswith(f"{site}/verify#")
        anyone = open_phone(browser, site).new_page()
        expect(_scan(anyone, address)).to_have_text("没有改动")
        # Life goes on: the notice still holds when the log has grown.
        _ask(app, browser, site, scene)
        expect(_scan(anyone, address)).to_have_text("没有改动")
        _tamper(database, scene, anyone, address)


def _bill(firm: Page, scene: Scene) -> None:
    firm.goto(f"/c/guihua/desk/fund/{scene.fund_id}/bills")
    firm.locator("[name=due_on]").fill("2026-11-30")
    firm.get_by_role("button", name="先算好，看合计").click()
    expect(firm.get_by_text("597.08").first).to_be_visible()
    firm.get_by_role("button", name="合计正确，出账").click()
    firm.locator("dialog button:not(.quiet)").click()
    firm.wait_for_url("**/jobs/*")
    jobs.run_due()
    firm.goto(f"/c/guihua/desk/fund/{scene.fund_id}/bills")
    expect(firm.get_by_text("已出账")).to_be_visible()


def _take_payment(firm: Page, scene: Scene, home: str, day: str, payer: str) -> None:
    """Register a transfer that an owner shows at the counter."""
    firm.goto(f"/c/guihua/desk/fund/{scene.fund_id}/counter")
    firm.locator("[name=q]").fill(home)
    firm.get_by_role("button", name="查找").click()
    firm.get_by_role("link", name=home).click()
    firm.locator("[name=received_on]").fill(day)
    firm.locator("[name=payer]").fill(payer)
    firm.get_by_role("button", name="登记并开收据").click()
    expect(firm.get_by_text("收款已登记")).to_be_visible()


def _import_statement(firm: Page, scene: Scene) -> None:
    firm.goto(f"/c/guihua/desk/fund/{scene.fund_id}/bank")
    firm.get_by_role("link", name="建设银行桂花支行 6688").first.click()
    content = statement_file(LINES, period=NOVEMBER)
    file = FilePayload(name="11月对账单.csv", mimeType="text/csv", buffer=content)
    firm.locator("[name=statement]").set_input_files(file)
    firm.get_by_role("button", name="读一读").click()
    expect(firm.locator("main")).to_contain_text("读到的流水")
    firm.get_by_role("button", name="没有问题，导入").click()
    jobs.run_due()
    firm.get_by_role("link", name="看现在的进度").click()
    firm.get_by_role("link", name="下一步：核对流水").click()


def _match(firm: Page, scene: Scene) -> None:
    """Say of each line what it is: two are in the books, two nobody announced."""
    for left in (3, 2):
        firm.get_by_role("button", name="就是这笔").first.click()
        expect(firm.get_by_text(f"待核对（{left}）")).to_be_visible()
    for words, kind in (("结息", "银行利息"), ("账户管理费", "银行手续费")):
        row = firm.locator("tr", has_text=words)
        row.get_by_role("link", name="核对").click()
        firm.get_by_role("button", name=kind).click()
    expect(firm.get_by_text("流水都核对过了")).to_be_visible()


def _close(firm: Page, committee: Page, scene: Scene) -> None:
    closing = f"/c/guihua/desk/fund/{scene.fund_id}/closing"
    firm.goto(f"{closing}?ends_on=2026-11-30")
    firm.get_by_role("button", name="初结").click()
    expect(firm.get_by_text("已初结，等业委会终结。").first).to_be_visible()
    committee.goto(f"{closing}?ends_on=2026-11-30")
    committee.get_by_role("button", name="终结").click()
    expect(committee.get_by_text("这个账期已经终结")).to_be_visible()


def _print_notice(firm: Page, scene: Scene, folder: Path) -> Path:
    """Publish the month's report and fetch its notice; the first copy comes before the seal."""
    firm.goto(f"/c/guihua/fund/{scene.fund_id}/reports")
    firm.get_by_role("link", name="2026-11").click()
    firm.get_by_role("button", name="发布这份报表").click()
    expect(firm.get_by_text("已发布第 1 版").first).to_be_visible()
    link = firm.get_by_role("link", name="打印公告").get_attribute("href")
    assert link is not None
    paper = folder / "notice.pdf"
    paper.write_bytes(firm.context.request.get(link).body())
    assert _codes(paper) == [], "a code that does not cover the report would prove nothing of it"
    jobs.run_due()
    paper.write_bytes(firm.context.request.get(link).body())
    return paper


def _codes(paper: Path) -> list[str]:
    """Read the codes of a paper's first page as it comes out of a printer of 150 dots an inch."""
    picture = paper.with_suffix("")
    subprocess.run(
        ["pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-png", "-singlefile", paper, picture],
        check=True,
    )
    with Image.open(picture.with_suffix(".png")) as page:
        return [each.text for each in zxingcpp.read_barcodes(page)]


def _read_code(paper: Path) -> str:
    (address,) = _codes(paper)
    return address


def _scan(anyone: Page, address: str) -> Locator:
    """Open the address of a notice's code as a phone's camera does; gives the verdict's title."""
    anyone.goto("about:blank")
    anyone.goto(address)
    expect(anyone.locator(VERDICT)).to_be_visible()
    return anyone.locator(VERDICT).locator("h2")


def _ask(app: Flask, browser: Browser, site: str, scene: Scene) -> None:
    owner = take(app, browser, site, scene.owner.person_id)
    owner.goto(f"/c/guihua/fund/{scene.fund_id}/questions")
    owner.get_by_role("link", name="提问").first.click()
    owner.locator("[name=words]").fill("账户管理费可以免吗？")
    owner.get_by_role("button", name="公开提问").click()
    expect(owner.get_by_text("提问已公开")).to_be_visible()
    jobs.run_due()


def _tamper(database: Database, scene: Scene, anyone: Page, address: str) -> None:
    """Change a figure of the published report, then also build and sign the whole log anew."""
    with db.read() as session:
        (record,) = transparency.records_of(session, scene.community_id, "trust.report")
    changed = record.content.replace(str(HOME_FEN + NEXT_FEN).encode(), b"59608")
    assert changed != record.content
    rewrite(database, record.id, changed)
    expect(_scan(anyone, address)).to_have_text("有改动：内容与签名不符")
    build_again(database, scene.staff)
    expect(_scan(anyone, address)).to_have_text("有改动")
    rewrite(database, record.id, record.content)
    build_again(database, scene.staff)
    expect(_scan(anyone, address)).to_have_text("没有改动")
