"""A resident's topic is endorsed, met about, voted, posted, objected to, final, and done."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from playwright.sync_api import Browser, Page, expect

from community import notices
from community.deliberation.queries.decisions import get_decision
from community.deliberation.queries.meetings import get_door_code, meetings_ahead
from community.deliberation.rules.decisions import DecisionState
from community.deliberation.service import attendance
from community.deliberation.service.endorsing import endorse_topic
from community.deliberation.service.topics import set_topic_rules
from community.kernel import clock, db
from community.kernel.actor import Actor
from tests.conftest import NOON
from tests.deliberation.bodies import Council, make_council
from tests.deliberation.topic_scene import LAMP, put
from tests.looking import PHONE, look_at
from tests.stories.test_two_keys import take

WORDS = "由物业在 11 月 30 日前修好 3 号楼前的路灯，费用不超过 500 元。"


@dataclass(frozen=True, slots=True)
class Hall:
    """A browser in everybody's hand."""

    app: Flask
    browser: Browser
    site: str

    def take(self, person: Actor, path: str) -> Page:
        """Open a page as somebody."""
        page = take(self.app, self.browser, self.site, person.person_id)
        page.goto(f"/c/guihua/{path}")
        return page


def test_a_topic_becomes_a_task_that_is_done(app: Flask, site: str, browser: Browser) -> None:
    hall, council = Hall(app, browser, site), make_council()
    topic = gather_endorsements(hall, council)
    meeting, day = call_the_council(hall, council, topic)
    with clock.fixed(day):
        motion = hold_the_meeting(hall, council, meeting)
        decision = decide_and_post(hall, council, motion)
    with clock.fixed(day + timedelta(days=1)):
        object_and_answer(hall, council, decision)
    with clock.fixed(day + timedelta(days=6)):
        carry_out(hall, council, decision)
        anyone = hall.take(council.neighbour, f"topics/{topic}")
        for station in ("会议讨论", "表决", "交办", "办好"):
            passed = anyone.get_by_role("listitem").filter(has_text=station)
            expect(passed).to_contain_text(re.compile(r"1[12] 月"))
        anyone.goto("/c/guihua/decisions")
        expect(anyone.get_by_text("100%").first).to_be_visible()
    with db.read() as session:
        found = get_decision(session, council.staff, decision)
    assert found.state is DecisionState.DONE
    assert found.words == WORDS.replace("500", "600")


def gather_endorsements(hall: Hall, council: Council) -> int:
    """Raise a topic; the last endorsement, given on a phone, puts it on the agenda."""
    db.write(set_topic_rules, council.staff, 3, 5, 5, 7, 7)
    topic = put(council.neighbour, LAMP)
    for member in council.members[:2]:
        db.write(endorse_topic, member, topic)
    phone = hall.take(council.members[5], f"topics/{topic}")
    phone.get_by_role("button", name="附议这个议题").click()
    expect(phone.get_by_text("已列入议程").first).to_be_visible()
    return topic


def call_the_council(hall: Hall, council: Council, topic: int) -> tuple[int, datetime]:
    """Plan a meeting at the desk, take the topic up, and send the notice in time."""
    desk = hall.take(council.staff, "desk/meetings")
    desk.get_by_text("安排居民议事会的会议").click()
    form = desk.locator("form[action$='/meetings']").first
    form.locator("[name=title]").fill("第 3 次会议")
    day = NOON + timedelta(days=3, hours=9)
    form.locator("[name=starts_at]").fill(f"{day.astimezone(clock.SHANGHAI):%Y-%m-%dT%H:%M}")
    form.locator("[name=place]").fill("社区活动室")
    form.get_by_role("button", name="安排会议").click()
    desk.get_by_role("button", name="列入议程").first.click()
    expect(desk.get_by_text("居民议题")).to_be_visible()
    desk.get_by_role("button", name="发通知").click()
    expect(desk.get_by_text("通知已发出并公示")).to_be_visible()
    with db.read() as session:
        meeting = meetings_ahead(session, council.staff)[0].id
    desk.goto(f"/c/guihua/topics/{topic}")
    expect(desk.get_by_text("会议讨论").first).to_be_visible()
    return meeting, day


def hold_the_meeting(hall: Hall, council: Council, meeting: int) -> int:
    """Open on the chair's phone; check in, move, second, amend, and count by hands."""
    chair = hall.take(council.chair, f"meetings/{meeting}/run")
    chair.get_by_role("button", name="开会").click()
    chair.get_by_role("button", name="到了").first.click()
    expect(chair.get_by_text("不够法定人数，不能表决")).to_be_visible()
    assert look_at(chair, PHONE) == []
    chair.get_by_role("link", name="显示签到码").click()
    expect(chair.locator("[data-short]")).to_have_text(re.compile(r"^[0-9A-Z]{6}$"))
    with db.read() as session:
        code = get_door_code(session, council.chair, meeting).code
    mover = hall.take(council.members[2], f"meetings/{meeting}/here?code={code}")
    mover.get_by_role("button", name="签到").click()
    expect(mover.get_by_text("您已签到")).to_be_visible()
    assert look_at(mover, PHONE) == []
    for member in (council.members[1], *council.members[3:7]):
        db.write(attendance.check_in_to_meeting, member, meeting, code)
    mover.get_by_text("就这一项提出动议").click()
    mover.locator("[name=words]").fill(WORDS)
    mover.get_by_role("button", name="提出动议").click()
    expect(mover.get_by_text("动议已提出，等一位成员附议。")).to_be_visible()
    seconder = hall.take(council.members[3], f"meetings/{meeting}")
    seconder.get_by_role("link", name="动议 1").click()
    seconder.get_by_role("button", name="我附议").click()
    expect(seconder.get_by_text("文字从现在起固定")).to_be_visible()
    motion = int(seconder.url.rsplit("/", 1)[-1])
    amend_and_count(hall, council, motion, seconder)
    chair.goto(f"/c/guihua/meetings/{meeting}/run")
    chair.get_by_role("button", name="结束会议").click()
    chair.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(chair.get_by_role("heading", name="会议记录")).to_be_visible()
    assert look_at(chair, PHONE) == []
    return motion


def amend_and_count(hall: Hall, council: Council, motion: int, seconder: Page) -> None:
    """Vote an amendment first; then speak once for the motion, and vote it."""
    seconder.get_by_text("提出修正案").first.click()
    seconder.locator("[name=from_words]").fill("500")
    seconder.locator("[name=to_words]").fill("600")
    seconder.locator("form[action$='/amendments'] button").click()
    expect(seconder.get_by_text("修正案已提出，等附议。")).to_be_visible()
    other = hall.take(council.members[4], f"motions/{motion}")
    other.get_by_role("button", name="我附议修正案").click()
    expect(other.get_by_text("已附议修正案。")).to_be_visible()
    other.get_by_role("button", name="我要发言：赞成").click()
    expect(other.get_by_text("已排队，轮到时主持人会叫您。")).to_be_visible()
    chair = hall.take(council.chair, f"motions/{motion}")
    expect(chair.get_by_text("请先表决修正案")).to_be_visible()
    count(chair, "amendments", 5, 2)
    chair.get_by_role("button", name=re.compile("^请 .* 发言$")).click()
    expect(chair.get_by_role("timer")).to_have_text(re.compile(r"^1[0-9]{2}$"))
    assert look_at(chair, PHONE) == []
    chair.get_by_role("button", name="结束发言").click()
    count(chair, "/count", 8, 0)
    expect(chair.get_by_text("多于到会的 7 人")).to_be_visible()
    count(chair, "/count", 6, 1)
    expect(chair.get_by_role("heading", name="通过", exact=True)).to_be_visible()


def count(chair: Page, action: str, yes: int, no: int) -> None:
    """Type a count in, whatever the browser thinks of it."""
    form = chair.locator(f"form[action*='{action}'][action$='/count']").last
    form.evaluate("form => { form.noValidate = true; }")
    form.locator("[name=yes]").fill(str(yes))
    form.locator("[name=no]").fill(str(no))
    form.locator("[name=abstain]").fill("0")
    form.locator("button").click()


def decide_and_post(hall: Hall, council: Council, motion: int) -> int:
    """Give the carried motion to somebody, and post the decision."""
    desk = hall.take(council.staff, f"motions/{motion}")
    desk.get_by_role("link", name="登记为决定，交给负责人").click()
    desk.locator("[name=owner_id]").select_option(label="黄丽华")
    due = clock.today() + timedelta(days=7)
    desk.locator("[name=due_on]").fill(due.isoformat())
    desk.locator("[name=review_on]").fill((due + timedelta(days=30)).isoformat())
    desk.get_by_role("button", name="登记并通知负责人").click()
    desk.get_by_role("link", name=re.compile(LAMP.title)).last.click()
    desk.get_by_role("button", name="公示这个决定").click()
    expect(desk.get_by_text("已公示，居民可以提出异议。")).to_be_visible()
    return int(desk.url.rsplit("/", 1)[-1])


def object_and_answer(hall: Hall, council: Council, decision: int) -> None:
    """Object on the notice's page; before its end and an answer nothing is final."""
    phone = hall.take(council.neighbour, f"decisions/{decision}")
    phone.get_by_role("link", name="看公示，提出异议").click()
    phone.get_by_role("link", name="提出异议").click()
    phone.locator("main textarea").first.fill("修灯不要在午休时间。")
    phone.locator("main form button[type=submit]").last.click()
    expect(phone.get_by_text("异议已提交")).to_be_visible()
    with db.read() as session:
        found = get_decision(session, council.staff, decision)
        assert found.notice_id is not None
        raised = notices.objections_of(session, council.community_id, found.notice_id)
    assert len(raised) == 1
    answer = (raised[0].id, notices.Outcome.REJECTED, "会安排在下午三点以后。")
    db.write(notices.answer_objection, council.staff, *answer)


def carry_out(hall: Hall, council: Council, decision: int) -> None:
    """Settle it when the posting is over; who is in charge tells that it is done."""
    desk = hall.take(council.staff, f"decisions/{decision}")
    desk.get_by_role("button", name="公示结束，定下来").click()
    expect(desk.get_by_role("heading", name="填写进展")).to_be_visible()
    owner = hall.take(council.members[6], f"decisions/{decision}")
    owner.get_by_text("办完了").click()
    form = owner.locator("form[action$='/done']")
    form.locator("[name=words]").fill("灯已修好，晚上亮了。")
    form.get_by_role("button", name="记为办完").click()
    expect(owner.get_by_text("已记为办完，到期由别人回看。")).to_be_visible()
