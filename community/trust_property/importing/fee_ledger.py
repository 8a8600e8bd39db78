"""An office's fee ledger from file to arrears and prepayments by unit and month.

It says what it understood, which rows it could not place and why, and what it is unsure of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from community.kernel.errors import N_
from community.kernel.sheets import Grid, Limits, UnreadableFile, open_sheets
from community.trust_property.importing.fee_columns import (
    FeeColumn,
    FeeTable,
    Role,
    find_table,
    find_year,
    is_bare_month,
)
from community.trust_property.importing.fee_rows import FeeRows, Line, RowProblem
from community.trust_property.importing.fee_units import KnownUnit, UnitFinder
from community.trust_property.importing.statement import Question, ask

LIMITS = Limits(rows=60_000, columns=120)
WORDS = ("楼栋", "房号", "欠费", "应收", "预缴", "台账", "物业费")


class NoFeesFound(UnreadableFile):
    """No sheet has a room and an amount in one row."""

    message = N_(
        "没有找到收费台账：没有一张表同时有房号和欠费、应收或预缴。请检查表头，或换一份文件。"
    )


@dataclass(frozen=True, slots=True)
class FeeChoices:
    """What the user answered; 0 and "" leave it to us."""

    year: int = 0
    meaning: str = ""
    older_month: int = 0


@dataclass(frozen=True, slots=True)
class SheetFound:
    """One sheet as it was understood."""

    name: str
    header_row: int
    columns: tuple[FeeColumn, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class FeeLedger:
    """All that was understood: what units owe by month, have prepaid, and what is left out."""

    encoding: str
    sheets: tuple[SheetFound, ...]
    arrears: tuple[tuple[int, int, int], ...]
    prepaid: tuple[tuple[int, int], ...]
    problems: tuple[RowProblem, ...] = ()
    doubts: tuple[RowProblem, ...] = ()
    questions: tuple[Question, ...] = ()
    totals_rows: int = 0
    choices: FeeChoices = field(default_factory=FeeChoices)

    @property
    def arrears_fen(self) -> int:
        """Tell what is owed in all."""
        return sum(amount for _, _, amount in self.arrears)

    @property
    def prepaid_fen(self) -> int:
        """Tell what is paid ahead in all."""
        return sum(amount for _, amount in self.prepaid)

    @property
    def unit_count(self) -> int:
        """Tell how many units owe."""
        return len({unit_id for unit_id, _, _ in self.arrears})


def read_fee_ledger(
    content: bytes,
    known: Sequence[KnownUnit],
    last_month: int,
    choices: FeeChoices | None = None,
    name: str = "",
) -> FeeLedger:
    """Read a fee ledger; `last_month` (YYYYMM) is the opening day's, later arrears are doubted.

    Raises: UnreadableFile.
    """
    opened = open_sheets(content, LIMITS, WORDS)
    tables = [(grid, table) for grid in opened.grids if (table := find_table(grid)) is not None]
    if not tables:
        raise NoFeesFound
    given = choices or FeeChoices()
    finder = UnitFinder(known)
    questions: list[Question] = []
    read: list[FeeRows] = []
    sheets = []
    for grid, table in tables:
        settled, asked = _settle(grid, table, given, last_month, name)
        questions += asked
        rows = FeeRows(
            grid, settled, finder, _older_month(settled.columns, given, last_month), last_month
        )
        rows.read()
        if rows.units or rows.problems:
            read.append(rows)
            sheets.append(
                SheetFound(grid.name, settled.header_row, settled.columns, len(rows.units))
            )
    if not read:
        raise NoFeesFound
    return _joined(opened.encoding, tuple(sheets), read, questions, given)


def _joined(
    encoding: str,
    sheets: tuple[SheetFound, ...],
    read: Sequence[FeeRows],
    questions: Sequence[Question],
    given: FeeChoices,
) -> FeeLedger:
    owed: dict[tuple[int, int], int] = {}
    ahead: dict[int, int] = {}
    lines: list[Line] = [line for rows in read for line in rows.lines]
    for line in lines:
        if line.month:
            key = (line.unit_id, line.month)
            owed[key] = owed.get(key, 0) + line.amount_fen
        else:
            ahead[line.unit_id] = ahead.get(line.unit_id, 0) + line.amount_fen
    # Paid too much in one month is money of the unit, whatever other months it owes.
    for (unit_id, _), amount in owed.items():
        if amount < 0:
            ahead[unit_id] = ahead.get(unit_id, 0) - amount
    return FeeLedger(
        encoding,
        sheets,
        tuple(sorted((*key, amount) for key, amount in owed.items() if amount > 0)),
        tuple(sorted((unit_id, amount) for unit_id, amount in ahead.items() if amount > 0)),
        tuple(problem for rows in read for problem in rows.problems),
        tuple(doubt for rows in read for doubt in rows.doubts),
        tuple(dict.fromkeys(questions)),
        sum(rows.totals_rows for rows in read),
        given,
    )


def _settle(
    grid: Grid, table: FeeTable, given: FeeChoices, last_month: int, name: str
) -> tuple[FeeTable, list[Question]]:
    """Give months their year and bare months their meaning, by the title or by the answers."""
    above = " ".join(
        cell.text for cells in grid.rows[: table.header_row] for cell in cells if not cell.is_copied
    )
    title = f"{above} {grid.name} {name}"
    questions = []
    columns = list(table.columns)
    if any(each.month and not each.year for each in columns):
        year = given.year or find_year(above) or find_year(f"{grid.name} {name}")
        if not year:
            year = _likely_year(columns, last_month)
            years = [str(each) for each in range(last_month // 100, last_month // 100 - 4, -1)]
            questions.append(ask("year", _WHICH_YEAR, *years, year=year))
        columns = [
            _with_year(each, year) if each.month and not each.year else each for each in columns
        ]
    if any(is_bare_month(each) for each in columns):
        meaning = given.meaning or _meaning(title)
        if not meaning:
            meaning = Role.OWED.value
            questions.append(ask("meaning", _WHICH_MEANING, Role.OWED.value, Role.PAID.value))
        columns = [
            _with_role(each, Role(meaning)) if is_bare_month(each) else each for each in columns
        ]
    if _needs_older(columns) and not given.older_month:
        month = _older_month(columns, given, last_month)
        shown = f"{month // 100}-{month % 100:02d}"
        questions.append(ask("older_month", _WHICH_OLDER, month=shown))
    return replace(table, columns=tuple(columns)), questions


_WHICH_YEAR = N_("表头只写了几月，没有写年份。这些月份是哪一年的？（暂按 {year} 年）")
_WHICH_MEANING = N_("月份列里的金额是欠费，还是已经收到的钱？（暂按欠费）")
_WHICH_OLDER = N_("有的欠费没有写月份。记在哪个月？（暂记在 {month}）")


def _with_year(column: FeeColumn, year: int) -> FeeColumn:
    return FeeColumn(column.index, column.header, column.role, year, column.month, column.is_older)


def _with_role(column: FeeColumn, role: Role) -> FeeColumn:
    return FeeColumn(column.index, column.header, role, column.year, column.month, column.is_older)


def _likely_year(columns: Sequence[FeeColumn], last_month: int) -> int:
    latest = max(each.month for each in columns)
    year, month = divmod(last_month, 100)
    return year if latest <= month else year - 1


def _meaning(title: str) -> str:
    for word in ("欠", "未收", "未缴", "催"):
        if word in title:
            return Role.OWED.value
    for word in ("实收", "已收", "收款"):
        if word in title:
            return Role.PAID.value
    return Role.DUE.value if "应收" in title else ""


def _needs_older(columns: Sequence[FeeColumn]) -> bool:
    if any(each.is_older for each in columns):
        return True
    roles = {each.role for each in columns}
    has_months = any(each.month for each in columns) or Role.MONTH in roles
    has_owed = bool(roles & {Role.OWED, Role.DUE})
    return has_owed and not has_months and not any(each.year for each in columns)


def _older_month(columns: Sequence[FeeColumn], given: FeeChoices, last_month: int) -> int:
    """Tell under which month arrears without one stand: before the first that is named."""
    if given.older_month:
        return given.older_month
    named = [each.year * 100 + each.month for each in columns if each.month and each.year]
    first = min(named, default=last_month)
    return first - 1 if first % 100 > 1 else first - 89
