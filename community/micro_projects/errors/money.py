"""Why a project's money does not move."""

from __future__ import annotations

from community.kernel.errors import N_, NotFound, RuleBroken


class ProjectMoneyShort(RuleBroken):
    """The project's sources together do not hold that much free money."""

    message = N_("项目资金不足：可用 {free} 元，需要 {needed} 元。请先办理拨付或减少金额。")


class AwardHoldNotFound(NotFound):
    """Nothing was set aside under this number."""

    message = N_("没有找到这笔预留资金。请从项目页面重新打开。")


class AwardHoldClosed(RuleBroken):
    """What was set aside is free again, so nothing can be paid out of it."""

    message = N_("这笔预留资金已经释放，不能再付款。")


class AwardHeldAlready(RuleBroken):
    """An award's money is set aside once."""

    message = N_("这个中选结果的资金已经预留过，金额不同。请核对后再试。")


class InstalmentTooLarge(RuleBroken):
    """An instalment cannot exceed what is left of the award."""

    message = N_("这次要付 {needed} 元，超过预留资金余额 {left} 元。请核对金额。")


class InstalmentDiffers(RuleBroken):
    """The same request paid another amount before, or another payee."""

    message = N_("这次付款已经办理过，但金额或收款单位不同。请刷新页面核对。")


class PayeeRefused(RuleBroken):
    """Project money is paid to an organisation of the register and never into the owners' fund."""

    message = N_("项目资金只能付给登记的实施单位，不能转入业主的物业资金。")
