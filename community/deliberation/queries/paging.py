"""Long lists of a desk a page at a time, and only what somebody looks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")
PAGE_SIZE = 50


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


def is_found(text: str, number: int, *words: str) -> bool:
    """Tell whether a row has the number, or each part of the text in one of its words."""
    parts = text.casefold().split()
    return text.strip() == str(number) or all(
        any(part in each.casefold() for each in words) for part in parts
    )
