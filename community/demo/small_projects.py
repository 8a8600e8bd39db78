"""Micro-projects of the demo: one in the library with its money, the others on their way there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from community import micro_projects
from community.demo.cast import Cast, act_as
from community.demo.finished_project import finish_project
from community.demo.happenings import Happening
from community.demo.project_way import (
    ENDORSERS,
    Costs,
    approve_project,
    bring_idea,
    cost_idea,
    grant_quota,
    grown_ups,
    whole_way,
)
from community.demo.project_work import deliver_project
from community.demo.tenders_held import hold_tenders
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.micro_projects import IdeaDraft, ProjectCategory, ProjectKind

WORK = ProjectKind.WORKS
RAIL = IdeaDraft(
    "5 号楼楼道转角装扶手",
    "二层转角没有扶手，老人提菜上楼要扶墙，去年摔过一位。希望一到三层都装上，雨天也好抓。",
    WORK,
    ProjectCategory.ACCESS,
    place="5 号楼 1 单元一至三层",
)
SEATS = IdeaDraft(
    "中心花园凉亭换座椅",
    "木条断了好几根，下雨积水，老人没处坐。希望换成不积水的，再加两处靠背。",
    ProjectKind.GOODS,
    ProjectCategory.ELDERS,
    place="中心花园凉亭",
)
CLASSES = IdeaDraft(
    "放学后的四点半课堂",
    "双职工家庭接孩子晚，放学后没人看。希望一周三天有人带着写作业、做手工。",
    ProjectKind.SERVICE,
    ProjectCategory.CHILDREN,
    place="社区活动室",
)
READING = IdeaDraft(
    "课后托管和作业辅导",
    "四点放学，六点下班，中间孩子没人看。希望每周三次有老师带着写作业、做手工。",
    ProjectKind.SERVICE,
    ProjectCategory.CHILDREN,
    place="社区活动室",
)
LAMPS = IdeaDraft(
    "西门车棚加装感应灯",
    "晚上车棚里黑，找车看不清，也怕有人碰线。装感应灯省电又安全。",
    WORK,
    ProjectCategory.SAFETY,
    place="西门车棚",
)
CHAIRS = IdeaDraft(
    "一层大厅放两把折叠椅",
    "等电梯、等家人来接的时候想坐一坐。",
    ProjectKind.GOODS,
    ProjectCategory.ELDERS,
    place="2 号楼一层大厅",
)


RAIL_COSTS = Costs(
    (("不锈钢扶手 42 米", 6_720_00), ("安装人工", 1_500_00), ("防滑条", 380_00)),
    quotes=(("恒盛五金", 8_600_00), ("安顺装饰", 9_150_00)),
)
SEAT_COSTS = Costs((("防腐木座椅 6 组", 5_400_00), ("拆旧和安装", 900_00)), 1_000_00)
READING_COSTS = Costs(
    (("老师课时费 40 次", 5_600_00), ("材料", 800_00)),
    quotes=(("向阳社会工作服务中心", 6_400_00), ("晨光公益", 7_000_00)),
)
CLASS_COSTS = Costs(
    (("老师课时费 40 次", 6_400_00), ("材料", 1_600_00)),
    quotes=(("青禾社会工作服务中心", 8_000_00),),
)


def carry_projects(actor: Actor, cast: Cast, today: date) -> list[Happening]:
    """Give what happens to five ideas over six weeks, each act on its day."""
    found: dict[str, int] = {}

    def on(days_ago: int, hour: int = 9) -> datetime:
        return clock.at(today - timedelta(days=days_ago), hour)

    def then(days_ago: int, hour: int, act: partial[None]) -> Happening:
        return Happening(on(days_ago, hour), act)

    return [
        then(62, 9, partial(grant_quota, actor, today)),
        *whole_way(actor, cast, found, "rail", 44, RAIL, RAIL_COSTS),
        then(24, 11, partial(approve_project, actor, found, "rail", "031")),
        *deliver_project(actor, cast, found, today),
        *whole_way(actor, cast, found, "reading", 43, READING, READING_COSTS),
        then(23, 11, partial(approve_project, actor, found, "reading", "032")),
        *finish_project(actor, cast, today, found, "reading", 22),
        *whole_way(actor, cast, found, "seats", 14, SEATS, SEAT_COSTS)[:-1],
        then(1, 20, partial(_pledge, actor, cast, found)),
        then(6, 9, partial(bring_idea, actor, cast, found, "classes", CLASSES, ENDORSERS)),
        then(4, 15, partial(cost_idea, actor, cast, found, "classes", CLASS_COSTS)),
        then(3, 18, partial(bring_idea, actor, cast, found, "lamps", LAMPS, 6)),
        then(1, 10, partial(_write_down, actor, cast)),
        *hold_tenders(actor, cast, found, today),
    ]


def _pledge(actor: Actor, cast: Cast, found: dict[str, int]) -> None:
    with db.read() as session:
        people = [act_as(session, actor, each) for each in grown_ups(session, actor)[20:26]]
        people.append(act_as(session, actor, cast.resident))
    for place, each in enumerate(people):
        db.write(micro_projects.pledge_money, each, found["seats"], (50 + 20 * place) * 100)


def _write_down(actor: Actor, cast: Cast) -> None:
    with db.read() as session:
        staff = act_as(session, actor, cast.staff)
    origin = micro_projects.ProposalOrigin.PHONE
    db.write(micro_projects.record_project, staff, cast.elder, origin, CHAIRS)
