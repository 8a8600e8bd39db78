"""Why a decision is not posted, made final, noted or closed."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class DecisionNotFound(NotFound):
    """There is no such decision in this community."""

    message = N_("没有找到这个决定。请从办理清单里打开。")


class NotCarried(RuleBroken):
    """Only a carried motion becomes a decision."""

    message = N_("动议没有通过，不能成为决定。")


class AlreadyDecision(RuleBroken):
    """A motion becomes one decision."""

    message = N_("这个动议已经登记为决定。")


class DatesReversed(BadInput):
    """What is done is reviewed afterwards."""

    message = N_("办理期限要从今天或以后开始，回看日期要在办理期限当天或以后。")


class PostingRuns(RuleBroken):
    """A decision becomes final when its posting is over."""

    message = N_("公示到 {day} 才结束，结束后才能定下来。")


class ObjectionsOpen(RuleBroken):
    """Every objection has its answer first."""

    message = N_("还有 {number} 条异议没有答复，请先答复。")


class PostingWithdrawn(RuleBroken):
    """A withdrawn posting makes nothing final."""

    message = N_("公示已经撤回，请重新公示。")


class WrongStep(RuleBroken):
    """A decision goes its steps in order."""

    message = N_("这个决定现在是“{state}”，不能办这一步。")


class NotTheirTask(NotAllowed):
    """Only who is in charge, or the staff, tells of progress."""

    message = N_("只有负责人和社区工作人员可以填写进展。")


class ReviewsOwnWork(NotAllowed):
    """Who did it does not judge it."""

    message = N_("负责人不能回看自己办的事，请由其他人回看。")


class ReviewTooEarly(RuleBroken):
    """A review waits for its day."""

    message = N_("回看日期是 {day}，到时再回看。")


class PercentBackwards(BadInput):
    """A finished task is at one hundred."""

    message = N_("进展是 0 到 99，办完请点“办完了”。")
