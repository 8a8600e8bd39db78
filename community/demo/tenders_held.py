"""Tenders of the demo: one awarded and objected to, one being marked, one taking sealed bids."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from community import micro_projects
from community.demo import bidders as firms
from community.demo import tender_steps as steps
from community.demo.bidders import register_bidders
from community.demo.cast import Cast
from community.demo.happenings import Happening
from community.demo.project_way import Costs, approve_project, grown_ups, whole_way
from community.demo.tender_steps import Tendering
from community.demo.venture_fund import support_ventures
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.micro_projects import (
    ComplaintGround,
    ComplaintVerdict,
    CriterionDraft,
    CriterionKind,
    IdeaDraft,
    ProjectCategory,
    ProjectKind,
    Quote,
    TenderDraft,
    TenderMethod,
)
from community.sealing import BoxLevel

MEALS = IdeaDraft(
    "给高龄老人中午送饭",
    "八十岁以上独居的有二十多位，中午不想开火，常常一碗面对付。希望每天中午有热饭送上门。",
    ProjectKind.SERVICE,
    ProjectCategory.ELDERS,
    place="全小区",
)
DRAIN = IdeaDraft(
    "3 号楼后面的排水沟翻修",
    "下大雨水漫到一楼门口，沟盖板碎了七八块，推轮椅过不去。希望翻修排水沟，换平的盖板。",
    ProjectKind.WORKS,
    ProjectCategory.SAFETY,
    place="3 号楼北侧",
)
VISITS = IdeaDraft(
    "独居老人每周上门看一看",
    "有的老人几天没人说话，摔了也没人知道。希望每周有人上门，量量血压，说说话。",
    ProjectKind.SERVICE,
    ProjectCategory.ELDERS,
    place="1 至 6 号楼",
)
BOARDS = IdeaDraft(
    "楼道公告栏换新的",
    "公告栏玻璃碎了，通知贴在墙上，风一吹就掉。希望换带锁、不反光的。",
    ProjectKind.GOODS,
    ProjectCategory.REPAIR,
    place="1 至 8 号楼一层大厅",
)
MEAL_COSTS = Costs(
    (("午餐和送餐 300 天 × 26 份", 117_000_00), ("保温箱", 3_000_00)),
    quotes=(("乐邻餐饮", 121_000_00), ("百味快餐", 119_500_00), ("康膳中心", 126_000_00)),
)
DRAIN_COSTS = Costs(
    (("开挖、砌沟 62 米", 96_000_00), ("盖板 124 块", 60_000_00)),
    quotes=(("恒盛五金", 158_000_00), ("大路市政", 156_000_00), ("平川工程队", 162_500_00)),
)
VISIT_COSTS = Costs(
    (("上门 46 周 × 38 户", 87_400_00), ("血压计和耗材", 8_600_00)),
    quotes=(("晨光公益", 96_000_00), ("乐龄社工站", 97_200_00), ("安心护理站", 99_000_00)),
)
BOARD_COSTS = Costs(
    (("带锁公告栏 8 块", 9_600_00), ("拆旧和安装", 1_600_00)),
    quotes=(("恒盛五金", 11_600_00), ("新艺广告", 11_200_00), ("四通标牌", 12_000_00)),
)
CRITERIA = (
    CriterionDraft(CriterionKind.PRICE, "价格", 30),
    CriterionDraft(CriterionKind.TECHNICAL, "实施方案", 45, "人员、时间安排、出问题怎么补救"),
    CriterionDraft(CriterionKind.BUSINESS, "做过的类似项目", 25, "三年内的合同或用户评价"),
)
MEAL_BIDS = (
    (firms.GOLDEN_EAR, 109_800_00, "自有厨房，十点半出餐，两辆保温车，每户十二点前送到。"),
    (firms.GREEN_SHOOTS, 112_500_00, "社工带志愿者送餐，顺便看老人状态，异常当天告诉家属。"),
    (firms.WARM_NEXT, 118_000_00, "护理员送餐，可喂饭，低盐低糖两种菜单。"),
    (firms.FOUR_SEASONS, 104_000_00, "团餐配送，每天四菜一汤，一次性餐盒。"),
    (firms.ONE_HEART, 66_000_00, "由社员轮流送，饭菜向附近饭店订。"),
)
MEAL_MARKS = {
    firms.GOLDEN_EAR.name: (41, 22),
    firms.GREEN_SHOOTS.name: (42, 20),
    firms.WARM_NEXT.name: (38, 21),
}
MEAL_REFUSED = {firms.FOUR_SEASONS.name: "没有交食品经营许可证，招标文件第三条要求必须有。"}
DRAIN_BIDS = (
    (firms.CLEAR_DRAIN, 148_600_00, "分三段施工，每段封路不超过两天，雨天有抽水泵。"),
    (firms.STEADY, 151_200_00, "预制沟体，现场只拼装，工期十五天。"),
    (firms.RAIN_BRIDGE, 146_000_00, "人工开挖，不动大树的根，盖板用防滑复合材料。"),
)
DRAIN_MARKS = {
    firms.CLEAR_DRAIN.name: (40, 22),
    firms.STEADY.name: (41, 21),
    firms.RAIN_BRIDGE.name: (38, 20),
}
VISIT_BIDS = (
    (firms.WARM_NEXT, 93_600_00, "两名护理员，每周一至周四上门。"),
    (firms.ONE_HEART, 91_000_00, "六名社员分片，每户每周四十分钟。"),
)
BOARD_QUOTES = (
    (firms.NEAR_TOOLS, 10_360_00, "铝合金框，钢化玻璃，保两年。"),
    (firms.BRIGHT_SIGN, 9_880_00, "铝合金框，防眩玻璃，保三年，一周到货。"),
    (firms.LAMP_BEARER, 11_200_00, "木框，有机玻璃。"),
)


def hold_tenders(actor: Actor, cast: Cast, found: dict[str, int], today: date) -> list[Happening]:
    """Give what happens to four approved projects, and to two calls of the venture fund."""
    job = Tendering(actor, cast, found)
    return [
        *_on_their_way(job, today),
        *_meals(job, today),
        *_drain(job, today),
        *_visits(job, today),
        _then(today, 8, 15, partial(_ask_prices, job)),
        *support_ventures(job, today),
    ]


def _then(today: date, days_ago: int, hour: int, act: partial[None]) -> Happening:
    return Happening(clock.at(today - timedelta(days=days_ago), hour), act)


def _on_their_way(job: Tendering, today: date) -> list[Happening]:
    """Bring the four ideas into the library, each with the street's slip."""
    happenings: list[Happening] = []
    ideas = (
        ("meals", 60, MEALS, MEAL_COSTS, "027"),
        ("drain", 47, DRAIN, DRAIN_COSTS, "029"),
        ("visits", 34, VISITS, VISIT_COSTS, "035"),
        ("boards", 33, BOARDS, BOARD_COSTS, "036"),
    )
    for name, begun, idea, costs, slip in ideas:
        happenings += whole_way(job.actor, job.cast, job.found, name, begun, idea, costs)
        approval = partial(approve_project, job.actor, job.found, name, slip)
        happenings.append(_then(today, begun - 20, 11, approval))
    return happenings


def _meals(job: Tendering, today: date) -> list[Happening]:
    """Go the whole way to an award: five bids, two of which fall, an objection, the end of it."""
    bidders = tuple(each for each, _, _ in MEAL_BIDS)
    draft = _draft(MEALS, 120_000_00, today, 38, 27)
    return [
        _then(today, 40, 14, partial(register_bidders, job.actor, job.cast, job.made, bidders)),
        _then(today, 40, 16, partial(_gather_pool, job)),
        _then(today, 39, 9, partial(steps.publish, job, "meals", draft)),
        _then(today, 35, 10, partial(_ask, job)),
        _then(today, 30, 10, partial(_bid, job, "meals", MEAL_BIDS)),
        _then(today, 26, 10, partial(steps.open_bids, job, "meals")),
        _then(today, 26, 14, partial(steps.judge, job, "meals", MEAL_REFUSED, *bidders)),
        _then(today, 25, 9, partial(_explain, job)),
        _then(today, 24, 9, partial(_decide_price, job)),
        _then(today, 24, 10, partial(steps.list_panel, job, "meals", _seed(today, 23))),
        _then(today, 23, 21, partial(steps.draw_panel, job, "meals")),
        _then(today, 21, 19, partial(steps.score, job, "meals", MEAL_MARKS, 5)),
        _then(today, 20, 10, partial(_notice, job)),
        _then(today, 18, 15, partial(_object, job)),
        _then(today, 15, 15, partial(_answer, job)),
        _then(today, 4, 10, partial(_finalize, job)),
    ]


def _drain(job: Tendering, today: date) -> list[Happening]:
    """Open encrypted bids with two of three keys; three of five members have signed."""
    bidders = tuple(each for each, _, _ in DRAIN_BIDS)
    keepers = (job.cast.staff, job.cast.committee, job.cast.second_committee)
    draft = _draft(DRAIN, 156_000_00, today, 25, 10, keepers)
    return [
        _then(today, 27, 15, partial(register_bidders, job.actor, job.cast, job.made, bidders)),
        _then(today, 26, 9, partial(steps.publish, job, "drain", draft)),
        _then(today, 12, 10, partial(_bid, job, "drain", DRAIN_BIDS)),
        _then(today, 9, 9, partial(steps.give_shares, job, "drain", keepers[:2])),
        _then(today, 9, 14, partial(steps.judge, job, "drain", {}, *bidders)),
        _then(today, 8, 10, partial(steps.list_panel, job, "drain", _seed(today, 7))),
        _then(today, 7, 21, partial(steps.draw_panel, job, "drain")),
        _then(today, 2, 19, partial(steps.score, job, "drain", DRAIN_MARKS, 3)),
    ]


def _visits(job: Tendering, today: date) -> list[Happening]:
    """Take encrypted bids; nobody can tell that there are two."""
    keepers = (job.cast.staff, job.cast.committee, job.cast.second_committee)
    draft = _draft(VISITS, 96_000_00, today, 9, -9, keepers)
    return [
        _then(today, 10, 9, partial(steps.publish, job, "visits", draft)),
        _then(today, 3, 16, partial(_bid, job, "visits", VISIT_BIDS)),
    ]


def _draft(
    idea: IdeaDraft,
    budget_fen: int,
    today: date,
    opens: int,
    ends: int,
    openers: tuple[int, ...] = (),
) -> TenderDraft:
    return TenderDraft(
        idea.title,
        f"{idea.need}\n地点：{idea.place}。按月结算，具体要求见评分项。",
        TenderMethod.NEGOTIATED,
        budget_fen,
        BoxLevel.L2 if openers else BoxLevel.L1,
        opens_at=clock.at(today - timedelta(days=opens), 9),
        deadline=clock.at(today - timedelta(days=ends), 17),
        criteria=CRITERIA,
        openers=openers,
        opener_threshold=2 if openers else 0,
    )


def _seed(today: date, days_ago: int) -> datetime:
    return clock.at(today - timedelta(days=days_ago), steps.SEED_HOUR)


def _gather_pool(job: Tendering) -> None:
    with db.read() as session:
        neighbours = [
            each
            for each in grown_ups(session, job.actor)
            if each not in {*job.cast.players, *job.made.values()}
        ]
    steps.fill_pool(job, (job.cast.resident, *neighbours[70:73]))


def _ask(job: Tendering) -> None:
    asked = "周末和节假日也要送吗？下雨停送算不算违约？"
    answer = "周末送，国家法定节假日不送。暴雨红色预警停送不算违约，次日补。"
    steps.ask_and_answer(job, "meals", firms.WARM_NEXT, asked, answer)


def _bid(job: Tendering, name: str, bids: tuple[tuple[firms.Bidder, int, str], ...]) -> None:
    for bidder, price_fen, plan in bids:
        steps.bid(job, name, bidder, price_fen, plan)


def _explain(job: Tendering) -> None:
    words = "社员轮流送，不另算工钱，所以便宜。"
    low = job.bid_id("meals", firms.ONE_HEART)
    db.write(micro_projects.explain_price, job.bidder(firms.ONE_HEART), low, words)


def _decide_price(job: Tendering) -> None:
    words = "报价里没有送餐的人工，三百天轮流送没有排班和替补，不能保证天天送到。"
    low = job.bid_id("meals", firms.ONE_HEART)
    db.write(micro_projects.decide_price, job.second, low, False, words)


def _notice(job: Tendering) -> None:
    tender = job.made["tender:meals"]
    job.made["award:meals"] = db.write(micro_projects.notice_award, job.staff, tender)


def _object(job: Tendering) -> None:
    words = "我们的实施方案分最高，总分只差一点，请核对价格分是怎么算的。"
    given = (job.made["award:meals"], ComplaintGround.SCORING, words)
    objector = job.bidder(firms.GREEN_SHOOTS)
    job.made["objection"] = db.write(micro_projects.object_to, objector, *given)


def _answer(job: Tendering) -> None:
    words = (
        "价格分 = 最低有效报价 109800 ÷ 112500 × 30 = 29.28 分，贵单位得 29.28 分，"
        "中选单位得 30.00 分，五张评分表都已公开，可以逐项核对。结果不变。"
    )
    verdict = ComplaintVerdict(is_upheld=False, answer=words)
    db.write(micro_projects.answer_complaint, job.second, job.made["objection"], verdict)


def _finalize(job: Tendering) -> None:
    db.write(micro_projects.finalize_due_awards, Actor.system(job.actor.community_id))


def _ask_prices(job: Tendering) -> None:
    sellers = tuple(each for each, _, _ in BOARD_QUOTES)
    register_bidders(job.actor, job.cast, job.made, sellers)
    quotes = tuple(
        Quote(job.made[f"firm:{each.name}"], price_fen, words)
        for each, price_fen, words in BOARD_QUOTES
    )
    db.write(micro_projects.award_by_quotes, job.staff, job.found["boards"], quotes)
