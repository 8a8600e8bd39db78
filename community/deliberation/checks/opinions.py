"""What is never false of conversations, opinions, answers and maps."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation.models import Conversation, DrawnMap, Viewpoint, ViewpointAnswer
from community.deliberation.rules.opinions import ConversationState
from community.deliberation.tallies.opinion_rows import Row, matrix_hash


def opinion_problems(session: Session) -> list[str]:
    """List what is wrong."""
    return [*_left_behind(session), *_astray(session), *_changed(session)]


def _left_behind(session: Session) -> list[str]:
    """After the last map nothing tells who answered what."""
    rows = session.scalars(
        select(Conversation.id)
        .join(ViewpointAnswer, ViewpointAnswer.conversation_id == Conversation.id)
        .where(Conversation.state == ConversationState.PUBLISHED)
        .distinct()
    )
    unpublished = session.scalars(
        select(DrawnMap.conversation_id)
        .join(Conversation, Conversation.id == DrawnMap.conversation_id)
        .where(DrawnMap.is_last.is_(True), Conversation.state != ConversationState.PUBLISHED)
    )
    return [
        *(f"conversation {each} is published, but who answered what is kept" for each in rows),
        *(f"conversation {each} has its last map, but is not published" for each in unpublished),
    ]


def _astray(session: Session) -> list[str]:
    rows = session.execute(
        select(ViewpointAnswer.id)
        .join(Viewpoint, Viewpoint.id == ViewpointAnswer.viewpoint_id)
        .where(Viewpoint.conversation_id != ViewpointAnswer.conversation_id)
    )
    return [f"answer {each.id} belongs to another conversation than its opinion" for each in rows]


def _changed(session: Session) -> list[str]:
    """The published answers still have the name under which they were published."""
    found = []
    for row in session.scalars(select(DrawnMap).where(DrawnMap.is_last.is_(True))):
        rows = [read_row(line) for line in row.answers or ()]
        if matrix_hash(rows) != row.matrix_hash or len(rows) != row.people:
            found.append(f"the published answers of conversation {row.conversation_id} changed")
    return found


def read_row(line: str) -> Row:
    """Read a line of published answers."""
    return tuple(int(each) if each else None for each in line.split(","))
