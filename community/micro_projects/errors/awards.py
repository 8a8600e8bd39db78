"""Why something cannot be done with a review, an award, an objection or a complaint."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class AwardNotFound(NotFound):
    """No such award here."""

    message = N_("没有找到这个中选结果，它可能属于其他社区。")


class AwardStateWrong(RuleBroken):
    """The award stands elsewhere."""

    message = N_("这个结果现在是“{state}”，这一步不能办。请刷新页面看看最新进度。")


class AwardStands(RuleBroken):
    """A project has one award at a time."""

    message = N_("这个项目已经有中选单位。要换一家，先撤销现在的结果。")


class DirectTooMuch(RuleBroken):
    """The amount is above what a direct award is for."""

    message = N_("{amount} 元超过定向委托上限 {most} 元，请改用询价或招标。依据：{basis}")


class QuotationTooMuch(RuleBroken):
    """The amount is above what a quotation is for."""

    message = N_("{amount} 元超过询价上限 {most} 元，请改用招标。依据：{basis}")


class AwardOverBudget(RuleBroken):
    """An award stays within the project's budget."""

    message = N_("{amount} 元超过项目预算 {budget} 元。请把金额改低，或先调整预算。")


class SplitNotExplained(RuleBroken):
    """Earlier small jobs of the same kind at the same place ask for a public word."""

    message = N_(
        "一年内同一地点、同一类别已有 {count} 个小项目，合计 {amount} 元：{titles}。"
        "如果不是拆分项目，请写明理由，理由会公开。"
    )


class SupplierUnfit(RuleBroken):
    """An organisation that is not fit is given nothing."""

    message = N_("{name} 现在不能承接：{reasons}。请先在单位名录里补齐。")


class QuotesTooFew(RuleBroken):
    """A quotation asks more than one."""

    message = N_("询价至少要 {least} 家的报价，现在只有 {count} 家。")


class QuotesTied(RuleBroken):
    """Equal lowest quotes are asked again."""

    message = N_("{names} 的报价同为最低，请他们各重新报一次价，再来比较。")


class QuotesTwice(BadInput):
    """An organisation quotes once."""

    message = N_("同一家单位只能填一份报价。")


class NotEvaluating(RuleBroken):
    """Reviews and scores come after the opening and before the award."""

    message = N_("这个招标不在评审阶段，请刷新页面看看最新进度。")


class ReviewClosed(RuleBroken):
    """Once somebody has marked, bids are not reviewed anew."""

    message = N_("已经有评委签字，审查结论不能再改。发现问题请走异议程序。")


class ReviewOpen(RuleBroken):
    """Scores wait until every bid was reviewed."""

    message = N_("还有 {count} 份投标没有审查，审查完才能评分。")


class ReasonWanted(BadInput):
    """A disqualification is told with its reason."""

    message = N_("判定无效要写明理由，投标单位会看到。")


class NotTheBidder(NotAllowed):
    """Only the bidder's own staff."""

    message = N_("只有这家单位的工作人员能办这件事。")


class NotAsked(RuleBroken):
    """Nobody asked about this price, or it was decided."""

    message = N_("这份报价没有要求说明，或已经有结论。")


class NotExplained(RuleBroken):
    """A price is accepted on an explanation, or refused once the time is over."""

    message = N_("单位还没有说明，请等到 {due} 之后再作结论。")


class LowPriceOpen(RuleBroken):
    """The award waits for the explanation of an abnormally low price."""

    message = N_("{names} 的报价明显偏低，要先说明理由并作出结论，才能公示结果。")


class SheetsOpen(RuleBroken):
    """The ranking waits until every member has signed."""

    message = N_("还有 {count} 位评委没有签字，全部签字以前谁也看不到评分。")


class PanelBroken(RuleBroken):
    """Too many sheets were voided for the rest to decide."""

    message = N_("回避以后剩下的评分太少，不能据此定结果，要重新抽取一组评委。")


class BidVoid(RuleBroken):
    """A bid that could not be read, or above the ceiling, cannot be let stand."""

    message = N_("这份投标没有打开、读不出来，或超过最高限价，不能判为有效。")


class TieUndrawn(RuleBroken):
    """Tied bids are parted by a public lot."""

    message = N_("{names} 得分、报价都相同，要先公开抽签决定先后。")


class NoTie(RuleBroken):
    """Nothing is tied."""

    message = N_("没有并列的投标，不用抽签。")


class NobodyLeft(RuleBroken):
    """No bidder is left who could be awarded."""

    message = N_("已经没有可以中选的投标单位，只能宣布流标、重新招标。")


class StillSomebody(RuleBroken):
    """A tender fails only when no valid bid is left."""

    message = N_("还有有效的投标，不能宣布流标。")


class StandstillRuns(RuleBroken):
    """An award becomes final after its standstill."""

    message = N_("公示到 {until} 才结束，在此之前不能确定结果。")


class ObjectionOpen(RuleBroken):
    """An objection inside the standstill blocks."""

    message = N_("还有 {count} 件异议或投诉没有答复，答复以前不能确定结果，也不能签合同。")


class ContractSigned(RuleBroken):
    """What is under contract is changed there."""

    message = N_("已经签了合同，不能在这里撤销。请到合同页面办理。")


class ComplaintNotFound(NotFound):
    """No such objection or complaint here."""

    message = N_("没有找到这件异议或投诉。")


class ObjectionLate(RuleBroken):
    """An objection to an award comes inside its standstill."""

    message = N_("公示期已于 {until} 结束，不再受理异议。")


class ComplaintLate(RuleBroken):
    """A complaint follows an answered objection, in time."""

    message = N_("投诉期已于 {until} 结束。")


class ObjectFirst(RuleBroken):
    """A complaint follows the objection that was answered or is overdue."""

    message = N_("要先提出异议；对答复不满意，或者逾期没有答复，才能向街道投诉。")


class ComplaintAnsweredAlready(RuleBroken):
    """An answer stands."""

    message = N_("这件事已经答复，答复不能再改。")


class ComplaintTwice(RuleBroken):
    """One waits for an answer before objecting again."""

    message = N_("您已经对这个结果提出过异议，请等答复。")


class OwnComplaint(NotAllowed):
    """Nobody answers their own objection, or one about their own decision."""

    message = N_("自己提出的、或者针对自己作出的结果的异议，要由另一位工作人员答复。")


class RemedyWanted(BadInput):
    """What follows from an upheld one is said with it."""

    message = N_("认定成立时，请选择怎么处理。")
