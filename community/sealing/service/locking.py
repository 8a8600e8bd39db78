"""Taking a box for one act: first its lock, then the clock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.sealing.models import Box


def lock_box(session: Session, actor: Actor, box_id: int) -> tuple[Box, datetime]:
    """Lock a box of the actor's community and give it with the instant by which it is judged.

    Time is read when the lock is won, so whoever waited past the deadline is late. On PostgreSQL
    a written row, unlike a row that was only locked, makes everybody who waited begin again.
    Raises: NotFound.
    """
    taken = db.change(
        session,
        update(Box)
        .where(Box.community_id == actor.community_id, Box.id == box_id)
        .values(locks=Box.locks + 1),
    )
    if taken != 1:
        raise NotFound
    box = session.get_one(Box, box_id, populate_existing=True)
    return box, clock.now()
