"""Why a spending request, a payment or a remuneration is refused."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class RequestNotFound(NotFound):
    """There is no such request in this fund."""

    message = N_("没有找到这份用款申请。请从列表里打开。")


class BudgetExceeded(RuleBroken):
    """The line does not have that much left: refused by the books, not warned."""

    message = N_("科目“{line}”只剩 {free} 元可用。要多花，须先表决调整预算。")


class QuotesMissing(RuleBroken):
    """Larger amounts need quotes."""

    message = N_("超过 {limit} 元的申请要附至少 {needed} 份报价，现在有 {given} 份。")


class VoteMissing(RuleBroken):
    """Above the limit the owners must have voted."""

    message = N_("超过 {limit} 元须先经业主表决，请填写表决文号。")


class StepRefused(RuleBroken):
    """The request is not where this step begins."""

    message = N_("这份申请现在是“{state}”，不能这样办。请刷新页面看最新情况。")


class EmergencyCapReached(RuleBroken):
    """Emergencies have a yearly cap."""

    message = N_("今年的紧急支出上限只剩 {free} 元，请走普通用款申请。")


class EmergencyOverdue(RuleBroken):
    """No new emergency while an old one waits beyond its day."""

    message = N_("第 {number} 号紧急支出到期还没有追认，追认之前不能再用紧急支出。")


class PaidTooMuch(RuleBroken):
    """A payment is at most what is still owed."""

    message = N_("这次付款超过了还没付的 {left} 元。")


class PaidInFuture(BadInput):
    """A payment is recorded after it was made."""

    message = N_("付款日期不能晚于今天。")


class BankNumberKnown(RuleBroken):
    """The bank gives each payment its own number."""

    message = N_("银行流水号 {number} 已经登记过，请核对是否重复。")


class NothingTakenOver(RuleBroken):
    """Opening day brought no debt to this payee."""

    message = N_("开账时没有登记欠这个收款方的钱。请选预算科目。")


class DebtExceeded(RuleBroken):
    """No more is paid of a debt than both sides signed on opening day."""

    message = N_("开账时接管的欠款只剩 {left} 元可以申请。多出的部分请从预算科目申请。")


class VoucherMissing(BadInput):
    """A debt taken over is shown by its paper."""

    message = N_("偿还开账时接管的欠款，请附上发票、合同或对账函。")


class PaymentNotFound(NotFound):
    """There is no such payment in this fund."""

    message = N_("没有找到这笔付款。")


class PaymentReturned(RuleBroken):
    """The bank returns a payment once."""

    message = N_("这笔付款银行已经退回过了。")


class MonthNotOver(RuleBroken):
    """A remuneration is reckoned when its month is over."""

    message = N_("{month} 还没有结束，月底以后再算酬金。")


class MonthReckoned(RuleBroken):
    """A month is reckoned once."""

    message = N_("{month} 的酬金已经提交过，不能重复计提。")


class NothingReceived(RuleBroken):
    """A share of nothing is nothing."""

    message = N_("{month} 没有可以计酬的实收。")


class RemunerationCapReached(RuleBroken):
    """The yearly cap stands in the books."""

    message = N_("本年酬金上限只剩 {free} 元，{month} 应提 {amount} 元，超过上限。")


class RemunerationNotFound(NotFound):
    """There is no such remuneration in this fund."""

    message = N_("没有找到这笔酬金。")
