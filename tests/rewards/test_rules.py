"""Pure rules of rewards: deadlines, limits, costs, scanned text, thresholds."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from community.rewards.rules.budget import PointsCost, PriceTag, cost_of_points
from community.rewards.rules.honours import is_eligible
from community.rewards.rules.owners import read_owner
from community.rewards.rules.redemptions import (
    STEPS,
    LimitPeriod,
    RedemptionState,
    code_expires_at,
    limit_begins_again,
    limit_counts_since,
    may_step,
    next_month,
    read_scanned,
    state_at,
)
from community.rewards.rules.settlements import SheetLine, add_up, is_month_over

pytestmark = pytest.mark.once

LATE_EVENING = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai


def test_a_code_counts_to_the_end_of_its_last_shanghai_day() -> None:
    assert code_expires_at(LATE_EVENING, 0) == datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert code_expires_at(LATE_EVENING, 7) == datetime(2027, 1, 7, 16, tzinfo=UTC)


def test_an_open_code_has_expired_at_its_very_end() -> None:
    end = datetime(2026, 11, 22, 16, tzinfo=UTC)
    just_before = datetime(2026, 11, 22, 15, 59, 59, 999_999, tzinfo=UTC)
    assert state_at(RedemptionState.OPEN, end, just_before) is RedemptionState.OPEN
    assert state_at(RedemptionState.OPEN, end, end) is RedemptionState.EXPIRED
    assert state_at(RedemptionState.COLLECTED, end, end) is RedemptionState.COLLECTED


def test_closed_states_lead_nowhere() -> None:
    assert not may_step(RedemptionState.COLLECTED, RedemptionState.CANCELLED)
    for state in (RedemptionState.CANCELLED, RedemptionState.EXPIRED, RedemptionState.REFUNDED):
        assert STEPS[state] == frozenset()


@pytest.mark.parametrize(
    ("period", "since", "again"),
    [
        (LimitPeriod.DAY, datetime(2026, 12, 30, 16, tzinfo=UTC), date(2027, 1, 1)),
        (LimitPeriod.MONTH, datetime(2026, 11, 30, 16, tzinfo=UTC), date(2027, 1, 1)),
        (LimitPeriod.YEAR, datetime(2025, 12, 31, 16, tzinfo=UTC), date(2027, 1, 1)),
        (LimitPeriod.EVER, None, None),
    ],
)
def test_limits_count_by_shanghai_days(
    period: LimitPeriod, since: datetime | None, again: date | None
) -> None:
    assert limit_counts_since(period, date(2026, 12, 31)) == since
    assert limit_begins_again(period, date(2026, 12, 31)) == again


@pytest.mark.parametrize(
    ("text", "slug", "code"),
    [
        ("https://a.cn/q/r/guihua/ABCD1234ABCD1234", "guihua", "ABCD1234ABCD1234"),
        ("https://a.cn/q/r/guihua/abcd1234abcd1234/?x=1#y", "guihua", "ABCD1234ABCD1234"),
        (" 123 456 ", "", "123456"),
        ("abcd-1234", "", "ABCD1234"),
        ("", "", ""),
        ("////", "", ""),
    ],
)
def test_scanned_text_is_read_whatever_its_form(text: str, slug: str, code: str) -> None:
    read = read_scanned(text)
    assert (read.slug, read.code) == (slug, code)


@given(some.text(max_size=300))
def test_no_scanned_text_breaks_the_reader(text: str) -> None:
    assert isinstance(read_scanned(text).code, str)


def test_cost_of_points_by_hand() -> None:
    tags = (PriceTag(30, 12_00), PriceTag(50, 10_00))
    # 1,000 points at (12.00 + 10.00) / 80 points = 275.00; all in the first item 400.00.
    assert cost_of_points(1_000, tags) == PointsCost(275_00, 400_00)
    assert cost_of_points(1, tags) == PointsCost(28, 40)
    assert cost_of_points(0, tags) == cost_of_points(9, ()) == PointsCost(0, 0)


@given(
    some.integers(1, 10**9),
    some.lists(some.tuples(some.integers(1, 10**5), some.integers(0, 10**6)), min_size=1),
)
def test_the_typical_cost_never_exceeds_the_dearest(
    points: int, tags: list[tuple[int, int]]
) -> None:
    found = cost_of_points(points, [PriceTag(*tag) for tag in tags])
    assert 0 <= found.typical_fen <= found.dearest_fen


def test_months_end_with_the_year() -> None:
    assert next_month(date(2026, 12, 5)) == date(2027, 1, 1)
    assert is_month_over(date(2026, 12, 1), date(2027, 1, 1))
    assert not is_month_over(date(2026, 12, 1), date(2026, 12, 31))


def test_a_sheet_adds_up() -> None:
    lines = (SheetLine("a", 2, 12_00), SheetLine("b", 1, 50))
    assert add_up(lines) == (3, 24_50)


@pytest.mark.parametrize(
    ("minutes", "points", "is_enough"),
    [(6_000, 0, True), (5_999, 10**6, False), (6_000, 10, True)],
)
def test_thresholds_include_the_figure(minutes: int, points: int, is_enough: bool) -> None:
    assert is_eligible(minutes, points, 6_000, 0) is is_enough


def test_owners_are_read_back() -> None:
    assert read_owner("household:12") == ("household", 12)
