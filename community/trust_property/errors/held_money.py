"""Why a deposit is not given back, a collection not passed on, or a count not taken."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class DepositNotFound(NotFound):
    """There is no such deposit in this fund."""

    message = N_("没有找到这笔押金，请从押金列表里打开。")


class DepositEnded(RuleBroken):
    """A deposit is given back once."""

    message = N_("这笔押金已经退还或已处理，不能再退一次。")


class DepositWaiting(RuleBroken):
    """The committee is deciding whether the deposit is kept."""

    message = N_("这笔押金正等业委会决定是否退还，请先等结果，或撤回申请。")


class AgencyNotFound(NotFound):
    """There is no such collection in this fund."""

    message = N_("没有找到这个代收项目，请从代收代付列表里打开。")


class AgencyKnown(RuleBroken):
    """One name, one collection."""

    message = N_("已经有叫“{name}”的代收项目。")


class AgencyShort(RuleBroken):
    """Never more is passed on than was collected."""

    message = N_("“{name}”代收的钱只剩 {left} 元，转付不能超过它。")


class CashShort(RuleBroken):
    """No more leaves the box than is in it."""

    message = N_("现金账面只有 {left} 元，不够付 {amount} 元。请先盘点，或改用银行转账。")


class MovedInFuture(BadInput):
    """Money has moved or it has not."""

    message = N_("日期不能晚于今天。")


class CountReasonMissing(BadInput):
    """A difference in the box has a reason."""

    message = N_("盘点数和账面差 {difference} 元，请写明原因。")
