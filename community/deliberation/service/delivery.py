"""Commands of delivery: that an entry's ballot reached its owner, and that the owner denies it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity, notices
from community.deliberation import permissions
from community.deliberation.errors.delivery import (
    AgainAfterDenial,
    AgainWithProof,
    BadDeliveryTime,
    DeliveryProved,
    NotDelivered,
)
from community.deliberation.errors.polls import AlreadyClosed, NotOnRoll
from community.deliberation.models import Delivery, DeliveryWay, Poll, RollEntry
from community.deliberation.rules.polls import PollState, phase_at
from community.deliberation.service.poll_rows import check_state, get_entry_row, get_poll_row
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.permissions import Role
from community.kernel.sentences import say

# A form's times are whole minutes.
MINUTE = timedelta(minutes=1)


def record_delivery(
    session: Session,
    actor: Actor,
    roll_entry_id: int,
    way: DeliveryWay,
    delivered_at: datetime,
    note: str = "",
    photo: files.Ready | None = None,
) -> int:
    """Write down that an entry's ballot was delivered; the first time counts; gives its id.

    Where the voter says that it never came, it is delivered once more, with proof.
    Raises: RollEntryNotFound, WrongPollState, BadDeliveryTime, AgainWithProof, AgainAfterDenial.
    """
    actor.check(permissions.OPERATE.code)
    entry = get_entry_row(session, actor.community_id, roll_entry_id)
    row = get_poll_row(session, actor.community_id, entry.poll_id)
    check_state(row, {PollState.FROZEN, PollState.OPEN})
    known = _standing(session, entry)
    if known is not None and known.disputed_at is None:
        return known.id
    earliest = _earliest(row, known)
    now = clock.now()
    if delivered_at > now:
        raise BadDeliveryTime
    if delivered_at <= earliest - MINUTE:
        raise BadDeliveryTime if known is None else AgainAfterDenial
    if known is not None and photo is None:
        raise AgainWithProof
    made = Delivery(
        community_id=actor.community_id,
        poll_id=row.id,
        roll_entry_id=entry.id,
        attempt=1 if known is None else 2,
        way=way,
        delivered_at=max(delivered_at, earliest),
        delivered_by=actor.person_id,
        note=note.strip()[:120],
        proof_id=None if photo is None else files.keep_file(session, actor, photo),
    )
    session.add(made)
    session.flush()
    return made.id


def dispute_delivery(session: Session, actor: Actor, roll_entry_id: int, words: str = "") -> None:
    """Say that the ballot of one's own entry never came, which the desk is told; twice is once.

    Until it is delivered again with proof it does not count as delivered.
    Raises: RollEntryNotFound, NotOnRoll, AlreadyClosed, NotDelivered, DeliveryProved.
    """
    actor.check(permissions.VOTE.code)
    entry = get_entry_row(session, actor.community_id, roll_entry_id)
    if entry.voter_id != actor.subject_id:
        raise NotOnRoll
    row = get_poll_row(session, actor.community_id, entry.poll_id)
    now = clock.now()
    phase = phase_at(row.state, row.opens_at, row.closes_at, now)
    if phase not in {PollState.FROZEN, PollState.OPEN}:
        raise AlreadyClosed
    known = _standing(session, entry)
    if known is None:
        raise NotDelivered
    if known.attempt > 1:
        raise DeliveryProved
    if known.disputed_at is None:
        known.disputed_at, known.disputed_words = now, words.strip()[:200]
        _tell_desk(session, actor, row, entry)


def _tell_desk(session: Session, actor: Actor, row: Poll, entry: RollEntry) -> None:
    title = say(N_("名册第 {number} 号说没有收到表决票"), number=entry.number)
    link = f"desk/polls/{row.id}/entries/{entry.id}"
    for person in identity.people_with_role(session, actor.community_id, Role.STAFF):
        notices.send(session, actor, person, title, row.title, link, kind="todo")


def _standing(session: Session, entry: RollEntry) -> Delivery | None:
    """Give an entry's last delivery, locked where the database has locks."""
    return session.scalar(
        select(Delivery)
        .where(Delivery.community_id == entry.community_id, Delivery.roll_entry_id == entry.id)
        .order_by(Delivery.attempt.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _earliest(row: Poll, known: Delivery | None) -> datetime:
    if known is not None and known.disputed_at is not None:
        return known.disputed_at
    assert row.frozen_at is not None
    return row.frozen_at
