"""Without a mouse: from sign-in to the shop's code by Tab and Enter, the focus always seen."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Locator, Page, expect

from community import identity, volunteering
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from tests import builders
from tests.stories import street

# More stops than any of these pages has: who needs more is in a trap.
MOST_STOPS = 60
# What shows where the keyboard is: an outline on the element itself or on the choice around it.
SEEN = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "nowhere";
  const shown = [at, at.closest(".choice")].filter(Boolean).some((one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  return shown ? "" : at.outerHTML.slice(0, 120);
}"""


def test_from_sign_in_to_the_code_without_a_mouse(site: str, phone: BrowserContext) -> None:
    with clock.fixed(street.FRIDAY):
        town = street.make_street()
        _prepare(town)
        page = phone.new_page()
        page.goto("/")
        _sign_in(page)
        _sign_up(page)
        _read_statement(page)
        _redeem(page)


def _prepare(town: street.Street) -> None:
    own = Actor(community_id=town.community, person_id=town.wang)
    db.write(identity.set_password, own, identity.hash_password(street.PASSWORD))
    clerk = builders.make_person(town.community, "林秋月", birth_year=1980, roles=(Role.STAFF,))
    deed, day = volunteering.DeedKind.MEDIATION, clock.today()
    staff = builders.actor(town.community, clerk)
    db.write(volunteering.propose_deed, staff, town.wang, deed, day, 25, "调解停车纠纷")


def _go(page: Page, wanted: Locator) -> None:
    """Press Tab until the wanted element has the focus; each stop on the way must be seen."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        hidden = page.evaluate(SEEN)
        assert hidden in ("", "nowhere"), f"the focus cannot be seen on {hidden}"
        if wanted.evaluate("(node) => node === document.activeElement"):
            return
    message = f"{MOST_STOPS} stops do not reach {wanted}"
    raise AssertionError(message)


def _press(page: Page, wanted: Locator) -> None:
    _go(page, wanted)
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def _sign_in(page: Page) -> None:
    _press(page, page.get_by_role("link", name="登录").first)
    _press(page, page.get_by_role("link", name="用手机号和密码"))
    _go(page, page.locator("[name=number]"))
    page.keyboard.type(street.NUMBER)
    _go(page, page.locator("[name=password]"))
    page.keyboard.type(street.PASSWORD)
    page.keyboard.press("Enter")
    _press(page, page.get_by_role("button", name="我已阅读并同意"))
    expect(page.locator("main")).to_contain_text("王桂芬")


def _sign_up(page: Page) -> None:
    tabs = page.get_by_role("navigation", name="主导航")
    _press(page, tabs.get_by_role("link", name="活动"))
    _press(page, page.locator("main").get_by_role("link", name="周六社区清洁").first)
    _press(page, page.get_by_role("button", name="报名", exact=True).first)
    expect(page.locator("main")).to_contain_text("已报名")


def _read_statement(page: Page) -> None:
    tabs = page.get_by_role("navigation", name="主导航")
    _press(page, tabs.get_by_role("link", name="我的"))
    _press(page, page.get_by_role("link", name="我的积分").first)
    expect(page.locator("main")).to_contain_text("+25")


def _redeem(page: Page) -> None:
    page.goto("/c/guihua/rewards")
    _press(page, page.get_by_role("link", name=street.GIFT).first)
    _press(page, page.get_by_role("button", name="用 20 积分兑换"))
    page.wait_for_url("**/rewards/mine/*")
    expect(page.locator("main figure .code")).to_be_visible()
