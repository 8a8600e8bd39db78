"""Steps from a final award to a closed project: contract, milestones, payments, survey, report."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from community.kernel.actor import Actor
from tests import builders
from tests.looking import PHONE, look_at
from tests.micro_projects.tendering import NAMES
from tests.stories.tender_steps import TITLE, Street
from tests.stories.test_broken_off_works import fill_plan, photo

MILESTONES = ("软地面铺好", "长椅装好")
PLAN = f"{MILESTONES[0]}｜60｜2026-12-26\n{MILESTONES[1]}｜40｜2026-12-30"
RESIDENTS = 5


def sign_contract(street: Street, winner: int) -> int:
    """Draft the contract; the firm signs on its own page, then the community; gives its id."""
    page = street.take(street.scene.officer, "desk/contracts")
    page.get_by_role("link", name=NAMES[winner]).first.click()
    page.locator("[name=ends_on]").fill("2027-01-31")
    fill_plan(page, PLAN)
    page.get_by_role("button", name="生成合同").click()
    expect(page.get_by_text("合同已生成")).to_be_visible()
    contract_id = int(page.url.rsplit("/", 1)[1])
    firm = street.take(street.firms[winner][1], f"deliveries/{contract_id}")
    firm.locator("[name=scan]").set_input_files(photo(street.folder, "乙方签字页", 1))
    firm.get_by_role("button", name="登记签字").click()
    expect(firm.get_by_role("button", name="登记签字")).to_have_count(0)
    page.reload()
    page.locator("[name=scan]").set_input_files(photo(street.folder, "甲方签字页", 2))
    page.get_by_role("button", name="登记签字").click()
    expect(page.get_by_text("履行中").first).to_be_visible()
    for each in (page, firm):
        each.context.close()
    return contract_id


def deliver(street: Street, winner: int, contract_id: int, number: int) -> None:
    """Hand a milestone in with a photo; the officer accepts it."""
    title = MILESTONES[number]
    firm = street.take(street.firms[winner][1], f"deliveries/{contract_id}")
    firm.locator("[name=evidence]").set_input_files([photo(street.folder, title, 7)])
    firm.locator("[name=words]").fill(f"{title}了，请验收。")
    firm.get_by_role("button", name="提交，请社区验收").click()
    expect(firm.get_by_text("已提交，等社区验收。照片")).to_be_visible()
    page = street.take(street.scene.officer, f"desk/contracts/{contract_id}")
    expect(page.get_by_role("button", name="提出付款")).to_have_count(0)
    page.get_by_label("通过").check()
    page.get_by_role("button", name="登记验收").click()
    expect(page.get_by_text("验收意见已登记")).to_be_visible()
    for each in (page, firm):
        each.context.close()


def pay(street: Street, contract_id: int, number: int) -> None:
    """Let the officer prepare the instalment and another check it; the maker cannot."""
    page = street.take(street.scene.officer, f"desk/contracts/{contract_id}")
    page.locator("[name=invoice_number]").fill(f"2026-{number}")
    page.locator("[name=invoice]").set_input_files(photo(street.folder, f"发票{number}", 3))
    page.get_by_role("button", name="提出付款").click()
    expect(page.get_by_text("付款已提出")).to_be_visible()
    expect(page.get_by_role("button", name="复核通过")).to_have_count(0)
    check = street.take(street.checker, f"desk/contracts/{contract_id}")
    check.get_by_role("button", name="复核通过").dblclick()
    expect(check.get_by_role("button", name="复核通过")).to_have_count(0)
    for each in (page, check):
        each.context.close()


def ask_residents(street: Street) -> None:
    """Show the result, open the survey, and let five neighbours answer from the code's page."""
    page = street.take(street.scene.officer, f"desk/projects/{street.project_id}/closing")
    page.locator("[name=papers]").set_input_files([photo(street.folder, "新地面", 9)])
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_text("资料已保存。")).to_be_visible()
    page.get_by_role("button", name="开始调查").click()
    expect(page.get_by_text("请打印二维码")).to_be_visible()
    page.context.close()
    for number in range(RESIDENTS):
        name = f"邻居{number}"
        person = builders.make_person(street.scene.community_id, name, birth_year=1980)
        resident = builders.actor(street.scene.community_id, person)
        answer(street, resident, "很满意" if number else "不满意")


def answer(street: Street, resident: Actor, level: str) -> None:
    page = street.take(resident, f"projects/{street.project_id}/survey")
    page.get_by_label(level, exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("您已经评价过了")).to_be_visible()
    page.context.close()


def close(street: Street) -> None:
    """Close the project with its report."""
    page = street.take(street.scene.officer, f"desk/projects/{street.project_id}/closing")
    page.locator("form[action$='/close'] [name=words]").fill("儿童角铺好了软地面，装了两张长椅。")
    page.locator("[name=served_people]").fill("120")
    page.get_by_role("button", name="结项", exact=True).click()
    expect(page.get_by_text("项目已结项")).to_be_visible()
    page.context.close()


def see_result(page: Page, project_id: int, winner: int) -> None:
    """Read as anybody does what was paid, to whom, and what the residents say."""
    page.goto(f"/c/guihua/projects/{project_id}/delivery")
    expect(page.get_by_role("heading", name=TITLE).first).to_be_visible()
    expect(page.get_by_text(NAMES[winner]).first).to_be_visible()
    expect(page.get_by_text("88,000.00").first).to_be_visible()
    expect(page.get_by_text(f"共 {RESIDENTS} 人评价")).to_be_visible()
    expect(page.get_by_text("80.00%")).to_be_visible()
    assert look_at(page, PHONE) == []
    page.context.close()
