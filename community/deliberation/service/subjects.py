"""Telling a topic how far what was made of it has got; other subjects hear of it by events."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.deliberation.queries.topics import find_topic
from community.deliberation.rules.topics import GOING
from community.deliberation.service.topic_steps import link_topic, move_topic
from community.kernel.actor import Actor

TOPIC, MOTION = "topic:", "motion:"


def number_in(subject: str, kind: str) -> int | None:
    """Read the number out of a subject of a kind, as "topic:12"; None for others."""
    number = subject.removeprefix(kind)
    return int(number) if subject.startswith(kind) and number.isdecimal() else None


def topic_of(subject: str) -> int | None:
    """Read the topic's number out of "topic:12"; None for other subjects."""
    return number_in(subject, TOPIC)


def tell_subject(
    session: Session, actor: Actor, subject: str, kind: str, ref: str, words: str
) -> None:
    """Let a topic go on to a station with a line in its trace; one that ended gets the line.

    `kind` is as in `move_topic`. The chair may be no convener, so the product tells.
    """
    topic_id = topic_of(subject)
    topic = None if topic_id is None else find_topic(session, actor.community_id, topic_id)
    if topic is None:
        return
    product = Actor.system(actor.community_id)
    # A count is told, but what was voted is not over before its posting is.
    if kind != "vote" and topic.state in GOING:
        move_topic(session, product, topic.id, kind, ref, words)
    else:
        link_topic(session, product, topic.id, kind, ref, words)
