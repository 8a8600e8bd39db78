"""When the box of a tender's envelopes is shut or opened, the tender goes on with it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import micro_projects, sealing
from community.kernel import events
from community.kernel.actor import Actor

_TENDER = "tender:"


def listen() -> None:
    """Hear of boxes that are frozen and opened."""
    events.subscribe(sealing.BoxFrozen, _frozen)
    events.subscribe(sealing.BoxOpened, _opened)


def _frozen(session: Session, told: sealing.BoxFrozen) -> None:
    tender_id = _tender_of(told.subject)
    if tender_id is not None:
        actor = Actor.system(told.community_id)
        micro_projects.follow_frozen_box(session, actor, tender_id, bytes.fromhex(told.set_hash))


def _opened(session: Session, told: sealing.BoxOpened) -> None:
    tender_id = _tender_of(told.subject)
    if tender_id is not None:
        micro_projects.follow_opened_box(session, Actor.system(told.community_id), tender_id)


def _tender_of(subject: str) -> int | None:
    number = subject.removeprefix(_TENDER)
    return int(number) if subject.startswith(_TENDER) and number.isdecimal() else None
