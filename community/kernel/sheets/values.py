"""Values as spreadsheet libraries give them, into what a cell holds."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal

from community.kernel.sheets.cells import LOST_TEXT, LostFormula, MonthDay, Raw

_YEARLESS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def day_of_cell(value: date, number_format: str) -> Raw:
    """Take a cell's day; a format without a year shows a day of any year."""
    day = value.date() if isinstance(value, datetime) else value
    is_yearless = "y" not in _YEARLESS.sub("", number_format).lower()
    return MonthDay(day.month, day.day, day.year) if is_yearless else day


def to_raw(value: object) -> Raw:
    """Take a value as a library gives it; numbers become exact decimals."""
    if value is None or isinstance(value, LostFormula | MonthDay | Decimal):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if value == LOST_TEXT:
        return LostFormula()
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str | int | date):
        return value
    if isinstance(value, time):
        return value.isoformat()
    # repr is the shortest decimal that means the same number.
    return Decimal(repr(value)) if isinstance(value, float) else str(value)
