"""Commands of discussion: arguments for and against, replies, and what is useful."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import notices
from community.deliberation import permissions
from community.deliberation.errors.discussion import (
    ArgumentNotFound,
    OwnArgument,
    RepliesToReply,
)
from community.deliberation.errors.topics import TooManyToday
from community.deliberation.models import Argument, Topic, UsefulMark
from community.deliberation.rules.discussion import SIDE_TITLES, ArgumentSide
from community.deliberation.rules.topics import GOING, MOST_ARGUMENTS_A_DAY, MOST_MARKS_A_DAY
from community.deliberation.service.topic_steps import (
    check_words,
    load_open,
    not_open,
    own_id,
    tell_authors,
)
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say


def argue(session: Session, actor: Actor, topic_id: int, side: ArgumentSide, words: str) -> int:
    """Give a reason for or against a topic; gives its id.

    Raises: TopicNotFound, TopicHidden, NotOpenNow, TooManyToday, WordsPersonal.
    """
    topic = _open_topic(session, actor, topic_id)
    row = _keep(session, actor, topic, words, side, None)
    title = say(N_("您的议题有新的{side}"), side=say(SIDE_TITLES[side]))
    body = say(N_("“{title}”：{words}"), title=topic.title, words=words)
    if topic.author_id != row.author_id:
        tell_authors(session, actor, topic, title, body)
    return row.id


def reply(session: Session, actor: Actor, argument_id: int, words: str) -> int:
    """Reply to an argument; gives the reply's id.

    Raises: ArgumentNotFound, RepliesToReply, TopicHidden, NotOpenNow, TooManyToday,
    WordsPersonal.
    """
    argument = load_argument(session, actor, argument_id)
    if argument.is_hidden:
        raise ArgumentNotFound
    if argument.replies_to_id is not None:
        raise RepliesToReply
    topic = _open_topic(session, actor, argument.topic_id)
    row = _keep(session, actor, topic, words, None, argument.id)
    if argument.author_id != row.author_id:
        body = say(N_("“{title}”：{words}"), title=topic.title, words=words)
        link = f"topics/{topic.id}"
        notices.send(session, actor, argument.author_id, say(N_("有人回复了您")), body, link)
    return row.id


def mark_useful(session: Session, actor: Actor, argument_id: int, is_useful: bool) -> None:
    """Say whether an argument is useful; saying it again changes one's mind.

    Raises: ArgumentNotFound, OwnArgument, TopicHidden, NotOpenNow, TooManyToday.
    """
    argument = load_argument(session, actor, argument_id)
    if argument.is_hidden:
        raise ArgumentNotFound
    _open_topic(session, actor, argument.topic_id)
    person = own_id(actor)
    if argument.author_id == person:
        raise OwnArgument
    row = session.scalar(
        select(UsefulMark).where(
            UsefulMark.community_id == actor.community_id,
            UsefulMark.argument_id == argument.id,
            UsefulMark.person_id == person,
        )
    )
    if row is not None:
        row.is_useful, row.marked_at = is_useful, clock.now()
        return
    marked = select(func.count()).where(
        UsefulMark.community_id == actor.community_id,
        UsefulMark.person_id == person,
        UsefulMark.marked_at >= clock.at(clock.today()),
    )
    if (session.scalar(marked) or 0) >= MOST_MARKS_A_DAY:
        raise TooManyToday(most=MOST_MARKS_A_DAY)
    session.add(
        UsefulMark(
            community_id=actor.community_id,
            argument_id=argument.id,
            person_id=person,
            is_useful=is_useful,
            marked_at=clock.now(),
        )
    )
    session.flush()


def load_argument(session: Session, actor: Actor, argument_id: int) -> Argument:
    """Load an argument or a reply of the actor's community.

    Raises: ArgumentNotFound.
    """
    row = session.get(Argument, argument_id)
    if row is None or row.community_id != actor.community_id:
        raise ArgumentNotFound
    return row


def _open_topic(session: Session, actor: Actor, topic_id: int) -> Topic:
    actor.check(permissions.PROPOSE.code)
    topic = load_open(session, actor, topic_id)
    if topic.state not in GOING:
        raise not_open(topic)
    return topic


def _keep(
    session: Session,
    actor: Actor,
    topic: Topic,
    words: str,
    side: ArgumentSide | None,
    to: int | None,
) -> Argument:
    author = own_id(actor)
    begun = clock.at(clock.today())
    argued = select(func.count()).where(
        Argument.community_id == actor.community_id,
        Argument.author_id == author,
        Argument.argued_at >= begun,
        Argument.argued_at < begun + timedelta(days=1),
    )
    if (session.scalar(argued) or 0) >= MOST_ARGUMENTS_A_DAY:
        raise TooManyToday(most=MOST_ARGUMENTS_A_DAY)
    check_words(session, actor, words)
    row = Argument(
        community_id=actor.community_id,
        topic_id=topic.id,
        side=side,
        replies_to_id=to,
        words=words,
        author_id=author,
        argued_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row
