"""Why units, rates and contracts are not taken."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class FundUnitNotFound(NotFound):
    """There is no such unit in this fund."""

    message = N_("这套房屋不在这个资金里。请从房屋列表里打开。")


class NeedsApproval(RuleBroken):
    """Once a fund is open, what is billed changes only with two keys."""

    message = N_("资金已经启用，面积和用途的变更要业委会批准。请提交变更申请。")


class ContractUnclear(BadInput):
    """A contract's days and instalments do not fit."""

    message = N_("请检查合同：结束日期不能早于开始日期，分期在 1 到 120 期之间。")


class ContractNotFound(NotFound):
    """There is no such contract in this fund."""

    message = N_("没有找到这份合同。请从合同列表里打开。")
