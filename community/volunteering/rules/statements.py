"""The words of a statement's lines, by the purpose that the books keep."""

from __future__ import annotations

from community.kernel.errors import N_

PURPOSES = {
    "points.hours": N_("志愿服务"),
    "points.deed": N_("社区奖励"),
    "points.bin": N_("垃圾分类"),
    "points.reversal": N_("更正，收回积分"),
    "points.recovery": N_("抵扣先前多发、已用掉的积分"),
    "coins.recovery": N_("抵扣先前多发、已用掉的时间币"),
    "coins.hours": N_("志愿服务"),
    "coins.service": N_("时间银行服务"),
    "coins.excess": N_("超出上限，归入公共池"),
    "coins.gift": N_("亲属转赠"),
    "coins.donation": N_("捐入公共池"),
    "coins.grant": N_("公共池发放"),
    "coins.pool_issue": N_("社区注入公共池"),
    "coins.inheritance": N_("亲人留下的时间币"),
    "coins.reversal": N_("更正，收回时间币"),
    "coins.merge": N_("合并档案"),
    "points.merge": N_("合并档案"),
    "expired": N_("到期"),
}


def words_for(purpose: str) -> str:
    """Tell the words of a purpose; one of another room is its own words."""
    return PURPOSES.get(purpose, purpose)
