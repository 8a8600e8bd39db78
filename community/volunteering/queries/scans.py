"""Reading scans by fixed statements: keys, attendance, earlier attempts, the rules of a day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.db import Statements
from community.volunteering.models import Attendance
from community.volunteering.queries.rule_sets import presets
from community.volunteering.rules.codes import CodeKind
from community.volunteering.rules.rule_sets import HoursRule

MINUTE_MICROS = 60_000_000

_RULES = (
    "SELECT figures FROM rule_set WHERE community_id = ? AND valid_from <= ?"
    " AND withdrawn_at IS NULL ORDER BY valid_from DESC, id DESC LIMIT 1"
)
# One statement, because each costs a gate's queue as much as all that it asks for: while it runs
# another thread takes the interpreter, and gives it back late.
_SCAN = (
    "SELECT s.activity_id, s.starts_at, s.ends_at, s.state, s.gates, a.state, a.title,"
    " EXISTS (SELECT 1 FROM activity_leader l WHERE l.community_id = s.community_id"
    " AND l.activity_id = s.activity_id AND l.person_id = ?),"
    " (SELECT r.figures FROM rule_set r WHERE r.community_id = s.community_id"
    " AND r.valid_from <= ? AND r.withdrawn_at IS NULL"
    " ORDER BY r.valid_from DESC, r.id DESC LIMIT 1),"
    " (SELECT COUNT(*) FROM attendance i"
    " WHERE i.community_id = s.community_id AND i.shift_id = s.id),"
    " EXISTS (SELECT 1 FROM volunteer_block b WHERE b.community_id = s.community_id"
    " AND b.person_id = ? AND b.until >= ? AND b.lifted_at IS NULL),"
    " k.secret, k.retired_at, COALESCE(c.issue, 0), u.state,"
    " t.in_at, t.in_gate, t.out_at, t.out_means = 'clock' AND t.confirmed_at IS NULL,"
    " n.shift_id, n.person_id, n.direction, n.reason, n.received_at, n.code_hash"
    " FROM shift s JOIN activity a ON a.community_id = s.community_id AND a.id = s.activity_id"
    " LEFT JOIN scan_key k ON k.community_id = s.community_id AND k.purpose = ?"
    " AND k.key_number = ?"
    " LEFT JOIN personal_code c ON c.community_id = s.community_id AND c.person_id = ?"
    " LEFT JOIN sign_up u ON u.community_id = s.community_id AND u.shift_id = s.id"
    " AND u.person_id = ?"
    " LEFT JOIN attendance t ON t.community_id = s.community_id AND t.shift_id = s.id"
    " AND t.person_id = ?"
    # As the partial index says, or it is not used.
    " LEFT JOIN check_in_attempt n ON n.community_id = s.community_id AND n.scanned_by = ?"
    " AND n.nonce = ? AND n.is_accepted AND n.nonce <> ''"
    " WHERE s.community_id = ? AND s.id = ?"
)
_NEWEST_KEY = (
    "SELECT key_number, secret FROM scan_key WHERE community_id = ? AND purpose = ?"
    " AND retired_at IS NULL ORDER BY id DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class ScannedShift:
    """What a scan needs to know of its shift; instants are whole microseconds."""

    id: int
    activity_id: int
    title: str
    opens_at: int
    starts_at: int
    ends_at: int
    closes_at: int
    gates: tuple[str, ...]
    is_cancelled: bool
    is_led: bool


@dataclass(frozen=True, slots=True)
class Key:
    """A key with its number."""

    number: int
    secret: bytes


@dataclass(frozen=True, slots=True)
class ScanQuestion:
    """Who scans whom for which shift; the key that a code says it was signed with."""

    community_id: int
    shift_id: int
    scanner_id: int | None
    person_id: int | None
    key_kind: CodeKind
    key_number: int | None
    nonce: str
    now: int


@dataclass(frozen=True, slots=True)
class EarlierAttempt:
    """The accepted attempt that had the same nonce."""

    shift_id: int
    person_id: int
    direction: str
    reason: str
    received_at: int
    code_hash: bytes


@dataclass(frozen=True, slots=True)
class ScanScene:
    """All that is known of a scan before it is judged; instants are whole microseconds.

    `inside` counts who has come to the shift so far.
    """

    shift: ScannedShift
    key: Key | None
    issue: int
    inside: int
    is_blocked: bool
    is_signed_up: bool
    in_at: int | None
    in_gate: str
    out_at: int | None
    was_closed_by_clock: bool
    earlier: EarlierAttempt | None


def find_scan_scene(at: Statements, asked: ScanQuestion) -> ScanScene | None:
    """Find what a scan meets; None without such a shift."""
    today = clock.day_number(clock.day_of(clock.from_micros(asked.now)))
    community_id, person_id = asked.community_id, asked.person_id
    row = at.one(
        _SCAN,
        (
            *(asked.scanner_id, today, person_id, today),
            *(asked.key_kind.value, asked.key_number, person_id, person_id, person_id),
            *(asked.scanner_id, asked.nonce, community_id, asked.shift_id),
        ),
    )
    if row is None:
        return None
    figures, inside, is_blocked, secret, retired_at, issue, signed, *attended = row[8:19]
    is_valid = secret is not None and (retired_at is None or retired_at > asked.now)
    return ScanScene(
        shift=_scanned_shift(at, asked, row[:8], today, figures),
        key=Key(asked.key_number or 0, bytes(secret)) if is_valid else None,
        issue=issue,
        inside=inside,
        is_blocked=bool(is_blocked),
        is_signed_up=signed == "signed_up",
        in_at=attended[0],
        in_gate=attended[1] or "",
        out_at=attended[2],
        was_closed_by_clock=bool(attended[3]),
        earlier=_earlier_attempt(*row[19:]),
    )


def _earlier_attempt(
    shift_id: int | None, person_id: int, direction: str, reason: str, at: int, code_hash: bytes
) -> EarlierAttempt | None:
    if shift_id is None:
        return None
    return EarlierAttempt(shift_id, person_id, direction, reason, at, bytes(code_hash))


def _scanned_shift(
    at: Statements, asked: ScanQuestion, row: tuple[Any, ...], today: int, figures: Any
) -> ScannedShift:
    activity_id, starts_at, ends_at, state, gates, activity_state, title, is_led = row
    if clock.day_number(clock.day_of(clock.from_micros(starts_at))) == today:
        rule = _hours_rule(figures)
    else:
        rule = hours_rule_at(at, asked.community_id, starts_at)
    return ScannedShift(
        id=asked.shift_id,
        activity_id=activity_id,
        title=title,
        opens_at=starts_at - rule.opens_before_minutes * MINUTE_MICROS,
        starts_at=starts_at,
        ends_at=ends_at,
        closes_at=ends_at + rule.closes_after_minutes * MINUTE_MICROS,
        gates=tuple(json.loads(gates)),
        is_cancelled="cancelled" in {state, activity_state},
        is_led=bool(is_led),
    )


def hours_rule_at(at: Statements, community_id: int, micros: int) -> HoursRule:
    """Give the rule of hours that decides the day of an instant."""
    day = clock.day_number(clock.day_of(clock.from_micros(micros)))
    row = at.one(_RULES, (community_id, day))
    return _hours_rule(None if row is None else row[0])


# A rule set's figures never change, so their text is the key: one parse a process.
@lru_cache(maxsize=256)
def _hours_rule(figures: str | None) -> HoursRule:
    if figures is None:
        return presets()[0].rules.hours
    values = dict(json.loads(figures)["hours"])
    values["star_hours"] = tuple(values["star_hours"])
    return HoursRule(**values)


def newest_key(at: Statements, community_id: int, purpose: CodeKind) -> Key | None:
    """Find the key that signs now."""
    row = at.one(_NEWEST_KEY, (community_id, purpose.value))
    return None if row is None else Key(row[0], bytes(row[1]))


def issue_of(at: Statements, community_id: int, person_id: int) -> int:
    """Tell which issue of a person's code is valid."""
    row = at.one(
        "SELECT issue FROM personal_code WHERE community_id = ? AND person_id = ?",
        (community_id, person_id),
    )
    return 0 if row is None else int(row[0])


def has_attended(session: Session, community_id: int, shift_id: int, person_id: int) -> bool:
    """Tell whether a person has been checked in to a shift."""
    return find_attendance(session, community_id, shift_id, person_id) is not None


def find_attendance(
    session: Session, community_id: int, shift_id: int, person_id: int
) -> Attendance | None:
    """Find when a person came and left."""
    return session.scalar(
        select(Attendance).where(
            Attendance.community_id == community_id,
            Attendance.shift_id == shift_id,
            Attendance.person_id == person_id,
        )
    )
