"""Reading a person's inbox and preferences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel.sentences import from_plain
from community.notices.models import Message, MessagePreference
from community.notices.rules import QUIET_FROM, QUIET_UNTIL, MessageKind

PAGE = 30


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as its reader sees it."""

    id: int
    kind: MessageKind
    title: str
    body: str
    link: str
    sent_at: datetime
    read_at: datetime | None

    @property
    def is_read(self) -> bool:
        """Tell whether the reader has opened it."""
        return self.read_at is not None


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of messages, newest first, and how many are unread in all."""

    messages: tuple[MessageView, ...]
    unread: int
    next_cursor: int | None

    @property
    def has_next(self) -> bool:
        """Tell whether older messages follow."""
        return self.next_cursor is not None


@dataclass(frozen=True, slots=True)
class Preference:
    """How a person wants to be reached outside the site."""

    wants_sms: bool = True
    quiet_from_minute: int = QUIET_FROM
    quiet_until_minute: int = QUIET_UNTIL


def inbox(session: Session, community_id: int, person_id: int, after: int | None = None) -> Inbox:
    """Show a page of a person's messages, those older than message `after`."""
    query = select(Message).where(
        Message.community_id == community_id, Message.person_id == person_id
    )
    if after is not None:
        query = query.where(Message.id < after)
    rows = session.scalars(query.order_by(Message.id.desc()).limit(PAGE + 1)).all()
    shown = tuple(view_of(row) for row in rows[:PAGE])
    cursor = shown[-1].id if len(rows) > PAGE else None
    return Inbox(shown, unread_count(session, community_id, person_id), cursor)


def unread_count(session: Session, community_id: int, person_id: int) -> int:
    """Count a person's unread messages."""
    query = select(func.count()).where(
        Message.community_id == community_id,
        Message.person_id == person_id,
        Message.read_at.is_(None),
    )
    return session.scalar(query) or 0


def preference_of(session: Session, community_id: int, person_id: int) -> Preference:
    """Give a person's preferences, or the usual ones."""
    return preferences_of(session, community_id, (person_id,)).get(person_id, Preference())


def preferences_of(
    session: Session, community_id: int, person_ids: Iterable[int]
) -> dict[int, Preference]:
    """Give the preferences of those who have said any."""
    rows = session.scalars(
        select(MessagePreference).where(
            MessagePreference.community_id == community_id,
            MessagePreference.person_id.in_(list(person_ids)),
        )
    )
    return {
        row.person_id: Preference(row.wants_sms, row.quiet_from_minute, row.quiet_until_minute)
        for row in rows
    }


def view_of(row: Message) -> MessageView:
    """Turn a row into what may leave the room."""
    title, body = row.said
    return MessageView(
        row.id,
        row.kind,
        from_plain(title, row.title),
        from_plain(body, row.body),
        row.link,
        row.sent_at,
        row.read_at,
    )
