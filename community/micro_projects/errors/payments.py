"""Why a payment is refused."""

from __future__ import annotations

from community.kernel.errors import N_, NotAllowed, NotFound, RuleBroken


class PaymentNotFound(NotFound):
    """No such payment here."""

    message = N_("没有这笔付款。")


class NotAccepted(RuleBroken):
    """Money before acceptance."""

    message = N_("这个节点还没有验收通过，不能付款。")


class PaymentExists(RuleBroken):
    """The milestone's payment is under way or made."""

    message = N_("这个节点已经有一笔付款，不会重复付。")


class PaymentDecided(RuleBroken):
    """Somebody else was faster."""

    message = N_("这笔付款已经处理过，没有重复付款。请刷新页面。")


class MakerChecks(NotAllowed):
    """The maker does not check the own payment."""

    message = N_("经办人不能复核自己提出的付款。请另一位工作人员复核。")


class AboveContract(RuleBroken):
    """The payments would exceed the contract."""

    message = N_("付款后累计 {sum} 元，超过合同金额 {amount} 元。不能付。")


class MoneyShort(RuleBroken):
    """The project's money does not suffice."""

    message = N_("项目账上的钱不够付这一笔。请先核对资金到账，什么都没有改变。")
