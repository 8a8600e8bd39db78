"""Putting messages into the outbox and taking them back, inside commands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.outbox.models import Channel, OutboxMessage, OutboxState
from community.kernel.outbox.senders import find_sender


def can_send(channel: Channel | str) -> bool:
    """Tell whether messages of a channel can leave at all; the product works without."""
    return find_sender(Channel(channel)) is not None


def enqueue(
    session: Session,
    community_id: int,
    channel: Channel | str,
    address: str,
    title: str,
    body: str,
    *,
    subject: str = "",
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> int | None:
    """Queue a message for an address; it leaves after the commit. None when nothing can carry it.

    `not_before` honours quiet hours; after `expires_at` it is not worth sending any more.
    """
    if not can_send(channel) or not address:
        return None
    now = clock.now()
    row = OutboxMessage(
        community_id=community_id,
        channel=Channel(channel),
        address=address,
        title=title,
        body=body,
        subject=subject,
        state=OutboxState.WAITING,
        next_try_at=max(now, not_before) if not_before else now,
        expires_at=expires_at,
        queued_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def withdraw(session: Session, community_id: int, subject: str) -> None:
    """Take back what has not left yet of a subject: a cancelled shift, someone who died."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.community_id == community_id,
            OutboxMessage.subject == subject,
            OutboxMessage.state == OutboxState.WAITING,
        )
        .values(state=OutboxState.WITHDRAWN, ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def outbox_counts(session: Session, community_id: int) -> dict[str, int]:
    """Count a community's messages by state."""
    query = (
        select(OutboxMessage.state, func.count())
        .where(OutboxMessage.community_id == community_id)
        .group_by(OutboxMessage.state)
    )
    return {state.value: count for state, count in session.execute(query)}
