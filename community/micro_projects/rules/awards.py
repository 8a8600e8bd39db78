"""An award's way, why it is given without a tender, and when small jobs look like one split up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from community.kernel.errors import N_


class AwardState(StrEnum):
    """Where an award stands; `refused` is what the winner said."""

    PENDING = "pending"
    ACTIVE = "active"
    CANCELLED = "cancelled"
    REFUSED = "refused"


AWARD_TITLES = {
    AwardState.PENDING: N_("公示中"),
    AwardState.ACTIVE: N_("已确定"),
    AwardState.CANCELLED: N_("已撤销"),
    AwardState.REFUSED: N_("中选单位放弃"),
}
_S = AwardState
AWARD_STEPS = {
    _S.PENDING: frozenset({_S.ACTIVE, _S.CANCELLED, _S.REFUSED}),
    _S.ACTIVE: frozenset({_S.CANCELLED, _S.REFUSED}),
    _S.CANCELLED: frozenset[AwardState](),
    _S.REFUSED: frozenset[AwardState](),
}
# What holds the place, so that nobody else can be given it.
STANDING = frozenset({_S.PENDING, _S.ACTIVE})


class DirectGround(StrEnum):
    """Why a job is given to somebody without asking others."""

    SMALL = "small"
    ONLY_ONE = "only_one"
    URGENT = "urgent"
    FOLLOW_UP = "follow_up"
    LOCAL_GROUP = "local_group"
    CALL = "call"


GROUND_TITLES = {
    DirectGround.SMALL: N_("金额小，专门比选不划算"),
    DirectGround.ONLY_ONE: N_("只有这一家能做"),
    DirectGround.URGENT: N_("情况紧急，来不及比选"),
    DirectGround.FOLLOW_UP: N_("和以前做的是一整件事，要保持一致"),
    DirectGround.LOCAL_GROUP: N_("由本社区的社会组织来做更合适"),
    DirectGround.CALL: N_("公益创投评审入选"),
}
# What an officer may choose; a call's own award is made by its own act.
CHOSEN_GROUNDS = tuple(each for each in DirectGround if each is not DirectGround.CALL)

# Small jobs of this long ago still count when one looks at whether a job was split.
SPLIT_WINDOW = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class SmallJob:
    """A job given without a sealed tender: what, where, when and for how much."""

    project_id: int
    title: str
    kind: str
    place: str
    amount_fen: int
    given_on: date


def looks_split(job: SmallJob, earlier: Iterable[SmallJob]) -> tuple[SmallJob, ...]:
    """Name the earlier small jobs of the same kind at the same place within the year.

    An unnamed place is the whole community, and so the same as another unnamed one.
    """
    return tuple(
        one
        for one in earlier
        if one.project_id != job.project_id
        and one.kind == job.kind
        and _plain(one.place) == _plain(job.place)
        and job.given_on - SPLIT_WINDOW < one.given_on <= job.given_on
    )


def whole_amount(job: SmallJob, near: Iterable[SmallJob]) -> int:
    """Add up what a job and those near it cost together, in fen."""
    return job.amount_fen + sum(one.amount_fen for one in near)


def _plain(place: str) -> str:
    return "".join(place.split()).lower()
