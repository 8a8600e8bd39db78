"""The demo's reward budget, shops and catalogue, some redemptions, a notice and a few needs."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from community import notices, rewards, volunteering
from community.demo.cast import Cast, act_as
from community.demo.counter import has_points
from community.kernel import clock
from community.kernel.actor import Actor

# Title, category, points, cost in fen, stock.
ITEMS = (
    ("洗衣液 2 千克", "生活用品", 30, 1_590, 60),
    ("抽纸一提 10 包", "生活用品", 25, 1_290, 80),
    ("鸡蛋 30 枚", "食品", 45, 2_380, 40),
    ("理发一次", "便民服务", 40, 2_000, 30),
    ("血压计（家用）", "健康", 260, 13_900, 3),
    ("社区食堂午餐券", "食品", 20, 1_200, 100),
)


def open_shop(session: Session, actor: Actor, cast: Cast, last_year: int) -> tuple[int, ...]:
    """Fund the budget of each year, take in the shop and list its items."""
    payer = rewards.add_payer(session, actor, "梧桐街道办事处")
    for year in range(clock.today().year, last_year + 1):
        rewards.fund_budget(session, actor, payer, year, 3_000_000, f"梧街财〔{year}〕12 号")
    merchant = rewards.add_merchant(
        session,
        actor,
        cast.shop,
        rewards.MerchantDraft("便民超市", "东门内 1 号商铺", "每天 8:00–20:00"),
    )
    made = []
    for title, category, points, cost_fen, stock in ITEMS:
        draft = rewards.ItemDraft(merchant, title, category, points, cost_fen, clock.today())
        item_id = rewards.add_item(session, actor, draft)
        rewards.change_stock(session, actor, item_id, stock, "首次进货")
        rewards.list_item(session, actor, item_id, rewards.ItemState.LISTED)
        made.append(item_id)
    return tuple(made)


def redeem_one(session: Session, actor: Actor, cast: Cast, items: tuple[int, ...]) -> None:
    """Let the resident redeem something that waits at the shop."""
    if has_points(session, actor, cast.resident, ITEMS[5][2]):
        rewards.redeem(session, act_as(session, actor, cast.resident), items[5])


def tell_neighbours(session: Session, actor: Actor, cast: Cast) -> None:
    """Publish a notice and put in needs of the time bank."""
    now = clock.now()
    staff = act_as(session, actor, cast.staff)
    notices.publish_notice(
        session,
        staff,
        notices.NoticeDraft(
            title="2 号楼电梯年检暂停使用",
            body=(
                "年检期间 2 号楼一部电梯轮流停用，请错峰出行。"
                "行动不便的居民可拨打服务台，由志愿者上门送物。"
            ),
            kind=notices.NoticeKind.GENERAL,
            opens_at=now,
            closes_at=now + timedelta(days=7),
            contact="社区服务台",
        ),
    )
    for days, hour, kind, words in (
        (1, 11, volunteering.ServiceKind.MEAL, "每天中午帮取一份午餐，少盐"),
        (1, 14, volunteering.ServiceKind.ELDER_CARE, "陪同去医院取药，约一个半小时"),
        (2, 10, volunteering.ServiceKind.REPAIR, "厨房灯不亮，想请人看看"),
    ):
        draft = volunteering.NeedDraft(
            receiver_id=cast.elder,
            kind=kind,
            words=words,
            place="家中",
            starts_at=clock.at(clock.today() + timedelta(days=days), hour),
            minutes=90,
        )
        volunteering.open_need(session, staff, draft)


def praise(session: Session, actor: Actor, cast: Cast) -> None:
    """Award a good deed, and propose one that waits for a second person."""
    staff = act_as(session, actor, cast.staff)
    leader = act_as(session, actor, cast.leaders[0])
    volunteering.propose_deed(
        session,
        staff,
        cast.resident,
        volunteering.DeedKind.MEDIATION,
        clock.today() - timedelta(days=3),
        25,
        "调解邻里停车纠纷",
    )
    # Above the limit of one person: it stays on the desk until a second one decides.
    volunteering.propose_deed(
        session,
        leader,
        cast.leaders[1],
        volunteering.DeedKind.RESCUE,
        clock.today() - timedelta(days=2),
        80,
        "楼道起火苗时及时扑灭，并逐户敲门提醒",
    )
