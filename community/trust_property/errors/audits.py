"""Why an audit is not announced, drawn or closed."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class AuditNotFound(NotFound):
    """There is no such audit in this fund."""

    message = N_("没有找到这次审计。请从审计列表里打开。")


class FindingNotFound(NotFound):
    """There is no such finding in this audit."""

    message = N_("没有找到这条审计发现。请从审计页面里打开。")


class EntryNotSampled(NotFound):
    """The entry is not in the sample."""

    message = N_("这一笔不在抽查名单里。请从名单里打开。")


class PeriodUnclear(BadInput):
    """An audit looks back on whole days."""

    message = N_("请检查审计期间：开始不能晚于结束，结束不能晚于今天。")


class SeedNotYet(RuleBroken):
    """The number that decides the draw must come after the announcement."""

    message = N_("抽签用的检查点还没有产生。公告以后下一个检查点签出来才能抽，一般在几分钟内。")


class AlreadyDrawn(RuleBroken):
    """A sample is drawn once."""

    message = N_("样本已经抽出，不能重抽。")


class NotDrawn(RuleBroken):
    """There is no sample yet."""

    message = N_("还没有抽出样本，请先抽样。")


class SampleTooLarge(RuleBroken):
    """More than a sample can hold."""

    message = N_("抽中的账超过 {most} 笔。请另外公告一次审计，提高金额线或缩短期间。")


class SampleUnfinished(RuleBroken):
    """An opinion follows the work."""

    message = N_("还有 {left} 笔没有查看，查完才能出具意见。")


class AuditClosed(RuleBroken):
    """With its opinion an audit is closed."""

    message = N_("审计意见已经出具，不能再改。")


class KeyHolderAudits(NotAllowed):
    """Nobody audits what the own key has moved."""

    message = N_("您持有本资金的钥匙，不能审计本资金。")
