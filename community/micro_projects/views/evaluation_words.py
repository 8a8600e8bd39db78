"""Where a tender's evaluation stands, in one sentence: what is next, when, and who must act."""

from __future__ import annotations

from flask_babel import gettext

from community.micro_projects.queries.award_pages import Evaluation
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.panels import LotPurpose
from community.micro_projects.rules.tenders import TenderState
from community.web.filters import day, moment


def say_next(found: Evaluation) -> str:
    """Tell what a tender that is evaluated waits for; empty once its result is posted."""
    if found.tender.opened_at is None:
        return str(gettext("还没有开标。开标后，审查、评委和评分都在这里公开。"))
    if found.tender.state is not TenderState.EVALUATING:
        return ""
    pending = sum(each.state is BidState.PENDING for each in found.bids)
    if pending:
        return str(gettext("工作人员正在审查投标，还有 %(count)s 份没有审查。", count=pending))
    waits = [each.due_on for each in found.low_prices.values() if each.decided_at is None]
    if waits:
        until = day(min(waits))
        told = gettext("有报价明显偏低，等单位在 %(day)s 前说明，再由工作人员下结论。", day=until)
        return str(told)
    return _say_panel(found)


def _say_panel(found: Evaluation) -> str:
    drawing = [each for each in found.lots if each.drawn_at is None and each.broken_at is None]
    if drawing:
        when = moment(drawing[-1].seed_at)
        if drawing[-1].purpose is LotPurpose.TIE:
            return str(gettext("总分并列，%(moment)s 以后公开抽签定先后。", moment=when))
        return str(gettext("评委名单已锁定，%(moment)s 以后公开抽签。", moment=when))
    if found.unsigned is None:
        return str(gettext("审查已完成，接下来公开抽签选评委。"))
    if found.unsigned:
        return str(gettext("等评委打分，还有 %(count)s 位没有签字。", count=found.unsigned))
    if found.ranking is not None and found.ranking.leading_tie:
        return str(gettext("评分已公开，总分并列，要公开抽签定先后。"))
    return str(gettext("评分已公开，接下来公示中选单位。"))
