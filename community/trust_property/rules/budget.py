"""A year's budget: its lines as people type them, carried amounts, and the interim share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from community.kernel.errors import N_

MOST_LINES = 60
LONGEST_NAME = 40
EMERGENCY = "emergency"
# Instead of a budget line: a debt taken over on opening day, which is no expense of the year.
TAKEN_OVER = "taken-over"
WHOLE_BP = 10_000
_CODE = re.compile(r"[A-Z][A-Z0-9]{0,9}\Z")
# A comma between thousands parts nothing: 120,000.50.
_COLUMNS = re.compile(r"\t+|[，、|]|(?<![0-9]),|,(?![0-9]{3}(?![0-9]))| {2,}|\u3000+")
_YUAN = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?\Z")


class BudgetKind(StrEnum):
    """How a version of a budget came about."""

    INTERIM = "interim"
    ADOPTED = "adopted"
    AMENDED = "amended"


KINDS = {
    BudgetKind.INTERIM: N_("过渡预算"),
    BudgetKind.ADOPTED: N_("年度预算"),
    BudgetKind.AMENDED: N_("调整预算"),
}


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A line of a year's budget: its code never changes, its name may; amounts in fen."""

    code: str
    name: str
    amount_fen: int
    carried_fen: int = 0

    @property
    def whole_fen(self) -> int:
        """Give what may be spent on the line: voted and carried over."""
        return self.amount_fen + self.carried_fen


class LinesUnclearError(ValueError):
    """A typed line that cannot be read; `number` counts from one."""

    def __init__(self, number: int) -> None:
        """Say which."""
        super().__init__(number)
        self.number = number


def read_lines(text: str) -> tuple[BudgetLine, ...]:
    """Read lines as typed or pasted from a sheet: `[code] name amount [carried]`.

    Columns are parted by a tab, a comma, or several blanks. A line without a code gets the next
    free one. Raises: LinesUnclearError.
    """
    parts = [
        (number, [cell.strip() for cell in _COLUMNS.split(line.strip()) if cell.strip()])
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    ]
    taken = {cells[0] for _, cells in parts if len(cells) > 2 and _CODE.match(cells[0])}
    lines: list[BudgetLine] = []
    for number, given in parts:
        cells = list(given)
        has_code = len(cells) > 2 and cells[0] in taken
        code = cells.pop(0) if has_code else _next_code(taken)
        amounts = [_fen(cell) for cell in cells[1:]]
        if not 1 <= len(amounts) <= 2 or None in amounts or len(cells[0]) > LONGEST_NAME:
            raise LinesUnclearError(number)
        taken.add(code)
        lines.append(BudgetLine(code, cells[0], *(each for each in amounts if each is not None)))
    return tuple(lines)


def write_lines(lines: Sequence[BudgetLine]) -> str:
    """Write lines as they are read, for a form that amends them."""
    return "\n".join(
        f"{each.code}\t{each.name}\t{_yuan(each.amount_fen)}\t{_yuan(each.carried_fen)}"
        for each in lines
    )


def lines_problem(lines: Sequence[BudgetLine]) -> str | None:
    """Name what is wrong with lines, None when nothing is."""
    codes = [each.code for each in lines]
    if not lines:
        return N_("请至少填一行预算科目。")
    if len(lines) > MOST_LINES:
        return N_("预算科目最多 60 行，请合并后再提交。")
    if len(set(codes)) < len(codes) or len({each.name for each in lines}) < len(codes):
        return N_("有两行的编号或名称相同。")
    if any(each.amount_fen < 0 or each.carried_fen < 0 for each in lines):
        return N_("金额不能是负数。")
    return None


def interim_lines(last_year: Sequence[BudgetLine], share_bp: int) -> tuple[BudgetLine, ...]:
    """Give the voted share of last year's lines, rounded down to the fen, nothing carried."""
    return tuple(
        BudgetLine(each.code, each.name, each.amount_fen * share_bp // WHOLE_BP)
        for each in last_year
    )


def _next_code(taken: set[str]) -> str:
    number = 1
    while f"L{number:02d}" in taken:
        number += 1
    return f"L{number:02d}"


def _fen(cell: str) -> int | None:
    text = cell.replace(",", "").removesuffix("元")
    if not _YUAN.match(text):
        return None
    whole, _, cents = text.partition(".")
    return int(whole) * 100 + int((cents + "00")[:2])


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
