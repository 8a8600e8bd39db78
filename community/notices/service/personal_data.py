"""What this room holds about a person: export, erasure, merging of duplicates."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from community.kernel import outbox
from community.kernel.actor import Actor
from community.notices.models import (
    Message,
    MessagePreference,
    Notice,
    NoticeObjection,
    NoticePosting,
)

ERASED = "（已按本人要求删除）"


def export_person(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give everything this room holds about a person, as plain values."""
    messages = session.scalars(
        select(Message)
        .where(Message.community_id == community_id, Message.person_id == person_id)
        .order_by(Message.id)
    )
    objections = session.scalars(
        select(NoticeObjection)
        .where(NoticeObjection.community_id == community_id)
        .where((NoticeObjection.person_id == person_id) | (NoticeObjection.entered_by == person_id))
        .order_by(NoticeObjection.id)
    )
    published = session.scalars(
        select(Notice.title)
        .where(Notice.community_id == community_id, Notice.published_by == person_id)
        .order_by(Notice.id)
    )
    return {
        "messages": [
            {"sent_at": row.sent_at.isoformat(), "title": row.title, "body": row.body}
            for row in messages
        ],
        "objections": [
            {
                "raised_at": row.raised_at.isoformat(),
                "notice_id": row.notice_id,
                "reason": row.reason,
                "answer": row.answer,
            }
            for row in objections
        ],
        "published_notices": list(published),
    }


def erase_person(session: Session, actor: Actor, person_id: int) -> None:
    """Remove a person's messages and the words of their objections; notices and answers stay."""
    community_id = actor.community_id
    for table in (Message, MessagePreference):
        session.execute(
            delete(table).where(table.community_id == community_id, table.person_id == person_id)
        )
    session.execute(
        update(NoticeObjection)
        .where(NoticeObjection.community_id == community_id, NoticeObjection.person_id == person_id)
        .values(reason=ERASED)
        .execution_options(synchronize_session=False)
    )
    outbox.withdraw(session, community_id, f"person:{person_id}")


def merge_person(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Give what belongs to a duplicate to the person who is kept."""
    community_id = actor.community_id
    session.execute(
        delete(MessagePreference).where(
            MessagePreference.community_id == community_id,
            MessagePreference.person_id == merged_id,
        )
    )
    for table, column in (
        (Message, Message.person_id),
        (NoticeObjection, NoticeObjection.person_id),
        (NoticeObjection, NoticeObjection.entered_by),
        (NoticeObjection, NoticeObjection.answered_by),
        (Notice, Notice.published_by),
        (Notice, Notice.withdrawn_by),
        (NoticePosting, NoticePosting.posted_by),
    ):
        session.execute(
            update(table)
            .where(table.community_id == community_id, column == merged_id)
            .values({column.key: kept_id})
            .execution_options(synchronize_session=False)
        )
