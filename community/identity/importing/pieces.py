"""A census cut into pieces that are each written by themselves."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from community.identity.importing.people import Census, Draft, UnitDraft
from community.identity.importing.reading import UnitKey


@dataclass(frozen=True, slots=True)
class Owners:
    """All owners of one unit as a file tells them; their shares add to the whole."""

    unit: UnitKey
    drafts: tuple[Draft, ...]


# A piece of an import: units first, then people of one name, then the owners of one unit.
Piece = UnitDraft | tuple[Draft, ...] | Owners


def pieces_of(census: Census) -> tuple[Piece, ...]:
    """Cut a census into pieces; namesakes stay together, since they are told apart together."""
    by_name: dict[str, list[Draft]] = defaultdict(list)
    by_unit: dict[UnitKey, list[Draft]] = defaultdict(list)
    for draft in census.people:
        by_name[draft.name].append(draft)
        for share in draft.owns:
            by_unit[share.unit].append(draft)
    return (
        *census.units,
        *(tuple(drafts) for drafts in by_name.values()),
        *(Owners(unit, tuple(drafts)) for unit, drafts in by_unit.items()),
    )
