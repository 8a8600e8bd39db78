"""Commands of raising topics: drafts, the desk's paper and phone, additions, taking back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import identity, notices
from community.deliberation import permissions
from community.deliberation.errors.topics import (
    NotADraft,
    NotTheAuthor,
    OthersEndorsed,
    TooManyDrafts,
    TooManyPhotos,
    TooManyToday,
    TopicNotFound,
    WordsMissing,
)
from community.deliberation.models import Endorsement, Topic, TopicPhoto, TopicRules
from community.deliberation.queries.topic_terms import topic_terms
from community.deliberation.rules.topics import (
    ANSWERER_ROLES,
    CATEGORY_TITLES,
    MOST_DRAFTS,
    MOST_PHOTOS,
    MOST_TOPICS_A_DAY,
    AnswerState,
    StepKind,
    TopicCategory,
    TopicOrigin,
    TopicState,
    first_answerer,
)
from community.deliberation.service.endorsing import keep_endorsement
from community.deliberation.service.topic_steps import (
    check_words,
    claim_step,
    load_open,
    not_open,
    note_step,
    own_id,
    tell_authors,
)
from community.kernel import calendar, clock, files
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotFound
from community.kernel.sentences import say

SHORTEST_TITLE = 4


@dataclass(frozen=True, slots=True)
class TopicDraft:
    """What a resident wants to raise."""

    title: str
    words: str
    category: TopicCategory
    building_id: int | None = None
    place: str = ""


def keep_draft(
    session: Session,
    actor: Actor,
    draft: TopicDraft,
    photos: tuple[files.Ready, ...] = (),
) -> int:
    """Keep a topic that only its author sees, until it is raised; gives its id.

    Raises: TooManyDrafts, WordsMissing, WordsPersonal, TooManyPhotos, NotFound.
    """
    actor.check(permissions.PROPOSE.code)
    author = own_id(actor)
    kept = select(func.count()).where(
        Topic.community_id == actor.community_id,
        Topic.author_id == author,
        Topic.state == TopicState.DRAFT,
        Topic.origin == TopicOrigin.WEB,
    )
    if (session.scalar(kept) or 0) >= MOST_DRAFTS:
        raise TooManyDrafts(most=MOST_DRAFTS)
    row = _draft(actor, author, TopicOrigin.WEB, None)
    _fill(session, actor, row, draft)
    session.add(row)
    session.flush()
    _keep_photos(session, actor, row, photos)
    return row.id


def record_topic(
    session: Session,
    actor: Actor,
    person_id: int,
    origin: TopicOrigin,
    draft: TopicDraft,
    photos: tuple[files.Ready, ...] = (),
) -> int:
    """Write down at the desk what a resident brought on paper or by phone; gives the draft's id.

    Raises: NotFound for nobody of this community, WordsMissing, WordsPersonal, TooManyPhotos.
    """
    actor.check(permissions.OPERATE.code)
    card = identity.get_person(session, actor.community_id, person_id)
    if card.has_left or card.died_on is not None:
        raise NotFound
    origin = TopicOrigin.PHONE if origin is TopicOrigin.PHONE else TopicOrigin.PAPER
    row = _draft(actor, person_id, origin, actor.person_id)
    _fill(session, actor, row, draft)
    session.add(row)
    session.flush()
    _keep_photos(session, actor, row, photos)
    return row.id


def change_draft(
    session: Session,
    actor: Actor,
    topic_id: int,
    draft: TopicDraft,
    dropped: frozenset[int] = frozenset(),
    photos: tuple[files.Ready, ...] = (),
) -> None:
    """Change a draft; `dropped` names photos to leave out.

    Raises: TopicNotFound, NotADraft, WordsMissing, WordsPersonal, TooManyPhotos, NotFound.
    """
    row = load_draft(session, actor, topic_id)
    _fill(session, actor, row, draft)
    _drop_photos(session, actor, [each for each in _photos(session, row) if each.id in dropped])
    _keep_photos(session, actor, row, photos)


def discard_draft(session: Session, actor: Actor, topic_id: int) -> None:
    """Delete a draft.

    Raises: TopicNotFound, NotADraft.
    """
    row = load_draft(session, actor, topic_id)
    _drop_photos(session, actor, _photos(session, row))
    session.delete(row)
    session.flush()


def raise_topic(session: Session, actor: Actor, topic_id: int) -> int:
    """Put a draft before everybody, due an answer by a day; gives its id.

    Whoever raises it is its first endorser, if of age. Raises: TopicNotFound, NotADraft,
    TooManyToday, WordsPersonal.
    """
    row = load_draft(session, actor, topic_id)
    if row.origin is TopicOrigin.WEB:
        _check_day(session, row)
    # A neighbour may have moved in since the draft was kept.
    check_words(session, actor, f"{row.title}\n{row.words}\n{row.place}")
    terms = topic_terms(session, actor.community_id)
    today = clock.today()
    due_on = calendar.add_working_days(session, actor.community_id, today, terms.answer_days)
    row.threshold, row.answerer = terms.threshold, first_answerer(row.category)
    claimed = claim_step(
        session, row, TopicState.RAISED, raised_at=clock.now(), first_due_on=due_on,
        answer_due_on=due_on,
    )  # fmt: skip
    if not claimed:
        raise NotADraft
    note_step(session, actor, row, StepKind.RAISED)
    _tell_raised(session, actor, row)
    keep_endorsement(session, actor, row, row.author_id, is_author=True)
    return row.id


def add_to_topic(session: Session, actor: Actor, topic_id: int, words: str) -> None:
    """Add to one's own topic; what was raised stands.

    Raises: TopicNotFound, TopicHidden, NotTheAuthor, NotOpenNow, WordsPersonal.
    """
    actor.check(permissions.PROPOSE.code)
    row = load_open(session, actor, topic_id)
    if row.author_id != own_id(actor):
        raise NotTheAuthor
    if row.state in {TopicState.WITHDRAWN, TopicState.MERGED}:
        raise not_open(row)
    check_words(session, actor, words)
    note_step(session, actor, row, StepKind.ADDED, words)


def withdraw_topic(session: Session, actor: Actor, topic_id: int, reason: str = "") -> None:
    """Take back one's own topic while nobody else stands behind it.

    Raises: TopicNotFound, NotTheAuthor, OthersEndorsed, NotOpenNow, WordsPersonal.
    """
    actor.check(permissions.PROPOSE.code)
    row = load_open(session, actor, topic_id)
    if row.author_id != own_id(actor):
        raise NotTheAuthor
    others = select(func.count()).where(
        Endorsement.community_id == actor.community_id,
        Endorsement.topic_id.in_(
            select(Topic.id).where(
                Topic.community_id == actor.community_id,
                (Topic.id == row.id) | (Topic.merged_into_id == row.id),
            )
        ),
        Endorsement.withdrawn_at.is_(None),
        Endorsement.person_id != row.author_id,
    )
    if count := session.scalar(others) or 0:
        raise OthersEndorsed(count=count)
    check_words(session, actor, reason)
    if not claim_step(session, row, TopicState.WITHDRAWN):
        raise not_open(row)
    note_step(session, actor, row, StepKind.WITHDRAWN, reason)


def set_topic_rules(
    session: Session,
    actor: Actor,
    threshold: int,
    answer_days: int,
    appeal_days: int,
    consent_days: int,
    undo_days: int,
) -> None:
    """Set the community's figures for topics raised from now on."""
    actor.check(permissions.CONVENE.code)
    session.add(
        TopicRules(
            community_id=actor.community_id,
            threshold=threshold,
            answer_days=answer_days,
            appeal_days=appeal_days,
            consent_days=consent_days,
            undo_days=undo_days,
            set_by=own_id(actor),
            set_at=clock.now(),
        )
    )


def load_draft(session: Session, actor: Actor, topic_id: int) -> Topic:
    """Load a draft of one's own, or one that the desk is writing down.

    Raises: TopicNotFound, NotADraft.
    """
    row = session.get(Topic, topic_id)
    if row is None or row.community_id != actor.community_id:
        raise TopicNotFound
    is_own = row.author_id == own_id(actor) and actor.may(permissions.PROPOSE.code)
    is_desk = row.recorded_by is not None and actor.may(permissions.OPERATE.code)
    if row.state is not TopicState.DRAFT:
        raise NotADraft if is_own or is_desk else TopicNotFound
    if not (is_desk or (is_own and row.recorded_by is None)):
        raise TopicNotFound
    return row


def _draft(actor: Actor, author: int, origin: TopicOrigin, recorded_by: int | None) -> Topic:
    return Topic(
        community_id=actor.community_id,
        state=TopicState.DRAFT,
        author_id=author,
        origin=origin,
        recorded_by=recorded_by,
        kept_at=clock.now(),
        threshold=1,
        answer_state=AnswerState.WAITING,
    )


def _fill(session: Session, actor: Actor, row: Topic, draft: TopicDraft) -> None:
    if len(draft.title) < SHORTEST_TITLE or not draft.words:
        raise WordsMissing
    if draft.building_id is not None and draft.building_id not in {
        each.id for each in identity.buildings(session, actor.community_id)
    }:
        raise NotFound
    check_words(session, actor, f"{draft.title}\n{draft.words}\n{draft.place}")
    row.title, row.words, row.category = draft.title, draft.words, draft.category
    row.building_id, row.place = draft.building_id, draft.place
    row.answerer = first_answerer(draft.category)


def _photos(session: Session, row: Topic) -> list[TopicPhoto]:
    found = session.scalars(
        select(TopicPhoto).where(
            TopicPhoto.community_id == row.community_id, TopicPhoto.topic_id == row.id
        )
    )
    return list(found)


def _drop_photos(session: Session, actor: Actor, photos: list[TopicPhoto]) -> None:
    for each in photos:
        session.delete(each)
        files.drop_file(session, actor, each.file_id)
    session.flush()


def _keep_photos(
    session: Session, actor: Actor, row: Topic, photos: tuple[files.Ready, ...]
) -> None:
    if len(_photos(session, row)) + len(photos) > MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    for each in photos:
        file_id = files.keep_file(session, actor, each)
        session.add(TopicPhoto(community_id=actor.community_id, topic_id=row.id, file_id=file_id))
    session.flush()


def _check_day(session: Session, row: Topic) -> None:
    begun = clock.at(clock.today())
    raised = select(func.count()).where(
        Topic.community_id == row.community_id,
        Topic.author_id == row.author_id,
        Topic.origin == TopicOrigin.WEB,
        Topic.raised_at >= begun,
        Topic.raised_at < begun + timedelta(days=1),
    )
    if (session.scalar(raised) or 0) >= MOST_TOPICS_A_DAY:
        raise TooManyToday(most=MOST_TOPICS_A_DAY)


def _tell_raised(session: Session, actor: Actor, row: Topic) -> None:
    """Tell who owes the answer, and the resident for whom the desk wrote it down."""
    assert row.answer_due_on is not None
    day = row.answer_due_on.isoformat()
    title = say(N_("有新议题等您答复（{category}）"), category=say(CATEGORY_TITLES[row.category]))
    body = say(
        N_("“{title}”请在 {day} 前公开答复：{words}"), title=row.title, day=day, words=row.words
    )
    role = ANSWERER_ROLES[row.answerer]
    for person in identity.people_with_role(session, actor.community_id, role):
        if person != row.author_id:
            link = f"desk/topics/{row.id}"
            notices.send(session, actor, person, title, body, link, kind="todo")
    if row.author_id != actor.person_id:
        body = say(
            N_("“{title}”已替您提交，{day} 前会有答复。内容：{words} 如有不对，请告诉服务台。"),
            title=row.title,
            day=day,
            words=row.words,
        )
        tell_authors(session, actor, row, say(N_("替您提交了一个议题")), body)
