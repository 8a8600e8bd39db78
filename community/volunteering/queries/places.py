"""Where a scanned rotating code leads: the community and the shift it names."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel.tables import Community
from community.volunteering.models import Shift


@dataclass(frozen=True, slots=True)
class PlaceOfCode:
    """The address of a shift."""

    slug: str
    shift_id: int


def find_place_of_code(session: Session, shift_id: int) -> PlaceOfCode | None:
    """Find the community of a shift that a code names; the code is judged when it is posted."""
    slug = session.scalar(
        select(Community.slug)
        .join(Shift, Shift.community_id == Community.id)
        .where(Shift.id == shift_id)
    )
    return None if slug is None else PlaceOfCode(slug, shift_id)
