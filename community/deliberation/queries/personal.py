"""Everything deliberation holds about a person; each part adds its own piece."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from community.deliberation.queries import (
    bodies,
    meeting_personal,
    opinion_answers,
    panels,
    topic_personal,
    votes,
)

# (session, community_id, person_id) -> what to add to the person's copy.
PARTS: tuple[Callable[[Session, int, int], dict[str, Any]], ...] = (
    votes.export_person,
    bodies.export_terms,
    meeting_personal.export_meetings,
    topic_personal.export_topics,
    meeting_personal.export_decisions,
    opinion_answers.export_opinions,
    panels.export_places,
)


def export_person(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give all that the room holds about a person, as plain JSON values."""
    found: dict[str, Any] = {}
    for part in PARTS:
        found |= part(session, community_id, person_id)
    return found
