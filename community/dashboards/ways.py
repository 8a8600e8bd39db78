"""Ways on from a page: links into rooms, shown when the room is there and the reader may go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, url_for
from flask_babel import gettext

from community.kernel.errors import N_
from community.web.access import PUBLIC, SIGNED_IN, access_of


@dataclass(frozen=True, slots=True)
class Way:
    """A link by its endpoint, before it is known whether this reader may go there."""

    endpoint: str
    icon: str
    title: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link this reader may follow."""

    endpoint: str
    url: str
    icon: str
    title: str
    sub: str


MY_CODE = Way("volunteering.my_code", "qr-code", N_("我的码"))
SCAN = Way("dashboards.scan", "scan-line", N_("扫一扫"))

STATEMENTS = (
    Way("volunteering.my_points", "coins", N_("我的积分"), N_("期初、每一笔、期末，快到期的")),
    Way("volunteering.my_coins", "hourglass", N_("我的时间币"), N_("服务得来，可用、可赠、可捐")),
    Way("volunteering.my_hours", "clock", N_("我的志愿时长"), N_("每一次服务，有误可以提出")),
    Way("volunteering.my_records", "file-text", N_("志愿服务记录"), N_("免费开具，任何人可查验")),
    Way("volunteering.my_household", "house", N_("全家积分"), N_("谁得的、谁用的，合在一起花")),
    Way("rewards.mine", "ticket", N_("我的兑换"), N_("取货码、已取的、已取消的")),
    Way("rewards.my_honours", "award", N_("我的荣誉")),
)
DOING = (
    Way("volunteering.my_shifts", "calendar-check", N_("我的班次"), N_("报了名的、等候的")),
    Way("volunteering.lead", "flag", N_("我负责的班次"), N_("名单、扫码、确认时长")),
    Way("volunteering.bin_stations", "recycle", N_("垃圾分类投放点"), N_("扫住户卡，记对错")),
    Way("rewards.shop", "store", N_("本店核销"), N_("扫兑换码，看本店账目")),
    Way(
        "volunteering.time_bank_home", "heart-handshake", N_("时间银行"), N_("求助和帮忙，近的在前")
    ),
    Way("rewards.catalogue", "gift", N_("积分兑换"), N_("看看积分能换什么")),
    Way("notices.notices", "megaphone", N_("公示"), N_("公示中的、已结束的")),
    Way("rewards.honour_board", "medal", N_("荣誉榜")),
    Way("micro_projects.projects", "hammer", N_("民生微实事"), N_("提建议，看进展，看钱花在哪里")),
    Way("sealing.about", "lock", N_("密封提交与开启"), N_("标书怎么保密，由谁开启")),
    Way("trust_property.public_funds", "landmark", N_("公开账目"), N_("物业资金的每一笔和凭证")),
    Way("transparency.log", "shield-check", N_("公开日志"), N_("谁都能核对账目有没有被改过")),
    Way("dashboards.figures", "chart-column", N_("参与情况"), N_("按月、年龄、类别")),
    Way("volunteering.rules", "book-open", N_("积分规则"), N_("怎么得、怎么用、何时到期")),
)
ACCOUNT = (
    Way("notices.messages", "bell", N_("消息")),
    Way("identity.account", "user", N_("账号与登录"), N_("手机号、密码、登录过的设备")),
    Way("identity.family", "users", N_("家人"), N_("同住的人、亲属关系")),
    Way("identity.assisted", "hand-helping", N_("代办"), N_("谁替我办、我替谁办")),
    Way("identity.my_data", "shield-check", N_("我的个人信息"), N_("导出、更正、注销")),
    Way("identity.permissions", "key-round", N_("谁能做什么"), N_("全部角色和权限")),
)


def open_ways(*ways: Way) -> list[Link]:
    """List the links that lead somewhere for this reader."""
    return [
        Link(
            way.endpoint,
            url_for(way.endpoint),
            way.icon,
            gettext(way.title),
            gettext(way.sub) if way.sub else "",
        )
        for way in ways
        if may_go(way.endpoint)
    ]


def may_go(endpoint: str) -> bool:
    """Tell whether a page exists and the reader may open it."""
    if endpoint not in current_app.view_functions:
        return False
    asked = access_of(current_app, endpoint)
    if asked == PUBLIC:
        return True
    return bool(g.is_signed_in) if asked == SIGNED_IN else bool(asked and g.actor.may(asked))


def find_url(endpoint: str, **values: Any) -> str:
    """Address a page of a room, or give "" where this reader cannot go."""
    return url_for(endpoint, **values) if may_go(endpoint) else ""
