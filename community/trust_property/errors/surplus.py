"""Why a surplus is not shared."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, RuleBroken


class YearNotOver(RuleBroken):
    """A surplus is known when its year is over."""

    message = N_("{year} 年还没有结束，年底以后再分配结余。")


class YearShared(RuleBroken):
    """A year's surplus is shared once."""

    message = N_("{year} 年的结余已经分配，或正在等业委会批准，不能再分。")


class VoteReferenceMissing(BadInput):
    """Only owners decide that surplus is given back."""

    message = N_("结余要由业主共同决定才能分配。请填写业主大会决议的文号。")


class FreeMoneyShort(RuleBroken):
    """No more is shared than is free."""

    message = N_(
        "要分 {amount} 元，账上可以分配的只有 {free} 元（押金、预缴、应付和已批准的用款除外）。"
    )


class NoAreas(RuleBroken):
    """No unit of the fund has an area."""

    message = N_("还没有登记房屋面积，不能按面积分配。请先登记房屋。")
