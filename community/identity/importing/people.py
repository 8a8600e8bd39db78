"""From lines to people: one draft for each human being of a file, and what contradicts itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from community.identity.importing.mistakes import mistake
from community.identity.importing.reading import Line, Problem, Standing, UnitKey
from community.kernel.errors import N_

# Shares written as 33.33 % three times are meant to be the whole.
ROUNDING = Fraction(1, 500)


@dataclass(frozen=True, slots=True)
class OwnedShare:
    """A share of a unit as a fraction of whole numbers."""

    unit: UnitKey
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A person as a file tells: where they live, what they own and rent, and in which rows."""

    name: str
    birth_year: int | None = None
    birthday: date | None = None
    phone: str = ""
    is_head: bool = False
    home: UnitKey | None = None
    owns: tuple[OwnedShare, ...] = ()
    rents: tuple[UnitKey, ...] = ()
    rows: tuple[tuple[int, int], ...] = ()

    @property
    def units(self) -> frozenset[UnitKey]:
        """Tell every unit the person has to do with."""
        home = () if self.home is None else (self.home,)
        return frozenset((*home, *(share.unit for share in self.owns), *self.rents))

    @property
    def only_owns(self) -> bool:
        """Tell whether the person owns here and lives elsewhere."""
        return self.home is None and not self.rents and bool(self.owns)


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """A unit as a file tells it."""

    unit: UnitKey
    area_centiares: int | None
    rows: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Census:
    """All that a file tells, once rows with mistakes are left out."""

    people: tuple[Draft, ...]
    units: tuple[UnitDraft, ...]
    problems: tuple[Problem, ...]
    unread_names: frozenset[str] = frozenset()


def take_census(
    lines: Iterable[Line],
    columns_of_area: dict[int, int],
    unread_names: frozenset[str] = frozenset(),
) -> Census:
    """Bring lines together into people and units.

    `columns_of_area` tells, by sheet, which column a contradiction about areas is marked in.
    """
    problems: list[Problem] = []
    kept = _without_doubles(list(lines), problems)
    units = _units(kept, columns_of_area, problems)
    shares = _shares(kept, problems)
    broken = {(problem.sheet, problem.row) for problem in problems}
    sound = [line for line in kept if (line.sheet, line.row) not in broken]
    # Without a sound share for each, none of a unit's owners is written.
    sound = [line for line in sound if not _owns(line) or (line.unit, line.name) in shares]
    people = [_draft(group, shares) for group in _groups(_at_home(sound))]
    sound_units = tuple(unit for unit in units if not broken & set(unit.rows))
    unread = unread_names | {line.name for line in kept} - {draft.name for draft in people}
    return Census(tuple(people), sound_units, tuple(problems), frozenset(unread))


def _problem(line: Line, message: str, column: int = -1, **facts: object) -> Problem:
    return Problem(line.sheet, line.row, column, mistake(message, **facts))


def _without_doubles(lines: list[Line], problems: list[Problem]) -> list[Line]:
    """Leave out a person who stands twice in one unit, and ask when two could be meant.

    An owner named beside each of the family is told once, by their own row if there is one.
    """
    places: dict[tuple[UnitKey, str, Standing], list[int]] = defaultdict(list)
    kept: list[Line] = []
    for line in lines:
        before = places[line.unit, line.name, line.standing] if line.name else []
        place = next((each for each in before if _may_be_one(kept[each], line)), None)
        if place is None:
            before.append(len(kept))
            kept.append(line)
        elif line.is_main and not kept[place].is_main:
            kept[place] = replace(line, share=line.share or kept[place].share)
        elif line.is_main:
            problems.append(_double(line, kept[place]))
    return kept


def _double(line: Line, same: Line) -> Problem:
    if (same.birth is None) != (line.birth is None):
        message = N_("与第 {row} 行同名同户；如是两个人，请都填出生日期，如是同一人，请删去一行")
        return _problem(line, message, row=same.row + 1)
    return _problem(line, N_("与第 {row} 行重复，请删去一行"), row=same.row + 1)


def _may_be_one(one: Line, other: Line) -> bool:
    if one.birth is None or other.birth is None:
        return True
    if one.birth.day and other.birth.day:
        return one.birth.day == other.birth.day
    return one.birth.year == other.birth.year


def _units(
    lines: list[Line], columns: dict[int, int], problems: list[Problem]
) -> tuple[UnitDraft, ...]:
    areas: dict[UnitKey, tuple[int, Line]] = {}
    rows: dict[UnitKey, list[tuple[int, int]]] = defaultdict(list)
    for line in lines:
        rows[line.unit].append((line.sheet, line.row))
        if line.area_centiares is None:
            continue
        first = areas.setdefault(line.unit, (line.area_centiares, line))
        if first[0] != line.area_centiares:
            message = N_("{unit} 的面积与第 {row} 行不一致")
            where = columns.get(line.sheet, -1)
            problems.append(_problem(line, message, where, unit=line.unit, row=first[1].row + 1))
    return tuple(
        UnitDraft(unit, areas[unit][0] if unit in areas else None, tuple(dict.fromkeys(where)))
        for unit, where in rows.items()
    )


def _shares(lines: list[Line], problems: list[Problem]) -> dict[tuple[UnitKey, str], Fraction]:
    """Give each owner's share; owners without one hold equal parts.

    Source: 民法典 Art. 309 (an unclear share follows the contribution, else all are equal).
    """
    owners: dict[UnitKey, list[Line]] = defaultdict(list)
    for line in lines:
        if _owns(line):
            owners[line.unit].append(line)
    shares: dict[tuple[UnitKey, str], Fraction] = {}
    for unit, group in owners.items():
        told = [line.share for line in group if line.share is not None]
        if not told:
            shares |= {(unit, line.name): Fraction(1, len(group)) for line in group}
        elif len(told) < len(group):
            message = N_("{unit} 有的业主没有填份额，请都填或都不填")
            problems += [_problem(line, message, unit=unit) for line in group if not line.share]
        elif abs(sum(told, Fraction(0)) - 1) > ROUNDING:
            message = N_("{unit} 的产权份额合计 {total}，应为 100%")
            total = _percent(sum(told, Fraction(0)))
            problems += [_problem(line, message, unit=unit, total=total) for line in group]
        else:
            whole = sum(told, Fraction(0))
            shares |= {(unit, line.name): (line.share or Fraction(0)) / whole for line in group}
    return shares


def _owns(line: Line) -> bool:
    return line.standing is Standing.OWNER and bool(line.name)


def _percent(share: Fraction) -> str:
    hundredths = round(share * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".") + "%"


def _at_home(lines: list[Line]) -> list[Line]:
    """Let an owner of a rented unit live elsewhere."""
    rented = {line.unit for line in lines if line.standing is Standing.TENANT}
    return [
        replace(line, lives_here=False)
        if line.standing is Standing.OWNER and line.unit in rented
        else line
        for line in lines
    ]


def _groups(lines: list[Line]) -> list[list[Line]]:
    """Put the lines of one human being together: an owner of two flats is one person."""
    groups: list[list[Line]] = []
    by_name: dict[str, list[list[Line]]] = defaultdict(list)
    for line in lines:
        if not line.name:
            continue
        own = next((group for group in by_name[line.name] if _is_one(group[0], line)), None)
        if own is None:
            own = []
            groups.append(own)
            by_name[line.name].append(own)
        own.append(line)
    return groups


def _is_one(one: Line, other: Line) -> bool:
    if not _may_be_one(one, other) or (one.phone and other.phone and one.phone != other.phone):
        return False
    if one.unit == other.unit:
        return True
    same_day = bool(one.birth and one.birth.day and other.birth and other.birth.day)
    return same_day or bool(one.phone and one.phone == other.phone)


def _draft(group: list[Line], shares: dict[tuple[UnitKey, str], Fraction]) -> Draft:
    births = [line.birth for line in group if line.birth]
    birth = next((each for each in births if each.day), births[0] if births else None)
    homes = [line for line in group if line.lives_here]
    home = next((line for line in homes if line.standing is not Standing.OWNER), None)
    home = home or (homes[0] if homes else None)
    owned = [line for line in group if _owns(line)]
    return Draft(
        name=group[0].name,
        birth_year=birth.year if birth else None,
        birthday=birth.day if birth else None,
        phone=next((line.phone for line in group if line.phone), ""),
        is_head=any(line.is_head for line in homes if home and line.unit == home.unit),
        home=home.unit if home else None,
        owns=tuple(_owned(line.unit, shares[line.unit, line.name]) for line in owned),
        rents=tuple(dict.fromkeys(line.unit for line in group if line.standing is Standing.TENANT)),
        rows=tuple((line.sheet, line.row) for line in group),
    )


def _owned(unit: UnitKey, share: Fraction) -> OwnedShare:
    return OwnedShare(unit, share.numerator, share.denominator)
