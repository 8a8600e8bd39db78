"""Every broken invariant of this room in words, from rows alone."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.notices.models import Message, Notice, NoticeObjection, NoticePosting


def problems(session: Session) -> list[str]:
    """List what is not as it must be."""
    return [
        *_numbers_with_gaps(session),
        *_objections_outside_the_period(session),
        *_postings_before_publication(session),
        *_read_before_sent(session),
    ]


def _numbers_with_gaps(session: Session) -> list[str]:
    query = select(Notice.community_id, func.count(), func.max(Notice.number)).group_by(
        Notice.community_id
    )
    return [
        f"notices: community {community_id} has {count} notices numbered up to {highest}"
        for community_id, count, highest in session.execute(query)
        if count != highest
    ]


def _objections_outside_the_period(session: Session) -> list[str]:
    query = select(NoticeObjection.id).join(Notice, Notice.id == NoticeObjection.notice_id)
    outside = query.where(
        (NoticeObjection.raised_at < Notice.opens_at)
        | (NoticeObjection.raised_at >= Notice.closes_at)
    )
    return [f"notices: objection {each} is outside its period" for each in session.scalars(outside)]


def _postings_before_publication(session: Session) -> list[str]:
    query = select(NoticePosting.id).where(NoticePosting.posted_at > NoticePosting.recorded_at)
    return [f"notices: posting {each} lies in the future" for each in session.scalars(query)]


def _read_before_sent(session: Session) -> list[str]:
    query = select(Message.id).where(Message.read_at < Message.sent_at)
    return [f"notices: message {each} was read before sent" for each in session.scalars(query)]
