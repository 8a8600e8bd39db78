"""Loading records of hours, and what a person has on a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel.errors import NotFound
from community.volunteering.models import HoursRecord
from community.volunteering.rules.states import HoursSource, HoursState

COUNTS_FOR_THE_DAY = (HoursState.CONFIRMED, HoursState.IN_REVIEW, HoursState.IN_SECOND_REVIEW)


def load_record(session: Session, community_id: int, record_id: int) -> HoursRecord:
    """Load a record of hours.

    Raises: NotFound.
    """
    row = session.get(HoursRecord, record_id)
    if row is None or row.community_id != community_id:
        raise NotFound
    return row


def find_record(
    session: Session, community_id: int, source: HoursSource, source_key: str
) -> HoursRecord | None:
    """Find the record of an origin."""
    return session.scalar(
        select(HoursRecord).where(
            HoursRecord.community_id == community_id,
            HoursRecord.source == source,
            HoursRecord.source_key == source_key,
        )
    )


def find_shift_record(
    session: Session, community_id: int, shift_id: int, person_id: int
) -> HoursRecord | None:
    """Find a person's record of a shift, however it came about."""
    return session.scalar(
        select(HoursRecord).where(
            HoursRecord.community_id == community_id,
            HoursRecord.shift_id == shift_id,
            HoursRecord.person_id == person_id,
        )
    )


def minutes_on(
    session: Session, community_id: int, person_id: int, day: date, but: int | None = None
) -> int:
    """Add up a person's minutes of a day that count or wait for a review, but for one record."""
    chosen = select(func.coalesce(func.sum(HoursRecord.minutes), 0)).where(
        HoursRecord.community_id == community_id,
        HoursRecord.person_id == person_id,
        HoursRecord.served_on == day,
        HoursRecord.state.in_(COUNTS_FOR_THE_DAY),
    )
    if but is not None:
        chosen = chosen.where(HoursRecord.id != but)
    return int(session.scalar(chosen) or 0)
