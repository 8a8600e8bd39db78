"""The form of a rule set: flat figures as an office fills them in, read into one value."""

from __future__ import annotations

from typing import Any

from marshmallow import post_load

from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.rules.rule_sets import (
    WHOLE,
    Expiry,
    HoursRule,
    Payer,
    PointRule,
    Rounding,
    RuleSet,
    SourceLabel,
    TimeBankRule,
    coefficient_bp,
)
from community.web.fields import OnDay, OneOf, Shape, Ticked, Whole, Words

# A coefficient is filled in as a percentage, which people read, and kept in basis points.
PERCENT = WHOLE // 100
MOST_POINTS = 1_000_000


class AdoptBody(Shape):
    """Which preset, and from which day."""

    preset = Words(required=True, longest=20)
    valid_from = OnDay(required=True)


class Figures(Shape):
    """Every figure of a rule set; an empty limit does not apply."""

    name = Words(required=True, longest=60)
    locality = Words(required=True, longest=60)
    legal_basis = Words(required=True, longest=200)
    label = OneOf(SourceLabel, load_default=SourceLabel.REPORTED)
    valid_from = OnDay(required=True)

    review_above_hours = Whole(minimum=1, maximum=24, load_default=None)
    second_review_above_hours = Whole(minimum=1, maximum=24, load_default=None)
    least_attended_percent = Whole(maximum=100, load_default=0)
    opens_before_minutes = Whole(maximum=240, load_default=30)
    closes_after_minutes = Whole(maximum=240, load_default=30)
    back_fill_within_days = Whole(maximum=366, load_default=30)
    back_fills_a_month = Whole(maximum=31, load_default=2)
    least_shown = Whole(minimum=2, maximum=50, load_default=5)

    points_an_hour = Whole(maximum=1_000, required=True)
    paper_earns = Ticked()
    back_filled_earns = Ticked()
    rounding = OneOf(Rounding, load_default=Rounding.DOWN)
    cap_an_activity = Whole(minimum=1, maximum=MOST_POINTS, load_default=None)
    cap_a_day = Whole(minimum=1, maximum=MOST_POINTS, load_default=None)
    cap_a_month = Whole(minimum=1, maximum=MOST_POINTS, load_default=None)
    expiry = OneOf(Expiry, load_default=Expiry.YEAR_END)
    expiry_years = Whole(minimum=1, maximum=20, load_default=1)
    may_refund = Ticked()
    award_limit = Whole(maximum=MOST_POINTS, load_default=50)
    bin_points = Whole(maximum=100, load_default=1)
    bin_times_a_day = Whole(minimum=1, maximum=10, load_default=1)
    bin_cap_a_month = Whole(minimum=1, maximum=MOST_POINTS, load_default=None)

    bank_is_open = Ticked()
    coin_percent = Whole(maximum=1_000, load_default=100)
    payer = OneOf(Payer, load_default=Payer.POOL_FOR_OLDER)
    older_from_age = Whole(maximum=120, load_default=60)
    redeem_from_age = Whole(maximum=120, load_default=0)
    may_redeem_for_spouse = Ticked()
    cap_hours = Whole(minimum=1, maximum=100_000, load_default=None)
    may_give_to_relatives = Ticked()
    may_donate = Ticked()
    are_group_hours_donated = Ticked()
    longest_hours = Whole(minimum=1, maximum=24, load_default=8)
    grant_limit_hours = Whole(maximum=1_000, load_default=10)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the figures together as one rule set."""
        return {"rules": _read(values), "valid_from": values["valid_from"]}


for _kind in ServiceKind:
    Figures._declared_fields[f"kind_{_kind}"] = Whole(maximum=1_000, load_default=100)  # noqa: SLF001
    Figures._declared_fields[f"coins_{_kind}"] = Ticked()  # noqa: SLF001


class ChangeBody(Figures):
    """The same figures as a JSON body."""


def fill_form(rules: RuleSet) -> dict[str, Any]:
    """Give the form's values of a rule set, as somebody would have typed them."""
    hours, points, bank = rules.hours, rules.points, rules.time_bank
    shown: dict[str, Any] = {
        "name": rules.name, "locality": rules.locality, "legal_basis": rules.legal_basis,
        "label": rules.label.value,
        "review_above_hours": _hours(hours.review_above_minutes),
        "second_review_above_hours": _hours(hours.second_review_above_minutes),
        "least_attended_percent": hours.least_attended_bp // PERCENT,
        "paper_earns": HoursClass.PAPER in points.earning,
        "back_filled_earns": HoursClass.BACK_FILLED in points.earning,
        "rounding": points.rounding.value, "expiry": points.expiry.value,
        "bank_is_open": bank.is_open, "coin_percent": bank.coin_bp // PERCENT,
        "payer": bank.payer.value, "cap_hours": _hours(bank.cap_minutes),
        "longest_hours": bank.longest_minutes // 60,
        "grant_limit_hours": bank.grant_limit_minutes // 60,
    }  # fmt: skip
    for part, names in _SAME.items():
        shown |= {name: getattr(getattr(rules, part), name) for name in names}
    for kind in ServiceKind:
        shown[f"kind_{kind}"] = coefficient_bp(points, kind) // PERCENT
        shown[f"coins_{kind}"] = kind in bank.coin_kinds
    return {name: _typed(value) for name, value in shown.items()}


_SAME = {
    "hours": (
        "opens_before_minutes", "closes_after_minutes", "back_fill_within_days",
        "back_fills_a_month", "least_shown",
    ),
    "points": (
        "points_an_hour", "cap_an_activity", "cap_a_day", "cap_a_month", "expiry_years",
        "may_refund", "award_limit", "bin_points", "bin_times_a_day", "bin_cap_a_month",
    ),
    "time_bank": (
        "older_from_age", "redeem_from_age", "may_redeem_for_spouse", "may_give_to_relatives",
        "may_donate", "are_group_hours_donated",
    ),
}  # fmt: skip


def _read(values: dict[str, Any]) -> RuleSet:
    same = {part: {name: values[name] for name in names} for part, names in _SAME.items()}
    earning = [HoursClass.VERIFIED]
    earning += [HoursClass.PAPER] if values["paper_earns"] else []
    earning += [HoursClass.BACK_FILLED] if values["back_filled_earns"] else []
    return RuleSet(
        name=values["name"],
        locality=values["locality"],
        legal_basis=values["legal_basis"],
        label=values["label"],
        hours=HoursRule(
            review_above_minutes=_minutes(values["review_above_hours"]),
            second_review_above_minutes=_minutes(values["second_review_above_hours"]),
            least_attended_bp=values["least_attended_percent"] * PERCENT,
            **same["hours"],
        ),
        points=PointRule(
            coefficients_bp=tuple(
                (kind, values[f"kind_{kind}"] * PERCENT)
                for kind in sorted(ServiceKind)
                if values[f"kind_{kind}"] != 100
            ),
            earning=tuple(earning),
            rounding=values["rounding"],
            expiry=values["expiry"],
            **same["points"],
        ),
        time_bank=TimeBankRule(
            is_open=values["bank_is_open"],
            coin_bp=values["coin_percent"] * PERCENT,
            coin_kinds=tuple(kind for kind in ServiceKind if values[f"coins_{kind}"]),
            payer=values["payer"],
            cap_minutes=_minutes(values["cap_hours"]),
            longest_minutes=values["longest_hours"] * 60,
            grant_limit_minutes=values["grant_limit_hours"] * 60,
            **same["time_bank"],
        ),
    )


def _minutes(hours: int | None) -> int | None:
    return None if hours is None else hours * 60


def _hours(minutes: int | None) -> int | None:
    return None if minutes is None else minutes // 60


def _typed(value: Any) -> str:
    if value is None or value is False:
        return ""
    return "1" if value is True else str(value)
