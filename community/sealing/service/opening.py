"""Reading encrypted envelopes after the deadline: by k openers' shares, or by the owner's key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed, NotFound
from community.sealing.errors import (
    EnvelopeOpenedAlready,
    EnvelopeUnreadable,
    KeyWrong,
    NotAnOpener,
    SelfOpeningOver,
    SharesGiven,
    ShareWrong,
    WrongLevel,
)
from community.sealing.models import Box, Envelope, Opener, Opening, Share
from community.sealing.permissions import GIVE_SHARES, OPEN_OWN
from community.sealing.queries.boxes import current, times_of
from community.sealing.queries.contents import kept_of, shares_of
from community.sealing.rules import boxes as rules
from community.sealing.rules import envelope as sealed
from community.sealing.rules.boxes import SALT_LENGTH, BoxLevel, HowOpened
from community.sealing.rules.header import split
from community.sealing.service.boxes import freeze, is_readable, mark_opened
from community.sealing.service.locking import lock_box


@dataclass(frozen=True, slots=True)
class GivenShare:
    """An opener's share of one envelope; None says: it could not be decrypted."""

    envelope_id: int
    share: bytes | None


def give_shares(
    session: Session, actor: Actor, box_id: int, shares: tuple[GivenShare, ...]
) -> bool:
    """Give the actor's own shares after the deadline; tell whether the box is open now.

    Each is compared with the hash in its envelope: a wrong one is named, and nothing is kept.
    With k of them an envelope has its key; when all have theirs the box opens by itself.
    Raises: NotAllowed, NotFound, WrongLevel, BoxStillTaking, BoxDiscarded, BoxOpenedAlready,
    TooFewEnvelopes, NotAnOpener, SharesGiven, ShareWrong.
    """
    actor.check(GIVE_SHARES.code)
    box, now = _lock_to_open(session, actor, box_id)
    place = _place_of(session, actor, box)
    inside = {row.id: (number, row) for number, row in enumerate(_inside(session, box), 1)}
    for each in shares:
        if each.envelope_id not in inside:
            raise NotFound
        number, row = inside[each.envelope_id]
        _give(session, row, number, place, each.share, now)
    return _open_if_readable(session, box, now)


def open_yourself(session: Session, actor: Actor, envelope_id: int, key: bytes) -> bool:
    """Open one envelope by the key its owner kept; tell whether the box is open now.

    Whoever holds the key is the owner: nobody else can have it. What is inside shows with all
    others, when the box opens.
    Raises: NotAllowed, NotFound, WrongLevel, BoxStillTaking, BoxDiscarded, BoxOpenedAlready,
    TooFewEnvelopes, SelfOpeningOver, EnvelopeOpenedAlready, KeyWrong.
    """
    actor.check(OPEN_OWN.code)
    row = session.get(Envelope, envelope_id)
    if row is None or row.community_id != actor.community_id or row.ended_at is not None:
        raise NotFound
    box, now = _lock_to_open(session, actor, row.box_id)
    if now >= box.self_until:
        raise SelfOpeningOver(self_until=box.self_until)
    if session.get(Opening, (row.community_id, row.id)) is not None:
        raise EnvelopeOpenedAlready
    try:
        sealed.open_envelope(kept_of(session, row)[SALT_LENGTH:], key)
    except EnvelopeUnreadable as error:
        raise KeyWrong from error
    _keep_key(session, row, HowOpened.OWNER, key, now)
    return _open_if_readable(session, box, now)


def _lock_to_open(session: Session, actor: Actor, box_id: int) -> tuple[Box, datetime]:
    box, now = lock_box(session, actor, box_id)
    if box.level is not BoxLevel.L2:
        raise WrongLevel
    count = freeze(session, box, now).count
    rules.check_may_open(times_of(box), now, count, box.least_envelopes)
    return box, now


def _place_of(session: Session, actor: Actor, box: Box) -> int:
    if actor.person_id is None or actor.on_behalf_of is not None:
        raise NotAllowed
    query = select(Opener.place).where(
        Opener.community_id == box.community_id,
        Opener.box_id == box.id,
        Opener.person_id == actor.person_id,
    )
    place = session.scalar(query)
    if place is None:
        raise NotAnOpener
    return place


def _inside(session: Session, box: Box) -> list[Envelope]:
    return current(session, box.community_id, box.id)


def _give(
    session: Session, row: Envelope, number: int, place: int, share: bytes | None, now: datetime
) -> None:
    given = shares_of(session, row)
    if place in given:
        if given[place] == share:
            return
        raise SharesGiven
    header = split(kept_of(session, row)[SALT_LENGTH:])[0]
    if share is not None and not sealed.is_share(header, place, share):
        raise ShareWrong(number=number)
    session.add(
        Share(
            community_id=row.community_id,
            envelope_id=row.id,
            place=place,
            share=share,
            given_at=now,
        )
    )
    session.flush()
    if session.get(Opening, (row.community_id, row.id)) is not None:
        return
    right = {at: each for at, each in {**given, place: share}.items() if each is not None}
    key = sealed.find_key(header, right)
    if key is not None:
        _keep_key(session, row, HowOpened.OPENERS, key, now)


def _keep_key(session: Session, row: Envelope, how: HowOpened, key: bytes, now: datetime) -> None:
    session.add(
        Opening(
            community_id=row.community_id,
            envelope_id=row.id,
            how=how,
            envelope_key=key,
            given_at=now,
        )
    )
    session.flush()


def _open_if_readable(session: Session, box: Box, now: datetime) -> bool:
    if not is_readable(session, box):
        return False
    mark_opened(session, box, now)
    return True
