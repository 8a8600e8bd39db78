"""When the box of a poll's sealed ballots is shut or opened, the poll goes on with it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import deliberation, sealing
from community.kernel import events
from community.kernel.actor import Actor


def listen() -> None:
    """Hear of boxes that are frozen and opened."""
    events.subscribe(sealing.BoxFrozen, _frozen)
    events.subscribe(sealing.BoxOpened, _opened)


def _frozen(session: Session, told: sealing.BoxFrozen) -> None:
    deliberation.follow_frozen_box(session, Actor.system(told.community_id), told.subject)


def _opened(session: Session, told: sealing.BoxOpened) -> None:
    deliberation.take_ballots(session, Actor.system(told.community_id), told.subject)
