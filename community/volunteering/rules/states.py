"""What states things of a volunteer's day pass through: one table of allowed steps each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from community.kernel.errors import N_


class ActivityState(StrEnum):
    """Where an activity stands."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ShiftState(StrEnum):
    """Where a shift stands; running and over are told by the clock, not kept."""

    OPEN = "open"
    CANCELLED = "cancelled"


class SignUpState(StrEnum):
    """Where one person's sign-up for one shift stands."""

    SIGNED_UP = "signed_up"
    WAITING = "waiting"
    OFFERED = "offered"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class HoursState(StrEnum):
    """Where a record of hours stands."""

    PENDING = "pending"
    IN_REVIEW = "in_review"
    IN_SECOND_REVIEW = "in_second_review"
    CONFIRMED = "confirmed"
    NOT_COUNTED = "not_counted"
    REFUSED = "refused"


class HoursSource(StrEnum):
    """From where a record of hours came."""

    SHIFT = "shift"
    NEED = "need"
    PAPER_SHEET = "paper_sheet"
    BACK_FILL = "back_fill"
    IMPORT = "import"


class DisputeState(StrEnum):
    """Where a volunteer's doubt about hours stands."""

    OPEN = "open"
    CORRECTED = "corrected"
    UPHELD = "upheld"


class PaperState(StrEnum):
    """Where a photographed, signed sheet stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    LAPSED = "lapsed"


class BackFillState(StrEnum):
    """Where a request to fill hours in later stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class SwapState(StrEnum):
    """Where an offer to hand a place on stands."""

    OPEN = "open"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"


S = TypeVar("S", bound=StrEnum)
Steps = Mapping[S, frozenset[S]]


def _to(*states: S) -> frozenset[S]:
    return frozenset(states)


ACTIVITY_STEPS: Steps[ActivityState] = {
    ActivityState.OPEN: _to(ActivityState.CLOSED, ActivityState.CANCELLED),
    ActivityState.CLOSED: _to(ActivityState.OPEN, ActivityState.CANCELLED),
    ActivityState.CANCELLED: frozenset(),
}
SHIFT_STEPS: Steps[ShiftState] = {
    ShiftState.OPEN: _to(ShiftState.CANCELLED),
    ShiftState.CANCELLED: frozenset(),
}
SIGN_UP_STEPS: Steps[SignUpState] = {
    SignUpState.SIGNED_UP: _to(SignUpState.CANCELLED, SignUpState.NO_SHOW),
    SignUpState.WAITING: _to(SignUpState.OFFERED, SignUpState.CANCELLED),
    SignUpState.OFFERED: _to(SignUpState.SIGNED_UP, SignUpState.LAPSED, SignUpState.CANCELLED),
    SignUpState.LAPSED: _to(SignUpState.SIGNED_UP, SignUpState.WAITING),
    SignUpState.CANCELLED: _to(SignUpState.SIGNED_UP, SignUpState.WAITING),
    SignUpState.NO_SHOW: _to(SignUpState.SIGNED_UP),
}
HOURS_STEPS: Steps[HoursState] = {
    HoursState.PENDING: _to(
        HoursState.CONFIRMED, HoursState.IN_REVIEW, HoursState.NOT_COUNTED, HoursState.REFUSED
    ),
    HoursState.IN_REVIEW: _to(
        HoursState.CONFIRMED, HoursState.IN_SECOND_REVIEW, HoursState.REFUSED
    ),
    HoursState.IN_SECOND_REVIEW: _to(HoursState.CONFIRMED, HoursState.REFUSED),
    HoursState.CONFIRMED: _to(HoursState.REFUSED),
    HoursState.NOT_COUNTED: _to(HoursState.CONFIRMED),
    HoursState.REFUSED: _to(HoursState.CONFIRMED),
}
# A place is taken by who is signed up and by who has been offered it.
TAKES_A_PLACE = (SignUpState.SIGNED_UP, SignUpState.OFFERED)
IS_COMING = (SignUpState.SIGNED_UP,)

SIGN_UP_TITLES = {
    SignUpState.SIGNED_UP: N_("已报名"),
    SignUpState.WAITING: N_("候补中"),
    SignUpState.OFFERED: N_("有名额，等您确认"),
    SignUpState.LAPSED: N_("候补已过期"),
    SignUpState.CANCELLED: N_("已取消"),
    SignUpState.NO_SHOW: N_("未到场"),
}
HOURS_TITLES = {
    HoursState.PENDING: N_("等待确认"),
    HoursState.IN_REVIEW: N_("等待复核"),
    HoursState.IN_SECOND_REVIEW: N_("等待第二次复核"),
    HoursState.CONFIRMED: N_("已核实"),
    HoursState.NOT_COUNTED: N_("不计时长"),
    HoursState.REFUSED: N_("未通过"),
}


def may_step(steps: Steps[S], now: S, target: S) -> bool:
    """Tell whether a thing may pass from one state to another."""
    return target in steps[now]
