"""Objections (异议) to the community and complaints (投诉) to the street, and what follows."""

from __future__ import annotations

from enum import StrEnum

from community.kernel.errors import N_


class ComplaintKind(StrEnum):
    """To whom it goes: the community answers an objection, the street a complaint."""

    OBJECTION = "objection"
    COMPLAINT = "complaint"


COMPLAINT_TITLES = {
    ComplaintKind.OBJECTION: N_("异议"),
    ComplaintKind.COMPLAINT: N_("投诉"),
}


class ComplaintGround(StrEnum):
    """What it is about."""

    DOCUMENTS = "documents"
    REVIEW = "review"
    SCORING = "scoring"
    CONFLICT = "conflict"
    FALSE_PAPERS = "false_papers"
    OTHER = "other"


COMPLAINT_GROUND_TITLES = {
    ComplaintGround.DOCUMENTS: N_("招标文件或要求不公平"),
    ComplaintGround.REVIEW: N_("资格和符合性审查有误"),
    ComplaintGround.SCORING: N_("评分或计算有误"),
    ComplaintGround.CONFLICT: N_("评委或工作人员有利益关系"),
    ComplaintGround.FALSE_PAPERS: N_("中选单位材料不实"),
    ComplaintGround.OTHER: N_("其他"),
}


class ComplaintState(StrEnum):
    """What became of it."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


COMPLAINT_STATE_TITLES = {
    ComplaintState.OPEN: N_("等待答复"),
    ComplaintState.UPHELD: N_("成立"),
    ComplaintState.REJECTED: N_("不成立"),
    ComplaintState.WITHDRAWN: N_("已撤回"),
}


class Remedy(StrEnum):
    """What follows from one that is upheld."""

    BIDDER_OUT = "bidder_out"
    RETENDER = "retender"
    NO_CHANGE = "no_change"


REMEDY_TITLES = {
    Remedy.BIDDER_OUT: N_("取消中选资格，由下一名接替"),
    Remedy.RETENDER: N_("结果作废，重新招标"),
    Remedy.NO_CHANGE: N_("意见成立，但不影响结果"),
}
