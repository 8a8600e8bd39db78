"""Why the catalogue, a redemption, a settlement or an honour refuses; each says what to do."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class ItemNotFound(NotFound):
    """There is no such item in this community's catalogue."""

    message = N_("没有找到这件奖品，它可能已下架。请回到兑换目录看看别的。")


class RedemptionNotFound(NotFound):
    """There is no such redemption that the actor may see."""

    message = N_("没有找到这笔兑换。请从“我的兑换”里打开。")


class MerchantNotFound(NotFound):
    """There is no such merchant in this community."""

    message = N_("没有找到这家商户。请从商户名单里打开。")


class NotOffered(RuleBroken):
    """The item is not offered today."""

    message = N_("“{item}”现在不能兑换。请回到兑换目录看看别的。")


class SoldOut(RuleBroken):
    """The last piece is gone."""

    message = N_("“{item}”已经换完了，积分没有动。请看看别的，或等社区补货。")


class LimitReached(RuleBroken):
    """The person has had what one person may have in the period."""

    message = N_("“{item}”{period}每人最多换 {limit} 件，您已经换过了。{again} 起可以再换。")


class LimitReachedForGood(RuleBroken):
    """The person has had what one person may ever have."""

    message = N_("“{item}”每人总共最多换 {limit} 件，您已经换过了。请看看别的奖品。")


class NotEnoughPoints(RuleBroken):
    """The account holds fewer points than the price."""

    message = N_("积分不够：需要 {needed} 分，可用 {available} 分，还差 {missing} 分。")


class BudgetEmpty(RuleBroken):
    """The year's reward budget cannot cover what the item costs."""

    message = N_("今年的奖励经费已经用完，暂时不能兑换。您的积分没有动，社区补足经费后可以再来。")


class NoHousehold(RuleBroken):
    """The person belongs to no household whose points could pay."""

    message = N_("您还没有登记住户，不能用家庭积分。请改用个人积分，或联系社区登记。")


class NotOpen(RuleBroken):
    """The redemption was collected, cancelled or has expired."""

    message = N_("这笔兑换已经是“{state}”，不能再取消。")


class NotRefundable(RuleBroken):
    """Only what was collected can be taken back."""

    message = N_("这笔兑换是“{state}”，只有已领取的才能退回。")


class OnSettlementSheet(RuleBroken):
    """The merchant's claim for it stands on a sheet already."""

    message = N_(
        "这笔兑换已列入 {month} 结算单，不能退回。没付款的先撤回结算单，已付款的与商户商量换货。"
    )


class MerchantPaused(RuleBroken):
    """The merchant does not take part at present."""

    message = N_("商户“{merchant}”已暂停合作。请换一家，或先在商户页恢复合作。")


class MerchantKnown(RuleBroken):
    """The organization is a merchant of this community already."""

    message = N_("这家商户已在名单里，请直接打开它的页面修改。")


class NotAMerchant(RuleBroken):
    """The organization is not registered as a merchant."""

    message = N_("这个组织没有登记为商户。请先在组织名单里改为商户。")


class StockTooLow(RuleBroken):
    """More would be taken out than there is."""

    message = N_("现在只有 {stock} 件，不能减少 {quantity} 件。请先数一数再填。")


class DatesReversed(BadInput):
    """The last day lies before the first."""

    message = N_("结束日期早于开始日期，请改正后重新提交。")


class BudgetInUse(RuleBroken):
    """More would be given back than is left."""

    message = N_("这个出资方最多还能退回 {left_yuan} 元，其余已经冻结或用掉。")


class PayerKnown(RuleBroken):
    """There is a payer of this name already."""

    message = N_("已有名为“{name}”的出资方，请直接给它登记经费。")


class PayerNotFound(NotFound):
    """There is no such payer in this community."""

    message = N_("没有找到这个出资方。请从名单里选一个。")


class MonthNotOver(RuleBroken):
    """A month is settled when it is over."""

    message = N_("{month} 还没有过完，{first_day} 起可以结算。")


class NothingToSettle(RuleBroken):
    """No collected redemption waits to be settled."""

    message = N_("{month} 没有等待结算的兑换。")


class SheetNotFound(NotFound):
    """There is no such settlement sheet."""

    message = N_("没有找到这张结算单。请从结算页打开。")


class SheetNotOpen(RuleBroken):
    """The sheet has been paid or withdrawn already."""

    message = N_("这张结算单已经是“{state}”，不能再改。请刷新页面查看。")


class HonourNotFound(NotFound):
    """There is no such honour, or it is not the actor's to see."""

    message = N_("没有找到这项荣誉。请从荣誉页打开。")


class HonourKindKnown(RuleBroken):
    """An honour of this name is defined for the year already."""

    message = N_("{year} 年已有“{name}”这项评选，请直接打开它。")


class BelowThreshold(RuleBroken):
    """The books do not show the hours or points that the honour asks for."""

    message = N_("账上的时长或积分没有达到“{honour}”的条件，不能提名。请先核对时长记录。")


class ProposedAlready(RuleBroken):
    """The same one was proposed for the same honour."""

    message = N_("已经提名过了，请在名单里查看进度。")


class HonourDecided(RuleBroken):
    """The honour has been decided already."""

    message = N_("这项提名已经是“{state}”，不能再改。")


class SecondPersonNeeded(RuleBroken):
    """Who proposes does not approve."""

    message = N_("提名的人不能自己批准，请另一位工作人员来办。")


class AnotherPeriodNeeded(BadInput):
    """A limit needs a period, and a period a limit."""

    message = N_("限领件数和限领周期要一起填，或者都不填。")
