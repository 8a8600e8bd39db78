"""What the API shows: the same readings, asked in the name of an actor."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.notices.queries.messages import Inbox, inbox
from community.notices.queries.notices import NoticeView, get_notice, notices_by_phase
from community.notices.rules import NoticePhase


def list_open_notices(session: Session, actor: Actor) -> list[NoticeView]:
    """List the notices that are open now."""
    return notices_by_phase(session, actor.community_id, NoticePhase.OPEN)


def show_notice(session: Session, actor: Actor, notice_id: int) -> NoticeView:
    """Show a notice.

    Raises: NotFound.
    """
    return get_notice(session, actor.community_id, notice_id)


def show_inbox(session: Session, actor: Actor) -> Inbox:
    """Show one's latest messages.

    Raises: NotFound for a visitor.
    """
    if actor.subject_id is None:
        raise NotFound
    return inbox(session, actor.community_id, actor.subject_id)
