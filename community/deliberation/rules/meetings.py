"""Meetings decided on plain values: notice days, quorum, counts, speeches in turn, clocks."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from community.deliberation.errors.meetings import (
    CountBeyondPresent,
    NoQuorum,
    NoticeTooLate,
)
from community.deliberation.rules.bodies import BodyFigures, PassingBase, needed_heads
from community.kernel import clock, ids
from community.kernel.errors import N_


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    CALLED = "called"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


MEETING_TITLES: dict[MeetingState, str] = {
    MeetingState.PLANNED: N_("计划中"),
    MeetingState.CALLED: N_("已通知"),
    MeetingState.OPEN: N_("正在开会"),
    MeetingState.CLOSED: N_("已结束"),
    MeetingState.CANCELLED: N_("已取消"),
}
MEETING_STEPS: Mapping[MeetingState, frozenset[MeetingState]] = {
    MeetingState.PLANNED: frozenset({MeetingState.CALLED, MeetingState.CANCELLED}),
    MeetingState.CALLED: frozenset({MeetingState.OPEN, MeetingState.CANCELLED}),
    MeetingState.OPEN: frozenset({MeetingState.CLOSED}),
    MeetingState.CLOSED: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}


class ArrivalWay(StrEnum):
    """How somebody was checked in."""

    SCAN = "scan"
    DESK = "desk"


class CountWay(StrEnum):
    """How a vote was counted."""

    HANDS = "hands"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Count:
    """Hands or phones counted: `expected` members, `present` of them, and how they voted."""

    expected: int
    present: int
    yes: int
    no: int
    abstain: int


def check_notice(figures: BodyFigures, starts_at: datetime, today: date) -> None:
    """Refuse to call a meeting later than the body's figures allow.

    The day of the notice does not count: 3 days' notice on the 1st allows a meeting on the 4th.
    Raises: NoticeTooLate.
    """
    earliest = today + timedelta(days=figures.notice_days)
    if clock.day_of(starts_at) < earliest:
        raise NoticeTooLate(
            days=figures.notice_days, earliest=earliest.isoformat(), basis=figures.legal_basis
        )


def quorum_of(figures: BodyFigures, expected: int) -> int:
    """Tell how many must be present: at least the share, and at least one."""
    return max(1, needed_heads(expected, figures.quorum_num, figures.quorum_den))


def has_quorum(figures: BodyFigures, expected: int, present: int) -> bool:
    """Tell whether enough are present to decide."""
    return present >= quorum_of(figures, expected)


def check_count(figures: BodyFigures, count: Count) -> None:
    """Refuse more votes than people, and any vote without a quorum.

    Raises: CountBeyondPresent, NoQuorum.
    """
    if not has_quorum(figures, count.expected, count.present):
        raise NoQuorum(present=count.present, needed=quorum_of(figures, count.expected))
    counted = count.yes + count.no + count.abstain
    if counted > count.present:
        raise CountBeyondPresent(counted=counted, present=count.present)


def base_of(figures: BodyFigures, count: Count) -> int:
    """Tell of how many the majority is asked."""
    return count.expected if figures.passing_base is PassingBase.MEMBERS else count.present


def is_passed(figures: BodyFigures, count: Count) -> bool:
    """Tell whether a count passes: above the share (or on it, where included); a tie fails."""
    reached = count.yes * figures.passing_den
    asked = base_of(figures, count) * figures.passing_num
    is_enough = reached >= asked if figures.is_passing_inclusive else reached > asked
    return is_enough and count.yes > count.no


def yes_needed(figures: BodyFigures, base: int) -> int:
    """Tell the fewest yes votes that pass."""
    asked = base * figures.passing_num
    if figures.is_passing_inclusive:
        return max(1, -(-asked // figures.passing_den))
    return asked // figures.passing_den + 1


class SpeechSide(StrEnum):
    """For or against a motion."""

    FOR = "for"
    AGAINST = "against"


SPEECH_TITLES: dict[SpeechSide, str] = {
    SpeechSide.FOR: N_("赞成"),
    SpeechSide.AGAINST: N_("反对"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits to speak: the queue's number, who, for which side, how often before."""

    id: int
    person_id: int
    side: SpeechSide
    spoken_before: int


def in_turn(last_side: SpeechSide | None, waiting: Sequence[Waiting]) -> tuple[Waiting, ...]:
    """Order those who wait: sides alternate, for begins, who spoke less comes first.

    When one side has nobody left, the other goes on.
    """
    lines = {
        side: sorted(
            (each for each in waiting if each.side is side),
            key=lambda each: (each.spoken_before, each.id),
        )
        for side in SpeechSide
    }
    side = SpeechSide.AGAINST if last_side is SpeechSide.FOR else SpeechSide.FOR
    ordered: list[Waiting] = []
    while any(lines.values()):
        other = SpeechSide.FOR if side is SpeechSide.AGAINST else SpeechSide.AGAINST
        line = lines[side] or lines[other]
        ordered.append(line.pop(0))
        side = SpeechSide.FOR if ordered[-1].side is SpeechSide.AGAINST else SpeechSide.AGAINST
    return tuple(ordered)


def seconds_left(started_at: datetime, allowed: int, now: datetime) -> int:
    """Tell how many seconds a speech has left by the server's clock; below zero it is over."""
    return allowed - (now - started_at) // timedelta(seconds=1)


CODE_SECONDS = 60
CODE_LENGTH = 6


def door_code(key: str, micros: int, slots_ago: int = 0) -> str:
    """Derive the check-in code that the room's screen shows at an instant.

    It changes every minute, so that a picture of it sent to somebody at home soon is worthless.
    """
    slot = micros // (CODE_SECONDS * 1_000_000) - slots_ago
    number = int.from_bytes(hmac.digest(key.encode(), f"door:{slot}".encode(), "sha256")[:8])
    return "".join(ids.ALPHABET[number >> (5 * place) & 31] for place in range(CODE_LENGTH))


def is_door_code(key: str, typed: str, micros: int) -> bool:
    """Tell whether a code is the present or the previous one."""
    given = ids.read_code(typed)
    return bool(key) and any(
        hmac.compare_digest(given, door_code(key, micros, ago)) for ago in (0, 1)
    )


def code_seconds_left(micros: int) -> int:
    """Tell for how many more seconds the screen shows its code."""
    return CODE_SECONDS - micros // 1_000_000 % CODE_SECONDS
