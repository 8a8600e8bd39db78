"""Commands of endorsing: adults, once each, withdrawn at will; at the threshold, the agenda."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community import identity
from community.deliberation import permissions
from community.deliberation.errors.topics import NotAnAdult
from community.deliberation.events import TopicOnAgenda
from community.deliberation.models import Endorsement, Topic
from community.deliberation.queries.topic_terms import count_endorsers
from community.deliberation.rules.topics import GOING, StepKind, TopicState, is_adult
from community.deliberation.service.topic_steps import (
    claim_step,
    load_open,
    load_topic,
    not_open,
    note_step,
    own_id,
    tell_authors,
)
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say


def endorse_topic(session: Session, actor: Actor, topic_id: int) -> int:
    """Stand behind a topic; gives how many adults do now. Twice is once.

    Raises: TopicNotFound, TopicHidden, NotOpenNow, NotAnAdult.
    """
    actor.check(permissions.PROPOSE.code)
    topic = load_open(session, actor, topic_id)
    if topic.state not in GOING:
        raise not_open(topic)
    return keep_endorsement(session, actor, topic, own_id(actor))


def withdraw_endorsement(session: Session, actor: Actor, topic_id: int) -> int:
    """Take one's endorsement back; gives how many adults endorse now.

    What has reached the agenda stays there. Raises: TopicNotFound, NotOpenNow.
    """
    actor.check(permissions.PROPOSE.code)
    topic = load_topic(session, actor, topic_id)
    if topic.state not in GOING:
        raise not_open(topic)
    under = select(Topic.id).where(
        Topic.community_id == actor.community_id,
        (Topic.id == topic.id) | (Topic.merged_into_id == topic.id),
    )
    session.execute(
        update(Endorsement)
        .where(
            Endorsement.community_id == actor.community_id,
            Endorsement.topic_id.in_(under),
            Endorsement.person_id == own_id(actor),
            Endorsement.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return count_endorsers(session, actor.community_id, (topic.id,))[topic.id]


def keep_endorsement(
    session: Session, actor: Actor, topic: Topic, person_id: int, *, is_author: bool = False
) -> int:
    """Keep a person's endorsement and let the topic reach the agenda at its threshold.

    Raises: NotAnAdult, unless it is the author's own at the raising, which is then left out.
    """
    card = identity.get_person(session, actor.community_id, person_id)
    if is_adult(card.birth_year, clock.today()):
        _keep(session, actor, topic, person_id)
    elif not is_author:
        raise NotAnAdult
    return reach_agenda(session, actor, topic)


def reach_agenda(session: Session, actor: Actor, topic: Topic) -> int:
    """Put a topic on the agenda when enough adults stand behind it; gives how many do."""
    count = count_endorsers(session, actor.community_id, (topic.id,))[topic.id]
    if topic.state is not TopicState.RAISED or count < topic.threshold or topic.is_hidden:
        return count
    if claim_step(session, topic, TopicState.ON_AGENDA):
        words = say(N_("{count} 位居民附议"), count=count)
        note_step(session, actor, topic, StepKind.ENDORSED, str(count))
        note_step(session, actor, topic, StepKind.ON_AGENDA)
        body = say(
            N_("“{title}”得到 {count} 位居民附议，已列入议程。会议时间定下后会再告诉您。"),
            title=topic.title,
            count=count,
        )
        tell_authors(session, actor, topic, words, body)
        events.tell(session, TopicOnAgenda(actor.community_id, topic.id))
    return count


def _keep(session: Session, actor: Actor, topic: Topic, person_id: int) -> None:
    row = session.scalar(
        select(Endorsement).where(
            Endorsement.community_id == actor.community_id,
            Endorsement.topic_id == topic.id,
            Endorsement.person_id == person_id,
        )
    )
    if row is None:
        session.add(
            Endorsement(
                community_id=actor.community_id,
                topic_id=topic.id,
                person_id=person_id,
                endorsed_at=clock.now(),
            )
        )
    elif row.withdrawn_at is not None:
        row.endorsed_at, row.withdrawn_at = clock.now(), None
    session.flush()
