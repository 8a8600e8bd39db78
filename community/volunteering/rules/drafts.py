"""What is filled in to plan an activity or a shift, or to write hours down: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.rules.states import HoursSource


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """What an activity is; `leader_ids` names who leads it, the first being in charge."""

    title: str
    kind: ServiceKind
    organising_unit: str
    place: str
    description: str = ""
    skills: tuple[str, ...] = ()
    minimum_age: int = 0
    leader_ids: tuple[int, ...] = ()
    photo_file_id: int | None = None


@dataclass(frozen=True, slots=True)
class ShiftDraft:
    """When, where, through which gates, and how many; an empty `place` is the activity's."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    place: str = ""
    gates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HoursDraft:
    """Hours to write down, with what 民政部令第67号 Art. 7 asks for.

    `source_key` names the origin once and for ever (`shift:12:34`), so the same hours are never
    written twice. `attended_bp` is the attended part of a shift in basis points.
    """

    person_id: int
    source: HoursSource
    source_key: str
    kind: ServiceKind
    title: str
    organising_unit: str
    served_on: date
    minutes: int
    hours_class: HoursClass
    content: str = ""
    place: str = ""
    person_in_charge_id: int | None = None
    shift_id: int | None = None
    activity_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    attended_bp: int = 10_000
    beneficiary_id: int | None = None
    organization_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One name on a signed sheet of paper."""

    person_id: int
    in_at: datetime
    out_at: datetime


@dataclass(frozen=True, slots=True)
class BackFillDraft:
    """Hours somebody wants filled in later, with the evidence."""

    person_id: int
    kind: ServiceKind
    title: str
    place: str
    served_on: date
    minutes: int
    reason: str
    activity_id: int | None = None


@dataclass(frozen=True, slots=True)
class CheckInRequest:
    """What a scanner sends: a code, the client's nonce, and when the device saw it.

    `is_late` marks what waited on a device without network.
    """

    shift_id: int
    code: str
    nonce: str = ""
    device_time: datetime | None = None
    is_late: bool = False
    gate: str = ""
