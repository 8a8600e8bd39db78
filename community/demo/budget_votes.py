"""Two public budgets: last season's, decided, and this season's, which residents vote on now."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import partial

from sqlalchemy.orm import Session

from community import deliberation, identity
from community.deliberation import OptionDraft, PollDraft, PollKind, RollKind, Secrecy
from community.demo.cast import WHOLE_ROLL, Cast, act_as
from community.demo.happenings import Happening
from community.kernel import clock, db
from community.kernel.actor import Actor

VOTERS = 90
GROWN_UP = 25
MONEY = 80_000_00
SETTINGS: dict[str, int | str | bool] = {
    "budget": MONEY,
    "completion": "add1u",
    "most_projects": 5,
    "least_votes": 3,
}
LAST = (
    ("三号楼东侧加装路灯", "两盏，太阳能，晚上台阶看得清。", 12_600),
    ("西门无障碍坡道翻修", "坡度改缓，加扶手。", 21_800),
    ("中心花园补种桂花", "十二棵，三年养护。", 9_400),
    ("儿童沙坑换沙加盖", "每月翻晒一次。", 6_300),
    ("老年活动室添两台空调", "", 13_200),
    ("楼道扶手加装", "一到五号楼，先装没有电梯的单元。", 27_500),
    ("快递柜遮雨棚", "", 7_900),
    ("地下车库反光镜", "", 2_400),
    ("围墙彩绘", "请小区的孩子一起画。", 8_800),
    ("夏夜露天电影", "七月八月，每周六。", 5_600),
)
NOW = (
    ("车棚增设充电口", "二十个，带断电保护。", 24_600),
    ("东门口减速带", "", 3_200),
    ("公共晾衣架更换", "六处，不锈钢。", 9_800),
    ("阅览角添书", "由大家开书单。", 5_000),
    ("健身步道划线", "", 7_600),
    ("宠物便便箱", "四处。", 2_400),
    ("垃圾房除臭换气", "", 15_500),
    ("羽毛球场翻新", "", 36_000),
)


def vote_on_budgets(actor: Actor, cast: Cast, today: date) -> list[Happening]:
    """Arrange both votes; the second is still open."""
    last, now = today - timedelta(days=40), today - timedelta(days=3)
    titles = [f"{day.month} 月公共预算" for day in (last, now)]
    found: dict[str, int] = {}
    return [
        Happening(clock.at(last, 9), partial(_ask, actor, cast, found, titles[0], LAST)),
        Happening(clock.at(last + timedelta(days=4), 20), partial(_vote, actor, cast, found, 10)),
        Happening(clock.at(last + timedelta(days=11), 9), partial(_decide, actor, cast, found)),
        Happening(clock.at(now, 9), partial(_ask, actor, cast, found, titles[1], NOW)),
    ]


def _ask(
    actor: Actor,
    cast: Cast,
    found: dict[str, int],
    title: str,
    projects: tuple[tuple[str, str, int], ...],
) -> None:
    opens_at = clock.now() + timedelta(days=1)
    draft = PollDraft(
        kind=PollKind.BUDGET,
        title=title,
        text="八万元公共收益，由大家决定花在哪里。每人最多选五个项目。",
        options=tuple(OptionDraft(name, text, yuan * 100) for name, text, yuan in projects),
        roll_kind=RollKind.ADULTS,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=9),
        settings=SETTINGS,
        secrecy=Secrecy.SECRET,
    )
    found["poll"] = db.write(_put_to_vote, actor, cast.committee, draft)


def _put_to_vote(session: Session, actor: Actor, convener_id: int, draft: PollDraft) -> int:
    convener = act_as(session, actor, convener_id)
    poll_id = deliberation.draft_poll(session, convener, draft)
    deliberation.post_roll(session, convener, poll_id, WHOLE_ROLL)
    deliberation.freeze_poll(session, convener, poll_id, "未联系上的住户可到社区补登", WHOLE_ROLL)
    return poll_id


def _vote(actor: Actor, cast: Cast, found: dict[str, int], projects: int) -> None:
    with db.read() as session:
        voters = [act_as(session, actor, each) for each in _grown_ups(session, actor)]
    for place, voter in enumerate(voters):
        chance = random.Random(place)  # noqa: S311  the same wishes every time
        wanted = {1 + min(chance.randrange(projects), chance.randrange(projects)) for _ in range(4)}
        pairs = tuple((number, 1) for number in sorted(wanted))
        db.write(deliberation.cast_ballot, voter, found["poll"], pairs)


def _grown_ups(session: Session, actor: Actor) -> list[int]:
    ids = identity.member_ids(session, actor.community_id)
    cards = identity.people(session, actor.community_id, ids)
    oldest = clock.today().year - GROWN_UP
    grown = [each for each in ids if (cards[each].birth_year or clock.today().year) < oldest]
    return grown[:VOTERS]


def _decide(actor: Actor, cast: Cast, found: dict[str, int]) -> None:
    with db.read() as session:
        convener = act_as(session, actor, cast.committee)
        poll = deliberation.get_poll(session, actor.community_id, found["poll"])
    # The fund's jobs, run on the first of a month, also close and decide what is due.
    if poll.closed_at is None:
        db.write(deliberation.close_poll, Actor.system(actor.community_id), poll.id)
    if poll.decided_at is None:
        db.write(deliberation.decide_poll, convener, poll.id)
