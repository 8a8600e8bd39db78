"""Reading one row of another platform's sheet, and whom and what it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from zoneinfo import ZoneInfo

from community.kernel.errors import N_

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTES_A_DAY = 1_440


class Column(StrEnum):
    """What a column of a sheet holds."""

    PERSON = "person"
    PHONE = "phone"
    TITLE = "title"
    SERVED_ON = "served_on"
    STARTS_AT = "starts_at"
    ENDS_AT = "ends_at"
    HOURS = "hours"
    UNIT = "unit"
    REMARK = "remark"


COLUMN_TITLES = {
    Column.PERSON: N_("姓名"),
    Column.PHONE: N_("手机号"),
    Column.TITLE: N_("活动名称"),
    Column.SERVED_ON: N_("服务日期"),
    Column.STARTS_AT: N_("开始时间"),
    Column.ENDS_AT: N_("结束时间"),
    Column.HOURS: N_("小时数"),
    Column.UNIT: N_("组织单位"),
    Column.REMARK: N_("备注"),
}


class Mistake(StrEnum):
    """Why a row is left out."""

    NO_NAME = "no_name"
    NO_TITLE = "no_title"
    BAD_DAY = "bad_day"
    BAD_HOURS = "bad_hours"
    UNKNOWN_PERSON = "unknown_person"
    SEVERAL_PEOPLE = "several_people"
    OWN_HOUSEHOLD = "own_household"
    IN_FUTURE = "in_future"


MISTAKES = {
    Mistake.NO_NAME: N_("没有姓名"),
    Mistake.NO_TITLE: N_("没有活动名称"),
    Mistake.BAD_DAY: N_("日期看不懂，请写成 2026-11-22"),
    Mistake.BAD_HOURS: N_("小时数看不懂，或不在 0 到 24 之间"),
    Mistake.UNKNOWN_PERSON: N_("本社区没有这个人"),
    Mistake.SEVERAL_PEOPLE: N_("有几个人同名，请填手机号"),
    Mistake.OWN_HOUSEHOLD: N_("是您自己或家里人，请同事来导入"),
    Mistake.IN_FUTURE: N_("日期在今天以后"),
}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as understood; `mistake` says why it is left out, None when it is taken."""

    number: int
    person: str
    phone: str
    title: str
    served_on: date | None
    starts_at: datetime | None
    minutes: int
    unit: str
    mistake: Mistake | None = None


Values = Mapping[Column, object]


def read_row(number: int, values: Values, today: date) -> SheetRow:
    """Read one row of named cells; hours may be written, or follow from start and end."""
    starts, ends = _instant(values.get(Column.STARTS_AT)), _instant(values.get(Column.ENDS_AT))
    day = _day(values.get(Column.SERVED_ON)) or (
        starts.astimezone(SHANGHAI).date() if starts else None
    )
    minutes = _minutes(values.get(Column.HOURS))
    if minutes is None and starts and ends:
        minutes = (ends - starts) // timedelta(minutes=1)
    row = SheetRow(
        number=number,
        person=_text(values.get(Column.PERSON)),
        phone=re.sub(r"\D", "", _text(values.get(Column.PHONE))),
        title=_text(values.get(Column.TITLE))[:60],
        served_on=day,
        starts_at=starts,
        minutes=minutes or 0,
        unit=_text(values.get(Column.UNIT))[:60],
    )
    return _judge(row, today)


def _judge(row: SheetRow, today: date) -> SheetRow:
    mistakes = (
        (not row.person, Mistake.NO_NAME),
        (not row.title, Mistake.NO_TITLE),
        (row.served_on is None, Mistake.BAD_DAY),
        (row.served_on is not None and row.served_on > today, Mistake.IN_FUTURE),
        (not 0 < row.minutes <= MINUTES_A_DAY, Mistake.BAD_HOURS),
    )
    found = next((mistake for is_wrong, mistake in mistakes if is_wrong), None)
    return with_mistake(row, found)


def with_mistake(row: SheetRow, mistake: Mistake | None) -> SheetRow:
    """Give a row with the reason it is left out."""
    return SheetRow(
        row.number, row.person, row.phone, row.title, row.served_on, row.starts_at, row.minutes,
        row.unit, mistake,
    )  # fmt: skip


def source_key(platform: str, person_id: int, row: SheetRow) -> str:
    """Name the origin of a row for ever, so that the same hours are never written twice."""
    start = f"{row.starts_at:%H%M}" if row.starts_at else ""
    return f"{platform}:{person_id}:{row.served_on}:{start}:{row.minutes}:{row.title}"[:120]


def _text(value: object) -> str:
    # A spreadsheet turns a telephone number into 13800000000.0.
    shown = "" if value is None else str(value).strip()
    return shown[:-2] if re.fullmatch(r"\d+\.0", shown) else shown


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = re.match(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})", _text(value))
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _instant(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=SHANGHAI).astimezone(UTC)
    day = _day(value)
    found = re.search(r"(\d{1,2})[::](\d{2})", _text(value))
    if day is None or found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    local = datetime(day.year, day.month, day.day, int(found[1]), int(found[2]), tzinfo=SHANGHAI)
    return local.astimezone(UTC)


def _minutes(value: object) -> int | None:
    text = _text(value).removesuffix("小时").removesuffix("h").strip()
    if not text:
        return None
    try:
        hours = Decimal(text)
    except InvalidOperation:
        return 0
    # A part of a minute is cut: 1.99 hours are 119 minutes.
    return int(hours * 60) if hours.is_finite() and abs(hours) <= MINUTES_A_DAY else 0
