"""The two keys: sides, whose key works when, and who may never hold one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from community.kernel.permissions import Role


class KeySide(StrEnum):
    """Which of the two keys: the trustee asks, the committee approves."""

    TRUSTEE = "trustee"
    COMMITTEE = "committee"


ROLE_OF = {KeySide.TRUSTEE: Role.PROPERTY, KeySide.COMMITTEE: Role.COMMITTEE}


@dataclass(frozen=True, slots=True)
class Holding:
    """That a person holds a key, half-open in time; a deputy stands in for another holding."""

    id: int
    person_id: int
    side: KeySide
    from_at: datetime
    until_at: datetime | None
    deputy_for_id: int | None = None

    def is_in_force(self, now: datetime) -> bool:
        """Tell whether the holding's time has come and is not over."""
        return self.from_at <= now and (self.until_at is None or now < self.until_at)

    def overlaps(self, from_at: datetime, until_at: datetime | None) -> bool:
        """Tell whether the holding shares a moment with a span."""
        begins_before = until_at is None or self.from_at < until_at
        return begins_before and (self.until_at is None or from_at < self.until_at)


def working_key(holdings: Sequence[Holding], person_id: int, now: datetime) -> Holding | None:
    """Find the key of a person that works at a moment.

    While a deputy stands in, the key of the one who is away rests: one key, one person. A
    deputy's key ends with the key it stands in for.
    """
    by_id = {each.id: each for each in holdings}
    resting = {
        each.deputy_for_id
        for each in holdings
        if each.deputy_for_id is not None and each.is_in_force(now)
    }
    for each in holdings:
        if each.person_id != person_id or not each.is_in_force(now) or each.id in resting:
            continue
        stands_for = by_id.get(each.deputy_for_id) if each.deputy_for_id is not None else each
        if stands_for is not None and stands_for.is_in_force(now):
            return each
    return None
