"""How many topics came, were answered in time and got done, and the rows of the export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity
from community.deliberation.models import Argument, Endorsement, Topic, TopicAnswer, TopicStep
from community.deliberation.queries.topic_terms import count_endorsers
from community.deliberation.rules.topics import (
    LISTED,
    Answerer,
    AnswerState,
    StepKind,
    TopicCategory,
    TopicOrigin,
    TopicState,
    is_overdue,
)
from community.kernel import clock
from community.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class TopicCounts:
    """What became of the topics raised in a period; people are counted once."""

    raised: int
    answered: int
    answered_in_time: int
    overdue: int
    reached_agenda: int
    done: int
    participants: int


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic in the office's list, without anybody's name."""

    id: int
    title: str
    category: TopicCategory
    building: str
    place: str
    origin: TopicOrigin
    state: TopicState
    raised_on: date
    endorsers: int
    threshold: int
    answerer: Answerer
    first_due_on: date | None
    answered_on: date | None
    days_taken: int | None
    is_late: bool
    answer_state: AnswerState
    done_on: date | None


def topic_counts(session: Session, community_id: int, since: date, until: date) -> TopicCounts:
    """Count the topics raised from one day to another, both included."""
    rows = topic_rows(session, community_id, since, until)
    answered = [each for each in rows if each.answered_on is not None]
    reached = _with_step(session, community_id, StepKind.ON_AGENDA)
    return TopicCounts(
        len(rows),
        len(answered),
        sum(not each.is_late for each in answered),
        sum(each.is_late and each.answered_on is None for each in rows),
        sum(each.id in reached for each in rows),
        sum(each.state is TopicState.DONE for each in rows),
        len(_participants(session, community_id, since, until)),
    )


def topic_rows(
    session: Session, community_id: int, since: date | None = None, until: date | None = None
) -> tuple[TopicRow, ...]:
    """List the topics for the office, the oldest first; hidden and merged ones are left out."""
    chosen = select(Topic).where(
        Topic.community_id == community_id,
        Topic.state.in_(LISTED),
        Topic.is_hidden.is_(False),
    )
    if since is not None:
        chosen = chosen.where(Topic.raised_at >= clock.at(since))
    if until is not None:
        chosen = chosen.where(Topic.raised_at < clock.at(until + timedelta(days=1)))
    rows = tuple(session.scalars(chosen.order_by(Topic.id)))
    return tuple(_rows(session, community_id, rows))


def _rows(session: Session, community_id: int, rows: tuple[Topic, ...]) -> Iterator[TopicRow]:
    counts = count_endorsers(session, community_id, [row.id for row in rows])
    firsts = select(TopicAnswer).where(
        TopicAnswer.community_id == community_id, TopicAnswer.number == 1
    )
    first = {row.topic_id: row for row in session.scalars(firsts)}
    buildings = {each.id: each.name for each in identity.buildings(session, community_id)}
    done = _with_step(session, community_id, StepKind.DONE)
    today = clock.today()
    for row in rows:
        answer = first.get(row.id)
        raised_on = clock.day_of(row.raised_at or row.kept_at)
        answered_on = None if answer is None else clock.day_of(answer.answered_at)
        late = is_overdue(row.answer_state, row.answer_due_on, today)
        yield TopicRow(
            row.id,
            row.title,
            row.category,
            buildings.get(row.building_id or 0, ""),
            row.place,
            row.origin,
            row.state,
            raised_on,
            counts[row.id],
            row.threshold,
            row.answerer,
            row.first_due_on,
            answered_on,
            None if answered_on is None else (answered_on - raised_on).days,
            late if answer is None else answer.is_late,
            row.answer_state,
            done.get(row.id) if row.state is TopicState.DONE else None,
        )


def export_rows(session: Session, actor: Actor) -> tuple[TopicRow, ...]:
    """List all topics of the actor's community for the office."""
    return topic_rows(session, actor.community_id)


def _with_step(session: Session, community_id: int, kind: StepKind) -> dict[int, date]:
    rows = session.execute(
        select(TopicStep.topic_id, func.max(TopicStep.stepped_at))
        .where(TopicStep.community_id == community_id, TopicStep.kind == kind)
        .group_by(TopicStep.topic_id)
    )
    return {row[0]: clock.day_of(row[1]) for row in rows}


def _participants(session: Session, community_id: int, since: date, until: date) -> set[int]:
    begun, ended = clock.at(since), clock.at(until + timedelta(days=1))
    found: set[int] = set()
    for person, at, table in (
        (Topic.author_id, Topic.raised_at, Topic),
        (Endorsement.person_id, Endorsement.endorsed_at, Endorsement),
        (Argument.author_id, Argument.argued_at, Argument),
    ):
        found.update(
            session.scalars(
                select(person).where(table.community_id == community_id, at >= begun, at < ended)
            )
        )
    return found
