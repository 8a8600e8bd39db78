"""Where somebody lives: building, entrance and room out of the many ways to write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from community.identity.importing.mistakes import UnreadableCellError
from community.identity.importing.values import check_computed, is_nothing
from community.kernel.errors import N_
from community.kernel.sheets import MonthDay, Raw, plain_text

LONGEST_PART = 16

_BUILDING = r"(?P<building>[A-Za-z]?\d+[A-Za-z]?|[A-Za-z]|[东南西北中])"
_BUILDING_WORD = r"(?:号楼|号栋|号幢|楼|栋|幢|座|#楼?|号(?=\d+单元))"
_ADDRESS = re.compile(
    rf"(?:.*?[^\dA-Za-z])?{_BUILDING}{_BUILDING_WORD}-?"
    r"(?:(?P<entrance>[\dA-Za-z甲乙丙丁一二三四五六七八九]+)(?:单元|门|梯)-?)?"
    r"(?:\d+层)?(?P<room>[\dA-Za-z]+(?:-\d+)?)?(?:室|号|户|房)?$"
)
_ONLY_ROOM = re.compile(
    r"(?:(?P<entrance>[\dA-Za-z]+)单元-?)?(?P<room>[\dA-Za-z]+(?:-\d+)?)(?:室|号|户|房|号房)?$"
)
_DASHED = re.compile(r"([A-Za-z]?\d+[A-Za-z]?|[A-Za-z])[-－—/.#](?:(\w+)[-－—/.#])?(\w+)室?$")
_MONTH_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日$")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ENGLISH_DAY = re.compile(r"(\d{1,2})-([A-Za-z]{3})$|([A-Za-z]{3})-(\d{1,2})$")
_CHINESE = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8"}


@dataclass(frozen=True, slots=True)
class Place:
    """A building, an entrance (单元) and a room, each as a short name; empty when not told."""

    building: str = ""
    entrance: str = ""
    room: str = ""


def undo_date(value: Raw) -> str:
    """Give back what was typed before Excel made a day of it: 1月2日 was 1-2."""
    if isinstance(value, MonthDay):
        return f"{value.month}-{value.day}"
    if isinstance(value, date):
        # Excel reads 3-2-1 as 2003-02-01; a room is never typed with a real year.
        return f"{value.year % 100}-{value.month}-{value.day}"
    text = re.sub(r"^(\d+)\.0+$", r"\1", plain_text(value).replace(" ", ""))
    if found := _MONTH_DAY.match(text):
        return f"{int(found.group(1))}-{int(found.group(2))}"
    if found := _ENGLISH_DAY.match(text):
        day, month = found.group(1) or found.group(4), found.group(2) or found.group(3)
        if month.lower() in _MONTHS:
            number = _MONTHS.index(month.lower()) + 1
            return f"{int(day)}-{number}" if found.group(1) else f"{number}-{int(day)}"
    return text


def shorten(name: str) -> str:
    """Bring a part to its short form: 03 and 3.0 as 3, a as A, 三 as 3."""
    text = name.strip("-#")
    text = _CHINESE.get(text, text).upper()
    text = re.sub(r"^(\d+)\.0+$", r"\1", text)
    return re.sub(r"(?<![\dA-Z])0+(?=\d)", "", text)


def read_building(value: Raw) -> Place:
    """Read a building's cell, which may name the entrance too: 3号楼2单元.

    Raises: UnreadableCellError.
    """
    text = _text(value)
    if not text:
        return Place()
    if found := _ADDRESS.match(text):
        return _place(found)
    for word in ("号楼", "楼", "栋", "幢", "座", "#", "号"):
        text = text.removesuffix(word)
    return Place(building=_part(text))


def read_entrance(value: Raw) -> Place:
    """Read an entrance's cell: 2单元, 二单元, 2.

    Raises: UnreadableCellError.
    """
    text = _text(value)
    for word in ("单元", "门", "梯"):
        text = text.removesuffix(word)
    return Place(entrance=_part(text))


def read_room(value: Raw) -> Place:
    """Read a room's cell, which may name the building too: 501室, 2-501, 3-2-501.

    Raises: UnreadableCellError.
    """
    text = _text(value)
    if not text:
        return Place()
    if (found := _ONLY_ROOM.match(text)) and "-" not in found.group("room"):
        return _place(found)
    return read_address(value)


def read_address(value: Raw) -> Place:
    """Read a whole address: 3号楼2单元501室, 桂花里3栋501, 3-2-501, 2-501.

    Two parts are building and room. Raises: UnreadableCellError.
    """
    text = _text(value)
    if not text:
        return Place()
    if found := _ADDRESS.match(text):
        return _place(found)
    if found := _DASHED.match(text):
        building, entrance, room = found.group(1), found.group(2) or "", found.group(3)
        return Place(_part(building), _part(entrance.removesuffix("单元")), _part(room))
    raise UnreadableCellError(
        N_("“{text}”看不出楼栋和房号，请写成 3-2-501 或 3号楼2单元501室"), text=text
    )


def find_building(title: str) -> str:
    """Find a building in a sheet's name or title: 3号楼住户登记表; empty when none is named."""
    found = re.search(rf"{_BUILDING}(?:号楼|号栋|号幢|栋|幢|座|#)", title)
    return shorten(found.group("building")) if found else ""


def _text(value: Raw) -> str:
    check_computed(value)
    return "" if is_nothing(value) else undo_date(value)


def _place(found: re.Match[str]) -> Place:
    parts = found.groupdict()
    return Place(
        _part(parts.get("building") or ""),
        _part(parts.get("entrance") or ""),
        _part(parts.get("room") or ""),
    )


def _part(text: str) -> str:
    short = shorten(text)
    if len(short) > LONGEST_PART:
        raise UnreadableCellError(N_("“{text}”太长，不像楼栋或房号"), text=text[:40])
    return short
