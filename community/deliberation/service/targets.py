"""What can be moderated, a topic or an argument in it, and showing it again."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import notices
from community.deliberation.errors.discussion import ArgumentNotFound, NotHidden
from community.deliberation.models import Appeal, Argument, Moderation, Topic
from community.deliberation.rules.discussion import FlagReason, ModerationKind
from community.deliberation.rules.topics import StepKind
from community.deliberation.service.arguing import load_argument
from community.deliberation.service.endorsing import reach_agenda
from community.deliberation.service.topic_steps import load_topic, note_step, own_id
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say

Target = Topic | Argument


def load_target(session: Session, actor: Actor, topic_id: int, argument_id: int | None) -> Target:
    """Load a topic, or an argument of it.

    Raises: TopicNotFound, ArgumentNotFound.
    """
    if argument_id is None:
        return load_topic(session, actor, topic_id)
    argument = load_argument(session, actor, argument_id)
    if argument.topic_id != topic_id:
        raise ArgumentNotFound
    return argument


def keep_act(
    session: Session,
    actor: Actor,
    topic_id: int,
    argument_id: int | None,
    kind: ModerationKind,
    words: str,
    reason: FlagReason | None = None,
) -> Moderation:
    """Write down what a moderator did."""
    row = Moderation(
        community_id=actor.community_id,
        topic_id=topic_id,
        argument_id=argument_id,
        kind=kind,
        reason=reason,
        words=words,
        moderated_by=own_id(actor),
        moderated_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def show_again(
    session: Session,
    actor: Actor,
    target: Target,
    topic_id: int,
    argument_id: int | None,
    words: str,
) -> int:
    """Show hidden words again and tell their author; gives the act's id."""
    act = keep_act(session, actor, topic_id, argument_id, ModerationKind.RESTORE, words)
    target.is_hidden = False
    session.flush()
    if isinstance(target, Topic):
        note_step(session, actor, target, StepKind.RESTORED, words, f"moderation:{act.id}")
        reach_agenda(session, actor, target)
    title, link = say(N_("您发布的内容已恢复显示")), f"topics/{topic_id}"
    body = say(N_("“{words}”：{why}"), words=opening_words(target), why=words)
    notices.send(session, actor, target.author_id, title, body, link, kind="change")
    return act.id


def last_hiding(
    session: Session, actor: Actor, topic_id: int, argument_id: int | None
) -> Moderation:
    """Give the newest hiding of a topic or an argument.

    Raises: NotHidden.
    """
    found = session.scalar(
        select(Moderation)
        .where(
            Moderation.community_id == actor.community_id,
            Moderation.topic_id == topic_id,
            Moderation.argument_id == argument_id
            if argument_id is not None
            else Moderation.argument_id.is_(None),
            Moderation.kind == ModerationKind.HIDE,
        )
        .order_by(Moderation.id.desc())
        .limit(1)
    )
    if found is None:
        raise NotHidden
    return found


def appeal_of(session: Session, act: Moderation) -> Appeal | None:
    """Find the appeal against a hiding."""
    found: Appeal | None = session.scalar(
        select(Appeal).where(
            Appeal.community_id == act.community_id, Appeal.moderation_id == act.id
        )
    )
    return found


def opening_words(target: Target) -> str:
    """Give the words by which an author knows what a message is about."""
    words = target.title if isinstance(target, Topic) else target.words
    return words if len(words) <= 30 else f"{words[:30]}…"
