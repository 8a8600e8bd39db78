"""Reading conversations, opinions, one's own answers, and the drawn map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from community import identity
from community.deliberation.errors.opinions import ConversationNotFound, ViewpointNotFound
from community.deliberation.models import Conversation, DrawnMap, Viewpoint, ViewpointAnswer
from community.deliberation.rules.opinions import (
    ConversationState,
    Stance,
    ViewpointState,
    is_open,
    map_seed,
    next_viewpoint,
    stance_of,
)
from community.kernel import clock
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation as everybody may see it."""

    id: int
    title: str
    text: str
    state: ConversationState
    is_open: bool
    opens_at: datetime
    closes_at: datetime
    smallest_group: int
    sets_same_aside: bool
    takes_viewpoints: bool
    viewpoints: int
    people: int
    job_id: int | None


@dataclass(frozen=True, slots=True)
class ViewpointView:
    """An opinion without its author, with one's own answer if there is one."""

    id: int
    number: int
    text: str
    state: ViewpointState
    reason: str
    answer: Stance | None = None


@dataclass(frozen=True, slots=True)
class ViewpointToDecide:
    """An opinion as the moderator sees it: with its author."""

    id: int
    number: int
    text: str
    state: ViewpointState
    reason: str
    author: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody is asked next, and how far they have come."""

    viewpoint: ViewpointView | None
    answered: int
    viewpoints: int


@dataclass(frozen=True, slots=True)
class MapView:
    """A drawn map with the words of its columns; the picture is None while too few answered."""

    number: int
    drawn_at: datetime
    people: int
    is_last: bool
    matrix_hash: str
    seed: str
    texts: tuple[str, ...]
    picture: dict[str, Any] | None


def conversations(session: Session, actor: Actor) -> tuple[ConversationView, ...]:
    """List the conversations: those open first, then the newest."""
    rows = session.scalars(
        select(Conversation)
        .where(Conversation.community_id == actor.community_id)
        .order_by(Conversation.id.desc())
    )
    views = [_view(session, row) for row in rows]
    return tuple(sorted(views, key=lambda one: not one.is_open))


def get_conversation(session: Session, actor: Actor, conversation_id: int) -> ConversationView:
    """Give a conversation of the community.

    Raises: ConversationNotFound.
    """
    return _view(session, find_row(session, actor.community_id, conversation_id))


def find_row(session: Session, community_id: int, conversation_id: int) -> Conversation:
    """Load a conversation's row. Raises: ConversationNotFound."""
    row = session.get(Conversation, conversation_id)
    if row is None or row.community_id != community_id:
        raise ConversationNotFound
    return row


def viewpoint_row(session: Session, community_id: int, viewpoint_id: int) -> Viewpoint:
    """Load an opinion's row. Raises: ViewpointNotFound."""
    row = session.get(Viewpoint, viewpoint_id)
    if row is None or row.community_id != community_id:
        raise ViewpointNotFound
    return row


def next_turn(session: Session, actor: Actor, conversation_id: int) -> Turn:
    """Tell what the actor is asked next.

    Raises: ConversationNotFound.
    """
    find_row(session, actor.community_id, conversation_id)
    shown = {one.id: one for one in shown_rows(session, actor.community_id, conversation_id)}
    own = _own_answers(session, actor, conversation_id)
    counts = _counts(session, actor.community_id, conversation_id)
    chosen = next_viewpoint({one: counts.get(one, 0) for one in shown}, own, actor.subject_id or 0)
    answered = len(set(own) & set(shown))
    return Turn(None if chosen is None else _opinion(shown[chosen]), answered, len(shown))


def own_answers(session: Session, actor: Actor, conversation_id: int) -> tuple[ViewpointView, ...]:
    """List the shown opinions with the actor's own answers.

    Raises: ConversationNotFound.
    """
    find_row(session, actor.community_id, conversation_id)
    own = _own_answers(session, actor, conversation_id)
    return tuple(
        _opinion(row, stance_of(own[row.id]) if row.id in own else None)
        for row in shown_rows(session, actor.community_id, conversation_id)
    )


def own_viewpoints(
    session: Session, actor: Actor, conversation_id: int
) -> tuple[ViewpointView, ...]:
    """List what the actor said, with what became of it.

    Raises: ConversationNotFound.
    """
    find_row(session, actor.community_id, conversation_id)
    rows = session.scalars(
        _opinions(actor.community_id, conversation_id).where(
            Viewpoint.author_id == actor.subject_id, Viewpoint.author_id.is_not(None)
        )
    )
    return tuple(_opinion(row) for row in rows)


def hidden_viewpoints(
    session: Session, actor: Actor, conversation_id: int
) -> tuple[ViewpointView, ...]:
    """List what was not taken or was withdrawn, each with its public reason, without its words.

    Raises: ConversationNotFound.
    """
    find_row(session, actor.community_id, conversation_id)
    rows = session.scalars(
        _opinions(actor.community_id, conversation_id).where(
            Viewpoint.state.in_((ViewpointState.REFUSED, ViewpointState.WITHDRAWN))
        )
    )
    return tuple(ViewpointView(row.id, row.number, "", row.state, row.reason) for row in rows)


def viewpoints_to_decide(
    session: Session, actor: Actor, conversation_id: int
) -> tuple[ViewpointToDecide, ...]:
    """List all opinions for the moderator, those that wait first.

    Raises: ConversationNotFound.
    """
    find_row(session, actor.community_id, conversation_id)
    rows = list(session.scalars(_opinions(actor.community_id, conversation_id)))
    names = identity.people(
        session, actor.community_id, {row.author_id for row in rows if row.author_id is not None}
    )
    views = [
        ViewpointToDecide(
            row.id,
            row.number,
            row.text,
            row.state,
            row.reason,
            names[row.author_id].name if row.author_id in names else "",
            row.said_at,
        )
        for row in rows
    ]
    return tuple(sorted(views, key=lambda one: one.state is not ViewpointState.WAITING))


def latest_map(session: Session, actor: Actor, conversation_id: int) -> MapView | None:
    """Give the newest drawn map.

    Raises: ConversationNotFound.
    """
    find_row(session, actor.community_id, conversation_id)
    row = session.scalars(_maps(actor.community_id, conversation_id).limit(1)).first()
    if row is None:
        return None
    texts = {
        one.id: one.text for one in session.scalars(_opinions(actor.community_id, conversation_id))
    }
    return MapView(
        row.number,
        row.drawn_at,
        row.people,
        row.is_last,
        row.matrix_hash,
        map_seed(actor.community_id, conversation_id).hex(),
        tuple(texts[one] for one in row.columns),
        row.picture,
    )


def published_answers(
    session: Session, actor: Actor, conversation_id: int
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Give the last map's statements and its lines of answers; None before it is published.

    Raises: ConversationNotFound.
    """
    find_row(session, actor.community_id, conversation_id)
    row = session.scalars(
        _maps(actor.community_id, conversation_id).where(DrawnMap.is_last.is_(True))
    ).first()
    if row is None:
        return None
    found = latest_map(session, actor, conversation_id)
    assert found is not None
    return found.texts, tuple(row.answers or ())


def count_waiting(session: Session, actor: Actor) -> int:
    """Count the opinions that wait for a moderator."""
    return int(
        session.scalar(
            select(func.count())
            .select_from(Viewpoint)
            .where(
                Viewpoint.community_id == actor.community_id,
                Viewpoint.state == ViewpointState.WAITING,
            )
        )
        or 0
    )


def _view(session: Session, row: Conversation) -> ConversationView:
    last = session.scalar(
        select(DrawnMap.people).where(
            DrawnMap.community_id == row.community_id,
            DrawnMap.conversation_id == row.id,
            DrawnMap.is_last.is_(True),
        )
    )
    people = session.scalar(
        select(func.count(func.distinct(ViewpointAnswer.person_id))).where(
            ViewpointAnswer.community_id == row.community_id,
            ViewpointAnswer.conversation_id == row.id,
        )
    )
    return ConversationView(
        row.id,
        row.title,
        row.text,
        row.state,
        is_open(row.state, row.closes_at, clock.now()),
        row.opens_at,
        row.closes_at,
        row.smallest_group,
        row.sets_same_aside,
        row.takes_viewpoints,
        len(shown_rows(session, row.community_id, row.id)),
        int(people or 0) if last is None else last,
        row.job_id,
    )


def _opinion(row: Viewpoint, answer: Stance | None = None) -> ViewpointView:
    return ViewpointView(row.id, row.number, row.text, row.state, row.reason, answer)


def _opinions(community_id: int, conversation_id: int) -> Select[Viewpoint]:
    return (
        select(Viewpoint)
        .where(Viewpoint.community_id == community_id, Viewpoint.conversation_id == conversation_id)
        .order_by(Viewpoint.number)
    )


def shown_rows(session: Session, community_id: int, conversation_id: int) -> list[Viewpoint]:
    """Load the viewpoints that are shown, in their order."""
    chosen = _opinions(community_id, conversation_id)
    return list(session.scalars(chosen.where(Viewpoint.state == ViewpointState.SHOWN)))


def _maps(community_id: int, conversation_id: int) -> Select[DrawnMap]:
    return (
        select(DrawnMap)
        .where(DrawnMap.community_id == community_id, DrawnMap.conversation_id == conversation_id)
        .order_by(DrawnMap.number.desc())
    )


def _own_answers(session: Session, actor: Actor, conversation_id: int) -> dict[int, int]:
    rows = session.execute(
        select(ViewpointAnswer.viewpoint_id, ViewpointAnswer.stance).where(
            ViewpointAnswer.community_id == actor.community_id,
            ViewpointAnswer.conversation_id == conversation_id,
            ViewpointAnswer.person_id == actor.subject_id,
        )
    )
    return {row.viewpoint_id: row.stance for row in rows}


def _counts(session: Session, community_id: int, conversation_id: int) -> dict[int, int]:
    rows = session.execute(
        select(ViewpointAnswer.viewpoint_id, func.count())
        .where(
            ViewpointAnswer.community_id == community_id,
            ViewpointAnswer.conversation_id == conversation_id,
        )
        .group_by(ViewpointAnswer.viewpoint_id)
    )
    return {row[0]: row[1] for row in rows}
