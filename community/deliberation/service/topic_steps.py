"""A topic's trace: loading one, claiming its steps, telling its authors, moving it along."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from community import identity, notices
from community.deliberation import permissions
from community.deliberation.errors.topics import (
    NotOpenNow,
    TopicHidden,
    TopicNotFound,
    WordsPersonal,
)
from community.deliberation.events import TopicOnAgenda
from community.deliberation.models import Topic, TopicStep
from community.deliberation.rules.topics import (
    LEADS_TO,
    LINKS,
    STATE_TITLES,
    STEP_TITLES,
    StepKind,
    TopicState,
    may_step,
)
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotAllowed
from community.kernel.sentences import say


def load_topic(session: Session, actor: Actor, topic_id: int) -> Topic:
    """Load a raised topic of the actor's community.

    Raises: TopicNotFound, for drafts too.
    """
    row = session.get(Topic, topic_id)
    if row is None or row.community_id != actor.community_id or row.state is TopicState.DRAFT:
        raise TopicNotFound
    return row


def load_open(session: Session, actor: Actor, topic_id: int) -> Topic:
    """Load a topic that is not hidden.

    Raises: TopicNotFound, TopicHidden.
    """
    row = load_topic(session, actor, topic_id)
    if row.is_hidden:
        raise TopicHidden
    return row


def own_id(actor: Actor) -> int:
    """Give whose account an act concerns.

    Raises: NotAllowed for the product itself and visitors.
    """
    if actor.subject_id is None:
        raise NotAllowed
    return actor.subject_id


def check_words(session: Session, actor: Actor, words: str) -> None:
    """Refuse public words that give somebody away.

    Raises: WordsPersonal.
    """
    found = identity.find_personal_words(session, actor.community_id, words)
    if found is not None:
        raise WordsPersonal(found=say(found))


def not_open(topic: Topic) -> NotOpenNow:
    """Make the refusal that names the topic's state."""
    return NotOpenNow(state=say(STATE_TITLES[topic.state]))


def claim_step(session: Session, topic: Topic, new: TopicState, **values: object) -> bool:
    """Let a topic go to a state from the one it was read in; False when somebody was faster.

    Raises: NotOpenNow for a step that is not in the table.
    """
    if not may_step(topic.state, new):
        raise not_open(topic)
    session.flush()
    changed = session.execute(
        update(Topic)
        .where(
            Topic.community_id == topic.community_id,
            Topic.id == topic.id,
            Topic.state == topic.state,
        )
        .values(state=new, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(topic)
    return cast("CursorResult[Any]", changed).rowcount == 1


def note_step(
    session: Session, actor: Actor, topic: Topic, kind: StepKind, words: str = "", ref: str = ""
) -> None:
    """Write down what happened to a topic, for everybody."""
    session.add(
        TopicStep(
            community_id=actor.community_id,
            topic_id=topic.id,
            kind=kind,
            ref=ref,
            words=words,
            stepped_by=actor.person_id,
            stepped_at=clock.now(),
        )
    )
    session.flush()


def authors_of(session: Session, topic: Topic) -> tuple[int, ...]:
    """Give the author, and the authors of topics that went into it, each once."""
    merged = session.scalars(
        select(Topic.author_id)
        .where(Topic.community_id == topic.community_id, Topic.merged_into_id == topic.id)
        .order_by(Topic.id)
    )
    return tuple(dict.fromkeys((topic.author_id, *merged)))


def tell_authors(session: Session, actor: Actor, topic: Topic, title: str, body: str) -> None:
    """Tell the authors of a change, with its text; not the one who made it."""
    for person_id in authors_of(session, topic):
        if person_id != actor.person_id or actor.on_behalf_of is not None:
            notices.send(
                session, actor, person_id, title, body, f"topics/{topic.id}", kind="change"
            )


def tell_step(
    session: Session, actor: Actor, topic: Topic, kind: StepKind, words: str = ""
) -> None:
    """Tell the authors of a step in the words of the trace."""
    title = say(N_("您的议题有了进展：{step}"), step=say(STEP_TITLES[kind]))
    body = say(N_("“{title}”：{step}。{words}"), title=topic.title,
               step=say(STEP_TITLES[kind]), words=words)  # fmt: skip
    tell_authors(session, actor, topic, title, body)


def move_topic(
    session: Session, actor: Actor, topic_id: int, kind: str, ref: str = "", text: str = ""
) -> None:
    """Let a topic go on to the station another part reports, with its date and words.

    `kind` is on_agenda, meeting, vote, task, done or closed; `ref` is opaque, as "meeting:3".
    A topic already there only gets the new line in its trace.
    Raises: TopicNotFound, NotOpenNow.
    """
    actor.check(permissions.CONVENE.code)
    topic = load_topic(session, actor, topic_id)
    step = StepKind(kind)
    new = LEADS_TO[step]
    if topic.state is not new and not claim_step(session, topic, new):
        raise not_open(topic)
    _report(session, actor, topic, step, ref, text)


def link_topic(
    session: Session, actor: Actor, topic_id: int, kind: str, ref: str = "", text: str = ""
) -> None:
    """Add to a topic's trace what another part did about it, without moving the topic.

    `kind` is one of those of `move_topic`, or decided.
    Raises: TopicNotFound.
    """
    actor.check(permissions.CONVENE.code)
    topic = load_topic(session, actor, topic_id)
    step = StepKind(kind)
    assert step in LINKS, kind
    _report(session, actor, topic, step, ref, text)


def _report(
    session: Session, actor: Actor, topic: Topic, step: StepKind, ref: str, text: str
) -> None:
    note_step(session, actor, topic, step, text, ref)
    tell_step(session, actor, topic, step, text)
    if step is StepKind.ON_AGENDA:
        events.tell(session, TopicOnAgenda(actor.community_id, topic.id))


def put_on_agenda(session: Session, actor: Actor, topic_id: int, reason: str) -> None:
    """Let the committee or staff put a topic on the agenda by themselves, saying why in public.

    Raises: TopicNotFound, TopicHidden, NotOpenNow, WordsPersonal.
    """
    actor.check(permissions.CONVENE.code)
    topic = load_open(session, actor, topic_id)
    if topic.state not in {TopicState.RAISED, TopicState.CLOSED}:
        raise not_open(topic)
    check_words(session, actor, reason)
    move_topic(session, actor, topic_id, StepKind.ON_AGENDA, text=reason)


def close_topic(session: Session, actor: Actor, topic_id: int, reason: str) -> None:
    """Close a topic that goes no further, saying why in public; what is owed stays owed.

    Raises: TopicNotFound, NotOpenNow, WordsPersonal.
    """
    actor.check(permissions.CONVENE.code)
    topic = load_topic(session, actor, topic_id)
    if topic.state not in {TopicState.RAISED, TopicState.ON_AGENDA, TopicState.IN_WORK}:
        raise not_open(topic)
    check_words(session, actor, reason)
    move_topic(session, actor, topic_id, StepKind.CLOSED, text=reason)
