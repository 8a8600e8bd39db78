"""Opening day: the office's own fee ledger, a bank that disagrees, two signatures, an open fund."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Browser, FilePayload, Page, expect

from community.kernel import db
from community.trust_property.queries.bills import open_bills
from community.trust_property.queries.fund import get_bank_account, get_fund
from community.trust_property.rules.fund import FundState
from community.trust_property.service.estate import take_units
from tests.stories import street
from tests.stories.conftest import open_phone
from tests.trust_property.acts import hold_keys
from tests.trust_property.fee_sheets import workbook
from tests.trust_property.opening_day import DAY, homes, statement_file
from tests.trust_property.scene import Scene, make_scene

# As the office keeps it: a title, merged buildings, months across, words for "paid", a unit that
# nobody knows, a sum, and the year only in the title.
LEDGER = workbook(
    (
        ("桂花里小区2026年物业费收费台账（欠费）",),
        ("楼栋", "房号", "业主姓名", "面积", "8月", "9月", "10月", "欠费合计", "预存余额", "备注"),
        ("3号楼", "2-301", "王秀英", 89, "已缴", 253.65, 253.65, 507.30, None, ""),
        (None, "9-999", "查无此人", 89, None, None, 10, 10, None, "？"),
        ("5号楼", "1-102", "李国强", 120.5, None, None, None, None, "1,000.00", "已预存"),
        ("合计", None, None, None, None, 253.65, 263.65, 517.30, 1000, None),
    ),
    ("A1:J1", "A3:A4"),
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRONG, RIGHT = "125123.45", "125000.00"


def test_opening_day_ends_in_agreement_with_the_bank(
    app: Flask, site: str, browser: Browser
) -> None:
    scene = make_scene()
    hold_keys(scene)
    db.write(take_units, scene.staff, scene.fund_id)
    firm = street.pick_up(app, open_phone(browser, site), site, scene.firm.person_id or 0)
    committee = street.pick_up(app, open_phone(browser, site), site, scene.committee.person_id or 0)
    _choose_the_day(firm, scene)
    _bring_the_ledger(firm)
    _add_cash(firm)
    _state_balance(firm, WRONG)
    expect(firm.locator("main")).to_contain_text("查清之前不能提交")
    firm.get_by_role("button", name="提交业委会").click()
    expect(firm.locator("main")).to_contain_text("账面 125,123.45 元，银行 125,000.00 元")
    _state_balance(firm, RIGHT)
    expect(firm.locator("main")).to_contain_text("两边一致")
    firm.get_by_role("button", name="提交业委会").click()
    expect(firm.locator("main")).to_contain_text("等业委会签字")
    _sign(committee, scene)
    firm.reload()
    expect(firm.locator("main")).to_contain_text("已开账")
    _is_open(scene)


def _choose_the_day(firm: Page, scene: Scene) -> None:
    firm.goto(f"/c/guihua/desk/fund/{scene.fund_id}")
    firm.get_by_role("link", name="开账").first.click()
    firm.locator("[name=opening_on]").fill(DAY.isoformat())
    firm.get_by_role("button", name="开始").click()
    expect(firm.locator("main")).to_contain_text("第一步：收费台账")


def _bring_the_ledger(firm: Page) -> None:
    file = FilePayload(name="2026收费台账.xlsx", mimeType=XLSX, buffer=LEDGER)
    firm.locator("[name=ledger]").set_input_files(file)
    firm.get_by_role("button", name="读一读").click()
    main = firm.locator("main")
    expect(main).to_contain_text("没有读懂的行")
    expect(main).to_contain_text("没有找到这套房屋")
    expect(main).to_contain_text("507.30")
    expect(main).not_to_contain_text("王秀英")
    firm.get_by_role("button", name="写入草稿").click()
    expect(main).to_contain_text("没有对上房屋")
    firm.locator("[name=left_out]").check()
    firm.get_by_role("button", name="写入草稿").click()
    expect(main).to_contain_text("已写入")


def _add_cash(firm: Page) -> None:
    firm.get_by_text("加一项").click()
    firm.locator("[name=kind]").select_option("cash")
    firm.locator("[name=amount_fen]").fill("50")
    firm.get_by_role("button", name="加入").click()
    expect(firm.locator("main")).to_contain_text("50.00")


def _state_balance(firm: Page, yuan: str) -> None:
    firm.locator("[name=book_fen]").fill(yuan)
    file = FilePayload(name="10月对账单.csv", mimeType="text/csv", buffer=statement_file())
    firm.locator("[name=statement]").set_input_files(file)
    firm.get_by_role("button", name="登记", exact=True).click()
    expect(firm.locator("main")).to_contain_text("银行对账单")


def _sign(committee: Page, scene: Scene) -> None:
    committee.goto(f"/c/guihua/desk/fund/{scene.fund_id}/approvals")
    committee.get_by_role("link", name="开账").first.click()
    main = committee.locator("main")
    expect(main).to_contain_text("125,000.00 元，与银行对账单一致")
    expect(main).to_contain_text("507.30 元")
    committee.get_by_role("button", name="批准").click()
    committee.wait_for_load_state()


def _is_open(scene: Scene) -> None:
    home, _ = homes(scene)
    with db.read() as session:
        fund = get_fund(session, scene.firm, scene.fund_id)
        account = get_bank_account(session, scene.firm, scene.fund_id, scene.bank_account_id)
        owed = open_bills(session, scene.firm, scene.fund_id, (home,))
    assert (fund.state, fund.opened_on) == (FundState.OPEN, DAY)
    assert (account.opening_on, account.opening_fen) == (DAY, 12_500_000)
    assert [(each.month, each.open_fen) for each in owed] == [(202609, 25_365), (202610, 25_365)]
