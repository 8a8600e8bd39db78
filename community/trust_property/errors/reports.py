"""Why a report is not made or published."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class PeriodUnclear(BadInput):
    """A period's name that is none."""

    message = N_("请选择月份、季度或年度，例如 2026-11、2026-Q4、2026。")


class PeriodRunning(RuleBroken):
    """A report is published when its period is over."""

    message = N_("{period} 还没有结束，{day} 以后才能发布报表。")


class ReportUnchanged(RuleBroken):
    """The newest version says the same."""

    message = N_("{period} 的报表已经发布，账目没有变化，不用再发。")


class ReportNotFound(NotFound):
    """There is no such report here."""

    message = N_("没有找到这份报表。请从报表列表里打开。")
