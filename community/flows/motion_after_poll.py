"""When those present have voted a motion by phone, the poll's count decides the motion."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import deliberation
from community.kernel import events
from community.kernel.actor import Actor


def listen() -> None:
    """Hear of decided polls."""
    events.subscribe(deliberation.PollDecided, _decided)


def _decided(session: Session, told: deliberation.PollDecided) -> None:
    actor = Actor.system(told.community_id)
    deliberation.take_phone_vote(session, actor, told.poll_id, told.subject)
