"""The demo's conversation about the yard, with its map, and a panel drawn by lot about parking."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import partial

from sqlalchemy.orm import Session

from community import deliberation, identity
from community.demo.cast import Cast, act_as
from community.demo.happenings import Happening
from community.kernel import clock, db
from community.kernel.actor import Actor

PEOPLE = 62
SEATS = 12
# What is said, and how the three camps lean: parents, older residents, car owners.
VIEWPOINTS: tuple[tuple[str, tuple[int, int, int]], ...] = (
    ("每季度在单元门口公布一次停车收入", (1, 1, 1)),
    ("楼道和消防通道一律不准停电动车", (1, 1, 1)),
    ("北门晚上十一点以后关闭，只留南门", (1, 1, 0)),
    ("地面车位按先来先停，不划固定车位", (-1, 0, -1)),
    ("中间那块草地改成儿童活动场", (1, -1, -1)),
    ("草地留着，摆几张有靠背的长椅", (0, 1, -1)),
    ("草地边上加划八个停车位", (-1, -1, 1)),
    ("广场舞每天最晚跳到八点半", (1, -1, 0)),
    ("外来车辆每小时收五元", (0, 1, 1)),
    ("第二辆车的月租加倍", (1, 1, -1)),
    ("充电桩先装在地下，不装在楼下", (1, 1, 1)),
    ("快递柜挪到南门，楼下不再放", (-1, -1, 1)),
    ("遛狗不牵绳的，物业可以劝离", (1, 1, 0)),
    ("院里限速每小时五公里", (1, 1, 1)),
    ("用公共收益请一名夜间巡逻", (0, 1, -1)),
)
SAID = "给送奶送报的留一个临时车位"
SAID_TOO = "5 号楼 301 家总乱停车"
AGES = (("18-34", 1, 4), ("35-49", 2, 4), ("50-64", 2, 4), ("65-74", 1, 4), ("75+", 0, 3))


def hold_round_tables(actor: Actor, cast: Cast, today: date) -> list[Happening]:
    """Let residents answer for a week, and draw a panel whose seats fill up."""
    opened = clock.at(today - timedelta(days=9), 10)
    listed = clock.at(today - timedelta(days=24), 10)
    made: list[int] = []

    def plan_panel() -> None:
        made.append(db.write(publish_panel, actor, cast))

    def draw() -> None:
        db.write(draw_seats, actor, cast, made[0])

    return [
        Happening(listed, plan_panel),
        Happening(listed + timedelta(days=10), draw),
        Happening(opened, partial(db.write, ask_about_the_yard, actor, cast, today)),
    ]


def ask_about_the_yard(session: Session, actor: Actor, cast: Cast, today: date) -> None:
    """Open the conversation, let many answer, one speak up, and draw the map."""
    staff = act_as(session, actor, cast.staff)
    draft = deliberation.ConversationDraft(
        title="院子怎么分",
        text="中间的草地、车位和夜里的安静，大家想法不一样。先一句一句听，再请圆桌谈。",
        closes_at=clock.at(today + timedelta(days=12), 20),
        viewpoints=tuple(text for text, _ in VIEWPOINTS),
        sets_same_aside=True,
    )
    conversation = deliberation.open_conversation(session, staff, draft)
    dice = random.Random(62)  # noqa: S311  an invention, the same each time
    people = [one for one in _residents(session, actor) if one not in cast.players]
    for number, person_id in enumerate(dice.sample(people, PEOPLE)):
        _answer(session, actor, conversation, person_id, dice, number % 7 // 3)
    speaker = act_as(session, actor, people[0])
    shown = deliberation.propose_viewpoint(session, speaker, conversation, SAID)
    deliberation.decide_viewpoint(session, staff, shown, deliberation.ViewpointState.SHOWN)
    other = act_as(session, actor, people[1])
    deliberation.propose_viewpoint(session, other, conversation, SAID_TOO)
    deliberation.draw_map_now(session, Actor.system(actor.community_id), conversation)


def _residents(session: Session, actor: Actor) -> list[int]:
    cards = identity.people(
        session, actor.community_id, identity.member_ids(session, actor.community_id)
    )
    return [one.id for one in cards.values() if not one.is_minor and one.household_id]


def _answer(
    session: Session,
    actor: Actor,
    conversation: int,
    person_id: int,
    dice: random.Random,
    camp: int,
) -> None:
    person = act_as(session, actor, person_id)
    leanings = {text: leaning[camp] for text, leaning in VIEWPOINTS}
    answers = {1: deliberation.Stance.AGREE, -1: deliberation.Stance.DISAGREE}
    for one in deliberation.own_answers(session, person, conversation):
        if dice.random() < 0.12:
            continue
        leaning = leanings[one.text] if dice.random() < 0.85 else dice.choice((-1, 0, 1))
        stance = answers.get(leaning, deliberation.Stance.PASS)
        deliberation.answer_viewpoint(session, person, one.id, stance)


def publish_panel(session: Session, actor: Actor, cast: Cast) -> int:
    """Draft a panel and publish its list; the seed is a checkpoint two days later."""
    staff = act_as(session, actor, cast.staff)
    quotas = tuple(deliberation.Quota(0, band, least, most) for band, least, most in AGES)
    draft = deliberation.PanelDraft(
        title="停车圆桌",
        purpose="谈三次，拿出地面车位的分法，交业主大会表决。",
        seats=SEATS,
        quotas=quotas,
    )
    panel = deliberation.draft_panel(session, staff, draft)
    seed_at = clock.now() + timedelta(days=2)
    plan = deliberation.SeedPlan(deliberation.SeedSource.CHECKPOINT, seed_at)
    deliberation.publish_candidates(session, staff, panel, plan)
    return panel


def draw_seats(session: Session, actor: Actor, cast: Cast, panel: int) -> None:
    """Draw, let most accept and two decline, and invite the next."""
    staff = act_as(session, actor, cast.staff)
    deliberation.run_draw(session, staff, panel)
    for one in deliberation.get_panel(session, staff, panel).invitations:
        if one.number not in {3, 8, 11}:
            deliberation.note_answer(session, staff, one.id, True)
        elif one.number != 11:
            deliberation.note_answer(session, staff, one.id, False)
    deliberation.invite_next(session, staff, panel)
