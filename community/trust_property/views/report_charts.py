"""The charts of a report: where each yuan went, the months of a year."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from community.trust_property.rules.reports import Report, ReportLine
from community.web import charts
from community.web.filters import yuan
from community.web.sankey import sankey


def where_it_went(report: Report) -> charts.Drawn | None:
    """Draw where the money came from and where each yuan went, as a Sankey; None when nothing."""
    section = report.section("income")
    if section is None:
        return None
    own = [(each, each.amounts[0]) for each in section.lines if not each.is_total]
    earned = [(line_words(each), fen) for each, fen in own if _is_income(each) and fen > 0]
    spent = [(line_words(each), fen) for each, fen in own if not _is_income(each) and fen > 0]
    left = sum(fen for _, fen in earned) - sum(fen for _, fen in spent)
    if left > 0:
        spent.append((gettext("本期结余"), left))
    elif left < 0:
        earned.append((gettext("用了以前的结余"), -left))
    if not earned or not spent:
        return None
    return sankey(
        gettext("每一块钱的来路和去向"),
        gettext("项目"),
        (gettext("来自（元）"), gettext("用于（元）")),
        (earned, spent),
        yuan,
    )


def line_words(line: ReportLine) -> str:
    """Tell what a line is called: somebody's name for it, or ours in the reader's language.

    A kind of fee or of common income is named with what it is a kind of.
    """
    title, name = gettext(line.title), gettext(line.name) if line.name else ""
    is_kind = line.path.split("/")[0] in {"fee", "common"}
    return f"{title} · {name}" if name and is_kind else name or title


def _is_income(line: ReportLine) -> bool:
    return line.path.split("/")[0] in {"fee", "common", "interest", "other"}


def month_curve(months: Sequence[tuple[int, int, int]]) -> charts.Drawn:
    """Draw what came in and went out in each month of a year."""
    return charts.line(
        gettext("每月收进和付出（元）"),
        gettext("月份"),
        [str(month) for month, _, _ in months],
        [
            (gettext("收进"), [max(came_in, 0) for _, came_in, _ in months]),
            (gettext("付出"), [max(went_out, 0) for _, _, went_out in months]),
        ],
        yuan,
    )
