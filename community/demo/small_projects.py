"""Micro-projects of the demo: one in the library with its money, the others on their way there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from community import deliberation, identity, micro_projects
from community.demo.cast import Cast, act_as
from community.demo.finished_project import finish_project
from community.demo.happenings import Happening
from community.demo.papers import photograph_sheet
from community.demo.project_work import deliver_project
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.micro_projects import IdeaDraft, ProjectCategory, ProjectKind

YES, NO = ((1, 1),), ((2, 1),)
GROWN_UP = 25
ENDORSERS = 10
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


@dataclass(frozen=True, slots=True)
class Costs:
    """What a project's things cost, what residents give of it, and who quoted what."""

    lines: tuple[tuple[str, int], ...]
    cofunding_fen: int = 0
    quotes: tuple[tuple[str, int], ...] = ()


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
        then(48, 9, partial(_grant_quota, actor, today)),
        *_whole_way(actor, cast, found, "rail", 44, RAIL, RAIL_COSTS),
        then(24, 11, partial(_approve, actor, today, "拨 2026-031")),
        *deliver_project(actor, cast, found, today),
        *_whole_way(actor, cast, found, "reading", 43, READING, READING_COSTS),
        then(23, 11, partial(_approve, actor, today, "拨 2026-032")),
        *finish_project(actor, cast, today, found, "reading", 22),
        *_whole_way(actor, cast, found, "seats", 14, SEATS, SEAT_COSTS)[:-1],
        then(1, 20, partial(_pledge, actor, cast, found)),
        then(6, 9, partial(_bring, actor, cast, found, "classes", CLASSES, ENDORSERS)),
        then(4, 15, partial(_cost, actor, cast, found, "classes", CLASS_COSTS)),
        then(3, 18, partial(_bring, actor, cast, found, "lamps", LAMPS, 6)),
        then(1, 10, partial(_write_down, actor, cast)),
    ]


def _whole_way(
    actor: Actor, cast: Cast, found: dict[str, int], name: str, begun: int, idea: IdeaDraft,
    costs: Costs,
) -> list[Happening]:  # fmt: skip
    """Bring an idea, cost it, let the council vote, and close its notice."""
    steps = (
        (begun, 19, partial(_bring, actor, cast, found, name, idea, ENDORSERS)),
        (begun - 2, 10, partial(_cost, actor, cast, found, name, costs)),
        (begun - 2, 11, partial(_ask, actor, cast, found, name)),
        (begun - 4, 19, partial(_vote, actor, found, name)),
        (begun - 12, 9, partial(_decide, actor, found, name)),
        (begun - 19, 9, partial(_close_notice, actor)),
    )
    today = clock.today()
    return [
        Happening(clock.at(today - timedelta(days=max(days, 0)), hour), act)
        for days, hour, act in steps
    ]


def _grown_ups(session: Session, actor: Actor) -> list[int]:
    ids = identity.member_ids(session, actor.community_id)
    cards = identity.people(session, actor.community_id, ids)
    oldest = clock.today().year - GROWN_UP
    return [each for each in ids if (cards[each].birth_year or clock.today().year) < oldest]


def _street(session: Session, actor: Actor) -> Actor:
    person = identity.people_with_role(session, actor.community_id, Role.STREET)[0]
    return act_as(session, actor, person)


def _grant_quota(actor: Actor, today: date) -> None:
    with db.read() as session:
        street = _street(session, actor)
    db.write(micro_projects.set_quota, street, today.year, 300_000_00)


def _bring(
    actor: Actor, cast: Cast, found: dict[str, int], name: str, idea: IdeaDraft, endorsers: int
) -> None:
    with db.read() as session:
        people = [act_as(session, actor, each) for each in _grown_ups(session, actor)]
        staff = act_as(session, actor, cast.staff)
    begun = 5 * len(found) + 3
    photos = (photograph_sheet("现场", 3),) if name == "lamps" else ()
    made: int = db.write(micro_projects.propose_project, people[begun], idea, photos, True)
    found[name] = made
    db.write(micro_projects.accept_idea, staff, made)
    for each in people[begun + 1 : begun + endorsers]:
        db.write(micro_projects.endorse_project, each, made)


def _cost(actor: Actor, cast: Cast, found: dict[str, int], name: str, costs: Costs) -> None:
    with db.read() as session:
        staff = act_as(session, actor, cast.staff)
    for firm, amount in costs.quotes:
        db.write(micro_projects.add_quote, staff, found[name], firm, amount)
    given = (found[name], costs.lines, costs.cofunding_fen)
    db.write(micro_projects.cost_project, staff, *given)


def _ask(actor: Actor, cast: Cast, found: dict[str, int], name: str) -> None:
    with db.read() as session:
        staff = act_as(session, actor, cast.staff)
    db.write(micro_projects.ask_vote, staff, found[name])
    poll = _poll(actor, found, name)
    db.write(deliberation.post_roll, staff, poll.id)
    db.write(deliberation.freeze_poll, staff, poll.id)


def _vote(actor: Actor, found: dict[str, int], name: str) -> None:
    poll = _poll(actor, found, name)
    with db.read() as session:
        seated = deliberation.members_of_body(
            session, actor.community_id, poll.body_id or 0, clock.today()
        )
        voters = [act_as(session, actor, each) for each in seated]
    for place, voter in enumerate(voters):
        db.write(deliberation.cast_ballot, voter, poll.id, NO if place == 4 else YES)


def _decide(actor: Actor, found: dict[str, int], name: str) -> None:
    poll = _poll(actor, found, name)
    system = Actor.system(actor.community_id)
    if poll.closed_at is None:
        db.write(deliberation.close_poll, system, poll.id)
    db.write(deliberation.decide_poll, system, poll.id)


def _close_notice(actor: Actor) -> None:
    db.write(micro_projects.close_due_notices, Actor.system(actor.community_id))


def _approve(actor: Actor, today: date, number: str) -> None:
    with db.read() as session:
        street = _street(session, actor)
        review = micro_projects.open_reviews(session, actor.community_id)[0]
    given = (review.id, micro_projects.ReviewOutcome.APPROVED, "情况属实，费用合理。")
    db.write(micro_projects.answer_review, street, *given)
    paper = photograph_sheet("拨付单", 4)
    slip = (review.project_id, number, review.budget_fen, clock.today(), paper)
    db.write(micro_projects.grant_slip, street, *slip)


def _pledge(actor: Actor, cast: Cast, found: dict[str, int]) -> None:
    with db.read() as session:
        people = [act_as(session, actor, each) for each in _grown_ups(session, actor)[20:26]]
        people.append(act_as(session, actor, cast.resident))
    for place, each in enumerate(people):
        db.write(micro_projects.pledge_money, each, found["seats"], (50 + 20 * place) * 100)


def _write_down(actor: Actor, cast: Cast) -> None:
    with db.read() as session:
        staff = act_as(session, actor, cast.staff)
    origin = micro_projects.ProposalOrigin.PHONE
    db.write(micro_projects.record_project, staff, cast.elder, origin, CHAIRS)


def _poll(actor: Actor, found: dict[str, int], name: str) -> deliberation.PollView:
    subject = micro_projects.subject_of(found[name])
    with db.read() as session:
        poll = deliberation.find_poll_for(session, actor.community_id, subject)
    assert poll is not None, "the flow drafts it when a vote is asked for"
    return poll
