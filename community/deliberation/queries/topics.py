"""Reading topics: lists with filters, one with its trace, drafts, what the agenda may take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from community import identity
from community.deliberation import permissions
from community.deliberation.errors.topics import TopicNotFound
from community.deliberation.models import Topic, TopicPhoto
from community.deliberation.queries.topic_terms import count_endorsers, endorsed_by
from community.deliberation.rules.topics import (
    GOING,
    LISTED,
    OWED,
    Answerer,
    AnswerState,
    TopicCategory,
    TopicOrigin,
    TopicState,
    is_overdue,
)
from community.kernel import clock, files
from community.kernel.actor import Actor
from community.kernel.errors import NotFound
from community.kernel.masks import mask_name

MOST_SHOWN = 20
SEARCHED_WORDS = 5


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic as its reader sees it; `author` is masked, hidden words are empty to most."""

    id: int
    title: str
    words: str
    category: TopicCategory
    building_id: int | None
    building: str
    place: str
    state: TopicState
    origin: TopicOrigin
    author: str
    raised_at: datetime | None
    threshold: int
    endorsers: int
    answerer: Answerer
    answer_state: AnswerState
    first_due_on: date | None
    due_on: date | None
    is_overdue: bool
    is_hidden: bool
    is_mine: bool
    is_endorsed: bool
    merged_into_id: int | None
    photos: tuple[int, ...]

    @property
    def is_going(self) -> bool:
        """Tell whether one can still endorse and argue."""
        return self.state in GOING and not self.is_hidden

    @property
    def is_erased(self) -> bool:
        """Tell whether the author's words were erased on their wish."""
        return not self.title and not self.is_hidden


@dataclass(frozen=True, slots=True)
class TopicBrief:
    """A topic for other parts and rooms."""

    id: int
    title: str
    words: str
    state: TopicState
    author_id: int
    endorsers: int
    raised_on: date

    @property
    def is_going(self) -> bool:
        """Tell whether it is still under way."""
        return self.state in GOING


def topics(
    session: Session,
    actor: Actor,
    text: str = "",
    category: TopicCategory | None = None,
    building_id: int | None = None,
    state: TopicState | None = None,
    before: int | None = None,
) -> tuple[TopicView, ...]:
    """List topics, the newest first; `before` is the id the next page begins below."""
    chosen = _listed(actor.community_id)
    for word in text.split()[:SEARCHED_WORDS]:
        part = f"%{word.replace('%', '').replace('_', '')}%"
        chosen = chosen.where(
            or_(Topic.title.like(part), Topic.words.like(part), Topic.place.like(part))
        )
    if category is not None:
        chosen = chosen.where(Topic.category == category)
    if building_id is not None:
        chosen = chosen.where(Topic.building_id == building_id)
    if state is not None:
        chosen = chosen.where(Topic.state == state)
    if before is not None:
        chosen = chosen.where(Topic.id < before)
    rows = session.scalars(chosen.order_by(Topic.id.desc()).limit(MOST_SHOWN))
    return view_topics(session, actor, rows)


def overdue_topics(session: Session, actor: Actor) -> tuple[TopicView, ...]:
    """List the topics whose answer is late, the longest wait first."""
    late = owed(actor.community_id).where(Topic.answer_due_on < clock.today())
    return view_topics(session, actor, session.scalars(late))


def owed_topics(
    session: Session, actor: Actor, answerers: frozenset[Answerer] | None = None
) -> tuple[TopicView, ...]:
    """List the topics that wait for an answer, what is due first at the top."""
    chosen = owed(actor.community_id)
    if answerers is not None:
        chosen = chosen.where(Topic.answerer.in_(answerers))
    return view_topics(session, actor, session.scalars(chosen))


def count_owed(session: Session, actor: Actor, answerers: frozenset[Answerer]) -> int:
    """Count the topics that wait for an answer of any of these roles."""
    chosen = owed(actor.community_id).where(Topic.answerer.in_(answerers)).subquery()
    return session.scalar(select(func.count()).select_from(chosen)) or 0


def own_topics(session: Session, actor: Actor) -> tuple[TopicView, ...]:
    """List what the actor raised, hidden and merged ones too, the newest first."""
    rows = session.scalars(
        select(Topic)
        .where(
            Topic.community_id == actor.community_id,
            Topic.author_id == actor.subject_id,
            Topic.state != TopicState.DRAFT,
        )
        .order_by(Topic.id.desc())
        .limit(50)
    )
    return view_topics(session, actor, rows)


def drafts(session: Session, actor: Actor) -> tuple[TopicView, ...]:
    """List the actor's drafts; at the desk, those it wrote down for others."""
    own = (Topic.author_id == actor.subject_id) & Topic.recorded_by.is_(None)
    at_desk = Topic.recorded_by.is_not(None)
    rows = session.scalars(
        select(Topic)
        .where(
            Topic.community_id == actor.community_id,
            Topic.state == TopicState.DRAFT,
            or_(own, at_desk) if actor.may(permissions.OPERATE.code) else own,
        )
        .order_by(Topic.id.desc())
    )
    return view_topics(session, actor, rows)


def get_draft(session: Session, actor: Actor, topic_id: int) -> TopicView:
    """Get a draft of one's own, or one that the desk writes down.

    Raises: TopicNotFound.
    """
    found = [each for each in drafts(session, actor) if each.id == topic_id]
    if not found:
        raise TopicNotFound
    return found[0]


def get_topic(session: Session, actor: Actor, topic_id: int) -> TopicView:
    """Get a topic that has been raised.

    Raises: TopicNotFound.
    """
    row = session.get(Topic, topic_id)
    if row is None or row.community_id != actor.community_id or row.state is TopicState.DRAFT:
        raise TopicNotFound
    return view_topics(session, actor, (row,))[0]


def find_topic(session: Session, community_id: int, topic_id: int) -> TopicBrief | None:
    """Find a raised topic for another part; None where there is none."""
    row = session.get(Topic, topic_id)
    if row is None or row.community_id != community_id or row.raised_at is None:
        return None
    return _briefs(session, community_id, (row,))[0]


def topics_for_agenda(session: Session, community_id: int) -> tuple[TopicBrief, ...]:
    """List the topics on the agenda, those with most endorsers first, then the oldest."""
    rows = session.scalars(
        select(Topic).where(
            Topic.community_id == community_id,
            Topic.state == TopicState.ON_AGENDA,
            Topic.is_hidden.is_(False),
        )
    )
    found = _briefs(session, community_id, rows)
    return tuple(sorted(found, key=lambda each: (-each.endorsers, each.id)))


def topic_author(session: Session, community_id: int, topic_id: int) -> identity.PersonCard:
    """Give who raised a topic, for the desk, which knows everybody by name.

    Raises: TopicNotFound.
    """
    row = session.get(Topic, topic_id)
    if row is None or row.community_id != community_id:
        raise TopicNotFound
    return identity.get_person(session, community_id, row.author_id)


def get_photo(session: Session, actor: Actor, photo_id: int) -> tuple[files.FileView, bool]:
    """Get a topic's photo, and whether everybody may see it.

    Raises: NotFound for a hidden or drafted topic's, but for its author and the desk.
    """
    photo = session.get(TopicPhoto, photo_id)
    if photo is None or photo.community_id != actor.community_id:
        raise NotFound
    topic = session.get_one(Topic, photo.topic_id)
    is_public = topic.state is not TopicState.DRAFT and not topic.is_hidden
    if not (is_public or _may_see_all(actor, topic)):
        raise NotFound
    return files.get_file(session, actor.community_id, photo.file_id), is_public


def owed(community_id: int) -> Select[Topic]:
    """Choose what waits for an answer, in the order of its due days."""
    return (
        _listed(community_id)
        .where(Topic.answer_state.in_(OWED))
        .order_by(Topic.answer_due_on, Topic.id)
    )


def view_topics(session: Session, actor: Actor, found: Iterable[Topic]) -> tuple[TopicView, ...]:
    """Show rows to a reader."""
    rows = tuple(found)
    ids = [row.id for row in rows]
    cards = identity.people(session, actor.community_id, {row.author_id for row in rows})
    counts = count_endorsers(session, actor.community_id, ids)
    mine = endorsed_by(session, actor.community_id, actor.subject_id)
    buildings = {each.id: each.name for each in identity.buildings(session, actor.community_id)}
    photos = _photo_ids(session, actor.community_id, ids)
    today = clock.today()
    return tuple(
        _view(row, actor, cards, counts[row.id], row.id in mine, buildings, photos, today)
        for row in rows
    )


def _view(
    row: Topic,
    actor: Actor,
    cards: dict[int, identity.PersonCard],
    endorsers: int,
    is_endorsed: bool,
    buildings: dict[int, str],
    photos: dict[int, tuple[int, ...]],
    today: date,
) -> TopicView:
    shows = not row.is_hidden or _may_see_all(actor, row)
    is_owed = row.state in LISTED and not row.is_hidden
    return TopicView(
        id=row.id,
        title=row.title if shows else "",
        words=row.words if shows else "",
        category=row.category,
        building_id=row.building_id,
        building=buildings.get(row.building_id or 0, ""),
        place=row.place if shows else "",
        state=row.state,
        origin=row.origin,
        author=mask_name(cards[row.author_id].name) if row.author_id in cards else "**",
        raised_at=row.raised_at,
        threshold=row.threshold,
        endorsers=endorsers,
        answerer=row.answerer,
        answer_state=row.answer_state,
        first_due_on=row.first_due_on,
        due_on=row.answer_due_on,
        is_overdue=is_owed and is_overdue(row.answer_state, row.answer_due_on, today),
        is_hidden=row.is_hidden,
        is_mine=actor.subject_id is not None and row.author_id == actor.subject_id,
        is_endorsed=is_endorsed,
        merged_into_id=row.merged_into_id,
        photos=photos.get(row.id, ()) if shows else (),
    )


def _may_see_all(actor: Actor, row: Topic) -> bool:
    """Tell whether hidden words are shown: to their author, moderators, deciders of appeals."""
    is_author = actor.subject_id is not None and row.author_id == actor.subject_id
    if row.state is TopicState.DRAFT:
        return is_author or actor.may(permissions.OPERATE.code)
    return (
        is_author
        or actor.may(permissions.MODERATE.code)
        or actor.may(permissions.DECIDE_APPEAL.code)
    )


def _listed(community_id: int) -> Select[Topic]:
    return select(Topic).where(
        Topic.community_id == community_id,
        Topic.state.in_(LISTED),
        Topic.is_hidden.is_(False),
    )


def _photo_ids(
    session: Session, community_id: int, ids: Iterable[int]
) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    rows = session.execute(
        select(TopicPhoto.topic_id, TopicPhoto.id)
        .where(TopicPhoto.community_id == community_id, TopicPhoto.topic_id.in_(list(ids)))
        .order_by(TopicPhoto.id)
    )
    for topic_id, photo_id in rows:
        found[topic_id] = (*found.get(topic_id, ()), photo_id)
    return found


def _briefs(session: Session, community_id: int, found: Iterable[Topic]) -> tuple[TopicBrief, ...]:
    rows = tuple(found)
    counts = count_endorsers(session, community_id, [row.id for row in rows])
    return tuple(
        TopicBrief(
            row.id,
            row.title,
            row.words,
            row.state,
            row.author_id,
            counts[row.id],
            clock.day_of(row.raised_at or row.kept_at),
        )
        for row in rows
    )
