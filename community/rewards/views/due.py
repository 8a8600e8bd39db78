"""The desk's links to rewards, with what is due behind each."""

from __future__ import annotations

from community.kernel.errors import N_
from community.rewards import permissions
from community.rewards.queries import honours as honours_queries
from community.rewards.queries import settlements as settlement_queries
from community.web.access import the_actor
from community.web.extensions import db
from community.web.layout import DeskLink


def settlements_due() -> int:
    """Count months to settle and sheets to pay."""
    return settlement_queries.count_settlements_due(db.session, the_actor())


def honours_due() -> int:
    """Count proposals of colleagues that wait for a decision."""
    return honours_queries.count_to_decide(db.session, the_actor())


GROUP = N_("奖励")

DESK = (
    DeskLink(N_("奖励经费"), "rewards.budget", permissions.READ.code, 300, group=GROUP),
    DeskLink(N_("兑换目录"), "rewards.desk_items", permissions.READ.code, 301, group=GROUP),
    DeskLink(N_("兑换记录"), "rewards.desk_redemptions", permissions.READ.code, 302, group=GROUP),
    DeskLink(N_("商户"), "rewards.desk_merchants", permissions.READ.code, 303, group=GROUP),
    DeskLink(
        N_("商户结算"),
        "rewards.settlements",
        permissions.READ.code,
        304,
        due=settlements_due,
        group=GROUP,
    ),
    DeskLink(
        N_("评优"),
        "rewards.desk_honours",
        permissions.SEE_HONOURS.code,
        305,
        due=honours_due,
        group=GROUP,
    ),
    DeskLink(N_("核销兑换码"), "rewards.shop", permissions.COLLECT.code, 306, group=GROUP),
)
