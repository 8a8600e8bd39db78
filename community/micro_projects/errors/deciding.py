"""Why a project is not costed, voted on, reviewed or approved."""

from __future__ import annotations

from community.kernel.errors import N_, NotFound, RuleBroken


class LinesMissing(RuleBroken):
    """A budget is made of what things cost."""

    message = N_("请至少写一项费用，最多 {most} 项，每项都有名称和金额。")


class CapExceeded(RuleBroken):
    """A kind of project may cost so much."""

    message = N_("预算 {budget} 元超过{kind}项目的上限 {cap} 元。请压缩预算或分期。")


class QuotesMissing(RuleBroken):
    """Above a limit the costing rests on quotes."""

    message = N_("预算超过 {limit} 元，需要至少 {needed} 家报价，现在有 {given} 家。")


class PartsExceedBudget(RuleBroken):
    """What residents and donors give cannot be more than the budget."""

    message = N_("居民众筹加配捐不能超过总预算。")


class MatchWithoutCofunding(RuleBroken):
    """A matched donation needs something to match."""

    message = N_("没有居民众筹就没有配捐。请填写众筹金额。")


class VoteStands(RuleBroken):
    """The council was asked and has not decided."""

    message = N_("已请议事会表决，正在等结果。")


class NotVotedFor(RuleBroken):
    """What goes to the street is what the council agreed to."""

    message = N_("议事会通过的预算是 {voted} 元，现在是 {budget} 元。预算增加须重新表决。")


class NoticeRunning(RuleBroken):
    """A notice hangs until its end."""

    message = N_("公示到 {until} 才结束。")


class ObjectionsOpen(RuleBroken):
    """Every objection is answered before a project goes on."""

    message = N_("还有 {count} 条异议没有答复。请先答复。")


class ReviewNotFound(NotFound):
    """There is no such request for review."""

    message = N_("没有找到这个审核请求。")


class ReviewAnswered(RuleBroken):
    """Each request is answered once."""

    message = N_("这个审核请求已经答复过，不能再改。")


class NotOwnReview(RuleBroken):
    """Whoever asks does not answer."""

    message = N_("提交审核的人不能自己答复。请由街道另一位工作人员办理。")


class QuotaMissing(RuleBroken):
    """The street sets a community's quota for a year before anything is approved."""

    message = N_("{year} 年还没有安排额度。请先安排年度额度。")


class QuotaExceeded(RuleBroken):
    """What is left of the year's quota does not bear the project."""

    message = N_("{year} 年额度还剩 {free} 元，不够这个项目的 {needed} 元。")


class QuotaInUse(RuleBroken):
    """A quota cannot fall below what is reserved."""

    message = N_("已占用 {reserved} 元，额度不能低于它。")


class TermsReversed(RuleBroken):
    """New rules hold from today or later, so that no act is judged by rules set after it."""

    message = N_("新规则最早从今天起生效，结束日不能早于开始日。")
