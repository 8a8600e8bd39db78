"""Public holidays of the mainland by year, as preset; offices check them against the notice.

Source: 国务院办公厅关于部分节假日安排的通知, published each November for the next year. A year that
is not here knows weekends only, and every page that shows it says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class PresetDay:
    """One day of the preset and the holiday it belongs to."""

    is_working: bool
    name: str


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday: its days off in a row and the weekend days worked for them."""

    name: str
    begins: date
    ends: date
    worked: tuple[date, ...] = ()

    def days(self) -> Iterator[tuple[date, PresetDay]]:
        """Give each day that differs from a plain week or belongs to the holiday."""
        for offset in range((self.ends - self.begins).days + 1):
            yield self.begins + timedelta(days=offset), PresetDay(False, self.name)
        for day in self.worked:
            yield day, PresetDay(True, f"{self.name}调休上班")


HOLIDAYS: tuple[Holiday, ...] = (
    Holiday("元旦", date(2026, 1, 1), date(2026, 1, 3), (date(2026, 1, 4),)),
    Holiday("春节", date(2026, 2, 15), date(2026, 2, 23), (date(2026, 2, 14), date(2026, 2, 28))),
    Holiday("清明节", date(2026, 4, 4), date(2026, 4, 6)),
    Holiday("劳动节", date(2026, 5, 1), date(2026, 5, 5), (date(2026, 5, 9),)),
    Holiday("端午节", date(2026, 6, 19), date(2026, 6, 21)),
    Holiday("中秋节", date(2026, 9, 25), date(2026, 9, 27)),
    Holiday(
        "国庆节", date(2026, 10, 1), date(2026, 10, 7), (date(2026, 9, 20), date(2026, 10, 10))
    ),
)

PRESETS: dict[date, PresetDay] = {day: what for each in HOLIDAYS for day, what in each.days()}
KNOWN_YEARS = frozenset(day.year for day in PRESETS)
