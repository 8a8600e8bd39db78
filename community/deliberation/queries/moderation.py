"""What moderators see: flagged words with real names, hidden ones, appeals and their due days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity
from community.deliberation import permissions
from community.deliberation.errors.discussion import AppealNotFound
from community.deliberation.models import Appeal, Argument, Flag, Moderation, Topic
from community.deliberation.rules.discussion import (
    AppealState,
    FlagReason,
    FlagState,
    ModerationKind,
)
from community.kernel.actor import Actor

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Flagged:
    """Words that somebody flagged, with who wrote them and why people flagged them."""

    topic_id: int
    argument_id: int | None
    title: str
    words: str
    author: str
    author_home: str
    is_hidden: bool
    is_own: bool
    reasons: tuple[tuple[FlagReason, str], ...]
    first_flagged_at: datetime


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal, what was hidden and why, and whether the reader may decide it."""

    id: int
    topic_id: int
    argument_id: int | None
    hidden_words: str
    author: str
    reason: FlagReason | None
    why: str
    hidden_by: str
    hidden_at: datetime
    words: str
    due_on: date
    state: AppealState
    decision: str
    may_decide: bool


def flagged(session: Session, actor: Actor) -> tuple[Flagged, ...]:
    """List what was flagged and not decided, the longest wait first."""
    actor.check(permissions.MODERATE.code)
    rows = session.scalars(
        select(Flag)
        .where(Flag.community_id == actor.community_id, Flag.state == FlagState.OPEN)
        .order_by(Flag.id)
        .limit(MOST_SHOWN)
    )
    together: dict[tuple[int, int | None], list[Flag]] = {}
    for row in rows:
        together.setdefault((row.topic_id, row.argument_id), []).append(row)
    return tuple(
        _flagged(session, actor, topic_id, argument_id, flags)
        for (topic_id, argument_id), flags in together.items()
    )


def get_flagged(
    session: Session, actor: Actor, topic_id: int, argument_id: int | None = None
) -> Flagged:
    """Get words to moderate, whether or not anybody flagged them.

    Raises: TopicNotFound, ArgumentNotFound.
    """
    actor.check(permissions.MODERATE.code)
    flags = session.scalars(
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
    return _flagged(session, actor, topic_id, argument_id, list(flags))


def count_flagged(session: Session, community_id: int) -> int:
    """Count the flags that wait for a moderator."""
    chosen = select(func.count()).where(
        Flag.community_id == community_id, Flag.state == FlagState.OPEN
    )
    return session.scalar(chosen) or 0


def appeals(session: Session, actor: Actor) -> tuple[AppealView, ...]:
    """List appeals: the open ones by their due day, then the newest decided."""
    actor.check(permissions.DECIDE_APPEAL.code)
    rows = session.execute(
        select(Appeal, Moderation)
        .join(Moderation, Moderation.id == Appeal.moderation_id)
        .where(Appeal.community_id == actor.community_id)
        .order_by(Appeal.id.desc())
        .limit(MOST_SHOWN)
    )
    found = [_appeal(session, actor, appeal, act) for appeal, act in rows]
    return tuple(
        sorted(found, key=lambda each: (each.state is not AppealState.OPEN, each.due_on, -each.id))
    )


def get_appeal(session: Session, actor: Actor, appeal_id: int) -> AppealView:
    """Get an appeal.

    Raises: AppealNotFound.
    """
    actor.check(permissions.DECIDE_APPEAL.code)
    row = session.get(Appeal, appeal_id)
    if row is None or row.community_id != actor.community_id:
        raise AppealNotFound
    return _appeal(session, actor, row, session.get_one(Moderation, row.moderation_id))


def count_appeals(session: Session, actor: Actor) -> int:
    """Count the open appeals that the actor may decide."""
    chosen = select(func.count()).where(
        Appeal.community_id == actor.community_id,
        Appeal.state == AppealState.OPEN,
        Appeal.hidden_by != actor.person_id,
        Appeal.appealed_by != actor.person_id,
    )
    return session.scalar(chosen) or 0


def _flagged(
    session: Session, actor: Actor, topic_id: int, argument_id: int | None, flags: list[Flag]
) -> Flagged:
    topic = session.get(Topic, topic_id)
    if topic is None or topic.community_id != actor.community_id:
        raise AppealNotFound
    target: Topic | Argument = topic
    if argument_id is not None:
        argument = session.get(Argument, argument_id)
        if argument is None or argument.topic_id != topic_id:
            raise AppealNotFound
        target = argument
    card = identity.get_person(session, actor.community_id, target.author_id)
    return Flagged(
        topic_id,
        argument_id,
        topic.title,
        target.words,
        card.name,
        f"{card.building} {card.unit}".strip(),
        target.is_hidden,
        target.author_id == actor.subject_id,
        tuple((each.reason, each.words) for each in flags),
        min((each.flagged_at for each in flags), default=topic.kept_at),
    )


def _appeal(session: Session, actor: Actor, row: Appeal, act: Moderation) -> AppealView:
    target: Topic | Argument = session.get_one(Topic, act.topic_id)
    if act.argument_id is not None:
        target = session.get_one(Argument, act.argument_id)
    cards = identity.people(session, actor.community_id, (row.hidden_by, row.appealed_by))

    def name(person_id: int) -> str:
        return cards[person_id].name if person_id in cards else "**"

    assert act.kind is ModerationKind.HIDE
    return AppealView(
        row.id,
        act.topic_id,
        act.argument_id,
        target.words,
        name(row.appealed_by),
        act.reason,
        act.words,
        name(row.hidden_by),
        act.moderated_at,
        row.words,
        row.due_on,
        row.state,
        row.decision,
        row.state is AppealState.OPEN and actor.person_id not in {row.hidden_by, row.appealed_by},
    )
