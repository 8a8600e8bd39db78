"""When a vote about a topic opens or is decided, the topic's line of stations says so."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community import deliberation
from community.kernel import events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say

_TOPIC = "topic:"


def listen() -> None:
    """Hear of votes that open and are decided."""
    events.subscribe(deliberation.PollOpened, _opened)
    events.subscribe(deliberation.PollDecided, _decided)


def _opened(session: Session, told: deliberation.PollOpened) -> None:
    topic = _find(session, told.community_id, told.subject)
    if topic is None:
        return
    actor, ref = Actor.system(told.community_id), f"poll:{told.poll_id}"
    if topic.is_going:
        deliberation.move_topic(session, actor, topic.id, "vote", ref)
    else:
        deliberation.link_topic(session, actor, topic.id, "vote", ref)


def _decided(session: Session, told: deliberation.PollDecided) -> None:
    topic = _find(session, told.community_id, told.subject)
    if topic is None:
        return
    words = {True: say(N_("表决通过")), False: say(N_("表决没有通过")), None: ""}[told.passed]
    actor, ref = Actor.system(told.community_id), f"poll:{told.poll_id}"
    deliberation.link_topic(session, actor, topic.id, "decided", ref, words)


def _find(session: Session, community_id: int, subject: str) -> deliberation.TopicBrief | None:
    number = subject.removeprefix(_TOPIC)
    if not subject.startswith(_TOPIC) or not number.isdecimal():
        return None
    return deliberation.find_topic(session, community_id, int(number))
