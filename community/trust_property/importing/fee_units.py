"""Which unit a row of a fee ledger means, out of the many ways offices write it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from community import identity
from community.kernel.errors import N_
from community.kernel.sheets import Raw, plain_text

UNKNOWN = N_("没有找到这套房屋")
AMBIGUOUS = N_("房号对得上不止一套房屋，请写明单元")
UNCLEAR = N_("看不出楼栋和房号")

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit of the fund as the register names it."""

    unit_id: int
    building: str
    name: str


class UnitFinder:
    """Finds units by building, entrance and room; a missing entrance is fine where it is clear."""

    def __init__(self, known: Iterable[KnownUnit]) -> None:
        """Index the units by their short names."""
        self.exact: dict[Key, list[int]] = {}
        self.loose: dict[tuple[str, str], list[int]] = {}
        self.rooms: dict[tuple[str, str], list[int]] = {}
        for unit in known:
            building = _building(unit.building)
            entrance, room = _entrance_and_room(unit.name)
            self.exact.setdefault((building, entrance, room), []).append(unit.unit_id)
            self.loose.setdefault((building, room), []).append(unit.unit_id)
            self.rooms.setdefault((entrance, room), []).append(unit.unit_id)

    def find(self, building: Raw, entrance: Raw, room: Raw) -> int | str:
        """Find a unit's id, or tell why there is none."""
        try:
            house = identity.read_building(building)
            door = identity.read_entrance(entrance)
            place = identity.read_room(room)
        except identity.UnreadableCellError:
            return UNCLEAR
        if not place.room:
            return UNCLEAR
        entrance_told = place.entrance or door.entrance or house.entrance
        tried: list[Key] = []
        if place.building and house.building and place.building != house.building:
            # Beside a building's column, 2-501 is entrance and room.
            tried.append((house.building, place.building, place.room))
        else:
            tried.append((house.building or place.building, entrance_told, place.room))
        return self._among(tried)

    def _among(self, tried: list[Key]) -> int | str:
        for building, entrance, room in tried:
            found = self.exact.get((building, entrance, room), [])
            if not found and building and not entrance:
                found = self.loose.get((building, room), [])
            if not found and not building:
                found = self.rooms.get((entrance, room), [])
            if len(found) == 1:
                return found[0]
            if found:
                return AMBIGUOUS
        return UNKNOWN


def _building(name: str) -> str:
    try:
        return identity.read_building(name).building
    except identity.UnreadableCellError:
        return plain_text(name)


def _entrance_and_room(name: str) -> tuple[str, str]:
    """Split a unit's own name: 2-501, 2 单元 501, 501."""
    try:
        place = identity.read_room(name)
    except identity.UnreadableCellError:
        return "", plain_text(name)
    # Without a building before it, the first of two parts is the entrance.
    return place.entrance or place.building, place.room
