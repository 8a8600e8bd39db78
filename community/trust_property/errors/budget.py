"""Why a budget is not taken."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class BudgetUnclear(BadInput):
    """Lines that cannot be a budget."""

    message = N_("{problem}请改正后重新提交。")


class BudgetMissing(RuleBroken):
    """Without a budget nothing may be spent."""

    message = N_("{year} 年还没有预算。通过前可按规则启用过渡预算。")


class BudgetExists(RuleBroken):
    """An interim budget is for a year without one."""

    message = N_("{year} 年已经有预算，不需要过渡预算。")


class NoLastYear(RuleBroken):
    """There is nothing to take a share of."""

    message = N_("{year} 年没有预算，不能按上年比例过渡。请直接提交年度预算。")


class BudgetBelowUse(RuleBroken):
    """A line cannot be lowered below what is spent and held on it."""

    message = N_("科目“{line}”已经用掉或冻结的钱超过新预算数，请先撤回申请或提高预算。")


class CarriedTooMuch(RuleBroken):
    """Only what is left of last year can be carried over."""

    message = N_("科目“{line}”上年没有这么多余额可以结转。")


class MinutesMissing(BadInput):
    """A decision is shown by its minutes."""

    message = N_("请上传会议记录或表决结果的文件。")


class YearOutOfRange(BadInput):
    """Budgets are for this year and the next."""

    message = N_("只能提交今年或明年的预算。")


class LineNotFound(NotFound):
    """There is no such line in the year's budget."""

    message = N_("{year} 年预算里没有这个科目。请从列表里选择。")


class BudgetVoteNotFound(NotFound):
    """There is no such vote about the fund's budget."""

    message = N_("没有找到这份预算表决。请回到预算页重新选择。")


class BudgetVoteOpen(RuleBroken):
    """Owners are asked one question about a year at a time."""

    message = N_("{year} 年的预算正在等业主表决。要改内容，请先撤回。")


class BudgetVoteOver(RuleBroken):
    """Only what waits can be taken back, and only what passed goes to the committee."""

    message = N_("这份预算表决的状态已经变了，请刷新页面再看。")


class BudgetVoteSpent(RuleBroken):
    """A vote adopts a budget once."""

    message = N_("这次表决通过的预算已经生效，不能再提交一次。要调整，请重新表决。")


class OwnersOfOtherBuildings(RuleBroken):
    """The site's roll holds all owners; another estate's owners have no vote here."""

    message = N_("本资金只管部分楼栋，本站的业主名册是全社区的。请另行表决，再上传会议记录。")
