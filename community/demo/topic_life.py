"""What residents brought up: answered, promised, overdue, endorsed, argued, flagged, merged."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import Session

from community import deliberation, identity
from community.deliberation import (
    ArgumentSide,
    FlagReason,
    TopicCategory,
    TopicDraft,
    TopicOrigin,
    TopicOutcome,
)
from community.demo.cast import Cast, act_as
from community.kernel import clock
from community.kernel.actor import Actor

THRESHOLD = 20
GROWN_UP = 25


@dataclass(frozen=True, slots=True)
class Brought:
    """A topic, how many days ago and by which of the people it came, and who stood behind it."""

    draft: TopicDraft
    days_ago: int
    author: int
    endorsers: int = 0
    arguments: tuple[tuple[ArgumentSide, str], ...] = field(default=())


LAMP = Brought(
    TopicDraft(
        "3 号楼前的路灯不亮",
        "连着一个星期晚上都是黑的，老人下楼看不清台阶，请尽快修。",
        TopicCategory.REPAIR,
        place="3 号楼东侧台阶旁",
    ),
    40, 1, 6,
)  # fmt: skip
CHARGING = Brought(
    TopicDraft(
        "建议增设电瓶车充电桩",
        "现在充电的人多，常有人从楼上拉线下来充电，很危险。希望在车棚里多装几个充电口，费用怎么收也请一起商量。",
        TopicCategory.SAFETY,
        place="西门车棚",
    ),
    26, 2, 23,
    (
        (ArgumentSide.FOR, "拉线充电出过事，集中充电安全得多。"),
        (ArgumentSide.FOR, "西门车棚晚上空着一半，正好用上，不用另外占地。"),
        (ArgumentSide.AGAINST, "车棚离窗户太近，半夜充电起火烟会往楼上走，要先请消防看看位置。"),
        (ArgumentSide.AGAINST, "装桩的钱从哪里出要先说清楚，不能动维修资金。"),
    ),
)  # fmt: skip
NOISE = Brought(
    TopicDraft(
        "晚上九点以后广场舞音响太大",
        "孩子要写作业，老人要早睡，希望约定时间和音量。",
        TopicCategory.NOISE,
        place="中心花园",
    ),
    16, 3, 11,
    (
        (ArgumentSide.FOR, "九点前跳大家都能理解，九点后请关掉音响。"),
        (ArgumentSide.AGAINST, "夏天白天太热，只有晚上能活动，改到离楼远的地方跳行不行。"),
    ),
)  # fmt: skip
DANCE = Brought(
    TopicDraft("跳舞的音响扰民", "中心花园天天跳到很晚，关窗也听得见。", TopicCategory.NOISE),
    9, 4, 3,
)  # fmt: skip
CANTEEN = Brought(
    TopicDraft(
        "想在社区办一个老年食堂",
        "很多老人中午一个人吃，希望能有热乎、软一点、少盐的饭，哪怕一周三天也好。",
        TopicCategory.ELDERS,
    ),
    6, 5, 14,
)  # fmt: skip
ACCOUNTS = Brought(
    TopicDraft(
        "电梯广告的收入用在哪里了",
        "电梯里一直有广告，请公布一年收了多少、用在哪里。",
        TopicCategory.MONEY,
    ),
    2, 6, 4,
)  # fmt: skip
ALL = (LAMP, CHARGING, NOISE, DANCE, CANTEEN, ACCOUNTS)


def bring_topics(session: Session, actor: Actor, cast: Cast, today: date) -> None:
    """Let residents bring topics up over six weeks, and the offices do their part of it."""
    staff = act_as(session, actor, cast.staff)
    begun = today - timedelta(days=60)
    with clock.fixed(clock.at(begun, 9)):
        deliberation.set_topic_rules(session, staff, THRESHOLD, 5, 5, 7, 7)
    people = _grown_ups(session, actor, cast)
    draft = TopicDraft(
        "快递柜不够用，包裹放地上", "下雨天包裹都湿了，希望再加一组柜子。", TopicCategory.OTHER
    )
    deliberation.keep_draft(session, act_as(session, actor, cast.resident), draft)
    made: dict[str, int] = {}
    for each in ALL:
        made[each.draft.title] = _bring(session, actor, cast, each, people, today)
    _answer(session, actor, cast, made, today)
    _bring_for_elder(session, actor, cast, today)
    _moderate(session, actor, cast, people, made[CHARGING.draft.title], today)
    later = act_as(session, actor, people[NOISE.author])
    with clock.fixed(clock.at(today - timedelta(days=3), 19)):
        reason = "说的是同一件事，附议合在一起算"
        dance, noise = made[DANCE.draft.title], made[NOISE.draft.title]
        deliberation.propose_merge(session, later, dance, noise, reason)


def _grown_ups(session: Session, actor: Actor, cast: Cast) -> tuple[int, ...]:
    """Give ordinary residents of age; the first plays the resident one signs in as."""
    ids = identity.member_ids(session, actor.community_id)
    cards = identity.people(session, actor.community_id, ids)
    oldest = clock.today().year - GROWN_UP
    others = [
        each
        for each in ids
        if each not in cast.players and (cards[each].birth_year or clock.today().year) < oldest
    ]
    return (cast.resident, *others[:60])


def _bring(
    session: Session,
    actor: Actor,
    cast: Cast,
    brought: Brought,
    people: tuple[int, ...],
    today: date,
) -> int:
    day = today - timedelta(days=brought.days_ago)
    author = act_as(session, actor, people[0 if brought is CHARGING else brought.author])
    with clock.fixed(clock.at(day, 18, brought.author)):
        draft = deliberation.keep_draft(session, author, brought.draft)
        made = deliberation.raise_topic(session, author, draft)
    for place, person in enumerate(people[7 : 7 + brought.endorsers]):
        with clock.fixed(clock.at(day + timedelta(days=1 + place // 12), 9 + place % 12)):
            deliberation.endorse_topic(session, act_as(session, actor, person), made)
    for place, (side, words) in enumerate(brought.arguments):
        with clock.fixed(clock.at(day + timedelta(days=3), 10 + place)):
            speaker = act_as(session, actor, people[40 + place])
            argument = deliberation.argue(session, speaker, made, side, words)
            for voter in range(5 - place):
                judge = act_as(session, actor, people[50 + voter])
                deliberation.mark_useful(session, judge, argument, voter != 3)
            if place == 0:
                reply = act_as(session, actor, people[30])
                deliberation.reply(session, reply, argument, "同意，我们楼上个月就跳过一次闸。")
    return made


def _answer(session: Session, actor: Actor, cast: Cast, made: dict[str, int], today: date) -> None:
    firm = act_as(session, actor, cast.firm)
    staff = act_as(session, actor, cast.staff)
    lamp, charging = made[LAMP.draft.title], made[CHARGING.draft.title]
    with clock.fixed(clock.at(today - timedelta(days=36), 10)):
        words = "已报修，配件在路上，装好后再告诉大家。"
        promised = today - timedelta(days=30)
        deliberation.answer_topic(session, firm, lamp, TopicOutcome.WILL_DO, words, promised)
    with clock.fixed(clock.at(today - timedelta(days=31), 16)):
        words = "三盏灯都换了新的，今晚起正常亮。"
        deliberation.answer_topic(session, firm, lamp, TopicOutcome.DONE, words)
    with clock.fixed(clock.at(today - timedelta(days=22), 11)):
        words = "位置和费用需要大家一起定，已请议事会讨论，物业会把三家报价带到会上。"
        deliberation.answer_topic(session, firm, charging, TopicOutcome.EXPLAINED, words)
    with clock.fixed(clock.at(today - timedelta(days=12), 15)):
        words = "已和舞蹈队约定晚上八点半结束，下周起社区派人看两周，到时再告诉大家结果。"
        noise, until = made[NOISE.draft.title], today + timedelta(days=5)
        deliberation.answer_topic(session, staff, noise, TopicOutcome.WILL_DO, words, until)


def _bring_for_elder(session: Session, actor: Actor, cast: Cast, today: date) -> None:
    """Let the desk write down an older resident's paper, whose answer is late by now."""
    staff = act_as(session, actor, cast.staff)
    draft = TopicDraft(
        "单元门口的台阶想加一段扶手",
        "腿脚不好，下雨天台阶滑，希望两边装扶手，最好再修一个坡。",
        TopicCategory.REPAIR,
        place="单元门口",
    )
    with clock.fixed(clock.at(today - timedelta(days=14), 9, 30)):
        origin = TopicOrigin.PAPER
        kept = deliberation.record_topic(session, staff, cast.elder, origin, draft)
        deliberation.raise_topic(session, staff, kept)


def _moderate(
    session: Session,
    actor: Actor,
    cast: Cast,
    people: tuple[int, ...],
    topic_id: int,
    today: date,
) -> None:
    """Leave a hidden reply whose author appeals, and a flag to look at."""
    staff = act_as(session, actor, cast.staff)
    rude, critic = act_as(session, actor, people[45]), act_as(session, actor, people[46])
    with clock.fixed(clock.at(today - timedelta(days=4), 20)):
        side, words = ArgumentSide.AGAINST, "提这个的人就是想占便宜，脑子有问题。"
        argument = deliberation.argue(session, rude, topic_id, side, words)
        deliberation.flag(session, critic, topic_id, FlagReason.INSULT, "骂人", argument)
    with clock.fixed(clock.at(today - timedelta(days=3), 9)):
        why = "请就事论事，不评价提出的人。去掉这句可以重新发。"
        act = deliberation.hide(session, staff, topic_id, FlagReason.INSULT, why, argument)
    with clock.fixed(clock.at(today - timedelta(days=2), 12)):
        deliberation.appeal_hiding(session, rude, act, "我说的是气话，但反对的意思是真的。")
    with clock.fixed(clock.at(today - timedelta(days=1), 21)):
        side, words = ArgumentSide.FOR, "我表弟卖充电桩，便宜，要的加我微信。"
        advert = deliberation.argue(session, critic, topic_id, side, words)
        deliberation.flag(session, rude, topic_id, FlagReason.SPAM, "打广告", advert)
