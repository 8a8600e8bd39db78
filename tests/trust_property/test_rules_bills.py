"""Billing on plain values, with the worked cases of the rules."""

from __future__ import annotations

from datetime import date

import pytest

from community.ledger import allocate
from community.trust_property.rules.bills import (
    Age,
    Charge,
    Due,
    Part,
    age_of,
    monthly_amounts,
    months_from,
    per_cent,
    spread_payment,
)


def test_700273_fen_over_twelve_weights_lose_nothing() -> None:
    weights = (8_900, 12_050, 9_031, 14_477, 6_003, 8_900, 8_900, 10_101, 7_777, 9_999, 3, 11_113)
    parts = allocate(700_273, weights)
    assert sum(parts) == 700_273
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * whole - 700_273 * weight) < whole


def test_9999_fen_at_75_to_25() -> None:
    assert allocate(9_999, (75, 25)) == (7_499, 2_500)


@pytest.mark.parametrize(
    ("charges", "expected"),
    [
        # 89.00 m² at 2.85 yuan is 253.65 yuan.
        ([Charge(1, 8_900, 285)], (25_365,)),
        # 33.33 m² at 1.01 yuan three times is 100.9899: 101.00 in all, the extra fen to the first.
        ([Charge(n, 3_333, 101) for n in (1, 2, 3)], (3_367, 3_366, 3_366)),
        # Half a fen in all is rounded up once.
        ([Charge(1, 1, 50)], (1,)),
        ([Charge(1, 0, 285)], (0,)),
        ([], ()),
    ],
)
def test_monthly_amounts(charges: list[Charge], expected: tuple[int, ...]) -> None:
    assert monthly_amounts(charges) == expected


def test_a_payment_pays_bills_in_order_and_the_rest_ahead() -> None:
    dues = [Due(1, 7, 100), Due(2, 7, 50)]
    assert spread_payment(120, dues, 7) == (Part(7, 1, 100), Part(7, 2, 20))
    assert spread_payment(200, dues, 7) == (Part(7, 1, 100), Part(7, 2, 50), Part(7, None, 50))
    assert spread_payment(30, [], 7) == (Part(7, None, 30),)


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (0, Age.NOT_DUE),
        (1, Age.DAYS_30),
        (30, Age.DAYS_30),
        (31, Age.DAYS_90),
        (180, Age.DAYS_180),
        (365, Age.DAYS_365),
        (366, Age.OLDER),
    ],
)
def test_age_is_counted_from_the_day_after_the_due_day(days: int, age: Age) -> None:
    due_on = date(2026, 1, 10)
    assert age_of(due_on, date.fromordinal(due_on.toordinal() + days)) is age


def test_a_rate_is_full_only_when_nothing_is_missing() -> None:
    assert per_cent(999_999, 1_000_000) == 9_999
    assert per_cent(1, 1) == 10_000
    assert per_cent(0, 0) is None


def test_months_pass_the_year() -> None:
    assert months_from(202611, 3) == (202611, 202612, 202701)
