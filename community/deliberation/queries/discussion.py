"""The discussion of a topic: reasons on both sides by usefulness, replies, what was moderated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from community import identity
from community.deliberation import permissions
from community.deliberation.errors.discussion import ArgumentNotFound
from community.deliberation.models import Appeal, Argument, Moderation, UsefulMark
from community.deliberation.queries.topics import get_topic
from community.deliberation.rules.discussion import (
    AppealState,
    ArgumentSide,
    FlagReason,
    ModerationKind,
    usefulness,
)
from community.kernel.actor import Actor
from community.kernel.masks import mask_name


@dataclass(frozen=True, slots=True)
class ActView:
    """What a moderator did, for everybody; the hand stays unnamed in public."""

    id: int
    kind: ModerationKind
    reason: FlagReason | None
    words: str
    moderated_at: datetime
    appeal: AppealState | None
    decision: str


@dataclass(frozen=True, slots=True)
class ArgumentView:
    """A reason or a reply as its reader sees it; hidden words are empty to most."""

    id: int
    side: ArgumentSide | None
    words: str
    author: str
    argued_at: datetime
    useful: int
    marks: int
    score: int
    my_mark: bool | None
    is_mine: bool
    is_hidden: bool
    acts: tuple[ActView, ...]
    replies: tuple[ArgumentView, ...]

    @property
    def is_erased(self) -> bool:
        """Tell whether the words were erased on their author's wish."""
        return not self.words and not self.is_hidden


@dataclass(frozen=True, slots=True)
class Discussion:
    """Both sides of a topic, the most useful reason first, and what befell the topic itself."""

    topic_id: int
    pros: tuple[ArgumentView, ...]
    cons: tuple[ArgumentView, ...]
    acts: tuple[ActView, ...]


def get_discussion(session: Session, actor: Actor, topic_id: int) -> Discussion:
    """Get the discussion of a topic.

    Raises: TopicNotFound.
    """
    topic = get_topic(session, actor, topic_id)
    acts = _acts(session, actor.community_id, topic_id)
    if topic.is_hidden and not topic.title:
        return Discussion(topic_id, (), (), acts.get(None, ()))
    rows = tuple(
        session.scalars(
            select(Argument)
            .where(Argument.community_id == actor.community_id, Argument.topic_id == topic_id)
            .order_by(Argument.id)
        )
    )
    views = _views(session, actor, rows, acts)
    sides: dict[ArgumentSide | None, list[ArgumentView]] = {
        ArgumentSide.FOR: [],
        ArgumentSide.AGAINST: [],
        None: [],
    }
    for each in views:
        sides[each.side].append(each)

    def ranked(side: ArgumentSide) -> tuple[ArgumentView, ...]:
        return tuple(sorted(sides[side], key=lambda each: (-each.score, each.id)))

    return Discussion(
        topic_id, ranked(ArgumentSide.FOR), ranked(ArgumentSide.AGAINST), acts.get(None, ())
    )


def get_argument(session: Session, actor: Actor, topic_id: int, argument_id: int) -> ArgumentView:
    """Get one reason or reply of a topic.

    Raises: ArgumentNotFound, TopicNotFound.
    """
    get_topic(session, actor, topic_id)
    row = session.get(Argument, argument_id)
    if row is None or (row.community_id, row.topic_id) != (actor.community_id, topic_id):
        raise ArgumentNotFound
    return _views(session, actor, (row,), _acts(session, actor.community_id, topic_id))[0]


def _views(
    session: Session,
    actor: Actor,
    rows: tuple[Argument, ...],
    acts: dict[int | None, tuple[ActView, ...]],
) -> tuple[ArgumentView, ...]:
    cards = identity.people(session, actor.community_id, {row.author_id for row in rows})
    counts = _marks(session, actor.community_id, [row.id for row in rows])
    mine = _my_marks(session, actor, [row.id for row in rows])
    made: dict[int, ArgumentView] = {}
    for row in sorted(rows, key=lambda each: each.replies_to_id is None):
        useful, marks = counts.get(row.id, (0, 0))
        is_mine = actor.subject_id is not None and row.author_id == actor.subject_id
        shows = not row.is_hidden or is_mine or _may_see_all(actor)
        made[row.id] = ArgumentView(
            row.id,
            row.side,
            row.words if shows else "",
            mask_name(cards[row.author_id].name) if row.author_id in cards else "**",
            row.argued_at,
            useful,
            marks,
            usefulness(useful, marks),
            mine.get(row.id),
            is_mine,
            row.is_hidden,
            acts.get(row.id, ()),
            tuple(made[each.id] for each in rows if each.replies_to_id == row.id),
        )
    return tuple(made[row.id] for row in rows)


def _may_see_all(actor: Actor) -> bool:
    return actor.may(permissions.MODERATE.code) or actor.may(permissions.DECIDE_APPEAL.code)


def _marks(session: Session, community_id: int, ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    rows = session.execute(
        select(
            UsefulMark.argument_id,
            func.sum(case((UsefulMark.is_useful, 1), else_=0)),
            func.count(),
        )
        .where(UsefulMark.community_id == community_id, UsefulMark.argument_id.in_(list(ids)))
        .group_by(UsefulMark.argument_id)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def _my_marks(session: Session, actor: Actor, ids: Iterable[int]) -> dict[int, bool]:
    rows = session.execute(
        select(UsefulMark.argument_id, UsefulMark.is_useful).where(
            UsefulMark.community_id == actor.community_id,
            UsefulMark.person_id == actor.subject_id,
            UsefulMark.argument_id.in_(list(ids)),
        )
    )
    return {row[0]: row[1] for row in rows}


def _acts(
    session: Session, community_id: int, topic_id: int
) -> dict[int | None, tuple[ActView, ...]]:
    rows = session.execute(
        select(Moderation, Appeal)
        .outerjoin(
            Appeal,
            (Appeal.moderation_id == Moderation.id)
            & (Appeal.community_id == Moderation.community_id),
        )
        .where(
            Moderation.community_id == community_id,
            Moderation.topic_id == topic_id,
            Moderation.kind != ModerationKind.DISMISS,
        )
        .order_by(Moderation.id)
    )
    found: dict[int | None, tuple[ActView, ...]] = {}
    for act, appeal in cast("Iterable[tuple[Moderation, Appeal | None]]", rows):
        view = ActView(
            act.id,
            act.kind,
            act.reason,
            act.words,
            act.moderated_at,
            None if appeal is None else appeal.state,
            "" if appeal is None else appeal.decision,
        )
        found[act.argument_id] = (*found.get(act.argument_id, ()), view)
    return found
