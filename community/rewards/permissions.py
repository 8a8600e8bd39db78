"""Who may browse, redeem, collect, settle and honour."""

from __future__ import annotations

from community.kernel.errors import N_
from community.kernel.permissions import Role, permission

BROWSE = permission("rewards.browse", N_("查看兑换目录和荣誉榜"), Role.RESIDENT, Role.AUDITOR)
REDEEM = permission("rewards.redeem", N_("用积分兑换奖品，取消自己的兑换"), Role.RESIDENT)
COLLECT = permission("rewards.collect", N_("核销本店的兑换码，查看本店账目"), Role.MERCHANT)
READ = permission(
    "rewards.read",
    N_("查看奖励经费、兑换和结算"),
    Role.STAFF,
    Role.COMMITTEE,
    Role.STREET,
    Role.AUDITOR,
)
MANAGE = permission("rewards.manage", N_("管理兑换目录、商户、库存和退回"), Role.STAFF)
BUDGET = permission("rewards.budget", N_("登记奖励经费，出结算单，登记付款"), Role.STAFF)
HONOURS = permission("rewards.honours", N_("提名和批准荣誉"), Role.STAFF)
SEE_HONOURS = permission("rewards.see_honours", N_("查看提名和候选名单"), Role.STAFF, Role.AUDITOR)

ALL = (BROWSE, REDEEM, COLLECT, READ, MANAGE, BUDGET, HONOURS, SEE_HONOURS)
