"""Commands of moderation: flag, remark, hide with a public reason, restore, appeal, decide."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from community import identity, notices
from community.deliberation import permissions
from community.deliberation.errors.discussion import (
    AlreadyFlagged,
    AppealDecided,
    AppealedAlready,
    AppealNotFound,
    ArgumentNotFound,
    DecidedBySameHand,
    HiddenAlready,
    NoFlagOpen,
    NotHidden,
    OwnWords,
    UnderAppeal,
)
from community.deliberation.errors.topics import NotTheAuthor, TooManyToday, TopicNotFound
from community.deliberation.models import Appeal, Argument, Flag, Moderation, Topic
from community.deliberation.queries.topic_terms import topic_terms
from community.deliberation.rules.discussion import (
    FLAG_TITLES,
    AppealState,
    FlagReason,
    FlagState,
    ModerationKind,
)
from community.deliberation.rules.topics import MOST_FLAGS_A_DAY, StepKind, TopicState
from community.deliberation.service.arguing import load_argument
from community.deliberation.service.endorsing import reach_agenda
from community.deliberation.service.topic_steps import (
    check_words,
    load_topic,
    note_step,
    own_id,
)
from community.kernel import calendar, clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.permissions import Role
from community.kernel.sentences import say

Target = Topic | Argument


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
    target = _load(session, actor, topic_id, argument_id)
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
    act = _keep(session, actor, topic_id, argument_id, ModerationKind.HIDE, words, reason)
    target.is_hidden = True
    session.flush()
    if isinstance(target, Topic):
        note_step(session, actor, target, StepKind.HIDDEN, words, f"moderation:{act.id}")
    _decide_flags(session, actor, topic_id, argument_id, FlagState.UPHELD, words)
    body = say(
        N_("“{words}”因“{reason}”被隐藏：{why} 您可以在议题页面申诉，由另一位管理人员决定。"),
        words=_opening(target),
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
    hidden = _last_hiding(session, actor, topic_id, argument_id)
    appeal = _appeal_of(session, hidden)
    if appeal is not None and appeal.state is AppealState.OPEN:
        raise UnderAppeal
    check_words(session, actor, words)
    return _show_again(session, actor, target, topic_id, argument_id, words)


def remark(
    session: Session, actor: Actor, topic_id: int, words: str, argument_id: int | None = None
) -> int:
    """Put a moderator's remark under a topic or an argument; gives the act's id.

    Raises: TopicNotFound, ArgumentNotFound, OwnWords, WordsPersonal.
    """
    actor.check(permissions.MODERATE.code)
    target = _moderated(session, actor, topic_id, argument_id)
    check_words(session, actor, words)
    act = _keep(session, actor, topic_id, argument_id, ModerationKind.REMARK, words)
    _decide_flags(session, actor, topic_id, argument_id, FlagState.UPHELD, words)
    body = say(N_("“{words}”：{why}"), words=_opening(target), why=words)
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
    act = _keep(session, actor, topic_id, argument_id, ModerationKind.DISMISS, words)
    _decide_flags(session, actor, topic_id, argument_id, FlagState.DISMISSED, words)
    return act.id


def appeal_hiding(session: Session, actor: Actor, moderation_id: int, words: str) -> int:
    """Appeal against the hiding of one's own words, once; gives the appeal's id.

    Raises: AppealNotFound, NotTheAuthor, NotHidden, AppealedAlready.
    """
    actor.check(permissions.PROPOSE.code)
    act = session.get(Moderation, moderation_id)
    if act is None or act.community_id != actor.community_id:
        raise AppealNotFound
    if act.kind is not ModerationKind.HIDE:
        raise NotHidden
    target = _load(session, actor, act.topic_id, act.argument_id)
    if target.author_id != own_id(actor):
        raise NotTheAuthor
    last = _last_hiding(session, actor, act.topic_id, act.argument_id)
    if not target.is_hidden or last.id != act.id:
        raise NotHidden
    if _appeal_of(session, act) is not None:
        raise AppealedAlready
    days = topic_terms(session, actor.community_id).appeal_days
    row = Appeal(
        community_id=actor.community_id,
        moderation_id=act.id,
        words=words,
        appealed_by=own_id(actor),
        appealed_at=clock.now(),
        hidden_by=act.moderated_by,
        due_on=calendar.add_working_days(session, actor.community_id, clock.today(), days),
        state=AppealState.OPEN,
    )
    session.add(row)
    session.flush()
    _tell_deciders(session, actor, row)
    return row.id


def decide_appeal(
    session: Session, actor: Actor, appeal_id: int, restores: bool, words: str
) -> AppealState:
    """Decide an appeal, by neither the one who hid nor the one who wrote.

    Raises: AppealNotFound, DecidedBySameHand, AppealDecided, WordsPersonal.
    """
    actor.check(permissions.DECIDE_APPEAL.code)
    row = session.get(Appeal, appeal_id)
    if row is None or row.community_id != actor.community_id:
        raise AppealNotFound
    person = own_id(actor)
    if person in {row.hidden_by, row.appealed_by} or actor.on_behalf_of is not None:
        raise DecidedBySameHand
    if row.state is not AppealState.OPEN:
        raise AppealDecided
    check_words(session, actor, words)
    act = session.get_one(Moderation, row.moderation_id)
    row.state = AppealState.RESTORED if restores else AppealState.UPHELD
    row.decision, row.decided_by, row.decided_at = words, person, clock.now()
    session.flush()
    target = _load(session, actor, act.topic_id, act.argument_id)
    if restores:
        _show_again(session, actor, target, act.topic_id, act.argument_id, words)
    else:
        title, link = say(N_("申诉结果：维持隐藏")), f"topics/{act.topic_id}"
        body = say(N_("“{words}”：{why}"), words=_opening(target), why=words)
        notices.send(session, actor, row.appealed_by, title, body, link, kind="change")
    return row.state


def _load(session: Session, actor: Actor, topic_id: int, argument_id: int | None) -> Target:
    if argument_id is None:
        return load_topic(session, actor, topic_id)
    argument = load_argument(session, actor, argument_id)
    if argument.topic_id != topic_id:
        raise ArgumentNotFound
    return argument


def _moderated(session: Session, actor: Actor, topic_id: int, argument_id: int | None) -> Target:
    target = _load(session, actor, topic_id, argument_id)
    if isinstance(target, Topic) and target.state is TopicState.WITHDRAWN:
        raise TopicNotFound
    if target.author_id == own_id(actor):
        raise OwnWords
    return target


def _keep(
    session: Session,
    actor: Actor,
    topic_id: int,
    argument_id: int | None,
    kind: ModerationKind,
    words: str,
    reason: FlagReason | None = None,
) -> Moderation:
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


def _show_again(
    session: Session,
    actor: Actor,
    target: Target,
    topic_id: int,
    argument_id: int | None,
    words: str,
) -> int:
    act = _keep(session, actor, topic_id, argument_id, ModerationKind.RESTORE, words)
    target.is_hidden = False
    session.flush()
    if isinstance(target, Topic):
        note_step(session, actor, target, StepKind.RESTORED, words, f"moderation:{act.id}")
        reach_agenda(session, actor, target)
    title, link = say(N_("您发布的内容已恢复显示")), f"topics/{topic_id}"
    body = say(N_("“{words}”：{why}"), words=_opening(target), why=words)
    notices.send(session, actor, target.author_id, title, body, link, kind="change")
    return act.id


def _last_hiding(
    session: Session, actor: Actor, topic_id: int, argument_id: int | None
) -> Moderation:
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


def _appeal_of(session: Session, act: Moderation) -> Appeal | None:
    found: Appeal | None = session.scalar(
        select(Appeal).where(
            Appeal.community_id == act.community_id, Appeal.moderation_id == act.id
        )
    )
    return found


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


def _tell_deciders(session: Session, actor: Actor, row: Appeal) -> None:
    people = {
        person
        for role in (Role.STAFF, Role.COMMITTEE)
        for person in identity.people_with_role(session, actor.community_id, role)
    }
    body = say(N_("请在 {day} 前决定：{words}"), day=row.due_on.isoformat(), words=row.words)
    for person in sorted(people - {row.hidden_by, row.appealed_by}):
        title, link = say(N_("有申诉等您决定")), "desk/topics/appeals"
        notices.send(session, actor, person, title, body, link, kind="todo")


def _opening(target: Target) -> str:
    words = target.title if isinstance(target, Topic) else target.words
    return words if len(words) <= 30 else f"{words[:30]}…"
