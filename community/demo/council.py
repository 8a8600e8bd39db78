"""The residents' council of the demo: nine members, a meeting held, one called, what followed."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from sqlalchemy.orm import Session

from community import deliberation, identity
from community.demo.cast import Cast, act_as
from community.demo.happenings import Happening
from community.kernel import clock, db
from community.kernel.actor import Actor

HELD = 40
# Terms of three years; two members' end soon.
TERM_DAYS = 1_095
LIGHTS = "在 3 号楼东侧加装两盏路灯，费用从公共收益支出，不超过 8000 元，由物业公司施工。"
BENCHES = "在中心花园加装四条带扶手的长椅，费用不超过 6000 元。"
RULES = """第一条 动议
先动议后讨论，没有动议不讨论。动议写清谁、什么时候、做什么、花多少钱。

第二条 附议
动议要有一位成员附议，附议后文字不再改，只能通过修正案修改。

第三条 发言
赞成和反对轮流发言，每次两分钟，每人每项最多两次，说给主持人听，不打断别人。

第四条 表决
到会不少于三分之二才能表决，赞成超过到会人数的一半才通过，票数相同不通过。"""
COUNT = """第五条 计票
举手表决由两人清点，当场报出赞成、反对、弃权三个数。"""


def sit_in_council(actor: Actor, cast: Cast, since: date, today: date) -> list[Happening]:
    """Give what the council does, each on its day."""
    held = today - timedelta(days=HELD)
    acts = (
        (clock.at(max(since, held - timedelta(days=20)), 9), found_council),
        (clock.at(held - timedelta(days=6), 10), call_first),
        (clock.at(held, 19, 30), hold_first),
        (clock.at(held + timedelta(days=1), 9), post_decisions),
        (clock.at(held + timedelta(days=7), 9), settle_decisions),
        (clock.at(held + timedelta(days=20), 15), finish_benches),
        (clock.at(today - timedelta(days=2), 10), call_next),
    )
    return [Happening(when, partial(db.write, act, actor, cast)) for when, act in acts]


def found_council(session: Session, actor: Actor, cast: Cast) -> None:
    """Found the council, seat nine, plan the first meeting, and adopt its rules of procedure."""
    staff = act_as(session, actor, cast.staff)
    body = deliberation.found_body(
        session, staff, deliberation.BodyKind.COUNCIL, "桂花里居民议事会"
    )
    deliberation.found_body(session, staff, deliberation.BodyKind.OWNERS_MEETING, "桂花里业主大会")
    today = clock.today()
    for place, person in enumerate(_councillors(session, actor, cast)):
        offices = {
            0: deliberation.Office.CHAIR,
            1: deliberation.Office.SECRETARY,
            2: deliberation.Office.DEPUTY,
        }
        served = TERM_DAYS - 90 if place in {5, 7} else 300
        from_on = today - timedelta(days=served)
        deliberation.seat_member(
            session,
            staff,
            body,
            person,
            offices.get(place, deliberation.Office.MEMBER),
            from_on,
            from_on + timedelta(days=TERM_DAYS),
        )
    kind = deliberation.BylawKind.PROCEDURE
    text = deliberation.begin_bylaw(session, staff, kind, "居民议事规则", RULES, "示范文本")
    deliberation.adopt_version(session, staff, text, adopted_by_words="议事会成立大会决议")


def call_first(session: Session, actor: Actor, cast: Cast) -> None:
    """Call the meeting that has been held."""
    staff = act_as(session, actor, cast.staff)
    starts_at = clock.at(clock.today() + timedelta(days=6), 19, 30)
    meeting = deliberation.plan_meeting(
        session, staff, _council(session, staff), "第 1 次例会", "社区活动室二楼", starts_at
    )
    words = "晚上看不清台阶，有老人摔倒过。"
    deliberation.add_agenda_item(session, staff, meeting, "3 号楼东侧加装路灯", words)
    deliberation.add_agenda_item(session, staff, meeting, "中心花园加装长椅", "老人没有地方坐。")
    deliberation.call_meeting(session, staff, meeting)


def hold_first(session: Session, actor: Actor, cast: Cast) -> None:
    """Hold it: seven of nine come, an amendment is carried, two motions pass."""
    staff = act_as(session, actor, cast.staff)
    meeting = deliberation.meetings_ahead(session, staff)[0].id
    deliberation.open_meeting(session, staff, meeting)
    people = _councillors(session, actor, cast)
    for person in people[:7]:
        deliberation.tick_into_meeting(session, staff, meeting, person)
    mover, seconder, other = (act_as(session, actor, each) for each in people[2:5])
    items = deliberation.agenda(session, staff, meeting)
    for item, words in zip(items, (LIGHTS, BENCHES), strict=True):
        motion = deliberation.move_motion(session, mover, meeting, item.id, item.title, words)
        deliberation.second_motion(session, seconder, motion)
        if words == LIGHTS:
            change = deliberation.move_amendment(session, other, motion, "两盏路灯", "三盏路灯")
            deliberation.second_amendment(session, mover, motion, change)
            deliberation.count_amendment(session, staff, motion, change, 5, 1, 1)
        deliberation.count_motion(session, staff, motion, 6, 1, 0)
    said = ("大家同意位置，讨论了盏数，改为三盏。", "同意，要求扶手方便老人起身。")
    for item, notes in zip(items, said, strict=True):
        deliberation.write_notes(session, staff, meeting, item.id, notes)
    deliberation.close_meeting(session, staff, meeting)
    deliberation.keep_minutes(session, staff, meeting)


def post_decisions(session: Session, actor: Actor, cast: Cast) -> None:
    """Let both motions be decisions, each in somebody's charge, and post them."""
    staff = act_as(session, actor, cast.staff)
    people = _councillors(session, actor, cast)
    meeting = deliberation.meetings_past(session, staff)[0].id
    today = clock.today()
    for motion, owner, days in zip(
        deliberation.motions(session, staff, meeting), people[3:5], (30, 25), strict=True
    ):
        due = today + timedelta(days=days)
        review = due + timedelta(days=60)
        made = deliberation.make_decision(session, staff, motion.id, owner, due, review)
        deliberation.post_decision(session, staff, made)


def settle_decisions(session: Session, actor: Actor, cast: Cast) -> None:
    """Let both be final when their posting is over."""
    staff = act_as(session, actor, cast.staff)
    for each in deliberation.decisions(session, staff):
        deliberation.settle_decision(session, staff, each.id)


def finish_benches(session: Session, actor: Actor, cast: Cast) -> None:
    """Let the benches be done; the lights stay open and become late."""
    staff = act_as(session, actor, cast.staff)
    lights, benches = sorted(deliberation.decisions(session, staff), key=lambda each: each.id)
    owner = act_as(session, actor, benches.owner_id)
    deliberation.finish_decision(session, owner, benches.id, "四条长椅已装好，都带扶手。")
    owner = act_as(session, actor, lights.owner_id)
    deliberation.note_progress(session, owner, lights.id, 40, "已看过现场，物业在比价。")


def call_next(session: Session, actor: Actor, cast: Cast) -> None:
    """Call the next meeting, draft a clause, and begin a matter of 四议两公开."""
    staff = act_as(session, actor, cast.staff)
    body = _council(session, staff)
    starts_at = clock.at(clock.today() + timedelta(days=6), 19, 30)
    meeting = deliberation.plan_meeting(
        session, staff, body, "第 2 次例会", "社区活动室二楼", starts_at
    )
    words = "外卖电动车在人行道上开得太快。"
    deliberation.add_agenda_item(session, staff, meeting, "小区内电动车限速", words)
    deliberation.add_agenda_item(session, staff, meeting, "路灯为什么还没有装", "听负责人说明。")
    deliberation.call_meeting(session, staff, meeting)
    later = clock.at(clock.today() + timedelta(days=40), 19, 30)
    deliberation.plan_meeting(session, staff, body, "年终例会", "社区活动室二楼", later)
    rules = deliberation.bylaws(session, staff)[0]
    text = f"{RULES}\n\n{COUNT}"
    deliberation.draft_version(session, staff, rules.id, text, "写明谁来计票")
    words = "翻修小区主路 320 米，使用集体经营收益。"
    thresholds = deliberation.Thresholds()
    deliberation.begin_process(session, staff, "翻修小区主路", words, thresholds)


def _council(session: Session, staff: Actor) -> int:
    return deliberation.bodies(session, staff)[0].id


def _councillors(session: Session, actor: Actor, cast: Cast) -> list[int]:
    """Choose nine: those of the cast first, then leaders, the same at each call."""
    chosen = [cast.resident, *cast.leaders, cast.elder, cast.committee, cast.second_committee]
    living = [each for each in dict.fromkeys(chosen) if _is_there(session, actor, each)]
    return living[:9]


def _is_there(session: Session, actor: Actor, person_id: int) -> bool:
    return identity.is_member(session, actor.community_id, person_id)
