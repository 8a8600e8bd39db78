"""Commands of delivery: that an entry's ballot reached its owner, and by whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation import permissions
from community.deliberation.models import Delivery, DeliveryWay
from community.deliberation.rules.polls import PollState
from community.deliberation.service.poll_rows import check_state, get_entry_row, get_poll_row
from community.kernel import clock, files
from community.kernel.actor import Actor


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

    Raises: RollEntryNotFound, WrongPollState.
    """
    actor.check(permissions.OPERATE.code)
    entry = get_entry_row(session, actor.community_id, roll_entry_id)
    row = get_poll_row(session, actor.community_id, entry.poll_id)
    check_state(row, {PollState.FROZEN, PollState.OPEN})
    known = session.scalar(select(Delivery.id).where(Delivery.roll_entry_id == entry.id))
    if known is not None:
        return known
    made = Delivery(
        community_id=actor.community_id,
        poll_id=row.id,
        roll_entry_id=entry.id,
        way=way,
        delivered_at=min(delivered_at, clock.now()),
        delivered_by=actor.person_id,
        note=note.strip()[:120],
        proof_id=None if photo is None else files.keep_file(session, actor, photo),
    )
    session.add(made)
    session.flush()
    return made.id
