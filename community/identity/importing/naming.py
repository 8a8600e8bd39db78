"""Between a unit's short key and the names under which buildings and units are shown."""

from __future__ import annotations

import re
from functools import lru_cache

from community.identity.importing.mistakes import UnreadableCellError
from community.identity.importing.places import read_building, read_room
from community.identity.importing.reading import UnitKey


# A chunk of an import asks for every unit of the community; parsing them took half its time.
@lru_cache(maxsize=1 << 16)
def key_of(building: str, unit: str) -> UnitKey:
    """Find the key of a unit by the names in the database; odd names are keys of their own."""
    try:
        place, room = read_building(building), read_room(unit)
    except UnreadableCellError:
        return UnitKey(building, "", unit)
    if room.building and not room.entrance:
        # A unit named 2-301 is 单元-室: its building stands beside it.
        return UnitKey(place.building or building, room.building, room.room)
    return UnitKey(place.building or building, room.entrance, room.room or unit)


def name_building(key: UnitKey) -> str:
    """Name a new building: 3 号楼, A 座, or as it was written."""
    if re.fullmatch(r"\d+[A-Z]?", key.building):
        return f"{key.building} 号楼"
    return f"{key.building} 座" if re.fullmatch(r"[A-Z]\d*", key.building) else key.building


def name_unit(key: UnitKey) -> str:
    """Name a new unit inside its building: 2 单元 301, or 301."""
    return f"{key.entrance} 单元 {key.room}" if key.entrance else key.room
