"""Reading scans by fixed statements: keys, attendance, earlier attempts, the rules of a day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.db import Statements
from community.volunteering.models import Attendance
from community.volunteering.queries.rule_sets import presets
from community.volunteering.rules.codes import CodeKind
from community.volunteering.rules.rule_sets import HoursRule

MINUTE_MICROS = 60_000_000

_SHIFT = (
    "SELECT s.activity_id, s.starts_at, s.ends_at, s.state, s.gates, a.state, a.title,"
    " EXISTS (SELECT 1 FROM activity_leader l WHERE l.community_id = s.community_id"
    " AND l.activity_id = s.activity_id AND l.person_id = ?)"
    " FROM shift s JOIN activity a ON a.community_id = s.community_id AND a.id = s.activity_id"
    " WHERE s.community_id = ? AND s.id = ?"
)
_RULES = (
    "SELECT figures FROM rule_set WHERE community_id = ? AND valid_from <= ?"
    " AND withdrawn_at IS NULL ORDER BY valid_from DESC, id DESC LIMIT 1"
)
_KEY = (
    "SELECT secret, retired_at FROM scan_key"
    " WHERE community_id = ? AND purpose = ? AND key_number = ?"
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


def find_scanned_shift(
    at: Statements, community_id: int, shift_id: int, leader_id: int | None
) -> ScannedShift | None:
    """Find a shift with its check-in times, and whether a person leads it."""
    row = at.one(_SHIFT, (leader_id, community_id, shift_id))
    if row is None:
        return None
    activity_id, starts_at, ends_at, state, gates, activity_state, title, is_led = row
    rule = hours_rule_at(at, community_id, starts_at)
    return ScannedShift(
        id=shift_id,
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
    return presets()[0].rules.hours if row is None else _hours_rule(row[0])


# A rule set's figures never change, so their text is the key: one parse a process.
@lru_cache(maxsize=256)
def _hours_rule(figures: str) -> HoursRule:
    values = dict(json.loads(figures)["hours"])
    values["star_hours"] = tuple(values["star_hours"])
    return HoursRule(**values)


def find_key(at: Statements, community_id: int, purpose: CodeKind, number: int) -> Key | None:
    """Find a key that still verifies."""
    row = at.one(_KEY, (community_id, purpose.value, number))
    if row is None or (row[1] is not None and row[1] <= clock.micros(clock.now())):
        return None
    return Key(number, bytes(row[0]))


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
