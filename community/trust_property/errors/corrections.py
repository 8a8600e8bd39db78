"""Why a correction is not taken."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, RuleBroken


class EntryUnnamed(BadInput):
    """A correction names the entry or the bank line it corrects."""

    message = N_("请写明更正的是哪一笔账或哪一条银行流水。")


class NotClosedYet(RuleBroken):
    """What is not closed is taken back and done again, not corrected."""

    message = N_("这笔账所在的账期还没有终结，请直接撤销后重做，不用更正。")


class NothingToCorrect(RuleBroken):
    """The entry touches no account of income or expense, or several."""

    message = N_(
        "这笔账不是记在一个收入或支出科目上，不能这样更正。收据请作废重开，付款请登记退票。"
    )


class SameAccount(BadInput):
    """A correction moves an amount to another account."""

    message = N_("请选另一个收入或支出科目。")


class CorrectedAlready(RuleBroken):
    """No more is corrected than the entry put there."""

    message = N_("这笔账在原科目上只剩 {left} 元可以更正。")
