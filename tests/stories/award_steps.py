"""Steps from an opened tender to a final award: review, panel, scores, tie, notice, objection."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.micro_projects.models import Award, PanelSeat
from tests import builders
from tests.micro_projects.tendering import NAMES
from tests.stories.tender_steps import Street, typed

EXPERTS, RESIDENTS = 5, 2
# What every member gives to each firm for its plan and its experience: the last two are even.
MARKS = {0: ("40", "15"), 1: ("52.5", "20"), 2: ("52.5", "20")}
LOSER, RIVALS = 0, (1, 2)


def fill_pool(street: Street) -> None:
    """Let people into the pool on the page of the desk, each found by name."""
    page = street.take(street.scene.officer, "desk/evaluators")
    for number in range(EXPERTS + RESIDENTS):
        name = f"评委{number:02d}"
        builders.make_person(street.scene.community_id, name, birth_year=1965)
        page.goto(f"/c/guihua/desk/evaluators?q={name}")
        form = page.locator("form[action$='/evaluators']", has_text=name)
        kind = "expert" if number < EXPERTS else "resident"
        form.locator(f"[name=kind][value={kind}]").check()
        form.get_by_role("button", name="加入").click()
        expect(page.get_by_text("已加入评委库")).to_be_visible()
    page.context.close()


def review_bids(street: Street) -> None:
    """Look whether each bid meets what the tender demands."""
    page = evaluation(street, street.scene.officer)
    for _ in NAMES[:3]:
        form = page.locator("details[open] form[action$='/judge']").first
        form.get_by_role("button", name="记录审查结论").click()
        expect(page.get_by_text("已记录，单位会收到通知")).to_be_visible()
    expect(page.locator("details[open] form[action$='/judge']")).to_have_count(0)
    page.context.close()


def draw(street: Street, kind: str, number: str) -> None:
    """Publish a list and where its seed comes from; two hours later type the number and draw."""
    page = evaluation(street, street.scene.officer)
    form = page.locator(f"form[action$='/{kind}']").first
    form.locator("[name=source][value=lottery]").check()
    form.locator("[name=at]").fill(typed(clock.now() + timedelta(hours=2)))
    form.locator("[name=words]").fill("双色球第 2026144 期")
    form.get_by_role("button", name=re.compile("公布")).click()
    expect(page.get_by_text("等种子")).to_be_visible()
    with clock.fixed(clock.now() + timedelta(hours=3)):
        page.reload()
        page.locator("[name=number]").fill(number)
        page.get_by_role("button", name="抽签", exact=True).click()
        expect(page.get_by_text("等种子")).to_have_count(0)
        expect(page.get_by_text("已抽出", exact=True).first).to_be_visible()
    page.context.close()


def score(street: Street) -> None:
    """Let each member drawn fill in and sign the own sheet; nobody sees one before the last."""
    desk = evaluation(street, street.scene.officer)
    seats = seats_of(street)
    for place, (seat_id, person_id) in enumerate(seats):
        expect(desk.get_by_text(f"还有 {len(seats) - place} 位没有签字")).to_be_visible()
        expect(desk.get_by_role("heading", name="评分和名次")).to_have_count(0)
        sign_sheet(street, builders.actor(street.scene.community_id, person_id), seat_id)
        desk.reload()
    expect(desk.get_by_role("heading", name="评分和名次")).to_be_visible()
    expect(desk.get_by_text("并列，要抽签")).to_have_count(2)
    expect(desk.get_by_role("button", name="公示中选结果")).to_have_count(0)
    desk.context.close()


def sign_sheet(street: Street, member: Actor, seat_id: int) -> None:
    """Mark every bid, keep the marks, and sign."""
    page = street.take(member, "projects/seats")
    page.locator(f"a[href$='/projects/seats/{seat_id}']").first.click()
    for place, marks in MARKS.items():
        card = page.locator("section.card", has=page.get_by_role("heading", name=NAMES[place]))
        for number, mark in enumerate(marks):
            card.locator("input[name^=mark_]").nth(number).fill(mark)
    page.get_by_role("button", name="先保存").click()
    expect(page.get_by_text("已保存。全部打完后签字")).to_be_visible()
    page.locator("textarea[name=words]").fill("方案都看过了。")
    page.get_by_role("button", name="签字", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.get_by_text("已签字。指纹已写入公开日志")).to_be_visible()
    page.context.close()


def notice(street: Street, winner: int) -> Award:
    """Post who comes first, for everybody to see; gives the award."""
    page = evaluation(street, street.scene.officer)
    page.get_by_role("button", name="公示中选结果").click()
    expect(page.get_by_text("结果已公示，投标单位都会收到通知")).to_be_visible()
    expect(page.get_by_text(NAMES[winner]).first).to_be_visible()
    made = award_of(int(page.url.rsplit("/", 1)[1]))
    page.context.close()
    return made


def first_by_lot(street: Street) -> int:
    """Read which of the two even firms the lot put first, as everybody may."""
    public = street.take(street.scene.neighbour, f"projects/tenders/{street.tender_id}/evaluation")
    expect(public.get_by_role("heading", name="评分和名次")).to_be_visible()
    public.context.close()
    page = evaluation(street, street.scene.officer)
    row = page.locator("tbody tr").first
    found = [place for place in RIVALS if NAMES[place] in row.inner_text()]
    expect(page.get_by_text("并列，要抽签")).to_have_count(0)
    page.context.close()
    (place,) = found
    return place


def object_to(street: Street, award: Award, place: int) -> None:
    """Let a firm that lost object in public."""
    _, bidder = street.firms[place]
    page = street.take(bidder, f"projects/awards/{award.id}")
    page.get_by_text("我要提出异议").click()
    page.locator("[name=ground]").select_option("false_papers")
    page.locator("form[action$='/object'] [name=words]").fill("中选单位的业绩证明是别家的。")
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_text("异议已提交，会在期限内公开答复")).to_be_visible()
    page.context.close()


def uphold(street: Street, award: Award) -> None:
    """Let somebody who did not decide answer from the own inbox: the winner is out."""
    page = street.take(street.checker, "messages")
    told = page.locator("article", has_text="有异议等待答复").first
    told.get_by_role("button", name="去看看").click()
    page.locator(f"a[href*='/projects/awards/{award.id}']").first.click()
    form = page.locator("form[action$='/answer']")
    page.locator("summary", has_text="答复").click()
    form.locator("[name=is_upheld]").check()
    form.locator("[name=remedy]").select_option("bidder_out")
    form.locator("[name=answer]").fill("查实业绩证明不是该单位的，取消中选资格。")
    form.get_by_role("button", name="公开答复").click()
    expect(page.get_by_text("已答复并公开")).to_be_visible()
    expect(page.get_by_text("已撤销").first).to_be_visible()
    page.context.close()


def finalize(street: Street, award: Award) -> None:
    """Wait for the end of the standstill; not a moment earlier can the award be final."""
    until = award.standstill_until
    assert until is not None
    final = "确定结果并预留资金"
    with clock.fixed(until - timedelta(microseconds=1)):
        page = street.take(street.scene.officer, f"projects/awards/{award.id}")
        expect(page.get_by_text("公示到")).to_be_visible()
        expect(page.get_by_role("button", name=final)).to_have_count(0)
    with clock.fixed(until):
        page.reload()
        page.get_by_role("button", name=final).click()
        expect(page.get_by_text("结果已确定，中选金额已预留")).to_be_visible()
        expect(page.get_by_text("已预留 88,000.00 元")).to_be_visible()
    page.context.close()


def evaluation(street: Street, who: Actor) -> Page:
    return street.take(who, f"desk/tenders/{street.tender_id}/evaluation")


def seats_of(street: Street) -> list[tuple[int, int]]:
    with db.read() as session:
        rows = session.query(PanelSeat).filter_by(tender_id=street.tender_id)
        return [(row.id, row.person_id) for row in rows.order_by(PanelSeat.id)]


def award_of(award_id: int) -> Award:
    with db.read() as session:
        return session.get_one(Award, award_id)
