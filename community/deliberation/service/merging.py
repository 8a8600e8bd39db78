"""Commands of merging two topics: proposed, agreed by both authors, undone within the time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from community import identity, notices
from community.deliberation import permissions
from community.deliberation.errors.discussion import (
    HasMerged,
    MergeNotFound,
    MergeOver,
    MergeStands,
    NotAsked,
    NotMergeable,
    SameTopic,
    UndoOver,
)
from community.deliberation.models import Topic, TopicMerge
from community.deliberation.queries.topic_terms import topic_terms
from community.deliberation.rules.discussion import MergeState
from community.deliberation.rules.topics import OWED, STATE_TITLES, StepKind, TopicState
from community.deliberation.service.endorsing import reach_agenda
from community.deliberation.service.topic_steps import (
    check_words,
    claim_step,
    load_open,
    load_topic,
    note_step,
    own_id,
)
from community.kernel import calendar, clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say

TAKES_IN = frozenset({TopicState.RAISED, TopicState.ON_AGENDA})


def propose_merge(session: Session, actor: Actor, topic_id: int, into_id: int, reason: str) -> int:
    """Propose that a topic go into another; gives the proposal's id.

    Either author, or staff; an author who proposes agrees thereby. Raises: TopicNotFound,
    TopicHidden, SameTopic, NotMergeable, HasMerged, MergeStands, NotAsked, WordsPersonal.
    """
    topic = load_open(session, actor, topic_id)
    into = load_open(session, actor, into_id)
    _check_concerned(actor, topic, into)
    _check_mergeable(session, topic, into)
    _let_lapse(session, topic)
    check_words(session, actor, reason)
    now = clock.now()
    days = topic_terms(session, actor.community_id).consent_days
    row = TopicMerge(
        community_id=actor.community_id,
        topic_id=topic.id,
        into_id=into.id,
        state=MergeState.PROPOSED,
        reason=reason,
        proposed_by=own_id(actor),
        proposed_at=now,
        lapses_at=now + timedelta(days=days),
        agreed_at=now if _needs_no_asking(session, actor, topic) else None,
        into_agreed_at=now if _needs_no_asking(session, actor, into) else None,
    )
    session.add(row)
    session.flush()
    _ask(session, actor, row, topic, into)
    _merge_if_agreed(session, actor, row, topic, into)
    return row.id


def answer_merge(session: Session, actor: Actor, merge_id: int, agrees: bool) -> MergeState:
    """Agree to a merger of one's own topic, or decline it; both agreed, they are one.

    Raises: MergeNotFound, NotAsked, MergeOver, NotMergeable, HasMerged, TopicHidden.
    """
    actor.check(permissions.PROPOSE.code)
    row = _load(session, actor, merge_id)
    topic = load_topic(session, actor, row.topic_id)
    into = load_topic(session, actor, row.into_id)
    person = own_id(actor)
    if person not in {topic.author_id, into.author_id}:
        raise NotAsked
    if row.state is not MergeState.PROPOSED or clock.now() >= row.lapses_at:
        raise MergeOver
    if not agrees:
        row.state = MergeState.DECLINED
        session.flush()
        _tell_both(session, actor, topic, into, N_("合并没有成：有一位提出人不同意"), row.reason)
        return row.state
    now = clock.now()
    if topic.author_id == person:
        row.agreed_at = row.agreed_at or now
    if into.author_id == person:
        row.into_agreed_at = row.into_agreed_at or now
    session.flush()
    _merge_if_agreed(session, actor, row, topic, into)
    return row.state


def undo_merge(session: Session, actor: Actor, merge_id: int, reason: str) -> None:
    """Part two topics again within the time; each keeps those who endorsed it.

    Either author, or staff. Raises: MergeNotFound, NotAsked, MergeOver, UndoOver, WordsPersonal.
    """
    row = _load(session, actor, merge_id)
    topic = load_topic(session, actor, row.topic_id)
    into = load_topic(session, actor, row.into_id)
    _check_concerned(actor, topic, into)
    if row.state is not MergeState.MERGED or row.undo_until is None:
        raise MergeOver
    now = clock.now()
    if now > row.undo_until:
        raise UndoOver(days=topic_terms(session, actor.community_id).undo_days)
    check_words(session, actor, reason)
    values: dict[str, Any] = {"merged_into_id": None}
    if topic.answer_state in OWED and topic.answer_due_on is not None:
        # While it stood under the other nobody owed it anything: the days begin again.
        days = topic_terms(session, actor.community_id).answer_days
        due_on = calendar.add_working_days(session, actor.community_id, clock.today(), days)
        values["answer_due_on"] = max(topic.answer_due_on, due_on)
    if not claim_step(session, topic, TopicState.RAISED, **values):
        raise MergeOver
    row.state, row.undone_at, row.undone_by = MergeState.UNDONE, now, own_id(actor)
    row.undone_reason = reason
    session.flush()
    note_step(session, actor, topic, StepKind.PARTED, reason, f"topic:{into.id}")
    note_step(session, actor, into, StepKind.PARTED, reason, f"topic:{topic.id}")
    _tell_both(session, actor, topic, into, N_("两个议题已恢复为各自一个"), reason)
    reach_agenda(session, actor, topic)


def _check_concerned(actor: Actor, topic: Topic, into: Topic) -> None:
    is_author = own_id(actor) in {topic.author_id, into.author_id}
    may = is_author and actor.may(permissions.PROPOSE.code)
    if not (may or actor.may(permissions.MODERATE.code)):
        raise NotAsked


def _check_mergeable(session: Session, topic: Topic, into: Topic) -> None:
    if topic.id == into.id:
        raise SameTopic
    if topic.is_hidden or topic.state is not TopicState.RAISED:
        raise NotMergeable(title=topic.title, state=say(STATE_TITLES[topic.state]))
    if into.is_hidden or into.state not in TAKES_IN:
        raise NotMergeable(title=into.title, state=say(STATE_TITLES[into.state]))
    # One level only: a trace of three topics in a row nobody could follow.
    under = select(Topic.id).where(
        Topic.community_id == topic.community_id, Topic.merged_into_id == topic.id
    )
    if session.scalar(under.limit(1)) is not None:
        raise HasMerged


def _let_lapse(session: Session, topic: Topic) -> None:
    """Close a proposal nobody answered in time; refuse while one still waits.

    Raises: MergeStands.
    """
    row = session.scalar(
        select(TopicMerge).where(
            TopicMerge.community_id == topic.community_id,
            TopicMerge.topic_id == topic.id,
            TopicMerge.state == MergeState.PROPOSED,
        )
    )
    if row is None:
        return
    if clock.now() < row.lapses_at:
        raise MergeStands
    row.state = MergeState.LAPSED
    session.flush()


def _needs_no_asking(session: Session, actor: Actor, topic: Topic) -> bool:
    """Tell whether an author proposes it, or is no longer here to be asked."""
    is_here = identity.is_member(session, actor.community_id, topic.author_id)
    return topic.author_id == own_id(actor) or not is_here


def _ask(session: Session, actor: Actor, row: TopicMerge, topic: Topic, into: Topic) -> None:
    asked = {
        each.author_id
        for each, agreed in ((topic, row.agreed_at), (into, row.into_agreed_at))
        if agreed is None
    }
    body = say(
        N_("有人提议把“{topic}”并入“{into}”，附议合在一起算。理由：{reason} 请在 {day} 前回复。"),
        topic=topic.title,
        into=into.title,
        reason=row.reason,
        day=clock.day_of(row.lapses_at).isoformat(),
    )
    title = say(N_("请您决定：两个议题要不要合并"))
    for person in sorted(asked):
        link = f"topics/{topic.id}"
        notices.send(session, actor, person, title, body, link, kind="todo")


def _merge_if_agreed(
    session: Session, actor: Actor, row: TopicMerge, topic: Topic, into: Topic
) -> None:
    if row.agreed_at is None or row.into_agreed_at is None:
        return
    _check_mergeable(session, topic, into)
    now = clock.now()
    changed = session.execute(
        update(TopicMerge)
        .where(
            TopicMerge.community_id == row.community_id,
            TopicMerge.id == row.id,
            TopicMerge.state == MergeState.PROPOSED,
        )
        .values(
            state=MergeState.MERGED,
            merged_at=now,
            undo_until=now + timedelta(days=topic_terms(session, actor.community_id).undo_days),
        )
        .execution_options(synchronize_session=False)
    )
    claimed = claim_step(session, topic, TopicState.MERGED, merged_into_id=into.id)
    if cast("CursorResult[Any]", changed).rowcount != 1 or not claimed:
        raise MergeOver
    session.refresh(row)
    note_step(session, actor, topic, StepKind.MERGED, row.reason, f"topic:{into.id}")
    note_step(session, actor, into, StepKind.TOOK_IN, row.reason, f"topic:{topic.id}")
    _tell_both(session, actor, topic, into, N_("两个议题已经合并"), row.reason)
    reach_agenda(session, actor, into)


def _tell_both(
    session: Session, actor: Actor, topic: Topic, into: Topic, title: str, reason: str
) -> None:
    body = say(
        N_("“{topic}”与“{into}”。理由：{reason}"),
        topic=topic.title,
        into=into.title,
        reason=reason,
    )
    for person in sorted({topic.author_id, into.author_id}):
        notices.send(session, actor, person, say(title), body, f"topics/{topic.id}", kind="change")


def _load(session: Session, actor: Actor, merge_id: int) -> TopicMerge:
    row = session.get(TopicMerge, merge_id)
    if row is None or row.community_id != actor.community_id:
        raise MergeNotFound
    return row
