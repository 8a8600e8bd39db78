"""Steps of a tender: three firms bid encrypted, three of five openers and one firm open it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, expect

from community import micro_projects
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.micro_projects import ProjectState
from tests import builders
from tests.micro_projects.scene import Scene, make_project, make_scene
from tests.micro_projects.tendering import BUDGET, NAMES, PDF, make_firm
from tests.sealing.scene import make_keys
from tests.stories.test_two_keys import take

TITLE = "三号楼旁儿童角改造"
PASSPHRASE = "只有我自己知道的一句话"
PRICES = ("95000", "88000", "88000")
BY_PAGE = 3


@dataclass
class Street:
    """The people of the story, each with a page of their own, and what they keep on their disk."""

    app: Flask
    browser: Browser
    site: str
    folder: Path
    scene: Scene
    checker: Actor
    firms: tuple[tuple[int, Actor], ...]
    openers: tuple[Actor, ...]
    project_id: int
    tender_id: int = 0
    files: dict[str, Path] = field(default_factory=dict)

    def take(self, person: Actor, path: str) -> Page:
        """Open a page as somebody."""
        page = take(self.app, self.browser, self.site, person.person_id)
        page.goto(f"/c/guihua/{path}")
        return page

    def keep(self, page: Page, name: str, act: Callable[[], None]) -> Path:
        """Keep the file that an act saves."""
        with page.expect_download() as saved:
            act()
        self.files[name] = self.folder / f"{name}.json"
        saved.value.save_as(self.files[name])
        return self.files[name]

    def view(self) -> micro_projects.TenderView:
        with db.read() as session:
            return micro_projects.find_tender(session, self.scene.community_id, self.tender_id)

    def deadline(self) -> datetime:
        found = self.view().deadline
        assert found is not None
        return found


def make_street(app: Flask, browser: Browser, site: str, folder: Path) -> Street:
    """Let three firms work here, and an approved project wait for one of them."""
    scene = make_scene()
    checker = builders.make_person(scene.community_id, "孙审查", roles=(Role.STAFF,))
    openers = [
        builders.make_person(scene.community_id, f"钥匙{place}", roles=(Role.COMMITTEE,))
        for place in range(1, BY_PAGE + 1)
    ]
    return Street(
        app,
        browser,
        site,
        folder,
        scene,
        builders.actor(scene.community_id, checker),
        tuple(make_firm(scene.community_id, name) for name in NAMES[:3]),
        tuple(builders.actor(scene.community_id, person) for person in openers),
        make_project(scene, ProjectState.APPROVED, title=TITLE, budget_fen=BUDGET),
    )


def register_keys(street: Street) -> tuple[int, ...]:
    """Let three openers make a key each in their own browser; two more have theirs already."""
    for opener in street.openers:
        page = street.take(opener, "sealing/key")
        page.locator("[data-part=passphrase]").fill(PASSPHRASE)
        page.locator("[data-part=again]").fill(PASSPHRASE)
        make = page.locator("[data-part=make]")
        street.keep(page, f"key-{opener.person_id}", make.click)
        page.get_by_role("button", name="登记公钥").click()
        expect(page.get_by_text("已登记", exact=True)).to_be_visible()
        page.context.close()
    return tuple(person for person, _ in make_keys(street.scene.community_id, 2))


def publish_tender(street: Street, others: tuple[int, ...]) -> None:
    """Draft, check by somebody else, and publish on the pages of the desk."""
    start = clock.now() + timedelta(days=2)
    page = street.take(street.scene.officer, f"desk/tenders/new?project={street.project_id}")
    page.locator("[name=text]").fill("铺设软地面，装两张长椅，工期三十天。")
    page.locator("[name=opens_at]").fill(typed(start))
    page.locator("[name=deadline]").fill(typed(start + timedelta(days=20)))
    page.locator("[name=level][value=l2]").check()
    page.get_by_text("开标人（加密投标才用）").click()
    for person in (*(each.person_id for each in street.openers), *others):
        page.locator(f"[name=openers][value='{person}']").check()
    page.locator("[name=opener_threshold]").fill("3")
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_role("button", name="提交合规审查").click()
    expect(page.get_by_text("等另一位工作人员做合规审查")).to_be_visible()
    street.tender_id = int(page.url.rsplit("/", 1)[1])
    check = street.take(street.checker, f"desk/tenders/{street.tender_id}")
    check.get_by_role("button", name="记下结论").click()
    expect(check.get_by_text("审查结果已记下")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="发布招标").click()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("招标已发布")).to_be_visible()
    for each in (page, check):
        each.context.close()


def bid_sealed(street: Street, place: int, price: str) -> None:
    """Fill in, encrypt on the own device, keep the key file, and hand the ciphertext in."""
    _, bidder = street.firms[place]
    plan = street.folder / "方案.pdf"
    plan.write_bytes(PDF)
    page = street.take(bidder, f"projects/tenders/{street.tender_id}/bid")
    page.locator("[data-sealed=price_fen]").fill(price)
    page.locator("[data-sealed=proposal]").fill("先清理，再铺地面，最后装椅子。")
    page.locator("[data-sealed=files]").set_input_files(plan)
    street.keep(page, f"bid-{place}", page.locator("[data-act=first]").click)
    page.get_by_role("button", name="提交密文").click()
    expect(page.get_by_text("已收到您的投标")).to_be_visible()
    page.context.close()


def open_envelopes(street: Street) -> None:
    """Let one firm open its own, and the openers give their shares until all is open."""
    _, bidder = street.firms[2]
    box_id = street.view().box_id
    page = street.take(bidder, f"sealing/boxes/{box_id}/own")
    page.locator("[name=key_file]").set_input_files(street.files["bid-2"])
    page.get_by_role("button", name="打开", exact=True).click()
    expect(page.get_by_text("和其他人的一起公布")).to_be_visible()
    page.context.close()
    for opener in street.openers:
        share = street.take(opener, f"sealing/boxes/{box_id}/shares")
        share.locator("[data-part=file]").set_input_files(street.files[f"key-{opener.person_id}"])
        share.locator("[data-part=passphrase]").fill(PASSPHRASE)
        share.locator("[data-part=open]").click()
        expect(share.locator("[data-say=ready-to-send]")).to_be_visible()
        share.get_by_role("button", name="交出份额").click()
        expect(share.get_by_text(re.compile("份额已收下"))).to_be_visible()
        share.context.close()


def see_opening(street: Street) -> None:
    """Read the public opening as a neighbour does."""
    page = street.take(street.scene.neighbour, f"projects/tenders/{street.tender_id}/opening")
    expect(page.get_by_text("88,000.00").first).to_be_visible()
    expect(page.get_by_text("95,000.00")).to_be_visible()
    expect(page.get_by_text("投标人自行开启")).to_have_count(1)
    expect(page.get_by_text("开标人共同开启")).to_have_count(2)
    for name in NAMES[:3]:
        expect(page.get_by_text(name).first).to_be_visible()
    page.context.close()


def typed(instant: datetime) -> str:
    return instant.astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M")
