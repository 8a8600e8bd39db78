"""A tender's way from its draft to its end, and what the clock says of it meanwhile."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from community.kernel.errors import N_


class TenderMethod(StrEnum):
    """How a supplier is found."""

    OPEN = "open"
    NEGOTIATED = "negotiated"
    QUOTATION = "quotation"
    DIRECT = "direct"


METHOD_TITLES = {
    TenderMethod.OPEN: N_("公开招标"),
    TenderMethod.NEGOTIATED: N_("竞争性磋商"),
    TenderMethod.QUOTATION: N_("询价"),
    TenderMethod.DIRECT: N_("定向委托"),
}
# What is put up for sealed bids; the other two need neither envelope nor panel.
SEALED_METHODS = frozenset({TenderMethod.OPEN, TenderMethod.NEGOTIATED})


class TenderState(StrEnum):
    """Where a tender stands, as it was last written down."""

    DRAFT = "draft"
    COMPLIANCE = "compliance"
    ENQUIRY = "enquiry"
    BIDDING = "bidding"
    FROZEN = "frozen"
    OPENING = "opening"
    EVALUATING = "evaluating"
    AWARD_NOTICE = "award_notice"
    AWARDED = "awarded"
    CONTRACTED = "contracted"
    COMPLETE = "complete"
    UNSUCCESSFUL = "unsuccessful"
    CANCELLED = "cancelled"


STATE_TITLES = {
    TenderState.DRAFT: N_("起草"),
    TenderState.COMPLIANCE: N_("合规审查"),
    TenderState.ENQUIRY: N_("答疑"),
    TenderState.BIDDING: N_("投标"),
    TenderState.FROZEN: N_("截止"),
    TenderState.OPENING: N_("开标"),
    TenderState.EVALUATING: N_("评审"),
    TenderState.AWARD_NOTICE: N_("结果公示"),
    TenderState.AWARDED: N_("已定标"),
    TenderState.CONTRACTED: N_("签约"),
    TenderState.COMPLETE: N_("完成"),
    TenderState.UNSUCCESSFUL: N_("流标"),
    TenderState.CANCELLED: N_("取消"),
}
_S = TenderState
_ENDS = (_S.UNSUCCESSFUL, _S.CANCELLED)
# One table of allowed steps; pages draw a tender's stations from it.
STEPS: dict[TenderState, tuple[TenderState, ...]] = {
    _S.DRAFT: (_S.COMPLIANCE, _S.CANCELLED),
    _S.COMPLIANCE: (_S.ENQUIRY, _S.DRAFT, _S.CANCELLED),
    _S.ENQUIRY: (_S.BIDDING, _S.FROZEN, _S.CANCELLED),
    _S.BIDDING: (_S.FROZEN, _S.CANCELLED),
    _S.FROZEN: (_S.OPENING, *_ENDS),
    _S.OPENING: (_S.EVALUATING, *_ENDS),
    _S.EVALUATING: (_S.AWARD_NOTICE, *_ENDS),
    _S.AWARD_NOTICE: (_S.AWARDED, _S.EVALUATING, *_ENDS),
    _S.AWARDED: (_S.CONTRACTED, _S.AWARD_NOTICE, _S.EVALUATING, *_ENDS),
    _S.CONTRACTED: (_S.COMPLETE, *_ENDS),
    _S.COMPLETE: (),
    _S.UNSUCCESSFUL: (),
    _S.CANCELLED: (),
}
# Small jobs leave stations out.
_SHORT_CUTS: dict[TenderMethod, dict[TenderState, tuple[TenderState, ...]]] = {
    TenderMethod.QUOTATION: {
        _S.DRAFT: (_S.BIDDING,),
        _S.COMPLIANCE: (_S.BIDDING,),
        _S.BIDDING: (_S.EVALUATING, _S.AWARDED, _S.UNSUCCESSFUL),
        _S.EVALUATING: (_S.AWARDED,),
    },
    TenderMethod.DIRECT: {
        _S.DRAFT: (_S.AWARD_NOTICE, _S.AWARDED),
        _S.COMPLIANCE: (_S.AWARD_NOTICE, _S.AWARDED),
    },
}
ENDED = frozenset({_S.COMPLETE, _S.UNSUCCESSFUL, _S.CANCELLED})
UNPUBLISHED = frozenset({_S.DRAFT, _S.COMPLIANCE})
# While one of these is written down, nobody knows the bids.
UNOPENED = frozenset({*UNPUBLISHED, _S.ENQUIRY, _S.BIDDING, _S.FROZEN, _S.OPENING})
MAIN_WAY = (
    _S.COMPLIANCE,
    _S.ENQUIRY,
    _S.BIDDING,
    _S.OPENING,
    _S.EVALUATING,
    _S.AWARD_NOTICE,
    _S.CONTRACTED,
    _S.COMPLETE,
)


class Unconfirmed(StrEnum):
    """What a bid is worth whose bidder did not confirm it after the documents changed."""

    VOID = "void"
    COUNTS = "counts"


UNCONFIRMED_TITLES = {
    Unconfirmed.VOID: N_("没有重新确认的投标作废，不开启"),
    Unconfirmed.COUNTS: N_("没有重新确认的投标按原内容有效"),
}


class CriterionKind(StrEnum):
    """What a criterion looks at."""

    PRICE = "price"
    TECHNICAL = "technical"
    BUSINESS = "business"


CRITERION_TITLES = {
    CriterionKind.PRICE: N_("价格"),
    CriterionKind.TECHNICAL: N_("方案"),
    CriterionKind.BUSINESS: N_("资质和经验"),
}
# Weights are whole points of one hundred.
WHOLE_WEIGHT = 100


def may_step(method: TenderMethod, before: TenderState, new: TenderState) -> bool:
    """Tell whether a tender may go from one state to another."""
    return new in STEPS[before] or new in _SHORT_CUTS.get(method, {}).get(before, ())


def phase_at(
    state: TenderState, opens_at: datetime | None, deadline: datetime | None, now: datetime
) -> TenderState:
    """Tell where a tender stands at a moment, though no job has written it down.

    Half-open: at `opens_at` bids come in, at `deadline` none does any more.
    """
    if state not in {TenderState.ENQUIRY, TenderState.BIDDING}:
        return state
    if deadline is not None and now >= deadline:
        return TenderState.FROZEN
    if opens_at is not None and now >= opens_at:
        return TenderState.BIDDING
    return state


def takes_bids(
    state: TenderState, opens_at: datetime | None, deadline: datetime | None, now: datetime
) -> bool:
    """Tell whether a bid that comes at this moment is in time."""
    return phase_at(state, opens_at, deadline, now) is TenderState.BIDDING


def is_confirmed(confirmed_amendment: int, amendments: int) -> bool:
    """Tell whether a bid was made or confirmed after the last change of the documents."""
    return confirmed_amendment >= amendments


def counts_at_freeze(rule: Unconfirmed, confirmed_amendment: int, amendments: int) -> bool:
    """Tell whether a bid is in the frozen set."""
    return rule is Unconfirmed.COUNTS or is_confirmed(confirmed_amendment, amendments)
