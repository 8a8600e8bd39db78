"""Opening a box for envelopes, moving its deadline, shutting it, and opening or giving it up."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from community.kernel import clock, db, events
from community.kernel.actor import Actor
from community.sealing.errors import (
    BoxOpenedAlready,
    DeadlineNotLater,
    KeyNotRegistered,
    SharesAwaited,
)
from community.sealing.events import BoxFrozen, BoxOpened, BoxPrepared
from community.sealing.models import Box, Content, Envelope, Opener, Opening, Share
from community.sealing.queries.boxes import current, times_of
from community.sealing.queries.keys import opener_keys
from community.sealing.rules import boxes as rules
from community.sealing.rules.boxes import BoxLevel
from community.sealing.rules.keys import fingerprint
from community.sealing.rules.words import FormField
from community.sealing.service.locking import lock_box


@dataclass(frozen=True, slots=True)
class Frozen:
    """What is in a shut box: how many envelopes, and the hash over their commitments."""

    count: int
    set_hash: bytes


@dataclass(frozen=True, slots=True)
class BoxTerms:
    """What a box may say beyond its deadline.

    It takes envelopes from `opens_at` (now); owners may open their own until `self_until` (a day
    after the deadline); with fewer than `least_envelopes` it is never opened. `form` is
    what the offline sealing page asks for. A box that does not keep its contents hands them out
    while its opening is told, and destroys contents, shares and keys in the same transaction:
    nobody can say afterwards what was whose.
    """

    opens_at: datetime | None = None
    self_until: datetime | None = None
    least_envelopes: int = 0
    form: tuple[FormField, ...] = ()
    keeps_contents: bool = True


def open_box(
    session: Session,
    actor: Actor,
    subject: str,
    level: BoxLevel,
    deadline: datetime,
    openers: tuple[tuple[int, bytes], ...] = (),
    k: int = 0,
    terms: BoxTerms | None = None,
) -> int:
    """Open a box that takes envelopes in [opens_at, deadline), and give its id.

    The room that asks has checked who may. At L2 each opener is (person, registered public key),
    and any `k` of them open.
    Raises: PeriodReversed, OpenersWrong, OpenersUnwanted, KeyNotRegistered.
    """
    now = clock.now()
    told = terms or BoxTerms()
    start = told.opens_at or now
    until = told.self_until or deadline + rules.SELF_OPENING
    rules.check_period(max(start, now), deadline, until)
    people = tuple(person for person, _ in openers)
    rules.check_openers(level, people, tuple(key for _, key in openers), k)
    known = opener_keys(session, actor.community_id, people)
    if any(person not in known or known[person].public_key != key for person, key in openers):
        raise KeyNotRegistered
    box = Box(
        community_id=actor.community_id,
        subject=subject,
        level=level,
        token=secrets.token_hex(16),
        opens_at=start,
        deadline=deadline,
        self_until=until,
        k=k,
        least_envelopes=told.least_envelopes,
        keeps_contents=told.keeps_contents,
        form=[[each.name, each.kind.value, each.label] for each in told.form],
    )
    session.add(box)
    session.flush()
    _add_openers(session, box, openers)
    events.tell(session, BoxPrepared(actor.community_id, box.id, subject, level.value))
    return box.id


def extend_box(session: Session, actor: Actor, box_id: int, deadline: datetime) -> None:
    """Move a deadline later while the box still takes envelopes; self-opening moves with it.

    Raises: NotFound, TooLate, DeadlineNotLater.
    """
    box, now = lock_box(session, actor, box_id)
    if now >= box.opens_at:
        rules.check_taking(times_of(box), now)
    if deadline <= box.deadline:
        raise DeadlineNotLater
    box.self_until += deadline - box.deadline
    box.deadline = deadline
    session.flush()


@db.untold
def freeze_box(session: Session, actor: Actor, box_id: int) -> Frozen:
    """Shut a box at or after its deadline; again gives the same, and no job is needed.

    Raises: NotFound, BoxStillTaking.
    """
    box, now = lock_box(session, actor, box_id)
    return freeze(session, box, now)


def unseal_box(session: Session, actor: Actor, box_id: int) -> None:
    """Make the contents readable, all at once, at or after the deadline; the room checked who may.

    At L2 every envelope must have its key, unless the time for self-opening is over: until then
    no content shows, so that nobody decides about the own envelope knowing those of others.
    Raises: NotFound, BoxStillTaking, BoxDiscarded, BoxOpenedAlready, TooFewEnvelopes,
    SharesAwaited.
    """
    box, now = lock_box(session, actor, box_id)
    count = freeze(session, box, now).count
    rules.check_may_open(times_of(box), now, count, box.least_envelopes)
    if now < box.self_until and not is_readable(session, box):
        raise SharesAwaited(self_until=box.self_until)
    mark_opened(session, box, now)


def discard_box(session: Session, actor: Actor, box_id: int) -> None:
    """Give a box up after its deadline: never opened, contents destroyed, trace kept.

    Raises: NotFound, BoxStillTaking, BoxOpenedAlready.
    """
    box, now = lock_box(session, actor, box_id)
    freeze(session, box, now)
    if box.opened_at is not None:
        raise BoxOpenedAlready
    if box.discarded_at is not None:
        return
    box.discarded_at = now
    session.flush()
    _destroy(session, box, Content)


def _add_openers(session: Session, box: Box, openers: tuple[tuple[int, bytes], ...]) -> None:
    for place, (person, key) in enumerate(openers, 1):
        session.add(
            Opener(
                community_id=box.community_id,
                box_id=box.id,
                place=place,
                person_id=person,
                public_key=key,
                fingerprint=fingerprint(key),
            )
        )
    session.flush()


def freeze(session: Session, box: Box, now: datetime) -> Frozen:
    """Shut a locked box, unless it is; whatever happens after the deadline comes here first.

    Raises: BoxStillTaking.
    """
    rules.check_shut(times_of(box), now)
    if box.frozen_at is None:
        inside = current(session, box.community_id, box.id)
        box.frozen_at = now
        box.envelope_count = len(inside)
        box.set_hash = rules.hash_set(each.commitment for each in inside)
        session.flush()
        told = BoxFrozen(
            box.community_id, box.id, box.subject, box.envelope_count, box.set_hash.hex()
        )
        events.tell(session, told)
    assert box.set_hash is not None
    assert box.envelope_count is not None
    return Frozen(box.envelope_count, box.set_hash)


def is_readable(session: Session, box: Box) -> bool:
    """Tell whether every envelope that counts has its key; plain ones need none."""
    if box.level is not BoxLevel.L2:
        return True
    query = (
        select(Envelope.id)
        .outerjoin(Opening, Opening.envelope_id == Envelope.id)
        .where(
            Envelope.community_id == box.community_id,
            Envelope.box_id == box.id,
            Envelope.ended_at.is_(None),
            Opening.envelope_id.is_(None),
        )
        .limit(1)
    )
    return session.scalar(query) is None


def mark_opened(session: Session, box: Box, now: datetime) -> None:
    """Write that a box is open, and tell it; who is told reads what the box does not keep."""
    box.opened_at = now
    session.flush()
    events.tell(session, BoxOpened(box.community_id, box.id, box.subject))
    if not box.keeps_contents:
        _destroy(session, box, Share, Opening, Content)


def _destroy(session: Session, box: Box, *tables: type[Content | Share | Opening]) -> None:
    owned = select(Envelope.id).where(
        Envelope.community_id == box.community_id, Envelope.box_id == box.id
    )
    for table in tables:
        db.change(
            session,
            delete(table).where(
                table.community_id == box.community_id, table.envelope_id.in_(owned)
            ),
        )
