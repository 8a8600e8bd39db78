"""Why bills are not counted, a payment is not taken, or a receipt is not voided."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class RunNotFound(NotFound):
    """There are no such bills in this fund."""

    message = N_("没有找到这一批账单。请从账单列表里打开。")


class MonthBilled(RuleBroken):
    """A month is billed once."""

    message = N_("{month} 的账单已经做过，不能重复。请从列表里打开它。")


class MonthTooEarly(RuleBroken):
    """A month's fee is earned, and billed, from its first day on."""

    message = N_("{month} 还没有开始，最早从当月 1 日起出账。提前交的钱可以记作预缴。")


class NothingToBill(RuleBroken):
    """No unit has both an area and a rate."""

    message = N_("没有可以出账的房屋。请先登记房屋面积和收费标准。")


class DueTooEarly(BadInput):
    """A bill cannot be due before its month begins."""

    message = N_("缴费期限不能早于 {month} 的第一天，请改晚一些。")


class RunStepWrong(RuleBroken):
    """The bills are no longer where the page showed them."""

    message = N_("这一批账单的状态已经变了，请刷新后再看。")


class UnitNotInFund(NotFound):
    """The unit's building does not pay into this fund."""

    message = N_("这套房屋不在这个小区的物业资金里，请检查房号。")


class NoUnits(BadInput):
    """A payment is for somebody's unit."""

    message = N_("请先选择缴费的房屋。")


class ReceivedInFuture(BadInput):
    """A payment has arrived or it has not."""

    message = N_("收款日期不能晚于今天。")


class BankAccountNeeded(BadInput):
    """What did not come in cash came into a bank account."""

    message = N_("转账、微信、支付宝和刷卡的收款，请选择到账的银行账户；现金不用选。")


class ReceiptNotFound(NotFound):
    """There is no such receipt, or its number was typed wrongly."""

    message = N_("没有找到这张收据，请检查收据号码。")


class ReceiptVoided(RuleBroken):
    """A receipt is voided once."""

    message = N_("这张收据已经作废，不能再作废一次。")


class OwnReceipt(NotAllowed):
    """Whoever took the money must not make it vanish."""

    message = N_("开收据的人不能作废自己开的收据，请另一位同事办理。")


class PrepaymentUsed(RuleBroken):
    """The prepayment of the receipt has paid later bills."""

    message = N_("这张收据里的预缴款已经抵了后来的账单，不能作废。请办理退款或更正。")
