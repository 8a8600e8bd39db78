"""A topic's trace: its line of stations, everything that happened, answers, mergers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from community.deliberation.models import Topic, TopicAnswer, TopicMerge, TopicStep
from community.deliberation.queries.topics import TopicView, get_topic
from community.deliberation.rules.discussion import MergeState
from community.deliberation.rules.topics import (
    STATIONS,
    Answerer,
    StepKind,
    TopicOutcome,
    TopicState,
)
from community.kernel import clock
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Station:
    """A station of the line: its day when it was reached; `state` is done, now or empty."""

    kind: StepKind
    day: date | None
    state: str


@dataclass(frozen=True, slots=True)
class StepView:
    """What happened, when; `ref` leads to where it did, as "meeting:3"."""

    kind: StepKind
    ref: str
    words: str
    stepped_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer as it was given."""

    id: int
    number: int
    answerer: Answerer
    outcome: TopicOutcome
    words: str
    promised_on: date | None
    due_on: date
    is_late: bool
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class MergeView:
    """A merger as a reader of either topic sees it."""

    id: int
    topic_id: int
    title: str
    into_id: int
    into_title: str
    state: MergeState
    reason: str
    lapses_at: datetime
    undo_until: datetime | None
    undone_reason: str
    may_answer: bool
    may_undo: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that happened to a topic."""

    topic: TopicView
    stations: tuple[Station, ...]
    steps: tuple[StepView, ...]
    answers: tuple[AnswerView, ...]
    merges: tuple[MergeView, ...]
    may_judge: bool


def get_trace(session: Session, actor: Actor, topic_id: int) -> Trace:
    """Get a topic with everything that happened to it.

    Raises: TopicNotFound.
    """
    topic = get_topic(session, actor, topic_id)
    steps = tuple(
        StepView(row.kind, row.ref, row.words, row.stepped_at)
        for row in session.scalars(
            select(TopicStep)
            .where(TopicStep.community_id == actor.community_id, TopicStep.topic_id == topic_id)
            .order_by(TopicStep.id)
        )
    )
    answers = tuple(
        AnswerView(
            row.id,
            row.number,
            row.answerer,
            row.outcome,
            row.words,
            row.promised_on,
            row.due_on,
            row.is_late,
            row.answered_at,
        )
        for row in session.scalars(
            select(TopicAnswer)
            .where(TopicAnswer.community_id == actor.community_id, TopicAnswer.topic_id == topic_id)
            .order_by(TopicAnswer.number)
        )
    )
    hides = topic.is_hidden and not topic.title
    return Trace(
        topic,
        stations_of(topic, steps),
        () if hides else steps,
        () if hides else answers,
        merges_of(session, actor, topic_id),
        topic.is_mine and topic.answer_state.value == "answered" and not topic.is_hidden,
    )


def stations_of(topic: TopicView, steps: tuple[StepView, ...]) -> tuple[Station, ...]:
    """Draw the line of stations with the day each was reached last."""
    days = {each.kind: clock.day_of(each.stepped_at) for each in steps}
    ends = {TopicState.CLOSED, TopicState.WITHDRAWN, TopicState.MERGED}
    last = max(
        (place for place, kind in enumerate(STATIONS) if kind in days),
        key=lambda place: days[STATIONS[place]].toordinal() * len(STATIONS) + place,
        default=0,
    )
    made = []
    for place, kind in enumerate(STATIONS):
        state = "done" if kind in days else ""
        if place == last and topic.state not in ends and kind is not StepKind.DONE:
            state = "now"
        made.append(Station(kind, days.get(kind), state))
    return tuple(made)


def merges_of(session: Session, actor: Actor, topic_id: int) -> tuple[MergeView, ...]:
    """List the mergers a topic is part of, with what the reader may do about each."""
    rows = tuple(
        session.scalars(
            select(TopicMerge)
            .where(
                TopicMerge.community_id == actor.community_id,
                or_(TopicMerge.topic_id == topic_id, TopicMerge.into_id == topic_id),
            )
            .order_by(TopicMerge.id)
        )
    )
    return tuple(_merge(session, actor, row) for row in rows)


def merges_asked(session: Session, actor: Actor) -> tuple[MergeView, ...]:
    """List the mergers that wait for the actor's own consent."""
    own = select(Topic.id).where(
        Topic.community_id == actor.community_id, Topic.author_id == actor.subject_id
    )
    rows = session.scalars(
        select(TopicMerge).where(
            TopicMerge.community_id == actor.community_id,
            TopicMerge.state == MergeState.PROPOSED,
            or_(TopicMerge.topic_id.in_(own), TopicMerge.into_id.in_(own)),
        )
    )
    found = tuple(_merge(session, actor, row) for row in rows)
    return tuple(each for each in found if each.may_answer)


def _merge(session: Session, actor: Actor, row: TopicMerge) -> MergeView:
    topic = session.get_one(Topic, row.topic_id)
    into = session.get_one(Topic, row.into_id)
    now = clock.now()
    waits = row.state is MergeState.PROPOSED and now < row.lapses_at
    asked = {
        each.author_id
        for each, agreed in ((topic, row.agreed_at), (into, row.into_agreed_at))
        if agreed is None
    }
    is_author = actor.subject_id in {topic.author_id, into.author_id}
    may_undo = is_author or actor.may("deliberation.moderate")
    in_time = row.undo_until is not None and now <= row.undo_until
    is_shown = not (topic.is_hidden or into.is_hidden)
    state = row.state
    if state is MergeState.PROPOSED and not waits:
        state = MergeState.LAPSED
    return MergeView(
        row.id,
        topic.id,
        topic.title if is_shown else "",
        into.id,
        into.title if is_shown else "",
        state,
        row.reason,
        row.lapses_at,
        row.undo_until,
        row.undone_reason,
        waits and actor.subject_id in asked,
        row.state is MergeState.MERGED and in_time and may_undo and actor.person_id is not None,
    )
