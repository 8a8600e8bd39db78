"""Registering an opener's public key, and replacing it; the private key stays with the person."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.kernel import clock, db, events
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed
from community.sealing.errors import KeyTaken
from community.sealing.events import KeyRegistered
from community.sealing.models import OpenerKey
from community.sealing.permissions import KEEP_KEY
from community.sealing.rules.keys import check_public_key, fingerprint


def register_key(session: Session, actor: Actor, public_key: bytes) -> int:
    """Register the actor's own public key, in place of any before, and give its id.

    Boxes opened for an earlier key keep it. The current key again changes nothing.
    Raises: NotAllowed, KeyUnreadable, KeyTaken.
    """
    actor.check(KEEP_KEY.code)
    if actor.person_id is None or actor.on_behalf_of is not None:
        raise NotAllowed
    check_public_key(public_key)
    now = clock.now()
    known = session.scalar(
        select(OpenerKey).where(
            OpenerKey.community_id == actor.community_id, OpenerKey.public_key == public_key
        )
    )
    if known is not None:
        if known.person_id == actor.person_id and known.replaced_at is None:
            return known.id
        raise KeyTaken
    db.change(
        session,
        update(OpenerKey)
        .where(
            OpenerKey.community_id == actor.community_id,
            OpenerKey.person_id == actor.person_id,
            OpenerKey.replaced_at.is_(None),
        )
        .values(replaced_at=now),
    )
    row = OpenerKey(
        community_id=actor.community_id,
        person_id=actor.person_id,
        public_key=public_key,
        fingerprint=fingerprint(public_key),
        registered_at=now,
    )
    session.add(row)
    session.flush()
    told = KeyRegistered(actor.community_id, row.id, row.person_id, row.fingerprint, row.public_key)
    events.tell(session, told)
    return row.id
