"""Commands of moderation: flag, remark, hide with a public reason, restore, dismiss."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community import notices
from community.deliberation import permissions
from community.deliberation.errors.discussion import (
    AlreadyFlagged,
    HiddenAlready,
    NoFlagOpen,
    NotHidden,
    OwnWords,
    UnderAppeal,
)
from community.deliberation.errors.topics import TooManyToday, TopicNotFound
from community.deliberation.models import Flag, Topic
from community.deliberation.rules.discussion import (
    FLAG_TITLES,
    AppealState,
    FlagReason,
    FlagState,
    ModerationKind,
)
from community.deliberation.rules.topics import MOST_FLAGS_A_DAY, StepKind, TopicState
from community.deliberation.service.targets import (
    Target,
    appeal_of,
    keep_act,
    last_hiding,
    load_target,
    opening_words,
    show_again,
)
from community.deliberation.service.topic_steps import (
    check_words,
    note_step,
    own_id,
)
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say


def flag(
    session: Session,
    actor: Actor,
    topic_id: int,
    reason: FlagReason,
    words: str = "",
    argument_id: int | None = None,
) -> int:
    """Ask the moderator to look at a topic, or an argument in it; gives the flag's id.

    Raises: TopicNotFound, ArgumentNotFound, HiddenAlready, OwnWords, AlreadyFlagged,
    TooManyToday.
    """
    actor.check(permissions.PROPOSE.code)
    person = own_id(actor)
    target = load_target(session, actor, topic_id, argument_id)
    if target.is_hidden:
        raise HiddenAlready
    if target.author_id == person:
        raise OwnWords
    mine = select(Flag.id).where(
        Flag.community_id == actor.community_id,
        Flag.topic_id == topic_id,
        Flag.argument_id == argument_id if argument_id is not None else Flag.argument_id.is_(None),
        Flag.flagged_by == person,
    )
    if session.scalar(mine) is not None:
        raise AlreadyFlagged
    begun = clock.at(clock.today())
    today = select(func.count()).where(
        Flag.community_id == actor.community_id,
        Flag.flagged_by == person,
        Flag.flagged_at >= begun,
        Flag.flagged_at < begun + timedelta(days=1),
    )
    if (session.scalar(today) or 0) >= MOST_FLAGS_A_DAY:
        raise TooManyToday(most=MOST_FLAGS_A_DAY)
    row = Flag(
        community_id=actor.community_id,
        topic_id=topic_id,
        argument_id=argument_id,
        reason=reason,
        words=words,
        flagged_by=person,
        flagged_at=clock.now(),
        state=FlagState.OPEN,
    )
    session.add(row)
    session.flush()
    return row.id


def hide(
    session: Session,
    actor: Actor,
    topic_id: int,
    reason: FlagReason,
    words: str,
    argument_id: int | None = None,
) -> int:
    """Hide a topic or an argument from the public, which reads why; gives the act's id.

    Raises: TopicNotFound, ArgumentNotFound, OwnWords, HiddenAlready, WordsPersonal.
    """
    actor.check(permissions.MODERATE.code)
    target = _moderated(session, actor, topic_id, argument_id)
    if target.is_hidden:
        raise HiddenAlready
    check_words(session, actor, words)
    act = keep_act(session, actor, topic_id, argument_id, ModerationKind.HIDE, words, reason)
    target.is_hidden = True
    session.flush()
    if isinstance(target, Topic):
        note_step(session, actor, target, StepKind.HIDDEN, words, f"moderation:{act.id}")
    _decide_flags(session, actor, topic_id, argument_id, FlagState.UPHELD, words)
    body = say(
        N_("“{words}”因“{reason}”被隐藏：{why} 您可以在议题页面申诉，由另一位管理人员决定。"),
        words=opening_words(target),
        reason=say(FLAG_TITLES[reason]),
        why=words,
    )
    link = f"topics/{topic_id}"
    title = say(N_("您发布的内容被隐藏"))
    notices.send(session, actor, target.author_id, title, body, link, kind="warning")
    return act.id


def restore(
    session: Session, actor: Actor, topic_id: int, words: str, argument_id: int | None = None
) -> int:
    """Show a hidden topic or argument again; gives the act's id.

    While an appeal waits, it alone decides. Raises: TopicNotFound, ArgumentNotFound, OwnWords,
    NotHidden, UnderAppeal, WordsPersonal.
    """
    actor.check(permissions.MODERATE.code)
    target = _moderated(session, actor, topic_id, argument_id)
    if not target.is_hidden:
        raise NotHidden
    hidden = last_hiding(session, actor, topic_id, argument_id)
    appeal = appeal_of(session, hidden)
    if appeal is not None and appeal.state is AppealState.OPEN:
        raise UnderAppeal
    check_words(session, actor, words)
    return show_again(session, actor, target, topic_id, argument_id, words)


def remark(
    session: Session, actor: Actor, topic_id: int, words: str, argument_id: int | None = None
) -> int:
    """Put a moderator's remark under a topic or an argument; gives the act's id.

    Raises: TopicNotFound, ArgumentNotFound, OwnWords, WordsPersonal.
    """
    actor.check(permissions.MODERATE.code)
    target = _moderated(session, actor, topic_id, argument_id)
    check_words(session, actor, words)
    act = keep_act(session, actor, topic_id, argument_id, ModerationKind.REMARK, words)
    _decide_flags(session, actor, topic_id, argument_id, FlagState.UPHELD, words)
    body = say(N_("“{words}”：{why}"), words=opening_words(target), why=words)
    title = say(N_("管理人员给您提了个醒"))
    notices.send(session, actor, target.author_id, title, body, f"topics/{topic_id}")
    return act.id


def dismiss_flags(
    session: Session, actor: Actor, topic_id: int, words: str, argument_id: int | None = None
) -> int:
    """Find nothing wrong with what was flagged, saying why; gives the act's id.

    Raises: TopicNotFound, ArgumentNotFound, OwnWords, NoFlagOpen, WordsPersonal.
    """
    actor.check(permissions.MODERATE.code)
    _moderated(session, actor, topic_id, argument_id)
    check_words(session, actor, words)
    if not _open_flags(session, actor, topic_id, argument_id):
        raise NoFlagOpen
    act = keep_act(session, actor, topic_id, argument_id, ModerationKind.DISMISS, words)
    _decide_flags(session, actor, topic_id, argument_id, FlagState.DISMISSED, words)
    return act.id


def _moderated(session: Session, actor: Actor, topic_id: int, argument_id: int | None) -> Target:
    target = load_target(session, actor, topic_id, argument_id)
    if isinstance(target, Topic) and target.state is TopicState.WITHDRAWN:
        raise TopicNotFound
    if target.author_id == own_id(actor):
        raise OwnWords
    return target


def _open_flags(
    session: Session, actor: Actor, topic_id: int, argument_id: int | None
) -> list[Flag]:
    found = session.scalars(
        select(Flag)
        .where(
            Flag.community_id == actor.community_id,
            Flag.topic_id == topic_id,
            Flag.argument_id == argument_id
            if argument_id is not None
            else Flag.argument_id.is_(None),
            Flag.state == FlagState.OPEN,
        )
        .order_by(Flag.id)
    )
    return list(found)


def _decide_flags(
    session: Session,
    actor: Actor,
    topic_id: int,
    argument_id: int | None,
    state: FlagState,
    words: str,
) -> None:
    """Decide what was flagged, and tell those who did."""
    flags = _open_flags(session, actor, topic_id, argument_id)
    ids = [each.id for each in flags]
    session.execute(
        update(Flag)
        .where(Flag.community_id == actor.community_id, Flag.id.in_(ids))
        .values(state=state)
        .execution_options(synchronize_session=False)
    )
    is_upheld = state is FlagState.UPHELD
    title = say(N_("您举报的内容已处理") if is_upheld else N_("您举报的内容经查看没有问题"))
    for each in flags:
        link = f"topics/{topic_id}"
        notices.send(session, actor, each.flagged_by, title, words, link, kind="change")
