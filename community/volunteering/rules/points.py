"""What served minutes are worth in points: rate, coefficient, rounding, then the caps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.rules.rule_sets import WHOLE, PointRule, Rounding, coefficient_bp


class Source(StrEnum):
    """What a resident got points or coins for."""

    HOURS = "hours"
    DEED = "deed"
    BIN = "bin"
    SERVICE = "service"


class Book(StrEnum):
    """Which of the two spendable books an earning is in."""

    POINTS = "points"
    TIME = "time"


class DeedState(StrEnum):
    """Where an award for a good deed stands."""

    PROPOSED = "proposed"
    GRANTED = "granted"
    REFUSED = "refused"
    REVERSED = "reversed"


POOL = "pool"


def person_owner(person_id: int) -> str:
    """Name a person as an owner in the books."""
    return f"person:{person_id}"


def household_owner(household_id: int) -> str:
    """Name a household as an owner in the books."""
    return f"household:{household_id}"


@dataclass(frozen=True, slots=True)
class EarnedBefore:
    """Points a person got already: from this activity, on this day, in this month."""

    from_activity: int = 0
    on_day: int = 0
    in_month: int = 0


def points_for(rule: PointRule, kind: ServiceKind, hours_class: HoursClass, minutes: int) -> int:
    """Tell the points of served minutes before any cap.

    Worked example: 90 minutes, 10 points an hour, coefficient 1.5: 22.5, cut to 22 or, half up,
    23. A class the rule does not name earns nothing: back-filled hours by default.
    """
    if hours_class not in rule.earning or minutes <= 0:
        return 0
    parts = minutes * rule.points_an_hour * coefficient_bp(rule, kind)
    whole = 60 * WHOLE
    if rule.rounding is Rounding.HALF_UP:
        parts += whole // 2
    return parts // whole


def cap_points(rule: PointRule, points: int, before: EarnedBefore) -> int:
    """Cut points to what the caps per activity, day and month still leave."""
    caps = (
        (rule.cap_an_activity, before.from_activity),
        (rule.cap_a_day, before.on_day),
        (rule.cap_a_month, before.in_month),
    )
    left = [cap - earned for cap, earned in caps if cap is not None]
    return max(0, min([points, *left]))


def star_level(star_hours: tuple[int, ...], verified_minutes: int) -> int:
    """Tell how many stars verified minutes have reached: 100 h one star, 1,500 h five."""
    return sum(verified_minutes >= hours * 60 for hours in star_hours)


def minutes_to_next_star(star_hours: tuple[int, ...], verified_minutes: int) -> int | None:
    """Tell how many minutes the next star is away; None after the last."""
    ahead = [hours * 60 - verified_minutes for hours in star_hours]
    return min((each for each in ahead if each > 0), default=None)
