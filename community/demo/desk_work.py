"""What lies on the staff's desk in the demo: notices, papers, sheets, honours, applications."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from community import identity, notices, rewards, volunteering
from community.demo.cast import Cast, act_as
from community.demo.papers import photograph_sheet, write_workbook
from community.kernel import clock, files
from community.kernel.actor import Actor

HONOUR_MINUTES = 600
HELP_SCOPE = frozenset({"volunteering.time_bank", "volunteering.sign_up", "rewards.redeem"})
CENSUS = (
    ("桂花里社区住户补充登记表",),
    ("楼号", "单元", "房号", "姓名", "联系电话", "建筑面积（㎡）", "备注"),
    ("11号楼", 1, "101", "陈桂芳", "14011010001", "86.5", ""),
    ("11号楼", 1, "101", "李志国", "14011010002", "", "户主"),
    ("11号楼", 2, "602", "王　敏", "１４０１１０６０２０１", "89.12平方米", ""),
    ("11号楼", 2, "702", "赵小军", "1401107", "九十", ""),
    ("合计", "", "", "4 人", "", "", ""),
)
FORM = (
    ("社区志愿服务情况月报",),
    ("社区", "", "起止日期", ""),
    ("参加人数", "", "服务人次", ""),
    ("服务小时", "", "活动场数", ""),
)
CELLS = (
    (volunteering.Figure.COMMUNITY, "B2"),
    (volunteering.Figure.SPAN, "D2"),
    (volunteering.Figure.VOLUNTEERS, "B3"),
    (volunteering.Figure.SERVICES, "D3"),
    (volunteering.Figure.MINUTES, "B4"),
    (volunteering.Figure.ACTIVITIES, "D4"),
)


def hang_notices(session: Session, actor: Actor, cast: Cast, photo: files.Ready) -> None:
    """Publish a notice that is over, with its answered objection, and one that runs."""
    staff, elder = act_as(session, actor, cast.staff), act_as(session, actor, cast.elder)
    neighbour = act_as(session, actor, cast.leaders[1])
    now = clock.now()
    with clock.fixed(now - timedelta(days=40)):
        over = notices.publish_notice(
            session, staff, _draft("积分规则修订征求意见", RULES_WORDS, "volunteering", 7)
        )
    with clock.fixed(now - timedelta(days=37)):
        asked = notices.raise_objection(
            session, elder, over, "巡逻多在夜里，建议和环境清洁一样记分。"
        )
    with clock.fixed(now - timedelta(days=34)):
        notices.answer_objection(
            session, staff, asked, notices.Outcome.UPHELD, "已采纳：巡逻按每小时 10 分记。"
        )
    with clock.fixed(now - timedelta(days=2)):
        runs = notices.publish_notice(
            session, staff, _draft("年度文明市民拟表彰名单公示", HONOUR_WORDS, "honour", 9)
        )
    with clock.fixed(now - timedelta(days=1)):
        hung = now - timedelta(days=1, hours=1)
        notices.prove_posting(session, staff, runs, "3 号楼 1 单元门厅公告栏", hung, photo)
        notices.raise_objection(
            session, neighbour, runs, "名单里没有写评选办法，请补充每人的时长和积分。"
        )


def _draft(title: str, body: str, kind: str, days: int) -> notices.NoticeDraft:
    now = clock.now()
    return notices.NoticeDraft(
        title, body, notices.NoticeKind(kind), now, now + timedelta(days=days), contact="社区服务台"
    )


RULES_WORDS = "拟自下月起修订志愿服务积分规则，现征求全体居民意见。有意见请在公示期内提出异议。"
HONOUR_WORDS = (
    "根据本年度志愿服务时长和积分，社区拟表彰下列居民，现予公示。对名单有异议的，请写明理由。"
)


def honour_people(session: Session, actor: Actor, cast: Cast, year: int) -> None:
    """Propose the resident's home, and honour the resident, who lets the name be shown."""
    staff, second = act_as(session, actor, cast.staff), act_as(session, actor, cast.second_staff)
    person = rewards.HonourDraft(
        "文明市民", year, rewards.HonouredSubject.PERSON, HONOUR_MINUTES, 0, "常年参加志愿服务"
    )
    home = rewards.HonourDraft(
        "最美家庭", year, rewards.HonouredSubject.HOUSEHOLD, 0, 100, "全家一起出力"
    )
    homes = rewards.add_honour_kind(session, staff, home)
    people = rewards.add_honour_kind(session, staff, person)
    rewards.propose_honour(session, staff, homes, cast.resident)
    honour = rewards.propose_honour(session, staff, people, cast.resident)
    rewards.decide_honour(session, second, honour, True)
    rewards.answer_honour(session, act_as(session, actor, cast.resident), honour, True)


def write_papers(
    session: Session, actor: Actor, cast: Cast, today: date, photos: tuple[files.Ready, ...]
) -> None:
    """Ask for hours to be filled in, and give the resident a sealed service record."""
    staff, resident = act_as(session, actor, cast.staff), act_as(session, actor, cast.resident)
    leader = act_as(session, actor, cast.leaders[2])
    moved = _back_fill(cast.leaders[2], "汛期搬运沙袋", "东门车库", today - timedelta(days=9), 120)
    asked = volunteering.ask_back_fill(session, leader, moved, photos[0])
    volunteering.decide_back_fill(session, staff, asked, True, "负责人证明属实")
    read = _back_fill(cast.resident, "为邻居孩子补课", "社区图书室", today - timedelta(days=4), 90)
    volunteering.ask_back_fill(session, resident, read, photos[1])
    record = volunteering.make_record(
        session, resident, cast.resident, today - timedelta(days=150), today
    )
    volunteering.seal_record(session, staff, record, "周主任")


def _back_fill(
    person_id: int, title: str, place: str, day: date, minutes: int
) -> volunteering.BackFillDraft:
    return volunteering.BackFillDraft(
        person_id, volunteering.ServiceKind.OTHER, title, place, day, minutes, "当天没有带手机"
    )


def hand_in_sheet(session: Session, actor: Actor, cast: Cast, photo: files.Ready) -> None:
    """Let a leader hand in a signed sheet for people without a phone; staff have yet to confirm."""
    leader = act_as(session, actor, cast.leaders[0])
    led = volunteering.led_activity_ids(session, leader)
    now = clock.now()
    week = now - timedelta(days=7)
    shifts = volunteering.led_shifts(session, actor.community_id, led, week)
    shift = next(each for each in shifts if each.ends_at < now)
    lines = tuple(
        volunteering.SheetLine(person_id, shift.starts_at, shift.ends_at)
        for person_id in (cast.elder, cast.second_staff)
    )
    volunteering.upload_sheet(session, leader, shift.id, photo, lines)


def bring_sheets(
    session: Session,
    actor: Actor,
    cast: Cast,
    today: date,
    sheets: tuple[files.Ready, files.Ready, files.Ready],
) -> None:
    """Upload residents and another platform's hours to be looked at, and the street's form."""
    staff = act_as(session, actor, cast.staff)
    census, hours, form = sheets
    identity.keep_import(session, staff, census)
    volunteering.keep_hours_import(session, staff, "zhiyuanhui", hours)
    name, monthly = "街道志愿服务月报", volunteering.Every.MONTH
    form_id = volunteering.keep_street_form(session, staff, name, monthly, CELLS, form)
    before = today.replace(day=1) - timedelta(days=1)
    volunteering.start_filling(session, staff, form_id, before)


def receive_people(session: Session, actor: Actor, cast: Cast, today: date) -> None:
    """Take applications, give a slip, a letter and cards, note who helps whom."""
    staff, visitor = act_as(session, actor, cast.staff), Actor.visitor(actor.community_id)
    identity.apply_to_join(
        session, visitor, "何晓晴", 1991, "14099990001", "6 号楼 302", "上个月租住，合同可带来看"
    )
    identity.apply_to_join(
        session, visitor, "孟庆和", 1958, "14099990002", "9 号楼 501", "随女儿住"
    )
    until = today + timedelta(days=180)
    identity.record_bond(session, staff, cast.resident, cast.elder, identity.Relation.PARENT)
    identity.record_access(
        session, staff, cast.resident, cast.elder, HELP_SCOPE, until, f"代办授权书 {today.year}-014"
    )
    identity.give_slip(session, staff, cast.elder)
    for person_id in (cast.resident, cast.elder):
        identity.print_card(session, staff, person_id)
    home = identity.household_of(session, actor.community_id, cast.leaders[5])
    assert home is not None
    identity.renew_letter(session, staff, home)
    identity.make_device_token(
        session, staff, "东门扫码枪", frozenset({"volunteering.lead_any"}), until
    )


def draw_papers() -> tuple[files.Ready, ...]:
    """Draw what is photographed: a posted notice, two proofs, a signed sheet."""
    names = ("公告栏", "沙袋", "补课", "签到表")
    return tuple(photograph_sheet(name, 4 + place) for place, name in enumerate(names))


def write_sheets(people: tuple[tuple[str, str], ...], today: date) -> tuple[files.Ready, ...]:
    """Write the workbooks that staff upload: residents, another platform's hours, a form."""
    heads = (
        "姓名",
        "手机号码",
        "活动名称",
        "服务开始时间",
        "服务结束时间",
        "荣誉时数",
        "组织名称",
        "备注",
    )
    day = (today - timedelta(days=12)).isoformat()
    rows = [
        (
            name,
            number,
            "城市马拉松赛道服务",
            f"{day} 07:00",
            f"{day} 11:00",
            4,
            "梧桐街道志愿者队",
            "",
        )
        for name, number in people
    ]
    return (
        write_workbook("11 号楼补充登记", CENSUS),
        write_workbook("志愿汇导出", [heads, *rows]),
        write_workbook("街道志愿服务月报", FORM),
    )
