"""What volunteering tells the rooms above; points, coins and notices listen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from community.volunteering.rules.kinds import HoursClass, ServiceKind


@dataclass(frozen=True, slots=True)
class HoursConfirmed:
    """Hours were confirmed: the record stands and may earn points and coins by its rule set.

    A correction tells `HoursReversed` for the old version first, then this for the new one.
    `activity_id` is None for hours filled in or imported without an activity of ours;
    `attended_bp` is the attended part of the shift in basis points.
    """

    community_id: int
    hours_id: int
    person_id: int
    activity_id: int | None
    activity_title: str
    kind: ServiceKind
    hours_class: HoursClass
    minutes: int
    served_on: date
    rule_set_id: int
    organization_id: int | None = None
    shift_id: int | None = None
    version: int = 1
    attended_bp: int = 10_000


@dataclass(frozen=True, slots=True)
class HoursReversed:
    """A confirmed record of hours no longer stands, so what it earned is taken back."""

    community_id: int
    hours_id: int
    person_id: int
    reason: str
