"""Why a plan is not agreed, a reminder not sent, or a prepayment not refunded."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, RuleBroken


class NothingOwed(RuleBroken):
    """There is nothing to pay in instalments."""

    message = N_("这套房屋没有欠费，不用分期。")


class PlanRunning(RuleBroken):
    """One plan at a time."""

    message = N_("这套房屋已经有分期约定。请先结束原来的，再订新的。")


class PlanMissing(RuleBroken):
    """There is no plan to end."""

    message = N_("这套房屋没有正在执行的分期约定。")


class PlanUnclear(BadInput):
    """Instalments are two to sixty and begin from today on."""

    message = N_("请填写 2 到 60 期，第一期不早于今天。")


class NobodyToRemind(RuleBroken):
    """All that is overdue was reminded of lately, or is paid by plan."""

    message = N_("现在没有要提醒的房屋：{days} 天内提醒过的、按约定分期的都不再打扰。")


class PrepaymentShort(RuleBroken):
    """No more is refunded than was paid ahead."""

    message = N_("这套房屋只有 {left} 元预缴，不能退 {amount} 元。")
