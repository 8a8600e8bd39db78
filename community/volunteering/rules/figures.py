"""How figures are grouped, and when too few people stand behind one to show it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from community.kernel.errors import N_


class AgeGroup(StrEnum):
    """An age group of residents."""

    CHILD = "child"
    YOUNG = "young"
    MIDDLE = "middle"
    OLDER = "older"
    OLDEST = "oldest"
    UNKNOWN = "unknown"


AGE_TITLES = {
    AgeGroup.CHILD: N_("18 岁以下"),
    AgeGroup.YOUNG: N_("18–34 岁"),
    AgeGroup.MIDDLE: N_("35–59 岁"),
    AgeGroup.OLDER: N_("60–74 岁"),
    AgeGroup.OLDEST: N_("75 岁以上"),
    AgeGroup.UNKNOWN: N_("年龄未登记"),
}
_BOUNDS = ((18, AgeGroup.CHILD), (35, AgeGroup.YOUNG), (60, AgeGroup.MIDDLE), (75, AgeGroup.OLDER))


def group_of(birth_year: int | None, day: date) -> AgeGroup:
    """Tell the age group of somebody born in a year."""
    if birth_year is None:
        return AgeGroup.UNKNOWN
    age = day.year - birth_year
    return next((group for below, group in _BOUNDS if age < below), AgeGroup.OLDEST)


def hide_few(figure: int, people: int, least: int) -> int | None:
    """Give a figure, or None where one to `least` - 1 people stand behind it.

    Nobody at all is no secret: zero is shown.
    """
    return None if 0 < people < least else figure


def months_between(since: date, until: date) -> tuple[date, ...]:
    """List the first days of the months that a span touches."""
    first = since.year * 12 + since.month - 1
    last = until.year * 12 + until.month - 1
    return tuple(date(each // 12, each % 12 + 1, 1) for each in range(first, last + 1))
