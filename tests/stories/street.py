"""The community in which the browser stories happen, and how its people pick up their phones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask
from playwright.sync_api import BrowserContext, Page

from community.kernel import clock, db
from community.kernel.permissions import Role
from community.volunteering import ActivityDraft, ServiceKind, ShiftDraft, add_shift, open_activity
from tests import builders
from tests.rewards.scene import make_item
from tests.rewards.scene import make_scene as make_shop
from tests.scenes import kept

# Saturday 2026-11-28, 09:00 in Shanghai; the stories begin the Friday before, at noon.
STARTS = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
FRIDAY = STARTS - timedelta(hours=21)
AT_THE_GATE = STARTS - timedelta(minutes=5)
AT_THE_END = STARTS + timedelta(hours=2)

GIFT = "抽纸一提 10 包"
NUMBER = "14000000007"
PASSWORD = "osmanthus-lane"


@dataclass(frozen=True)
class Street:
    """Who lives here, and what is planned for Saturday."""

    community: int
    leader: int
    wang: int
    li: int
    sun: int
    merchant: int
    shift: int
    item: int


@kept
def make_street(stock: int = 5) -> Street:
    """Open a community with a shop, a leader, three volunteers and Saturday's shift."""
    shop = make_shop(points=0, fen=1_000_00)
    community = shop.community_id
    leader = builders.make_person(community, "陈立", birth_year=1980, roles=(Role.LEADER,))
    actor = builders.actor(community, leader)
    activity = db.write(
        open_activity,
        actor,
        ActivityDraft(
            "周六社区清洁", ServiceKind.ENVIRONMENT, "桂花里社区居委会", "3 号楼门口",
            "清理楼道和绿地。", leader_ids=(leader,),
        ),
    )  # fmt: skip
    draft = ShiftDraft(STARTS, STARTS + timedelta(hours=2), 10, gates=("东门",))
    return Street(
        community=community,
        leader=leader,
        wang=builders.make_person(community, "王桂芬", birth_year=1957, phone=NUMBER),
        li=builders.make_person(community, "李建国", birth_year=1961),
        sun=builders.make_person(community, "孙立新", birth_year=1970),
        merchant=shop.seller.person_id or 0,
        shift=db.write(add_shift, actor, activity, draft),
        item=make_item(shop.staff, shop.merchant_id, stock=stock, title=GIFT, points=20),
    )


def pick_up(app: Flask, context: BrowserContext, site: str, person_id: int) -> Page:
    """Let a person, signed in already, take a phone in hand."""
    client = app.test_client()
    builders.sign_in(client, person_id)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    context.add_cookies([{"name": name, "value": cookie.value, "url": site}])
    return context.new_page()


def set_clock(page: Page) -> None:
    """Let the phone show the time of the story."""
    page.clock.set_system_time(clock.now())
