"""Giving each column its meaning: what its header says, checked against what stands below."""

from __future__ import annotations

import re
from dataclasses import dataclass

from community.kernel.sheets import Cell, Raw
from community.trust_property.importing.statement import Column, ColumnFound
from community.trust_property.importing.tables import MONEY, Table
from community.trust_property.importing.values import (
    UnreadableValueError,
    is_nothing,
    is_yearless,
    read_day,
    read_fen,
    read_time,
    read_words,
    tidy,
)
from community.trust_property.importing.words import direction_of, recognize

_LOOKED_AT = 400
_MONEY_ROLES = {*MONEY, Column.BALANCE, Column.FEE, Column.REFUND}
# A page number or a count is no amount; long digits are numbers of something.
_LONGEST_AMOUNT = 16
_GUESSED = 50
_TILL = re.compile(r"终端号?|商户号|检索参考号")


@dataclass(frozen=True, slots=True)
class Profile:
    """What stands in a column's first rows: how many cells say something, and what they are."""

    filled: int
    days: int
    times: int
    money: int
    sides: int
    letters: int

    def share(self, part: int) -> int:
        """Tell a part of the filled cells in per cent."""
        return part * 100 // self.filled if self.filled else 0


def profile(values: list[Raw]) -> Profile:
    """Look at a column's values."""
    days = times = money = sides = filled = letters = 0
    for value in values:
        if is_nothing(value):
            continue
        filled += 1
        days += _is_day(value)
        times += bool(read_time(value))
        money += _is_money(value)
        sides += direction_of(tidy(value)) in {1, -1}
        letters += any(each.isalpha() for each in tidy(value))
    return Profile(filled, days, times, money, sides, letters)


def _is_day(value: Raw) -> bool:
    try:
        return read_day(value, year=2000 if is_yearless(value) else None) is not None
    except UnreadableValueError:
        return False


def _is_money(value: Raw) -> bool:
    try:
        return read_fen(value) is not None and len(tidy(value)) <= _LONGEST_AMOUNT
    except UnreadableValueError:
        return False


def _fits(column: Column, seen: Profile) -> bool:
    if column is Column.DATE:
        return seen.share(seen.days) >= 50
    if column is Column.TIME:
        return seen.share(seen.times) >= 50
    if column in _MONEY_ROLES:
        return not seen.filled or seen.share(seen.money) >= 50
    if column is Column.DIRECTION:
        return seen.sides > 0 and seen.share(seen.sides) >= 30 and not seen.days
    return True


def assign(table: Table) -> tuple[dict[int, Column], dict[int, Profile], dict[int, int]]:
    """Give columns their meaning; also what each holds, and the confidence in per cent."""
    looked = [row for row in table.rows[:_LOOKED_AT] if _is_full_enough(row)]
    width = table.grid.width
    seen = {place: profile([row[place].value for row in looked]) for place in range(width)}
    wishes = []
    for place, header in enumerate(table.headers):
        for column, weight in recognize(header).items():
            if not _fits(column, seen[place]):
                continue
            # An empty column keeps its name, but gives way to a twin that is filled.
            merit = weight if seen[place].filled else weight - 60
            wishes.append((merit, seen[place].filled, -place, column))
    held: dict[int, Column] = {}
    sure: dict[int, int] = {}
    for merit, _, negative, column in sorted(wishes, key=lambda wish: wish[:3], reverse=True):
        if -negative in held or column in held.values():
            continue
        held[-negative], sure[-negative] = column, max(merit, 0)
    for merit, _, negative, column in sorted(wishes, key=lambda wish: wish[:3], reverse=True):
        if -negative not in held and column in {Column.SUMMARY, Column.KIND}:
            held[-negative], sure[-negative] = Column.NOTE, max(merit, 0)
    _drop_rivals(held)
    _mend_roles(held, seen, table.headers)
    _guess_missing(held, sure, seen)
    return dict(sorted(held.items())), seen, sure


def _is_full_enough(cells: tuple[Cell, ...]) -> bool:
    return sum(not is_nothing(cell.value) for cell in cells) >= 2


def _drop_rivals(held: dict[int, Column]) -> None:
    """Two sided columns together say it all; one amount column beside them only repeats."""
    columns = set(held.values())
    if {Column.INCOME, Column.EXPENSE} <= columns:
        rivals = {Column.AMOUNT, Column.DIRECTION}
    elif Column.AMOUNT in columns:
        rivals = {Column.INCOME, Column.EXPENSE}
    else:
        rivals = set()
    for place in [place for place, column in held.items() if column in rivals]:
        del held[place]


def _mend_roles(
    held: dict[int, Column], seen: dict[int, Profile], headers: tuple[str, ...]
) -> None:
    """Give a column another role than its header's where what stands there, or beside, says so."""
    columns = set(held.values())
    is_till = any(_TILL.search(header) for header in headers)
    for place, column in list(held.items()):
        if column is Column.TIME and Column.DATE not in columns:
            # A stamp of day and time in one.
            if seen[place].share(seen[place].days) >= 50:
                held[place] = Column.DATE
        elif column is Column.KIND and Column.AMOUNT in columns and Column.DIRECTION not in columns:
            if seen[place].filled and seen[place].share(seen[place].sides) == 100:
                held[place] = Column.DIRECTION
        elif column is Column.ACCOUNT and is_till and "卡号" in headers[place]:
            # At a till the card is the buyer's.
            del held[place]
            if Column.COUNTER_ACCOUNT not in columns:
                held[place] = Column.COUNTER_ACCOUNT


def _guess_missing(held: dict[int, Column], sure: dict[int, int], seen: dict[int, Profile]) -> None:
    """Tell a day, an amount and a balance by what stands in columns without a known name."""

    def take(column: Column, fit: list[int]) -> None:
        if fit and column not in held.values():
            held[fit[0]], sure[fit[0]] = column, _GUESSED

    free = [place for place in seen if place not in held]
    take(Column.DATE, [place for place in free if seen[place].share(seen[place].days) >= 80])
    free = [place for place in seen if place not in held]
    if not any(column in held.values() for column in MONEY):
        money = [
            place
            for place in free
            if seen[place].share(seen[place].money) >= 80 and not seen[place].days
        ]
        take(Column.AMOUNT, money)
        take(Column.BALANCE, money[1:])
    free = [place for place in seen if place not in held]
    take(Column.DIRECTION, _sides_of(free, held, seen))
    texts = [place for place in free if seen[place].share(seen[place].letters) >= 80]
    if not set(held.values()) & {Column.SUMMARY, Column.COUNTERPARTY, Column.NOTE, Column.KIND}:
        take(Column.SUMMARY, texts[:1])
        take(Column.COUNTERPARTY, texts[1:2])


def _sides_of(free: list[int], held: dict[int, Column], seen: dict[int, Profile]) -> list[int]:
    if Column.AMOUNT not in held.values():
        return []
    return [
        place
        for place in free
        if seen[place].filled and seen[place].share(seen[place].sides) == 100
    ]


def tell_columns(
    held: dict[int, Column], sure: dict[int, int], headers: tuple[str, ...]
) -> tuple[ColumnFound, ...]:
    """Tell what was understood, column by column."""
    return tuple(
        ColumnFound(
            column, place + 1, headers[place] if place < len(headers) else "", sure.get(place, 100)
        )
        for place, column in held.items()
    )


def read_cell(cells: tuple[Cell, ...], place: int | None) -> str:
    """Read a text cell; empty when there is no such column."""
    return read_words(cells[place].value) if place is not None and place < len(cells) else ""
