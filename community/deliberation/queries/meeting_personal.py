"""Everything meetings hold about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from community.deliberation.models import Amendment, Meeting, MeetingAttendance, Motion, Speech


def export_meetings(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give where a person was called to, what they moved and seconded, and when they spoke."""
    attended = session.execute(
        select(Meeting.title, Meeting.starts_at, MeetingAttendance.arrived_at)
        .join(MeetingAttendance, MeetingAttendance.meeting_id == Meeting.id)
        .where(
            MeetingAttendance.community_id == community_id,
            MeetingAttendance.person_id == person_id,
        )
        .order_by(Meeting.id)
    )
    moved = session.scalars(
        select(Motion)
        .where(
            Motion.community_id == community_id,
            or_(Motion.mover_id == person_id, Motion.seconder_id == person_id),
        )
        .order_by(Motion.id)
    )
    amended = session.scalars(
        select(Amendment)
        .where(
            Amendment.community_id == community_id,
            or_(Amendment.mover_id == person_id, Amendment.seconder_id == person_id),
        )
        .order_by(Amendment.id)
    )
    spoke = session.scalars(
        select(Speech)
        .where(Speech.community_id == community_id, Speech.person_id == person_id)
        .order_by(Speech.id)
    )
    return {
        "meetings": [
            {
                "title": title,
                "starts_at": starts_at.isoformat(),
                "came": arrived_at is not None,
            }
            for title, starts_at, arrived_at in attended
        ],
        "motions": [
            {"words": row.words, "moved_by_me": row.mover_id == person_id} for row in moved
        ],
        "amendments": [
            {"words": row.to_words, "moved_by_me": row.mover_id == person_id} for row in amended
        ],
        "speeches": [
            {"side": row.side.value, "asked_at": row.asked_at.isoformat()} for row in spoke
        ],
    }
