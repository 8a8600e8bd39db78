"""Who is one head on an owners' roll. Source: 法释〔2020〕17号 Art. 8, 9 (as of 2021-01-01).

One unit is one head, but all units of one owner are one, and so are all units of a developer,
sold and not yet delivered ones included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Share:
    """Whose a unit is, in part or whole: "person:5" or "organization:3"."""

    unit_id: int
    area_centiares: int
    owner: str


@dataclass(frozen=True, slots=True)
class Head:
    """One owner, or those who own together, and the units that are theirs."""

    key: str
    unit_ids: tuple[int, ...]
    area_centiares: int

    @property
    def owners(self) -> tuple[str, ...]:
        """Tell who they are."""
        return () if self.key.startswith("unit:") else tuple(self.key.split("+"))

    @property
    def lone_person(self) -> int | None:
        """Tell the one person who owns alone, who is the voter without being named."""
        kind, _, number = self.key.partition(":")
        return int(number) if kind == "person" and "+" not in self.key else None


def group_heads(
    units: Sequence[tuple[int, int]],
    shares: Iterable[Share],
    undelivered: Mapping[int, str] = MappingProxyType({}),
) -> tuple[Head, ...]:
    """Group units (id, area in 0.01 m²) under heads: the same owners together are one head.

    `undelivered` units count for the developer it names, whoever has bought them: not sold, or
    sold and not handed over. A unit of which no owner is known is a head of its own, a gap to be
    worked off.
    """
    owners: dict[int, set[str]] = {}
    for each in shares:
        owners.setdefault(each.unit_id, set()).add(each.owner)
    owners |= {unit_id: {developer} for unit_id, developer in undelivered.items()}
    heads: dict[str, list[tuple[int, int]]] = {}
    for unit_id, area in units:
        known = owners.get(unit_id)
        key = "+".join(sorted(known)) if known else f"unit:{unit_id}"
        heads.setdefault(key, []).append((unit_id, area))
    return tuple(
        Head(key, tuple(unit for unit, _ in held), sum(area for _, area in held))
        for key, held in heads.items()
    )
