"""Row by row: which rows are entries, and why the others are not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from community.kernel.errors import N_
from community.kernel.sheets import Cell
from community.trust_property.importing.columns import read_cell
from community.trust_property.importing.facts import CARRIED, CLOSING, OPENING, find_account
from community.trust_property.importing.statement import Choices, Column, Skipped
from community.trust_property.importing.tables import MONEY, Table, row_text
from community.trust_property.importing.values import (
    UnreadableValueError,
    is_nothing,
    read_day,
    read_fen,
    read_time,
    tidy,
    writes_decimal_comma,
)
from community.trust_property.importing.words import direction_of, unit_of

_TOTAL = re.compile(
    r"(?:^|[^\u4e00-\u9fff])(?:人民币|本页|本期|本月|累计|[借贷]方|收入|支出|发生额)*(?:合计|总计|小计)|^累计|^sub-?total|^total",
    re.IGNORECASE,
)
# A day book writes its totals with a day; no other side and no number stands beside them.
_DATED_TOTAL = re.compile(
    r"(?:[本当][日周旬月季年期页]|全年)?(?:发生额?)?(?:累计|合计|总计|小计)(?:发生额?)?$"
)
_LONGEST_TEXT = 200

_OF_ENTRIES = (Column.COUNTERPARTY, Column.COUNTER_ACCOUNT, Column.NUMBER)

SENTENCES = {
    "total": N_("合计行"),
    "header": N_("重复的表头"),
    "note": N_("说明文字"),
    "carried": N_("结转的余额"),
    "no-amount": N_("没有金额"),
    "unreadable": N_("金额或日期读不出来"),
    "closed": N_("交易已关闭或未成功，钱没有动"),
    "refunded": N_("已全额退款，收支相抵"),
    "neutral": N_("不计收支，看不出钱的去向"),
    "pending": N_("还在处理中，钱没有动"),
}


@dataclass(slots=True)
class Entry:
    """A row that is an entry, its money still as the bank wrote it."""

    place: int
    cells: tuple[Cell, ...]
    day: date
    time: str
    money: dict[Column, int]
    side: int | None
    account: str = ""


@dataclass(slots=True)
class Sorted:
    """A table's rows, sorted: entries, rows left out, and what was met on the way."""

    entries: list[Entry] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    carried_days: list[int] = field(default_factory=list)
    opening_fen: int | None = None
    closing_fen: int | None = None
    below: list[str] = field(default_factory=list)


def places_of(held: dict[int, Column]) -> dict[Column, int]:
    """Tell where each column stands; of notes there may be several."""
    return {column: place for place, column in held.items() if column != Column.NOTE}


class RowSorter:
    """Sorts a table's rows by its columns' meaning."""

    def __init__(self, table: Table, held: dict[int, Column], choices: Choices) -> None:
        """Prepare what all rows share."""
        self.table = table
        self.held = held
        self.choices = choices
        self.at = places_of(held)
        self.units = {place: unit_of(header) for place, header in enumerate(table.headers)}
        money = (*MONEY, Column.BALANCE, Column.FEE, Column.REFUND)
        self.money = [(column, self.at[column]) for column in money if column in self.at]
        self.commas = {
            place: any(writes_decimal_comma(row[place].value) for row in table.rows[:400])
            for _, place in self.money
        }
        self.header_text = (
            row_text(table.grid.rows[table.header_row]) if table.header_row is not None else None
        )
        self.result = Sorted()
        self.account = ""

    def sort(self) -> Sorted:
        """Sort every row."""
        for offset, cells in enumerate(self.table.rows):
            self._sort_row(self.table.first_row + offset, cells)
        return self.result

    def _sort_row(self, place: int, cells: tuple[Cell, ...]) -> None:
        text = row_text(cells)
        if not text:
            return
        if self._is_header(text):
            self._skip(place, "header", text)
            return
        if not self._carries(place, cells, text):
            self._read_row(place, cells, text)

    def _is_header(self, text: str) -> bool:
        return self.header_text is not None and text == self.header_text

    def _carries(self, place: int, cells: tuple[Cell, ...], text: str) -> bool:
        """Take in a row that only carries a balance over."""
        if not CARRIED.search(text):
            return False
        label = next(
            (
                text
                for text in (tidy(cell.value) for cell in cells)
                if OPENING.match(text) or CLOSING.match(text)
            ),
            None,
        )
        if label is None or any(self._amount(cells, column) for column in MONEY):
            return False
        balance = self._amount(cells, Column.BALANCE)
        if balance is not None and OPENING.match(label) and self.result.opening_fen is None:
            self.result.opening_fen = balance
        elif balance is not None and CLOSING.match(label):
            self.result.closing_fen = balance
        self._skip(place, "carried", text)
        return True

    def _amount(self, cells: tuple[Cell, ...], column: Column) -> int | None:
        place = self.at.get(column)
        if place is None or place >= len(cells):
            return None
        try:
            return read_fen(
                cells[place].value, self.units.get(place, 100), decimal_comma=self.commas[place]
            )
        except UnreadableValueError:
            return None

    def _read_row(self, place: int, cells: tuple[Cell, ...], text: str) -> None:
        day, is_day = self._day(cells)
        money, is_money = self._money(cells)
        moved = any(money.get(column) for column in MONEY)
        if day is None and (_TOTAL.search(text) or not moved):
            is_broken = not is_day and is_money and bool(money)
            self._skip_without_day(
                place, cells, text, is_broken=is_broken and not _TOTAL.search(text)
            )
            return
        if day is None and is_day and self.result.entries and self._looks_whole(cells):
            # The bank wrote the day once for several entries.
            day = self.result.entries[-1].day
            self.result.carried_days.append(place + 1)
        if day is None:
            self._skip_without_day(place, cells, text, is_broken=self._looks_whole(cells))
            return
        if not is_money:
            self.result.unreadable.append(place + 1)
            self._skip(place, "unreadable", text)
            return
        if self._is_dated_total(cells):
            self._skip(place, "total", text)
            return
        if not moved:
            self._skip(place, "no-amount", text)
            return
        at = self.at.get(Column.DIRECTION)
        side = direction_of(tidy(cells[at].value)) if at is not None else None
        account = read_cell(cells, self.at.get(Column.ACCOUNT)) or self.account
        time = self._time(cells)
        self.result.entries.append(Entry(place, cells, day, time, money, side, account))

    def _is_dated_total(self, cells: tuple[Cell, ...]) -> bool:
        if any(read_cell(cells, self.at.get(column)) for column in _OF_ENTRIES):
            return False
        return any(_DATED_TOTAL.match(tidy(cell.value).replace(" ", "")) for cell in cells)

    def _skip_without_day(
        self, place: int, cells: tuple[Cell, ...], text: str, *, is_broken: bool
    ) -> None:
        if _TOTAL.search(text):
            self._skip(place, "total", text)
        elif is_broken:
            self.result.unreadable.append(place + 1)
            self._skip(place, "unreadable", text)
        else:
            self._skip(place, "note", text)
            # Several accounts stand one below the other, each under its own title.
            if found := find_account(text):
                self.account = found
        self.result.below.append(text)

    def _looks_whole(self, cells: tuple[Cell, ...]) -> bool:
        filled = sum(not is_nothing(cells[place].value) for place in self.held)
        return 2 * filled >= len(self.held) and filled >= 2

    def _day(self, cells: tuple[Cell, ...]) -> tuple[date | None, bool]:
        """Read the day; False when something stands there that is none."""
        place = self.at.get(Column.DATE)
        if place is None:
            return None, True
        try:
            return (
                read_day(
                    cells[place].value,
                    month_first=bool(self.choices.month_first),
                    year=self.choices.year,
                ),
                True,
            )
        except UnreadableValueError:
            return None, False

    def _money(self, cells: tuple[Cell, ...]) -> tuple[dict[Column, int], bool]:
        found: dict[Column, int] = {}
        is_readable = True
        for column, place in self.money:
            try:
                value = read_fen(
                    cells[place].value, self.units.get(place, 100), decimal_comma=self.commas[place]
                )
            except UnreadableValueError:
                # An unreadable balance leaves the entry as it is; an unreadable amount does not.
                is_readable = is_readable and column not in MONEY
                continue
            if value is not None:
                found[column] = value
        refund = found.pop(Column.REFUND, 0)
        if refund and not any(found.get(column) for column in MONEY):
            # A service that writes what it gave back in a column of its own.
            found[Column.AMOUNT] = -abs(refund)
        return found, is_readable

    def _time(self, cells: tuple[Cell, ...]) -> str:
        for column in (Column.TIME, Column.DATE):
            place = self.at.get(column)
            if place is not None and (time := read_time(cells[place].value)):
                return time
        return ""

    def _skip(self, place: int, code: str, text: str) -> None:
        self.result.skipped.append(skip(self.table, place, code, text))


def skip(table: Table, place: int, code: str, text: str, amount: int | None = None) -> Skipped:
    """Leave a row out, with its reason."""
    return Skipped(place + 1, code, SENTENCES[code], text[:_LONGEST_TEXT], amount, table.grid.name)
