"""Everything meetings hold about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from community.deliberation.models import (
    Amendment,
    Decision,
    DecisionNote,
    DemandSignature,
    Meeting,
    MeetingAttendance,
    MeetingDemand,
    Motion,
    Speech,
)
from community.deliberation.queries.personal_rows import rows_of


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
    moved = rows_of(
        session,
        community_id,
        Motion,
        or_(Motion.mover_id == person_id, Motion.seconder_id == person_id),
    )
    spoke = rows_of(session, community_id, Speech, Speech.person_id == person_id)
    return {
        "meetings_led": _led(session, community_id, person_id),
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
        "amendments": _amendments(session, community_id, person_id),
        "speeches": [
            {"side": row.side.value, "asked_at": row.asked_at.isoformat()} for row in spoke
        ],
    }


def _led(session: Session, community_id: int, person_id: int) -> list[dict[str, Any]]:
    rows = rows_of(
        session,
        community_id,
        Meeting,
        or_(Meeting.chair_id == person_id, Meeting.secretary_id == person_id),
    )
    return [{"title": row.title, "as_chair": row.chair_id == person_id} for row in rows]


def _amendments(session: Session, community_id: int, person_id: int) -> list[dict[str, Any]]:
    rows = rows_of(
        session,
        community_id,
        Amendment,
        or_(Amendment.mover_id == person_id, Amendment.seconder_id == person_id),
    )
    return [{"words": row.to_words, "moved_by_me": row.mover_id == person_id} for row in rows]


def export_decisions(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give what a person is in charge of, the notes they wrote, and the demands they signed."""
    charged = rows_of(session, community_id, Decision, Decision.owner_id == person_id)
    notes = rows_of(session, community_id, DecisionNote, DecisionNote.written_by == person_id)
    signed = session.execute(
        select(MeetingDemand.title, DemandSignature.signed_at)
        .join(DemandSignature, DemandSignature.demand_id == MeetingDemand.id)
        .where(DemandSignature.community_id == community_id, DemandSignature.person_id == person_id)
        .order_by(DemandSignature.id)
    )
    return {
        "decisions_in_charge": [
            {"title": row.title, "due_on": row.due_on.isoformat(), "state": row.state.value}
            for row in charged
        ],
        "decision_notes": [row.words for row in notes],
        "demands_signed": [
            {"title": title, "signed_at": signed_at.isoformat()} for title, signed_at in signed
        ],
    }
