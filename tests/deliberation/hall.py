"""A hall of twenty projects and those who vote on them, for budgets in tests and stories."""

from __future__ import annotations

import random

from community import deliberation
from community.deliberation import OptionDraft, PollKind, Secrecy
from community.deliberation.rules.polls import Pairs
from community.kernel import db
from tests.deliberation.voting import Street, during, entries_of, frozen

BUDGET_FEN = 200_000_00
PROJECTS: tuple[tuple[str, int], ...] = (
    ("东门加装无障碍坡道", 38_000),
    ("三号楼前补种桂花树", 12_600),
    ("儿童游乐场换软垫", 45_800),
    ("地下车库加声控灯", 22_000),
    ("中心花园长廊修缮", 66_000),
    ("晾衣架更换", 9_800),
    ("老年活动室添空调", 15_200),
    ("电动车充电棚", 54_000),
    ("垃圾房除臭", 18_500),
    ("楼道扶手加装", 33_300),
    ("健身步道划线", 7_600),
    ("公共菜园", 11_000),
    ("快递柜遮雨棚", 13_900),
    ("围墙彩绘", 8_800),
    ("阅览角图书更新", 5_500),
    ("羽毛球场翻新", 72_000),
    ("宠物便便箱", 2_400),
    ("夏夜露天电影", 6_900),
    ("楼栋公告栏", 10_500),
    ("监控补点", 41_000),
)
SETTINGS = {"budget": BUDGET_FEN, "completion": "add1u", "least_votes": 2}


def projects() -> tuple[OptionDraft, ...]:
    return tuple(OptionDraft(title, "", yuan * 100) for title, yuan in PROJECTS)


def make_hall(street: Street, **settings: int | str | bool) -> int:
    """Freeze a vote on the twenty projects."""
    return frozen(
        street,
        kind=PollKind.BUDGET,
        title="2027 年公共预算",
        text="二十个项目，二十万元，请您来定。",
        options=projects(),
        secrecy=Secrecy.SECRET,
        settings={**SETTINGS, **settings},
    )


def wishes(person: int) -> Pairs:
    """Tell what a person of the hall wants; nobody wants the last project."""
    chance = random.Random(person)
    last = len(PROJECTS) - 1
    wanted = {1 + min(chance.randrange(last), chance.randrange(last)) for _ in range(5)}
    return tuple((number, 1) for number in sorted(wanted))


def vote_all(street: Street, poll_id: int, first: int = 0) -> None:
    """Let everybody from a place on cast what they want."""
    entries = entries_of(street, poll_id)
    assert len(entries) == len(street.people)
    with during(street, poll_id):
        for place in range(first, len(street.people)):
            db.write(deliberation.cast_ballot, street.voter(place), poll_id, wishes(place))
