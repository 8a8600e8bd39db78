"""The rows of a fee ledger: each placed at a unit, its amounts by month, or named with a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from community import ledger
from community.kernel.errors import N_
from community.kernel.sheets import Cell, Grid, LostFormula, Raw
from community.trust_property.importing.fee_columns import (
    MONEY,
    FeeColumn,
    FeeTable,
    Role,
    find_month,
    find_year,
    header_text,
)
from community.trust_property.importing.fee_units import UNCLEAR, UnitFinder
from community.trust_property.importing.values import UnreadableValueError, read_fen

NO_AMOUNT = N_("“{cell}”不是金额，请填欠多少元")
NO_FORMULA_VALUE = N_("公式没有算出来的值，请在 Excel 里打开保存后再上传")
NO_MONTH = N_("“{cell}”看不出月份")
AFTER_OPENING = N_("{month} 在开账日之后，没有导入")
DIFFERENT = N_("欠费 {owed} 元，和应收减已收的 {counted} 元不一样，按欠费列记")
TOTAL_DIFFERENT = N_("这一户合计 {total} 元，各月相加 {counted} 元，按各月记")
SUM_DIFFERENT = N_("合计行写 {total} 元，逐行相加 {counted} 元")
SPREAD = N_("欠费期间有 {count} 个月、只有一个总数，已按月平均分")

_TOTALS = re.compile(
    r"^(合计|小计|总计|共计|汇总|总户数|制表|填表|审核|统计|复核|注[:：]|说明|备注)"
)
_PAID_WORDS = {
    "√",
    "✓",
    "已缴",
    "已交",
    "清",
    "已清",
    "付清",
    "缴清",
    "全清",
    "无欠费",
    "无欠",
    "已付",
}
_SAME = {"同上", "〃", '"', "″"}
_RANGE = re.compile(r"[-－—~～至到]")


@dataclass(frozen=True, slots=True)
class Line:
    """An amount of a unit: owed for a month, or paid ahead when the month is 0."""

    unit_id: int
    month: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that was left out, or is doubted, with the reason; the row counts from 1."""

    sheet: str
    row: int
    text: str
    reason: str
    facts: tuple[tuple[str, str], ...] = ()


class FeeRows:
    """Reads the rows of a sheet in order, because a row may leave out what the one above says."""

    def __init__(
        self, grid: Grid, table: FeeTable, finder: UnitFinder, older_month: int, last_month: int
    ) -> None:
        """Know the table, the units, and where arrears without a month go."""
        self.grid, self.table, self.finder = grid, table, finder
        self.older_month, self.last_month = older_month, last_month
        self.lines: list[Line] = []
        self.problems: list[RowProblem] = []
        self.doubts: list[RowProblem] = []
        self.units: set[int] = set()
        self.totals_rows = 0
        self.above: Raw = _building_of_title(grid, table)
        self.room_above: Raw = None
        self.sums: dict[int, int] = {}

    def read(self) -> None:
        """Read every row below the header."""
        headers = [each.header for each in self.table.columns]
        for row in range(self.table.first_row, len(self.grid.rows)):
            cells = self.grid.rows[row]
            if all(cell.is_blank and not _is_lost(cell) for cell in cells):
                continue
            texts = [cell.text.replace(" ", "") for cell in cells if not cell.is_blank]
            if any(_TOTALS.match(text) for text in texts[:4]):
                self._compare_sums(row, cells, texts)
                continue
            if [header_text(cells[each.index]) for each in self.table.columns] == headers:
                continue
            self._read_row(row, cells)

    def _read_row(self, row: int, cells: tuple[Cell, ...]) -> None:
        building = self._carried(cells)
        room = self._value(cells, Role.ROOM)
        if room is None and not self._has_money(cells):
            return
        if isinstance(room, str) and room.strip() in _SAME:
            room = self.room_above
        if room is None and self.room_above is not None and self.table.at(Role.MONTH) is not None:
            room = self.room_above
        self.room_above = room
        found = self.finder.find(building, self._value(cells, Role.ENTRANCE), room)
        if isinstance(found, str):
            if self._has_money(cells) or found is not UNCLEAR:
                self._problem(row, cells, found)
            return
        before = len(self.problems)
        lines = self._lines(row, cells, found)
        if len(self.problems) == before:
            self.units.add(found)
            self.lines += lines

    def _carried(self, cells: tuple[Cell, ...]) -> Raw:
        building = self._value(cells, Role.BUILDING)
        if building is None or (isinstance(building, str) and building.strip() in _SAME):
            return self.above
        if not _TOTALS.match(str(building)):
            self.above = building
        return building

    def _lines(self, row: int, cells: tuple[Cell, ...], unit_id: int) -> list[Line]:
        by_month: dict[int, dict[Role, int]] = {}
        ahead = 0
        for column in self.table.columns:
            if column.role not in MONEY:
                continue
            fen = self._fen(row, cells, column.index)
            if fen is None:
                continue
            self.sums[column.index] = self.sums.get(column.index, 0) + fen
            if column.role is Role.PREPAID:
                ahead += fen
            else:
                amounts = by_month.setdefault(self._month_of(column), {})
                amounts[column.role] = amounts.get(column.role, 0) + fen
        lines = [Line(unit_id, 0, ahead)] if ahead > 0 else []
        if ahead < 0:
            by_month.setdefault(0, {})[Role.OWED] = by_month.get(0, {}).get(Role.OWED, 0) - ahead
        owed_in_all = 0
        for month, amounts in by_month.items():
            owed = self._owed(row, cells, amounts)
            owed_in_all += owed
            lines += self._placed(row, cells, unit_id, month, owed)
        self._compare_total(row, cells, owed_in_all)
        return lines

    def _month_of(self, column: FeeColumn) -> int:
        """Tell the month a column names, 0 when its row says it."""
        if column.is_older:
            return self.older_month
        if column.month:
            return column.year * 100 + column.month
        # Of a whole year: what is still owed at its end.
        return min(column.year * 100 + 12, self.last_month) if column.year else 0

    def _owed(self, row: int, cells: tuple[Cell, ...], amounts: dict[Role, int]) -> int:
        counted = amounts.get(Role.DUE, 0) - amounts.get(Role.PAID, 0) - amounts.get(Role.WAIVED, 0)
        if Role.OWED not in amounts:
            return counted if Role.DUE in amounts else 0
        owed = amounts[Role.OWED]
        if Role.DUE in amounts and Role.PAID in amounts and owed not in {counted, max(counted, 0)}:
            self._doubt(row, cells, DIFFERENT, owed=_yuan(owed), counted=_yuan(counted))
        return owed

    def _placed(
        self, row: int, cells: tuple[Cell, ...], unit_id: int, month: int, owed: int
    ) -> list[Line]:
        if not owed:
            return []
        months = [month] if month else self._months_of_row(row, cells)
        kept = [each for each in months if each <= self.last_month]
        if len(kept) < len(months):
            late = months[-1]
            self._problem(row, cells, AFTER_OPENING, month=f"{late // 100}-{late % 100:02d}")
            return []
        if len(months) > 1:
            self._doubt(row, cells, SPREAD, count=str(len(months)))
        parts = ledger.allocate(owed, [1] * len(months)) if months else ()
        return [Line(unit_id, each, part) for each, part in zip(months, parts, strict=True) if part]

    def _months_of_row(self, row: int, cells: tuple[Cell, ...]) -> list[int]:
        """Tell the month, or the months from one to another, that a row names."""
        place = self.table.at(Role.MONTH)
        if place is None:
            return [self.older_month]
        cell = cells[place]
        if cell.is_blank:
            return [self.older_month]
        if isinstance(cell.value, date):
            return [cell.value.year * 100 + cell.value.month]
        year = find_year(header_text(self._cell(cells, Role.YEAR)))
        first = _month(cell.text, year)
        parts = _RANGE.split(cell.text)
        if not first and cell.text.isdigit() and 1 <= int(cell.text) <= 12 and year:
            return [year * 100 + int(cell.text)]
        if len(parts) >= 2 and not _month(cell.text, year) % 100:
            first = 0
        last = _last_of_range(cell.text, first)
        if not first or last < first:
            self._problem(row, cells, NO_MONTH, cell=cell.text[:20])
            return []
        months = [first]
        while months[-1] < last and len(months) < 120:
            months.append(months[-1] + 1 if months[-1] % 100 < 12 else months[-1] + 89)
        return months

    def _fen(self, row: int, cells: tuple[Cell, ...], index: int) -> int | None:
        cell = cells[index]
        if _is_lost(cell):
            self._problem(row, cells, NO_FORMULA_VALUE)
            return None
        if cell.is_copied or cell.text in _PAID_WORDS:
            return None
        try:
            return read_fen(cell.value)
        except UnreadableValueError:
            self._problem(row, cells, NO_AMOUNT, cell=cell.text[:20])
            return None

    def _has_money(self, cells: tuple[Cell, ...]) -> bool:
        return any(
            not cells[each.index].is_blank for each in self.table.columns if each.role in MONEY
        )

    def _cell(self, cells: tuple[Cell, ...], role: Role) -> Cell:
        index = self.table.at(role)
        return Cell() if index is None else cells[index]

    def _value(self, cells: tuple[Cell, ...], role: Role) -> Raw:
        cell = self._cell(cells, role)
        return None if cell.is_blank else cell.value

    def _compare_total(self, row: int, cells: tuple[Cell, ...], owed: int) -> None:
        for column in self.table.columns:
            if column.role is not Role.TOTAL or not re.search("欠|未|合计|小计", column.header):
                continue
            try:
                total = read_fen(cells[column.index].value)
            except UnreadableValueError:
                continue
            if total is not None and total != owed and len(self._money_columns()) > 1:
                self._doubt(row, cells, TOTAL_DIFFERENT, total=_yuan(total), counted=_yuan(owed))

    def _money_columns(self) -> list[FeeColumn]:
        return [each for each in self.table.columns if each.role in MONEY]

    def _compare_sums(self, row: int, cells: tuple[Cell, ...], texts: list[str]) -> None:
        self.totals_rows += 1
        if not any(text.startswith(("合计", "总计", "共计")) for text in texts[:4]):
            return
        for column in self._money_columns():
            try:
                total = read_fen(cells[column.index].value)
            except UnreadableValueError:
                continue
            counted = self.sums.get(column.index, 0)
            if total is not None and total != counted:
                self._doubt(row, cells, SUM_DIFFERENT, total=_yuan(total), counted=_yuan(counted))

    def _problem(self, row: int, cells: tuple[Cell, ...], reason: str, **facts: str) -> None:
        self.problems.append(self._about(row, cells, reason, facts))

    def _doubt(self, row: int, cells: tuple[Cell, ...], reason: str, **facts: str) -> None:
        self.doubts.append(self._about(row, cells, reason, facts))

    def _about(
        self, row: int, cells: tuple[Cell, ...], reason: str, facts: dict[str, str]
    ) -> RowProblem:
        """Name a row by where it is, without the owner's name."""
        roles = (Role.BUILDING, Role.ENTRANCE, Role.ROOM, Role.MONTH)
        text = " ".join(self._cell(cells, role).text for role in roles).strip()
        return RowProblem(self.grid.name, row + 1, text[:80], reason, tuple(facts.items()))


def _month(text: str, year: int) -> int:
    found_year, month = find_month(text)
    return (found_year or year) * 100 + month if month and (found_year or year) else 0


def _last_of_range(text: str, first: int) -> int:
    """Find where 2026年1月-3月 or 2026.01-2026.03 ends; a single month ends where it begins."""
    months = [
        int(year or 0) * 100 + int(month)
        for year, month in re.findall(
            r"(?:(20\d{2})\s*[-/.年]\s*)?(?<!\d)(1[0-2]|0?[1-9])\s*月?(?=$|[-－—~～至到])", text
        )
    ]
    if len(months) < 2 or not first:
        return first
    last = months[-1]
    return last if last > 100 else first // 100 * 100 + last


def _building_of_title(grid: Grid, table: FeeTable) -> Raw:
    """Find a building that only the sheet's name or its title tells: 3号楼收费台账."""
    above = [cell.text for cells in grid.rows[: table.header_row] for cell in cells]
    for text in (grid.name, *above):
        if found := re.search(r"([A-Za-z]?\d+|[东南西北])\s*(?:号楼|栋|幢|座|#楼)", text):
            return found.group(0)
    return None


def _is_lost(cell: Cell) -> bool:
    return isinstance(cell.value, LostFormula)


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
