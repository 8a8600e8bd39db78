"""Working days (工作日) with moved holidays (调休); it does not know which deadline needs them."""

from community.kernel.calendar.days import (
    CalendarDayView,
    CalendarView,
    add_working_days,
    calendar_of,
    clear_calendar_day,
    is_working_day,
    set_calendar_day,
    working_days_between,
)
from community.kernel.calendar.models import CalendarDay
from community.kernel.calendar.presets import PRESETS

__all__ = [
    "PRESETS",
    "CalendarDay",
    "CalendarDayView",
    "CalendarView",
    "add_working_days",
    "calendar_of",
    "clear_calendar_day",
    "is_working_day",
    "set_calendar_day",
    "working_days_between",
]
