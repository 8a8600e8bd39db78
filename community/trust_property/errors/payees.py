"""Why a payee is not entered, or not paid."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class PayeeNotFound(NotFound):
    """There is no such payee in this fund."""

    message = N_("没有找到这个收款方。请先登记，业委会批准后再选用。")


class PayeeKnown(RuleBroken):
    """A payee is entered once."""

    message = N_("收款方“{name}”已经登记过。如需更换账户，请提交变更。")


class PayeeChanging(RuleBroken):
    """Changed bank details are how money is stolen."""

    message = N_("收款方“{name}”有一份资料变更还没有批准，批准或撤回之前不能向它付款。")


class PayeeCooling(RuleBroken):
    """Changed bank details rest before money goes there."""

    message = N_("收款方“{name}”刚更换了收款账户，冷静期到 {day}。请先按原来的电话核实。")


class AccountNumberWrong(BadInput):
    """A bank account number has 8 to 30 digits."""

    message = N_("请检查银行账号：应为 8 到 30 位数字。")


class PayeeChanged(RuleBroken):
    """What was approved is a payment to another account."""

    message = N_("收款方“{name}”的账户在批准之后换过。请修改申请，让业委会按新账户重新批准。")
