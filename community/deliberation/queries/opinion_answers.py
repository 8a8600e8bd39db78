"""Reading all answers of a conversation without whose they are, and one person's own copy."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.deliberation.models import DrawnMap, Viewpoint, ViewpointAnswer
from community.deliberation.queries.opinions import shown_rows
from community.deliberation.rules.opinions import stance_of
from community.deliberation.tallies.opinion_rows import Row


def read_matrix(
    session: Session, community_id: int, conversation_id: int
) -> tuple[tuple[int, ...], tuple[Row, ...]]:
    """Read the columns' opinions and everybody's answers, without whose they are."""
    columns = tuple(row.id for row in shown_rows(session, community_id, conversation_id))
    places = {viewpoint_id: place for place, viewpoint_id in enumerate(columns)}
    rows: dict[int, list[int | None]] = {}
    given = session.execute(
        select(
            ViewpointAnswer.person_id, ViewpointAnswer.viewpoint_id, ViewpointAnswer.stance
        ).where(
            ViewpointAnswer.community_id == community_id,
            ViewpointAnswer.conversation_id == conversation_id,
        )
    )
    for person_id, viewpoint_id, stance in given:
        if viewpoint_id in places:
            row = rows.setdefault(person_id, [None] * len(columns))
            row[places[viewpoint_id]] = stance
    return columns, tuple(tuple(row) for row in rows.values())


def changed_people(session: Session, community_id: int, conversation_id: int) -> int:
    """Count who answered since the newest map was read."""
    read_at = session.scalar(
        select(func.max(DrawnMap.read_at)).where(
            DrawnMap.community_id == community_id, DrawnMap.conversation_id == conversation_id
        )
    )
    chosen = select(func.count(func.distinct(ViewpointAnswer.person_id))).where(
        ViewpointAnswer.community_id == community_id,
        ViewpointAnswer.conversation_id == conversation_id,
    )
    if read_at is not None:
        chosen = chosen.where(ViewpointAnswer.answered_at > read_at)
    return int(session.scalar(chosen) or 0)


def export_opinions(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give what a person said and answered; answers are kept only while a conversation runs."""
    said = session.scalars(
        select(Viewpoint)
        .where(Viewpoint.community_id == community_id, Viewpoint.author_id == person_id)
        .order_by(Viewpoint.id)
    )
    answers = session.execute(
        select(Viewpoint.text, ViewpointAnswer.stance, ViewpointAnswer.answered_at)
        .join(Viewpoint, Viewpoint.id == ViewpointAnswer.viewpoint_id)
        .where(ViewpointAnswer.community_id == community_id, ViewpointAnswer.person_id == person_id)
        .order_by(ViewpointAnswer.id)
    )
    return {
        "opinions": [
            {"text": row.text, "state": row.state.value, "said_at": row.said_at.isoformat()}
            for row in said
        ],
        "viewpoint_answers": [
            {"text": text, "answer": stance_of(stance).value, "at": at.isoformat()}
            for text, stance, at in answers
        ],
    }
