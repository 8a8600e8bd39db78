"""The spans a statement is read by: this month, three months, this year, or everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from community.kernel.errors import N_


class SpanChoice(StrEnum):
    """How far back a statement reaches."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"


class Direction(StrEnum):
    """Which lines a statement shows."""

    ALL = "all"
    IN = "in"
    OUT = "out"


SPAN_TITLES = {
    SpanChoice.MONTH: N_("本月"),
    SpanChoice.QUARTER: N_("最近三个月"),
    SpanChoice.YEAR: N_("今年"),
    SpanChoice.ALL: N_("全部"),
}
DIRECTION_TITLES = {
    Direction.ALL: N_("全部"),
    Direction.IN: N_("得到的"),
    Direction.OUT: N_("用去的"),
}
FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader chose."""

    span: SpanChoice
    direction: Direction

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing but the start page's choice is set."""
        return self.span is SpanChoice.MONTH and self.direction is Direction.ALL


def read_filter(span: str, direction: str) -> Filter:
    """Read a reader's choice from an address; what is unknown there is as if not chosen."""
    spans, directions = set(SpanChoice), set(Direction)
    return Filter(
        SpanChoice(span) if span in spans else SpanChoice.MONTH,
        Direction(direction) if direction in directions else Direction.ALL,
    )


def first_day(span: SpanChoice, today: date) -> date:
    """Tell the first day of a span that ends today."""
    if span is SpanChoice.ALL:
        return FIRST_DAY
    if span is SpanChoice.YEAR:
        return date(today.year, 1, 1)
    months = today.year * 12 + today.month - 1 - (2 if span is SpanChoice.QUARTER else 0)
    return date(months // 12, months % 12 + 1, 1)


def is_shown(direction: Direction, amount: int) -> bool:
    """Tell whether a line of an amount is shown."""
    if direction is Direction.ALL:
        return True
    return amount > 0 if direction is Direction.IN else amount < 0
