"""From rows to lines: one line for each person in each unit, and every mistake with its cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from community.identity.importing.headers import Column
from community.identity.importing.layout import Layout
from community.identity.importing.mistakes import Mistake, UnreadableCellError, mistake
from community.identity.importing.places import (
    Place,
    read_address,
    read_building,
    read_entrance,
    read_room,
)
from community.identity.importing.values import (
    SAME_AS_ABOVE,
    Birth,
    is_nothing,
    read_area,
    read_birth,
    read_id_card,
    read_names,
    read_phone,
    read_share,
)
from community.kernel.errors import N_
from community.kernel.sheets import Cell, Grid, Raw

V = TypeVar("V")

_TOTALS = re.compile(
    r"(合计|总计|小计|共计|汇总|总户数|总人数|制表|填表|审核|统计|注[:：]|说明|备注[:：])"
)
_HEADS = {"户主", "本人", "业主", "房主", "产权人"}
_RENTS = re.compile(r"租")
_OWNS = re.compile(r"业主|产权|房主|自住|自有")


class Standing(StrEnum):
    """How a person stands to a unit."""

    OWNER = "owner"
    TENANT = "tenant"
    RESIDENT = "resident"


@dataclass(frozen=True, slots=True, order=True)
class UnitKey:
    """A unit by its short names."""

    building: str
    entrance: str
    room: str

    @property
    def unit_name(self) -> str:
        """Give the unit's name inside its building: 2-501."""
        return f"{self.entrance}-{self.room}" if self.entrance else self.room

    def __str__(self) -> str:
        """Write it as 3-2-501."""
        return f"{self.building}-{self.unit_name}"


@dataclass(frozen=True, slots=True)
class Line:
    """A person in a unit as one row tells it; without a name, the unit alone."""

    sheet: int
    row: int
    unit: UnitKey
    name: str = ""
    birth: Birth | None = None
    phone: str = ""
    standing: Standing = Standing.RESIDENT
    is_head: bool = False
    lives_here: bool = True
    # The person the row is about; an owner named beside each of the family is not.
    is_main: bool = True
    share: Fraction | None = None
    area_centiares: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake and where it stands; rows and columns count from 0. -1 is the whole row."""

    sheet: int
    row: int
    column: int
    mistake: Mistake


@dataclass(slots=True)
class Reading:
    """What a sheet told, and which rows were left aside on purpose."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped_rows: int = 0
    # Who stands in a row that could not be read is not gone.
    unread_names: set[str] = field(default_factory=set)


def read_sheet(index: int, grid: Grid, layout: Layout, today: date) -> Reading:
    """Read every row below the header."""
    reader = _SheetReader(index, grid, layout, today)
    for row in range(layout.first_row, len(grid.rows)):
        reader.read_row(row)
    return reader.reading


class _SheetReader:
    """Reads rows in order, because a row may leave out what the row above says."""

    def __init__(self, index: int, grid: Grid, layout: Layout, today: date) -> None:
        self.index, self.grid, self.layout, self.today = index, grid, layout, today
        self.reading = Reading()
        self.above = Place(building=layout.building)

    def read_row(self, row: int) -> None:
        cells = self.grid.rows[row]
        if self._is_left_aside(cells):
            self.reading.skipped_rows += any(not cell.is_blank for cell in cells)
            return
        found_before = len(self.reading.problems)
        place = self._read_place(row)
        facts = _RowReader(self, row).read()
        if len(self.reading.problems) > found_before or place is None:
            self.reading.unread_names |= {line.name for line in facts if line.name}
            return
        unit = UnitKey(place.building, place.entrance, place.room)
        self.reading.lines += [replace(line, unit=unit) for line in facts]

    def _is_left_aside(self, cells: tuple[Cell, ...]) -> bool:
        written = [cell for cell in cells if not cell.is_blank or _is_lost(cell)]
        if not written or all(cell.is_copied for cell in written):
            return True
        texts = [cell.text for cell in written]
        if _TOTALS.match(texts[0].replace(" ", "")) or any(
            text.replace(" ", "") in {"合计", "小计", "总计"} for text in texts
        ):
            return True
        header = [text for text in self.layout.headers if text]
        shared = sum(cell.text != "" and cell.text in header for cell in written)
        return shared >= 3

    def _read_place(self, row: int) -> Place | None:
        """Read where a row belongs; blank cells mean the place of the row above."""
        own, found_before = Place(building=self._building()), len(self.reading.problems)
        for column, read in (
            (Column.ADDRESS, read_address),
            (Column.BUILDING, read_building),
            (Column.ENTRANCE, read_entrance),
            (Column.ROOM, read_room),
        ):
            if (found := self.attempt(row, column, read)) is not None:
                own = _joined(own, found)
        has_entrance = Column.ENTRANCE in self.layout.columns
        place = _filled(own, self.above, has_entrance=has_entrance)
        if len(self.reading.problems) == found_before:
            if not place.room:
                self.complain(row, self._place_column(), N_("缺房号，不知道是哪一户"))
            elif not place.building:
                self.complain(row, self._place_column(), N_("缺楼栋，不知道是哪一栋"))
        is_read = len(self.reading.problems) == found_before
        # Rows below that leave the place out must not slip into another household.
        self.above = place if is_read else Place(building=self.layout.building)
        return place if is_read else None

    def _building(self) -> str:
        """Give the building of a sheet that names it in its title and has no column for it."""
        held = set(self.layout.columns) & {Column.BUILDING, Column.ADDRESS}
        return "" if held else self.layout.building

    def _place_column(self) -> int:
        for column in (Column.ROOM, Column.ADDRESS, Column.BUILDING):
            if places := self.layout.places_of(column):
                return places[0]
        return -1

    def value_of(self, row: int, column: Column) -> tuple[int, Raw]:
        """Give the first written cell of a kind; 同上 is the cell above."""
        places = self.layout.places_of(column)
        for place in places:
            upwards = row
            while (
                upwards > self.layout.first_row and _text_at(self, upwards, place) in SAME_AS_ABOVE
            ):
                upwards -= 1
            cell = self.grid.cell(upwards, place)
            if _is_lost(cell) or not is_nothing(cell.value):
                return place, cell.value
        return (places[0] if places else -1), None

    def attempt(self, row: int, column: Column, read: Callable[[Raw], V]) -> V | None:
        """Read a cell, or write down why it cannot be read."""
        place, value = self.value_of(row, column)
        try:
            return read(value)
        except UnreadableCellError as error:
            self.reading.problems.append(Problem(self.index, row, place, error.mistake))
            return None

    def complain(self, row: int, column: int, message: str, **facts: object) -> None:
        """Write down a mistake."""
        self.reading.problems.append(Problem(self.index, row, column, mistake(message, **facts)))


class _RowReader:
    """Reads the people of one row."""

    def __init__(self, sheet: _SheetReader, row: int) -> None:
        self.sheet, self.row = sheet, row

    def read(self) -> list[Line]:
        area = self.sheet.attempt(self.row, Column.AREA, read_area)
        blank = Line(self.sheet.index, self.row, UnitKey("", "", ""), area_centiares=area)
        owners = self._owners(blank)
        tenants = self._tenants(blank)
        residents = self._residents(blank, has_owner_column=bool(owners))
        people = [*_merge_same(residents, owners), *tenants]
        return people or [blank]

    def _names(self, column: Column) -> tuple[str, ...]:
        return self.sheet.attempt(self.row, column, read_names) or ()

    def _birth(self) -> Birth | None:
        by_card = self.sheet.attempt(self.row, Column.ID_CARD, self._read_card)
        by_date = self.sheet.attempt(self.row, Column.BIRTH, self._read_date)
        if by_card and by_date and by_card.year != by_date.year:
            place, _ = self.sheet.value_of(self.row, Column.BIRTH)
            self.sheet.complain(self.row, place, N_("出生日期与证件号里的不一致"))
        return by_card or by_date

    def _read_card(self, value: Raw) -> Birth | None:
        return read_id_card(value, self.sheet.today)

    def _read_date(self, value: Raw) -> Birth | None:
        return read_birth(value, self.sheet.today)

    def _owners(self, blank: Line) -> list[Line]:
        names = self._names(Column.OWNER)
        if not names:
            return []
        columns = self.sheet.layout.columns
        is_whole_row = Column.NAME not in columns
        phone = self.sheet.attempt(self.row, Column.OWNER_PHONE, read_phone) or ""
        if is_whole_row and not phone:
            phone = self.sheet.attempt(self.row, Column.PHONE, read_phone) or ""
        birth = self._birth() if is_whole_row and len(names) == 1 else None
        shares = self._shares(len(names))
        return [
            replace(
                blank,
                name=name,
                standing=Standing.OWNER,
                share=share,
                birth=birth,
                phone=phone if position == 0 else "",
                is_head=position == 0 and is_whole_row,
                lives_here=is_whole_row,
                is_main=is_whole_row,
            )
            for position, (name, share) in enumerate(zip(names, shares, strict=True))
        ]

    def _shares(self, people: int) -> list[Fraction | None]:
        """Read a share for each owner; several in a cell are parted as the names are."""
        place, value = self.sheet.value_of(self.row, Column.SHARE)
        if people > 1 and isinstance(value, str):
            parts = [part for part in re.split(r"[、，,;；\n]+", value) if part.strip()]
            if len(parts) == people:
                bare = [re.sub(r"^\D+(?=\d)", "", part.strip()) for part in parts]
                return [self._share(part, place) for part in bare]
        return [self._share(value, place)] * people

    def _share(self, value: Raw, place: int) -> Fraction | None:
        try:
            return read_share(value)
        except UnreadableCellError as error:
            self.sheet.reading.problems.append(
                Problem(self.sheet.index, self.row, place, error.mistake)
            )
            return None

    def _tenants(self, blank: Line) -> list[Line]:
        phone = self.sheet.attempt(self.row, Column.TENANT_PHONE, read_phone) or ""
        return [
            replace(
                blank,
                name=name,
                standing=Standing.TENANT,
                phone=phone if position == 0 else "",
                is_head=position == 0,
                is_main=False,
            )
            for position, name in enumerate(self._names(Column.TENANT))
        ]

    def _residents(self, blank: Line, *, has_owner_column: bool) -> list[Line]:
        names = self._names(Column.NAME)
        if not names:
            return []
        relation = _text_of(self.sheet, self.row, Column.RELATION)
        standing = self._standing(relation, has_owner_column=has_owner_column)
        phone = self.sheet.attempt(self.row, Column.PHONE, read_phone) or ""
        birth = self._birth() if len(names) == 1 else None
        shares = self._shares(len(names)) if standing is Standing.OWNER else [None] * len(names)
        return [
            replace(
                blank,
                name=name,
                birth=birth,
                phone=phone if position == 0 else "",
                standing=standing,
                share=share,
                is_head=relation in _HEADS,
            )
            for position, (name, share) in enumerate(zip(names, shares, strict=True))
        ]

    def _standing(self, relation: str, *, has_owner_column: bool) -> Standing:
        said = _text_of(self.sheet, self.row, Column.STANDING)
        if _RENTS.search(said) or _RENTS.search(relation):
            return Standing.TENANT
        _, share = self.sheet.value_of(self.row, Column.SHARE)
        if has_owner_column:
            return Standing.RESIDENT
        if share is not None or _OWNS.search(said) or relation in {"业主", "房主", "产权人"}:
            return Standing.OWNER
        return Standing.RESIDENT


def _is_lost(cell: Cell) -> bool:
    return cell.value is not None and cell.is_blank and not isinstance(cell.value, str)


def _text_at(sheet: _SheetReader, row: int, column: int) -> str:
    return sheet.grid.cell(row, column).text


def _text_of(sheet: _SheetReader, row: int, column: Column) -> str:
    _place, value = sheet.value_of(row, column)
    return Cell(value).text.replace(" ", "")


def _joined(first: Place, second: Place) -> Place:
    """Put what two cells say together; a 2-501 beside a building's own cell is 单元-室."""
    building, entrance = second.building, second.entrance
    if first.building and building and building != first.building and not entrance:
        building, entrance = first.building, building
    return Place(first.building or building, first.entrance or entrance, second.room or first.room)


def _filled(own: Place, above: Place, *, has_entrance: bool) -> Place:
    if own.room:
        building = own.building or above.building
        follows = has_entrance and building == above.building
        return Place(building, own.entrance or (above.entrance if follows else ""), own.room)
    if own.building and own.building != above.building:
        return own
    if own.entrance and own.entrance != above.entrance:
        return Place(own.building or above.building, own.entrance)
    return above


def _merge_same(residents: list[Line], owners: list[Line]) -> list[Line]:
    """Make one line of an owner who is named again as the resident of the row."""
    by_name = {line.name: line for line in owners}
    merged = [
        replace(
            by_name.pop(line.name),
            birth=line.birth,
            phone=line.phone or next((o.phone for o in owners if o.name == line.name), ""),
            is_head=line.is_head,
            lives_here=True,
            is_main=True,
        )
        if line.name in by_name
        else line
        for line in residents
    ]
    return [*merged, *by_name.values()]
