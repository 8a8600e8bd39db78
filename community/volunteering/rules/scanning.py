"""What a scan means: directions, means, and the fixed reasons with colour, sound and sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from community.kernel.errors import N_


class Direction(StrEnum):
    """In at the start, out at the end."""

    IN = "in"
    OUT = "out"


class Means(StrEnum):
    """By what an attempt was made."""

    PERSONAL_CODE = "personal_code"
    ROTATING_CODE = "rotating_code"
    ROSTER = "roster"
    CLOCK = "clock"
    CORRECTION = "correction"


class Colour(StrEnum):
    """What fills the screen."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Sound(StrEnum):
    """What is heard: one high tone, two middle tones, one low tone."""

    YES = "yes"
    WAIT = "wait"
    NO = "no"


class Reason(StrEnum):
    """Every answer an attempt can get."""

    OK = "ok"
    ALREADY_IN = "already_in"
    ALREADY_OUT = "already_out"
    NOT_IN = "not_in"
    NOT_SIGNED_UP = "not_signed_up"
    WRONG_ACTIVITY = "wrong_activity"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    UNKNOWN_CODE = "unknown_code"
    FORGED_CODE = "forged_code"
    EXPIRED_CODE = "expired_code"
    NEEDS_CONFIRMATION = "needs_confirmation"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Signal:
    """How a reason looks, sounds, shakes and reads; `vibration` is in milliseconds on and off."""

    colour: Colour
    sound: Sound
    vibration: tuple[int, ...]
    sentence: str


_YES, _WAIT, _NO = (120,), (80, 80, 80), (400, 120, 400)


def _green(sentence: str) -> Signal:
    return Signal(Colour.GREEN, Sound.YES, _YES, sentence)


def _amber(sentence: str) -> Signal:
    return Signal(Colour.AMBER, Sound.WAIT, _WAIT, sentence)


def _red(sentence: str) -> Signal:
    return Signal(Colour.RED, Sound.NO, _NO, sentence)


SIGNALS: dict[Reason, Signal] = {
    Reason.OK: _green(N_("成功")),
    Reason.NEEDS_CONFIRMATION: _amber(N_("已记下，等负责人确认")),
    Reason.ALREADY_IN: _amber(N_("已经签到过了，不用再签")),
    Reason.ALREADY_OUT: _amber(N_("已经签退过了，不用再签")),
    Reason.NOT_IN: _red(N_("还没有签到，不能签退。请先签到，或请负责人在名册上补记")),
    Reason.NOT_SIGNED_UP: _red(N_("没有报名这一班。请负责人先在名册上加入")),
    Reason.WRONG_ACTIVITY: _red(N_("报的是另一班，请核对时间和地点")),
    Reason.TOO_EARLY: _red(N_("还没到签到时间，请稍后再来")),
    Reason.TOO_LATE: _red(N_("已过签到时间，请负责人在名册上补记")),
    Reason.CANCELLED: _red(N_("这一班已取消")),
    Reason.REVOKED: _red(N_("这张码已作废，请本人换新码或到社区补卡")),
    Reason.UNKNOWN_CODE: _red(N_("认不出这个码，请重扫，或输入码下面的字符")),
    Reason.FORGED_CODE: _red(N_("这个码不是本系统发出的，请不要放行")),
    Reason.EXPIRED_CODE: _red(N_("码已过期，请扫屏幕上最新的码")),
    Reason.BLOCKED: _red(N_("暂时不能参加，请联系社区工作人员")),
}
# A nonce is used up by these only: whoever failed may try again with the same one.
ACCEPTED = frozenset({Reason.OK, Reason.NEEDS_CONFIRMATION})


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """What is known of a person and a shift when a readable code is scanned.

    Instants are whole microseconds; `at` is the device's time of a late upload, else the server's.
    """

    direction: Direction
    at: int
    opens_at: int
    starts_at: int
    ends_at: int
    closes_at: int
    is_cancelled: bool
    is_blocked: bool
    is_signed_up: bool
    is_elsewhere: bool
    in_at: int | None
    out_at: int | None
    is_vouched: bool


def decide(facts: ScanFacts) -> Reason:
    """Decide what a scan of a genuine code comes to; the first reason that applies.

    `is_vouched` says that somebody who may credit this person saw the code in time; without it
    the attempt counts, but waits for a confirmation.
    """
    if facts.is_cancelled:
        return Reason.CANCELLED
    if facts.is_blocked:
        return Reason.BLOCKED
    if not facts.is_signed_up:
        return Reason.WRONG_ACTIVITY if facts.is_elsewhere else Reason.NOT_SIGNED_UP
    refused = _wrong_order(facts) or _wrong_time(facts)
    if refused is not None:
        return refused
    return Reason.OK if facts.is_vouched else Reason.NEEDS_CONFIRMATION


def _wrong_order(facts: ScanFacts) -> Reason | None:
    if facts.out_at is not None:
        return Reason.ALREADY_OUT
    if facts.direction is Direction.IN:
        return Reason.ALREADY_IN if facts.in_at is not None else None
    if facts.in_at is None:
        return Reason.NOT_IN
    # A device whose clock is behind must not let somebody leave before they came.
    return Reason.TOO_EARLY if facts.at < facts.in_at else None


def _wrong_time(facts: ScanFacts) -> Reason | None:
    if facts.at < facts.opens_at:
        return Reason.TOO_EARLY
    last = facts.ends_at if facts.direction is Direction.IN else facts.closes_at
    return Reason.TOO_LATE if facts.at > last else None


@dataclass(frozen=True, slots=True)
class CheckInResult:
    """What an attempt came to; `earlier_at` and `earlier_gate` tell of the scan before it.

    `name_masked` tells whose code it was to whoever stands beside the scanner; `number` counts who
    is in so far; `is_repeat` says that the nonce had been answered before.
    """

    reason: Reason
    direction: Direction
    shift_id: int
    at: datetime
    person_id: int | None = None
    name_masked: str = ""
    number: int = 0
    earlier_at: datetime | None = None
    earlier_gate: str = ""
    is_repeat: bool = False

    @property
    def is_accepted(self) -> bool:
        """Tell whether the attempt counts."""
        return self.reason in ACCEPTED
