"""Why the books refuse an act."""

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class BadPosting(BadInput):
    """A posting that cannot be read: an amount, a text or a key out of range."""

    message = N_("这笔账的内容不完整或金额有误，请检查后重新提交。")


class UnknownBook(NotFound):
    """There is no such book in this community."""

    message = N_("没有找到这本账簿。")


class UnknownAccount(NotFound):
    """There is no such account in this book."""

    message = N_("没有找到账户 {account}。")


class UnknownTransaction(NotFound):
    """There is no such transaction in this community."""

    message = N_("没有找到这笔记账。")


class UnknownVoucher(NotFound):
    """There is no such voucher in this community."""

    message = N_("没有找到这份凭证。")


class UnknownProposal(NotFound):
    """There is no such proposal in this community."""

    message = N_("没有找到这份提案。")


class AccountDiffers(RuleBroken):
    """An account of this path exists with another unit, type or owner."""

    message = N_("账户 {account} 已经存在，但种类不同。请换一个名称。")


class AccountClosed(RuleBroken):
    """The account takes no more entries."""

    message = N_("账户 {account} 已经关闭，不能再记账。请选择其他账户。")


class AccountNotEmpty(RuleBroken):
    """An account with a balance or with holds cannot be closed."""

    message = N_("账户 {account} 还有余额或冻结，不能关闭。请先转出或解冻。")


class SummaryAccount(RuleBroken):
    """The account only adds up its lots; entries go to a lot."""

    message = N_("账户 {account} 是汇总账户，请记入它的批次。")


class Unbalanced(RuleBroken):
    """The lines of a unit do not add up to zero."""

    message = N_("借贷不平，相差 {difference}。请检查各行金额。")


class InsufficientBalance(RuleBroken):
    """The account would fall below its floor, amounts on hold counted."""

    message = N_("余额不足：可用 {available}，需要 {needed}。")


class CeilingReached(RuleBroken):
    """The account would rise above its ceiling, amounts on hold counted."""

    message = N_("超过上限：还可以记入 {room}，本次为 {needed}。")


class LimitBroken(RuleBroken):
    """The present balance already breaks the limits asked for."""

    message = N_("账户现有 {balance}，不符合新的限额。请先调整余额。")


class PeriodClosed(RuleBroken):
    """The day lies in a closed period."""

    message = N_("{day} 所在的会计期间已经结账，请记入以后的日期。")


class PeriodNotOver(RuleBroken):
    """A period closes only after its last day."""

    message = N_("{day} 还没有过完，不能结账。")


class PeriodOrder(RuleBroken):
    """Periods close one after the other: first soft, then for good."""

    message = N_("不能这样结账：请按先后顺序，先初结，再结账。")


class AlreadyReversed(RuleBroken):
    """A transaction is reversed once."""

    message = N_("这笔账已经冲销过了，不能再次冲销。")


class NotReversible(RuleBroken):
    """Holds are released, and a reversal is not reversed."""

    message = N_("这笔账不能冲销：冻结请解冻，冲销请重新记账。")


class AlreadySpent(RuleBroken):
    """The receiver has already spent what the reversal would take back."""

    message = N_("对方已经用掉了一部分，只剩 {available}，不能冲销 {needed}。")


class HoldResolved(RuleBroken):
    """The hold is already settled or released."""

    message = N_("这笔冻结已经结清或解冻，不需要再办。")


class HoldExpired(RuleBroken):
    """The hold ended by the clock."""

    message = N_("这笔冻结已经过期，金额已退回。请重新办理。")


class HoldExceeded(RuleBroken):
    """More was asked than the hold sets aside."""

    message = N_("最多可以结清 {held}，您填写的是 {needed}。")


class ApprovalNeeded(RuleBroken):
    """The policy of the book wants other people's approval first."""

    message = N_("这笔账需要 {keys} 人审批后才能记入。请先提交审批。")


class NotYourKey(RuleBroken):
    """The author, or one who approved already, cannot be another key."""

    message = N_("提交人和已审批的人不能再次审批，请由另一位有审批权的人办理。")


class WrongRole(RuleBroken):
    """The policy names another role for this key."""

    message = N_("审批规则要求由指定角色的人办理，您不在其中。")


class ProposalChanged(RuleBroken):
    """The approver saw another content than the one that stands."""

    message = N_("内容与您看到的不一致，请刷新页面，核对后重新审批。")


class ProposalClosed(RuleBroken):
    """The proposal is already posted or withdrawn."""

    message = N_("这份提案已经处理完毕，不能再操作。")
