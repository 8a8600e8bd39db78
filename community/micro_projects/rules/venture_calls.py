"""A call of the venture fund: its way, its criteria, its jury and its days, on plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from community.kernel.errors import N_
from community.micro_projects.rules.panels import LEAST_SHEETS, Bar, SeatKind

# Weights are basis points of the whole; one of them is a hundredth of a point of 100.
WHOLE_BP = 10_000
MOST_CRITERIA = 8
MOST_THEMES = 10
LEAST_JURY, MOST_JURY = 5, 21
_PREFIX = "call:"
# Why somebody of the pool may not judge a call.
CALL_BARS = {
    Bar.BIDDER_STAFF: N_("申报单位或依托单位的人员"),
    Bar.PROPOSER: N_("申报人"),
    Bar.RELATIVE: N_("申报人或申报单位人员的亲属、同住人"),
    Bar.CONFLICT: N_("申报过和申报单位的利益关系"),
    Bar.OFFICER: N_("起草、发布或审查这次征集的人"),
}


class CallState(StrEnum):
    """Where a call stands; whether it takes applications is for the clock to say."""

    DRAFT = "draft"
    OPEN = "open"
    JUDGING = "judging"
    NOTICE = "notice"
    CHOSEN = "chosen"
    CLOSED = "closed"
    CANCELLED = "cancelled"


CALL_TITLES = {
    CallState.DRAFT: N_("草稿"),
    CallState.OPEN: N_("征集中"),
    CallState.JUDGING: N_("评审中"),
    CallState.NOTICE: N_("入选公示"),
    CallState.CHOSEN: N_("项目实施中"),
    CallState.CLOSED: N_("已结束"),
    CallState.CANCELLED: N_("已终止"),
}
_S = CallState
CALL_STEPS: Mapping[CallState, frozenset[CallState]] = {
    _S.DRAFT: frozenset({_S.OPEN}),
    _S.OPEN: frozenset({_S.JUDGING, _S.CANCELLED}),
    _S.JUDGING: frozenset({_S.NOTICE, _S.CANCELLED}),
    # An objection that is upheld opens the choice again.
    _S.NOTICE: frozenset({_S.CHOSEN, _S.JUDGING, _S.CANCELLED}),
    _S.CHOSEN: frozenset({_S.CLOSED}),
    _S.CLOSED: frozenset(),
    _S.CANCELLED: frozenset(),
}
# Everybody reads applications once nobody can hand one in any more.
TOLD = frozenset({_S.JUDGING, _S.NOTICE, _S.CHOSEN, _S.CLOSED})


class CallPhase(StrEnum):
    """What a resident reads of a call, its days taken into account."""

    SOON = "soon"
    TAKING = "taking"
    ENDED = "ended"
    LATER = "later"


def phase_of(state: CallState, opens_at: datetime, closes_at: datetime, now: datetime) -> CallPhase:
    """Tell whether a call takes applications at a moment: from its opening to before its end."""
    if state is not CallState.OPEN:
        return CallPhase.LATER
    if now < opens_at:
        return CallPhase.SOON
    return CallPhase.TAKING if now < closes_at else CallPhase.ENDED


def is_whole(weights: Iterable[int]) -> bool:
    """Tell whether weights make up the whole, to the basis point."""
    return sum(weights) == WHOLE_BP


def is_mixed_jury(experts: int, residents: int, officials: int) -> bool:
    """Tell whether a jury is odd, has all three kinds, and none of them outvotes the others."""
    seats = experts + residents + officials
    kinds = (experts, residents, officials)
    return (
        seats % 2 == 1
        and LEAST_JURY <= seats <= MOST_JURY
        and min(kinds) > 0
        and all(2 * each < seats for each in kinds)
    )


def open_seats(wanted: Mapping[SeatKind, int], taken: Sequence[SeatKind]) -> dict[SeatKind, int]:
    """Tell how many seats of each kind are still to be filled."""
    counted = Counter(taken)
    return {kind: number - counted[kind] for kind, number in wanted.items()}


def still_decides(kinds: Sequence[SeatKind]) -> bool:
    """Tell whether the sheets that are left, some voided, are enough and of every kind."""
    return len(kinds) >= LEAST_SHEETS and set(kinds) == set(SeatKind)


def call_subject(call_id: int) -> str:
    """Name a call as the subject of a notice."""
    return f"{_PREFIX}{call_id}"


def succession_subject(application_id: int) -> str:
    """Name what follows a broken-off application as the subject of a notice."""
    return f"after:{application_id}"


def leverage_bp(matched_fen: int, granted_fen: int) -> int | None:
    """Tell how much others gave for what was granted, in basis points, rounded down.

    5,000 is half a yuan for each yuan. None where nothing was granted.
    """
    return matched_fen * WHOLE_BP // granted_fen if granted_fen > 0 else None
