"""A dated rule set: which figures of which locality decide, and since when; all of it is data.

A figure is never a constant in code: presets are files, a community's own sets are rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from community.volunteering.rules.kinds import HoursClass, ServiceKind

WHOLE = 10_000
MINUTES_A_DAY = 1_440


class SourceLabel(StrEnum):
    """How we know a rule: the text was read in full, or seen in articles only."""

    READ = "read"
    REPORTED = "reported"


class Expiry(StrEnum):
    """When earned points end."""

    NEVER = "never"
    YEAR_END = "year_end"
    YEARS = "years"


class Rounding(StrEnum):
    """What becomes of a part of a point."""

    DOWN = "down"
    HALF_UP = "half_up"


class Payer(StrEnum):
    """Who pays the giver of a time-bank service."""

    RECEIVER = "receiver"
    POOL = "pool"
    POOL_FOR_OLDER = "pool_for_older"


@dataclass(frozen=True, slots=True)
class HoursRule:
    """How hours are counted; a limit of None does not apply.

    `review_above_minutes`: more on one day waits for a review; `second_review_above_minutes`:
    for a second one. `least_attended_bp`: attended less of the shift, nothing counts.
    `least_shown`: figures of fewer people or households are not shown.
    """

    review_above_minutes: int | None = None
    second_review_above_minutes: int | None = None
    least_attended_bp: int = 0
    opens_before_minutes: int = 30
    closes_after_minutes: int = 30
    record_within_working_days: int = 10
    paper_within_days: int = 2
    back_fill_within_days: int = 30
    back_fills_a_month: int = 2
    answer_within_working_days: int = 10
    offer_stands_hours: int = 12
    remind_before_hours: int = 24
    star_hours: tuple[int, ...] = (100, 300, 600, 1000, 1500)
    least_shown: int = 5


@dataclass(frozen=True, slots=True)
class PointRule:
    """What an hour is worth in points: hours x points x coefficient, then rounded, then capped."""

    points_an_hour: int = 10
    coefficients_bp: tuple[tuple[ServiceKind, int], ...] = ()
    earning: tuple[HoursClass, ...] = (HoursClass.VERIFIED,)
    rounding: Rounding = Rounding.DOWN
    cap_an_activity: int | None = None
    cap_a_day: int | None = None
    cap_a_month: int | None = None
    expiry: Expiry = Expiry.YEAR_END
    expiry_years: int = 1
    may_refund: bool = True
    award_limit: int = 50
    bin_points: int = 1
    bin_times_a_day: int = 1
    bin_cap_a_month: int | None = 30


@dataclass(frozen=True, slots=True)
class TimeBankRule:
    """How time coins are earned and spent; coins are minutes and never money.

    `coin_kinds`: activities of these kinds earn coins too, beside services between two people.
    """

    is_open: bool = True
    coin_bp: int = WHOLE
    coin_kinds: tuple[ServiceKind, ...] = (ServiceKind.ELDER_CARE, ServiceKind.MEAL)
    payer: Payer = Payer.POOL_FOR_OLDER
    older_from_age: int = 60
    redeem_from_age: int = 0
    may_redeem_for_spouse: bool = False
    cap_minutes: int | None = None
    may_give_to_relatives: bool = True
    may_donate: bool = True
    are_group_hours_donated: bool = False
    longest_minutes: int = 480
    grant_limit_minutes: int = 600


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of a locality for a time: `valid_from` to before `valid_until`."""

    name: str
    locality: str
    legal_basis: str
    label: SourceLabel
    hours: HoursRule
    points: PointRule
    time_bank: TimeBankRule


T = TypeVar("T")
_PARTS = {"hours": HoursRule, "points": PointRule, "time_bank": TimeBankRule}
_TUPLES = {"earning": HoursClass, "coin_kinds": ServiceKind}
_ENUMS = {"rounding": Rounding, "expiry": Expiry, "payer": Payer}


def coefficient_bp(rule: PointRule, kind: ServiceKind) -> int:
    """Tell a kind's coefficient in basis points; a kind without one counts in full."""
    return dict(rule.coefficients_bp).get(kind, WHOLE)


def read_rule_set(values: Mapping[str, Any]) -> RuleSet:
    """Read a rule set from a preset file or a stored row.

    Raises: ValueError, KeyError or TypeError for what is no rule set (our own mistake: forms
    are read by their own schema).
    """
    parts: dict[str, Any] = {
        name: _read_part(kind, values.get(name, {})) for name, kind in _PARTS.items()
    }
    return RuleSet(
        name=values["name"],
        locality=values["locality"],
        legal_basis=values["legal_basis"],
        label=SourceLabel(values["label"]),
        **parts,
    )


def write_rule_set(rules: RuleSet) -> dict[str, Any]:
    """Give a rule set as plain JSON values, which `read_rule_set` reads back unchanged."""
    plain = asdict(rules)
    plain["points"]["coefficients_bp"] = {
        kind.value: bp for kind, bp in rules.points.coefficients_bp
    }
    return plain


def find_mistakes(rules: RuleSet) -> tuple[str, ...]:
    """Name the fields whose figures contradict one another or make no sense."""
    hours, points, bank = rules.hours, rules.points, rules.time_bank
    first, second = hours.review_above_minutes, hours.second_review_above_minutes
    wrong = {
        "review_above_minutes": first is not None and not 0 < first <= MINUTES_A_DAY,
        "second_review_above_minutes": second is not None and (first is None or second <= first),
        "least_attended_bp": not 0 <= hours.least_attended_bp <= WHOLE,
        "star_hours": sorted(set(hours.star_hours)) != list(hours.star_hours),
        "points_an_hour": not 0 <= points.points_an_hour <= 1_000,
        "coefficients_bp": any(not 0 <= bp <= 10 * WHOLE for _, bp in points.coefficients_bp),
        # An hour that still waits has not been served as far as anybody knows.
        "earning": HoursClass.PENDING in points.earning or HoursClass.IMPORTED in points.earning,
        "expiry_years": points.expiry is Expiry.YEARS and points.expiry_years < 1,
        "coin_bp": not 0 <= bank.coin_bp <= 10 * WHOLE,
        "cap_minutes": bank.cap_minutes is not None and bank.cap_minutes < 0,
    }
    return tuple(name for name, is_wrong in wrong.items() if is_wrong)


def points_expire_on(rule: PointRule, earned_on: date) -> date | None:
    """Tell the last day on which points earned on a day may be spent; None for never.

    Points are kept by month, so years end with the last day of the month, in the resident's
    favour: earned on 5 May 2026, three years, spent until 31 May 2029.
    """
    if rule.expiry is Expiry.NEVER:
        return None
    if rule.expiry is Expiry.YEAR_END:
        return date(earned_on.year, 12, 31)
    months = (earned_on.year + rule.expiry_years) * 12 + earned_on.month
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def _read_part(kind: type[T], values: Mapping[str, Any]) -> T:
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # all are dataclasses
    strange = set(values) - known
    if strange:
        raise ValueError(f"unknown figures: {sorted(strange)}")
    return kind(**{name: _read_value(name, value) for name, value in values.items()})


def _read_value(name: str, value: Any) -> Any:
    if name == "coefficients_bp":
        return tuple((ServiceKind(kind), int(bp)) for kind, bp in sorted(dict(value).items()))
    if name in _TUPLES:
        return tuple(_TUPLES[name](each) for each in value)
    if name in _ENUMS:
        return _ENUMS[name](value)
    return tuple(value) if isinstance(value, list) else value
