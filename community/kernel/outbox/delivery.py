"""Carrying queued messages away: claimed, sent outside any command, tried again with patience."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.outbox.models import OutboxMessage, OutboxState
from community.kernel.outbox.senders import Outgoing, SendFailed, find_sender

BATCH = 20
CLAIM = timedelta(minutes=5)
BACKOFF_MINUTES = (1, 5, 15, 60, 180, 720)
# How long a number and a text stay readable after the message ended.
FORGET_AFTER = timedelta(days=30)
FORGET_ROWS = 200

log = structlog.get_logger("kernel.outbox")


def deliver_due(most: int = 500) -> int:
    """Send what is due; tell how many left. Runs in a job, so a slow gateway delays nobody."""
    sent = 0
    for _ in range(0, most, BATCH):
        if not _is_any_due(clock.now()):
            break
        batch: tuple[Outgoing, ...] = db.write(claim_messages, Actor.system(0), clock.now())
        if not batch:
            break
        sent += sum(_deliver(message) for message in batch)
    return sent


def _is_any_due(now: datetime) -> bool:
    # Asked every second by every process: a read costs nothing, an empty claim costs a sync.
    with db.read() as session:
        return session.scalar(select(OutboxMessage.id).where(_due(now)).limit(1)) is not None


def _due(now: datetime) -> ColumnElement[bool]:
    open_states = (OutboxState.WAITING, OutboxState.SENDING)
    return and_(OutboxMessage.state.in_(open_states), OutboxMessage.next_try_at <= now)


def _deliver(message: Outgoing) -> bool:
    sender = find_sender(message.channel)
    if sender is None:
        db.write(note_failure, Actor.system(0), message.id, "no sender", False)
        return False
    try:
        sender.send(message)
    except SendFailed as failure:
        log.warning("message not sent", message_id=message.id, reason=failure.reason)
        db.write(note_failure, Actor.system(0), message.id, failure.reason, failure.may_try_again)
        return False
    db.write(note_sent, Actor.system(0), message.id)
    return True


@db.hot_path
def claim_messages(session: Session, actor: Actor, now: datetime) -> tuple[Outgoing, ...]:
    """Take the next messages that are due; those of a sender that died are taken again."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.WAITING, OutboxMessage.expires_at <= now)
        .values(state=OutboxState.GIVEN_UP, ended_at=now, last_error="expired")
        .execution_options(synchronize_session=False)
    )
    due = _due(now)
    chosen = select(OutboxMessage.id).where(due).order_by(OutboxMessage.next_try_at).limit(BATCH)
    taken = session.scalars(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(chosen.scalar_subquery()), due)
        .values(
            state=OutboxState.SENDING,
            next_try_at=now + CLAIM,
            attempts=OutboxMessage.attempts + 1,
        )
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    ).all()
    rows = session.scalars(
        select(OutboxMessage).where(OutboxMessage.id.in_(taken)).order_by(OutboxMessage.id)
    )
    return tuple(Outgoing(row.id, row.channel, row.address, row.title, row.body) for row in rows)


def note_sent(session: Session, actor: Actor, message_id: int) -> None:
    """Keep that a message left."""
    row = session.get_one(OutboxMessage, message_id)
    row.state, row.ended_at, row.last_error = OutboxState.SENT, clock.now(), ""


def note_failure(
    session: Session, actor: Actor, message_id: int, reason: str, may_try_again: bool
) -> None:
    """Keep why a message did not leave, and when it is tried again, if at all."""
    row = session.get_one(OutboxMessage, message_id)
    row.last_error = reason[:80]
    if not may_try_again or row.attempts > len(BACKOFF_MINUTES):
        row.state, row.ended_at = OutboxState.GIVEN_UP, clock.now()
        return
    row.state = OutboxState.WAITING
    row.next_try_at = clock.now() + timedelta(minutes=BACKOFF_MINUTES[row.attempts - 1])


def forget_old_messages(session: Session, actor: Actor) -> int:
    """Wipe number and text of messages that ended long ago; tell how many."""
    old = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.community_id == actor.community_id,
            OutboxMessage.is_forgotten.is_(False),
            OutboxMessage.ended_at < clock.now() - FORGET_AFTER,
        )
        .limit(FORGET_ROWS)
    )
    rows = session.scalars(old).all()
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(rows))
        .values(is_forgotten=True, address="", title="", body="")
        .execution_options(synchronize_session=False)
    )
    return len(rows)
