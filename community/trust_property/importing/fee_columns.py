"""What each column of an office's fee ledger (收费台账) holds, told by its header."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from community.kernel.errors import N_
from community.kernel.sheets import Cell, Grid

HEADER_WITHIN_ROWS = 30


class Role(StrEnum):
    """What a column holds."""

    BUILDING = "building"
    ENTRANCE = "entrance"
    ROOM = "room"
    MONTH = "month"
    YEAR = "year"
    DUE = "due"
    PAID = "paid"
    WAIVED = "waived"
    OWED = "owed"
    PREPAID = "prepaid"
    TOTAL = "total"
    IGNORED = "ignored"


ROLE_TITLES = {
    Role.BUILDING: N_("楼栋"),
    Role.ENTRANCE: N_("单元"),
    Role.ROOM: N_("房号"),
    Role.MONTH: N_("月份"),
    Role.YEAR: N_("年份"),
    Role.DUE: N_("应收"),
    Role.PAID: N_("已收"),
    Role.WAIVED: N_("减免"),
    Role.OWED: N_("欠费"),
    Role.PREPAID: N_("预缴"),
    Role.TOTAL: N_("合计，只用来核对"),
    Role.IGNORED: N_("不用"),
}
MONEY = frozenset({Role.DUE, Role.PAID, Role.WAIVED, Role.OWED, Role.PREPAID})
# The first that matches counts: 欠费月份 names a month, 预缴金额 is no balance.
_WORDS = (
    (
        Role.IGNORED,
        (
            r"姓名|业主|户主|客户|住户|电话|手机|联系|面积|单价|标准|备注|说明|序号|编号$|身份"
            r"|签字|收据|票号|日期|方式|户数|性质|状态|经办|催|车牌|税"
        ),
    ),
    (Role.YEAR, r"^(年份|年度|所属年)"),
    (
        Role.MONTH,
        r"月份|账期|帐期|所属期|所属月|费用期|计费期|费用期间|欠费期间|账单月|年月|^月$|期间|时段",
    ),
    (Role.PREPAID, r"预存|预缴|预收|预交|预付|多缴|多交|结余|余额"),
    (Role.WAIVED, r"减免|优惠|折扣|免收"),
    (Role.OWED, r"欠|未收|未缴|未交|拖|应补|待收|待缴"),
    (Role.PAID, r"已收|已缴|已交|实收|实缴|实交|收款|到账|缴纳"),
    (Role.DUE, r"应收|应缴|应交|应付|本期费用|计费"),
    (Role.TOTAL, r"合计|小计|总计|累计|总额|汇总"),
    (Role.BUILDING, r"^(所在)?(楼栋|楼号|栋号|幢号|座号|楼宇|栋|幢|座|楼|号楼|楼幢|楼座|苑|组团)"),
    (Role.ENTRANCE, r"^(单元|单元号|门栋|梯号|门号|梯)$"),
    (Role.ROOM, r"房|室|门牌|户号|地址|资源|单元"),
)
_CHINESE = {
    "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
    "十一": 11, "十二": 12,
}  # fmt: skip
_FULL = re.compile(r"(?<!\d)(20\d{2})\s*[-/.年]\s*(1[0-2]|0?[1-9])(?!\d)\s*月?份?(?!\s*日)")
_PACKED = re.compile(r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])(?!\d)")
_BARE = re.compile(r"(?<![\d年])(1[0-2]|0?[1-9])\s*月(?!\s*\d)")
_NAMED = re.compile(r"(十[一二]?|[一二三四五六七八九])月")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)\s*年?")
_OLDER = re.compile(r"往年|历年|以前|之前|历史|陈欠|旧欠|上年|年初")


@dataclass(frozen=True, slots=True)
class FeeColumn:
    """A column: what it holds, and of which month when its header names one (year 0: not told)."""

    index: int
    header: str
    role: Role
    year: int = 0
    month: int = 0
    is_older: bool = False

    @property
    def has_period(self) -> bool:
        """Tell whether the header itself names when."""
        return bool(self.month) or self.is_older or (bool(self.year) and self.role in MONEY)


@dataclass(frozen=True, slots=True)
class FeeTable:
    """Where a sheet's table is and what its columns hold; rows count from 0."""

    header_row: int
    first_row: int
    columns: tuple[FeeColumn, ...]

    def at(self, role: Role) -> int | None:
        """Tell the first column of a role."""
        return next((each.index for each in self.columns if each.role is role), None)


def find_month(text: str) -> tuple[int, int]:
    """Find a month in words: (year, month), 0 for what is not told."""
    if found := _FULL.search(text) or _PACKED.search(text):
        return int(found.group(1)), int(found.group(2))
    if found := _BARE.search(text):
        return find_year(text), int(found.group(1))
    if found := _NAMED.search(text):
        return find_year(text), _CHINESE[found.group(1)]
    return 0, 0


def find_year(text: str) -> int:
    """Find a year in words, 0 if none is told."""
    found = _YEAR.search(text)
    return int(found.group(1)) if found else 0


def find_table(grid: Grid) -> FeeTable | None:
    """Find the header, of one to three rows, that explains most."""
    best: tuple[int, FeeTable] | None = None
    for row in range(min(HEADER_WITHIN_ROWS, len(grid.rows))):
        for height in (1, 2, 3):
            if row + height >= len(grid.rows) + 1:
                break
            columns = _columns(_joined(grid, row, height))
            merit = _merit(columns) - (height - 1)
            if merit > 0 and (best is None or merit > best[0]):
                best = merit, FeeTable(row, row + height, columns)
    return None if best is None else best[1]


def _joined(grid: Grid, row: int, height: int) -> list[str]:
    """Join header rows; a title over a group stands over each of its columns."""
    texts = [[header_text(cell) for cell in cells] for cells in grid.rows[row : row + height]]
    for upper in texts[:-1]:
        group = ""
        for index, text in enumerate(upper):
            group = text or group
            has_lower = any(below[index] for below in texts[texts.index(upper) + 1 :])
            if not text and has_lower:
                upper[index] = group
    return [
        "".join(dict.fromkeys(text for text in column if text))
        for column in zip(*texts, strict=True)
    ]


def header_text(cell: Cell) -> str:
    """Write a header's cell; a day that Excel made of 2026-03 is written as its month."""
    if isinstance(cell.value, date):
        return f"{cell.value.year}年{cell.value.month}月"
    return cell.text.replace(" ", "").replace("\n", "")


def _columns(headers: list[str]) -> tuple[FeeColumn, ...]:
    found = [_column(index, header) for index, header in enumerate(headers) if header]
    has_months = sum(each.month > 0 for each in found) > 0
    # Beside a column for each month, what adds them up is a check and no debt of its own.
    return tuple(
        replace(each, role=Role.TOTAL)
        if has_months and not each.has_period and each.role in {Role.OWED, Role.DUE, Role.PAID}
        else each
        for each in found
    )


def _column(index: int, header: str) -> FeeColumn:
    if len(header) > 40:
        return FeeColumn(index, header, Role.IGNORED)
    year, month = find_month(header)
    role = next((role for role, words in _WORDS if re.search(words, header)), None)
    is_older = bool(_OLDER.search(header))
    if month and role in {None, Role.MONTH, Role.TOTAL, Role.ROOM}:
        # Only the month is named: what the amounts are, the title or the user says.
        role = Role.OWED if role is None else role
        header_role = Role.MONTH if role is Role.MONTH else Role.IGNORED
        if role is Role.OWED:
            return FeeColumn(index, header, Role.OWED, year, month)
        return FeeColumn(index, header, header_role)
    if role in MONEY and role is not None:
        return FeeColumn(index, header, role, year or find_year(header), month, is_older)
    if is_older and role is Role.TOTAL:
        return FeeColumn(index, header, Role.OWED, is_older=True)
    return FeeColumn(index, header, role or Role.IGNORED)


def is_bare_month(column: FeeColumn) -> bool:
    """Tell whether a header names a month and not what its amounts are."""
    return bool(column.month) and not any(
        re.search(words, column.header) for role, words in _WORDS if role in MONEY
    )


def _merit(columns: tuple[FeeColumn, ...]) -> int:
    roles = {each.role for each in columns}
    if Role.ROOM not in roles or not roles & MONEY:
        return 0
    told = [each for each in columns if each.role is not Role.IGNORED]
    # A month alone explains less than a month and what its amounts are, a row further down.
    named = sum(not is_bare_month(each) for each in told)
    return len(columns) + named + sum(each.has_period for each in told)
