"""Commands about notices: publish, prove the posting, withdraw."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel import clock, events, files
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.kernel.tables import Community
from community.notices.errors import NoticeOver, NoticeWithdrawn, PhotoNeeded
from community.notices.events import NoticePublished
from community.notices.models import Notice, NoticePosting
from community.notices.permissions import PUBLISH
from community.notices.rules import (
    NoticeDraft,
    NoticePhase,
    check_period,
    check_posting_time,
    phase_of,
)


def publish_notice(session: Session, actor: Actor, draft: NoticeDraft) -> int:
    """Publish a notice under the community's next number and return its id.

    Another room may call it for its own subject with the actor it has; staff need the permission.
    Raises: NotAllowed, PeriodReversed, PeriodTooShort, NotFound for a replaced notice elsewhere.
    """
    actor.check(PUBLISH.code)
    check_period(draft)
    if draft.replaces_id is not None:
        own_notice(session, actor, draft.replaces_id)
    row = Notice(
        community_id=actor.community_id,
        number=_next_number(session, actor.community_id),
        title=draft.title,
        body=draft.body,
        kind=draft.kind,
        subject=draft.subject,
        contact=draft.contact,
        opens_at=draft.opens_at,
        closes_at=draft.closes_at,
        published_by=actor.person_id,
        published_at=clock.now(),
        replaces_id=draft.replaces_id,
    )
    session.add(row)
    session.flush()
    events.tell(session, NoticePublished(actor.community_id, row.id, draft.subject))
    return row.id


def withdraw_notice(session: Session, actor: Actor, notice_id: int, reason: str) -> None:
    """Take a notice back with a public reason; it stays readable, marked as withdrawn.

    Raises: NotAllowed, NotFound, NoticeWithdrawn, NoticeOver.
    """
    actor.check(PUBLISH.code)
    row = own_notice(session, actor, notice_id)
    phase = phase_of(row.opens_at, row.closes_at, row.withdrawn_at, clock.now())
    if phase is NoticePhase.WITHDRAWN:
        raise NoticeWithdrawn
    if phase is NoticePhase.ARCHIVED:
        raise NoticeOver
    row.withdrawn_at, row.withdrawn_by = clock.now(), actor.person_id
    row.withdrawn_reason = reason


def prove_posting(
    session: Session,
    actor: Actor,
    notice_id: int,
    place: str,
    posted_at: datetime,
    photo: files.Ready | None,
) -> int:
    """Keep the photo of a notice that hangs somewhere, with place and time.

    Raises: NotAllowed, NotFound, NoticeWithdrawn, PhotoNeeded, PostingTimeWrong.
    """
    actor.check(PUBLISH.code)
    row = own_notice(session, actor, notice_id)
    if row.withdrawn_at is not None:
        raise NoticeWithdrawn
    if photo is None or photo.kind not in files.IMAGES:
        raise PhotoNeeded
    check_posting_time(posted_at, row.published_at, clock.now())
    posting = NoticePosting(
        community_id=actor.community_id,
        notice_id=notice_id,
        file_id=files.keep_file(session, actor, photo),
        place=place,
        posted_at=posted_at,
        posted_by=actor.person_id,
        recorded_at=clock.now(),
    )
    session.add(posting)
    session.flush()
    return posting.id


def own_notice(session: Session, actor: Actor, notice_id: int) -> Notice:
    """Give a notice of the actor's community.

    Raises: NotFound.
    """
    row = session.get(Notice, notice_id)
    if row is None or row.community_id != actor.community_id:
        raise NotFound
    return row


def _next_number(session: Session, community_id: int) -> int:
    # Two publishers at once queue on the community's row; SQLite has one writer anyway.
    session.execute(select(Community.id).where(Community.id == community_id).with_for_update())
    query = select(func.max(Notice.number)).where(Notice.community_id == community_id)
    return (session.scalar(query) or 0) + 1
