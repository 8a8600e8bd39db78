"""How the notice of a subject of this room stands: a project's, or a call's choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from community import notices


@dataclass(frozen=True, slots=True)
class NoticeStanding:
    """Whether a notice runs, and what became of the objections to it."""

    notice_id: int
    closes_at: datetime
    is_running: bool
    unanswered: int
    upheld: int


def standing_of(session: Session, community_id: int, subject: str) -> NoticeStanding | None:
    """Tell how a subject's newest notice stands; None when there is none that hangs or hung."""
    found = notices.find_notice_for(session, community_id, subject)
    if found is None or found.phase is notices.NoticePhase.WITHDRAWN:
        return None
    objections = notices.objections_of(session, community_id, found.id)
    return NoticeStanding(
        found.id,
        found.closes_at,
        found.phase is not notices.NoticePhase.ARCHIVED,
        sum(each.answered_at is None for each in objections),
        sum(each.outcome is notices.Outcome.UPHELD for each in objections),
    )
