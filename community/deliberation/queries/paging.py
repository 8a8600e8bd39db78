"""Long lists of a desk a page at a time, and only what somebody looks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_, select, true
from sqlalchemy.orm import Session

Row = TypeVar("Row")
PAGE_SIZE = 50
MOST_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A page of a list; the next one begins after the row with number `next_cursor`."""

    rows: tuple[Row, ...]
    found: int
    next_cursor: int | None

    @property
    def has_next(self) -> bool:
        """Tell whether there is another page."""
        return self.next_cursor is not None


def cut_page(
    rows: Sequence[Row], number_of: Callable[[Row], int], after: int | None, size: int = PAGE_SIZE
) -> Page[Row]:
    """Cut the page that begins after a row's number; from the start where that row is gone."""
    numbers = [number_of(row) for row in rows]
    begin = numbers.index(after) + 1 if after in numbers else 0
    shown = tuple(rows[begin : begin + size])
    is_last = begin + size >= len(rows)
    return Page(shown, len(rows), None if is_last else numbers[begin + size - 1])


def read_page(
    session: Session,
    chosen: Select[*tuple[Any, ...]],
    order: Sequence[SQLColumnExpression[Any]],
    number: SQLColumnExpression[int],
    after: int | None,
) -> tuple[list[Any], int, int | None]:
    """Read the page that begins after a row's number, ordered by columns of which the last differ.

    Gives the rows, how many there are in all, and after which number the next page begins.
    """
    numbers = chosen.with_only_columns(number).subquery()
    found = session.scalar(select(func.count()).select_from(numbers)) or 0
    if after is not None:
        last = chosen.with_only_columns(*order).where(number == after)
        keys = session.execute(last).first()
        chosen = chosen if keys is None else chosen.where(_comes_after(order, keys))
    page = chosen.add_columns(number.label("page_number")).order_by(*order).limit(PAGE_SIZE + 1)
    rows = list(session.execute(page))
    has_next = len(rows) > PAGE_SIZE
    return rows[:PAGE_SIZE], found, rows[PAGE_SIZE - 1].page_number if has_next else None


def has_words(
    text: str, number: SQLColumnExpression[int], asks: Callable[[str], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """Ask of a row whether it has the number, or each part of the text as `asks` looks for it."""
    typed = text.strip()
    all_parts = and_(true(), *(asks(part) for part in typed.split()))
    is_number = typed.isdecimal() and typed.isascii() and len(typed) < MOST_DIGITS
    return or_(number == int(typed), all_parts) if is_number else all_parts


def _comes_after(
    order: Sequence[SQLColumnExpression[Any]], keys: Sequence[Any]
) -> ColumnElement[bool]:
    column, *others = order
    beyond = column > keys[0]
    return (
        or_(beyond, and_(column == keys[0], _comes_after(others, keys[1:]))) if others else beyond
    )


def is_found(text: str, number: int, *words: str) -> bool:
    """Tell whether a row has the number, or each part of the text in one of its words."""
    parts = text.casefold().split()
    return text.strip() == str(number) or all(
        any(part in each.casefold() for each in words) for part in parts
    )
