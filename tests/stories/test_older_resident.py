"""The older resident: a year of patrol, and a year later her daughter has meals brought."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from community import identity, volunteering
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from tests import builders
from tests.stories import street
from tests.stories.conftest import open_phone
from tests.volunteering.neighbours import Neighbours, make_neighbours

MONTHS = 12
EVENINGS = 5
SHIFT = timedelta(hours=2)
FIRST_EVENING = clock.at(date(2026, 12, 1), 19)
A_YEAR_LATER = clock.at(date(2028, 11, 24), 9)


def test_a_years_patrol_brings_meals_a_year_later(app: Flask, site: str, browser: Browser) -> None:
    town = make_neighbours("beijing")
    leader = builders.make_person(town.community_id, "陈立", birth_year=1980, roles=(Role.LEADER,))
    _patrol_for_a_year(town, leader)
    assert town.coins(town.granny) == MONTHS * EVENINGS * 120
    with clock.fixed(A_YEAR_LATER):
        _record_consent(town)
        daughter = street.pick_up(app, open_phone(browser, site), site, town.daughter)
        neighbour = street.pick_up(app, open_phone(browser, site), site, town.volunteer)
        _ask_for_a_meal(daughter)
        _accept(neighbour)
    with clock.fixed(A_YEAR_LATER + timedelta(hours=3)):
        _visit(neighbour, "签到", town.card(town.granny_home))
    with clock.fixed(A_YEAR_LATER + timedelta(hours=4)):
        _visit(neighbour, "签退", town.card(town.granny_home))
        daughter.goto(neighbour.url)
        daughter.get_by_role("button", name="确认，付时间币").click()
        expect(daughter.locator("main")).not_to_contain_text("请您确认")
    assert town.coins(town.granny) == MONTHS * EVENINGS * 120 - 60
    assert town.coins(town.volunteer) == 60
    with clock.fixed(A_YEAR_LATER + timedelta(days=1)):
        _granny_sees_who_helped(app, site, browser, town)


def _patrol_for_a_year(town: Neighbours, leader: int) -> None:
    actor = builders.actor(town.community_id, leader)
    activity = db.write(
        volunteering.open_activity,
        actor,
        volunteering.ActivityDraft(
            "夜间平安巡逻", volunteering.ServiceKind.PATROL, "桂花里社区", "东门岗亭",
            leader_ids=(leader,),
        ),
    )  # fmt: skip
    for month in range(MONTHS):
        for evening in range(EVENINGS):
            starts = FIRST_EVENING + timedelta(days=30 * month + 6 * evening)
            draft = volunteering.ShiftDraft(starts, starts + SHIFT, 4)
            with clock.fixed(starts - timedelta(days=1)):
                shift = db.write(volunteering.add_shift, actor, activity, draft)
                db.write(volunteering.sign_up_for, actor, shift, town.granny)
            with clock.fixed(starts):
                db.write(volunteering.tick_in, actor, shift, town.granny)
            with clock.fixed(starts + SHIFT):
                db.write(volunteering.tick_out, actor, shift, town.granny)


def _record_consent(town: Neighbours) -> None:
    def record(session: Session, actor: Actor) -> int:
        return identity.record_access(
            session,
            actor,
            town.daughter,
            town.granny,
            frozenset({"volunteering.time_bank", "volunteering.see_statement"}),
            clock.today() + timedelta(days=180),
            "代办授权书 2028-014",
        )

    db.write(record, town.actor(town.clerk))


def _ask_for_a_meal(daughter: Page) -> None:
    daughter.goto("/c/guihua/assisted")
    daughter.get_by_role("button", name="开始代办").click()
    expect(daughter.locator("body")).to_contain_text("孙玉兰")
    daughter.goto("/c/guihua/time-bank/needs/new")
    expect(daughter.locator("main")).to_contain_text("120 小时")
    daughter.locator("[name=kind]").select_option("meal")
    daughter.locator("[name=words]").fill("中午送一份软饭，少盐")
    daughter.locator("[name=starts_at]").fill("2028-11-24T12:00")
    daughter.get_by_role("button", name="发布").click()
    expect(daughter.locator("main")).to_contain_text("中午送一份软饭")


def _accept(neighbour: Page) -> None:
    neighbour.goto("/c/guihua/time-bank")
    neighbour.get_by_role("link", name="送餐助餐").first.click()
    neighbour.get_by_role("button", name="我来帮忙").click()
    neighbour.wait_for_url("**/time-bank/services/*")


def _visit(neighbour: Page, act: str, card: str) -> None:
    neighbour.reload()
    neighbour.get_by_label("对方的住户卡").check()
    neighbour.locator("main form [name=code]").fill(card)
    neighbour.get_by_role("button", name=act).click()
    expect(neighbour.locator("main")).not_to_contain_text(
        "怎么证明" if act == "签退" else "到了，签到"
    )


def _granny_sees_who_helped(app: Flask, site: str, browser: Browser, town: Neighbours) -> None:
    granny = street.pick_up(app, open_phone(browser, site), site, town.granny)
    granny.goto("/c/guihua/assisted")
    seen = granny.locator("main")
    expect(seen).to_contain_text("别人替我办了什么")
    expect(seen).to_contain_text("周敏")
