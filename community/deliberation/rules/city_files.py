"""The city's file of ballots: a number on the roll and the words of a choice, a line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from community.deliberation.errors.polls import BadCityFile
from community.deliberation.rules.polls import Pairs

NUMBER_HEADS = ("编号", "序号", "名册编号")
CHOICE_HEADS = ("选择", "表决意见", "投票结果", "意见")
PARTS = ("、", ";", "；")


def read_city_rows(
    rows: Sequence[Sequence[str]], options: Mapping[str, int]
) -> tuple[tuple[int, Pairs], ...]:
    """Read a sheet's rows below the line that holds both headings.

    `options` are option numbers by their words. Several choices are parted by 、.
    Raises: BadCityFile with the line that is not understood.
    """
    found: list[tuple[int, Pairs]] = []
    columns: tuple[int, int] | None = None
    for line, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row]
        if columns is None:
            columns = _columns(cells)
            continue
        number, choice = (cells[place] if place < len(cells) else "" for place in columns)
        if not number and not choice:
            continue
        if not number.isdecimal() or len(number) > 9:
            raise BadCityFile(line=line)
        found.append((int(number), _choice(choice, options, line)))
    if columns is None:
        raise BadCityFile(line=1)
    return tuple(found)


def _columns(cells: Sequence[str]) -> tuple[int, int] | None:
    number = next((place for place, cell in enumerate(cells) if cell in NUMBER_HEADS), None)
    choice = next((place for place, cell in enumerate(cells) if cell in CHOICE_HEADS), None)
    return None if number is None or choice is None else (number, choice)


def _choice(text: str, options: Mapping[str, int], line: int) -> Pairs:
    for part in PARTS:
        text = text.replace(part, "\n")
    words = [each.strip() for each in text.split("\n") if each.strip()]
    if any(each not in options for each in words):
        raise BadCityFile(line=line)
    return tuple((options[each], 1) for each in words)
