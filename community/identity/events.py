"""What happened to people and homes, for the rooms above to answer in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PersonJoined:
    """A person became a member of a community."""

    community_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class PersonDied:
    """A person died; what they leave goes to `heir_id`, or to the community when `pool`."""

    community_id: int
    person_id: int
    heir_id: int | None
    pool: bool


@dataclass(frozen=True, slots=True)
class PersonMoved:
    """A person moved: to another household of the community, or away when that is None."""

    community_id: int
    person_id: int
    household_id: int | None
    on: date


@dataclass(frozen=True, slots=True)
class HouseholdSold:
    """A unit went to new owners on a day."""

    community_id: int
    unit_id: int
    on: date


@dataclass(frozen=True, slots=True)
class TenancyEnded:
    """A tenancy ended on a day."""

    community_id: int
    unit_id: int
    person_id: int
    on: date


@dataclass(frozen=True, slots=True)
class PeopleMerged:
    """Two rows were one human being; everything of `merged_id` becomes `kept_id`'s."""

    community_id: int
    kept_id: int
    merged_id: int


@dataclass(frozen=True, slots=True)
class PersonErased:
    """A person asked for erasure; each room masks its own words and keeps its books."""

    community_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class ChangeUndone:
    """A desk act was entered by mistake and undone: "died", "moved", "sold", "tenancy-ended"."""

    community_id: int
    person_id: int
    act: str
