"""Periods, quiet hours and masks on plain values."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from community.kernel import clock
from community.notices.errors import PeriodReversed, PeriodTooShort, PostingTimeWrong
from community.notices.rules import (
    NoticeDraft,
    NoticeKind,
    NoticePhase,
    after_quiet_hours,
    check_period,
    check_posting_time,
    mask_numbers,
    phase_of,
)

pytestmark = pytest.mark.once

DAY = date(2026, 11, 22)
OPENS = clock.at(DAY, 9)
CLOSES = clock.at(date(2026, 11, 29), 9)


def make(opens: datetime, closes: datetime, least_days: int = 0) -> NoticeDraft:
    return NoticeDraft("题", "文", NoticeKind.GENERAL, opens, closes, least_days=least_days)


def test_a_period_is_half_open() -> None:
    just_before = CLOSES - timedelta(microseconds=1)
    assert phase_of(OPENS, CLOSES, None, OPENS) is NoticePhase.OPEN
    assert phase_of(OPENS, CLOSES, None, just_before) is NoticePhase.OPEN
    assert phase_of(OPENS, CLOSES, None, CLOSES) is NoticePhase.ARCHIVED
    assert phase_of(OPENS, CLOSES, None, OPENS - timedelta(seconds=1)) is NoticePhase.COMING
    assert phase_of(OPENS, CLOSES, OPENS, just_before) is NoticePhase.WITHDRAWN


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    check_period(make(OPENS, CLOSES))
    with pytest.raises(PeriodReversed):
        check_period(make(OPENS, OPENS))


def test_a_kind_may_ask_for_days() -> None:
    check_period(make(OPENS, CLOSES, least_days=7))
    with pytest.raises(PeriodTooShort, match="8 天"):
        check_period(make(OPENS, CLOSES, least_days=8))


def test_a_posting_lies_between_publication_and_now() -> None:
    now = clock.at(DAY, 12)
    check_posting_time(clock.at(DAY, 8), OPENS, now)
    with pytest.raises(PostingTimeWrong):
        check_posting_time(clock.at(DAY, 13), OPENS, now)
    with pytest.raises(PostingTimeWrong):
        check_posting_time(clock.at(date(2026, 11, 21), 23), OPENS, now)


@pytest.mark.parametrize(
    ("hour", "minute", "rings_at"),
    [
        (21, 59, (DAY, 21, 59)),
        (22, 0, (date(2026, 11, 23), 7, 0)),
        (3, 0, (DAY, 7, 0)),
        (7, 0, (DAY, 7, 0)),
    ],
)
def test_quiet_hours_cross_midnight(
    hour: int, minute: int, rings_at: tuple[date, int, int]
) -> None:
    asked = clock.at(DAY, hour, minute)
    assert after_quiet_hours(asked, 22 * 60, 7 * 60) == clock.at(*rings_at)


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = clock.at(DAY, 13)
    assert after_quiet_hours(noon, 12 * 60, 14 * 60) == clock.at(DAY, 14)
    assert after_quiet_hours(noon, 12 * 60, 12 * 60) == noon


def test_numbers_in_public_words_are_masked() -> None:
    assert mask_numbers("请找 13812345678 或 138-1234-5678") == "请找 138****5678 或 138****5678"
    assert mask_numbers("编号 2026112200015") == "编号 2026112200015"
