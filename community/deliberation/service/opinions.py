"""Commands of conversations: open, say, decide, answer, close; the map is drawn by a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from community import notices
from community.deliberation import permissions
from community.deliberation.errors.opinions import (
    ClosesInPast,
    ConversationClosed,
    ConversationFull,
    NoViewpointsTaken,
    OwnViewpointsUsedUp,
    ReasonWanted,
    TooFewViewpoints,
    ViewpointDecided,
    ViewpointKnown,
    ViewpointNotFound,
    ViewpointTooLong,
)
from community.deliberation.models import Conversation, Viewpoint, ViewpointAnswer
from community.deliberation.queries.opinions import find_row, viewpoint_row
from community.deliberation.rules.opinions import (
    FEWEST_FIRST_VIEWPOINTS,
    LONGEST_VIEWPOINT,
    MOST_OWN_VIEWPOINTS,
    MOST_VIEWPOINTS,
    STANCE_NUMBERS,
    VIEWPOINT_STEPS,
    ConversationState,
    Stance,
    ViewpointState,
    is_open,
    same_words,
)
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import N_, NotAllowed
from community.kernel.sentences import say


@dataclass(frozen=True, slots=True)
class ConversationDraft:
    """What is asked, until when, the first opinions, and how the map is drawn.

    Groups smaller than `smallest_group` are not shown; with `sets_same_aside` whoever answers
    everything alike is left out of the map.
    """

    title: str
    text: str
    closes_at: datetime
    viewpoints: tuple[str, ...]
    smallest_group: int = 5
    sets_same_aside: bool = False
    takes_viewpoints: bool = True


def open_conversation(session: Session, actor: Actor, draft: ConversationDraft) -> int:
    """Open a conversation with its first opinions; give its id.

    Raises: ClosesInPast, TooFewViewpoints, ViewpointTooLong, ViewpointKnown.
    """
    actor.check(permissions.CONVENE.code)
    now = clock.now()
    if draft.closes_at <= now:
        raise ClosesInPast
    texts = [text.strip() for text in draft.viewpoints if text.strip()]
    if len(texts) < FEWEST_FIRST_VIEWPOINTS:
        raise TooFewViewpoints(least=FEWEST_FIRST_VIEWPOINTS)
    if len(texts) > MOST_VIEWPOINTS:
        raise ConversationFull(most=MOST_VIEWPOINTS)
    row = Conversation(
        community_id=actor.community_id,
        title=draft.title,
        text=draft.text,
        state=ConversationState.OPEN,
        smallest_group=draft.smallest_group,
        sets_same_aside=draft.sets_same_aside,
        takes_viewpoints=draft.takes_viewpoints,
        opens_at=now,
        closes_at=draft.closes_at,
        opened_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    known: set[str] = set()
    for number, text in enumerate(texts, 1):
        _check_words(text, known)
        known.add(same_words(text))
        session.add(
            Viewpoint(
                community_id=actor.community_id,
                conversation_id=row.id,
                number=number,
                text=text,
                state=ViewpointState.SHOWN,
                said_at=now,
                decided_by=actor.person_id,
                decided_at=now,
            )
        )
    session.flush()
    return row.id


def propose_viewpoint(session: Session, actor: Actor, conversation_id: int, text: str) -> int:
    """Say something oneself; it is shown, without a name, once a moderator has read it.

    Raises: ConversationClosed, NoViewpointsTaken, OwnViewpointsUsedUp, ViewpointKnown.
    """
    actor.check(permissions.PROPOSE.code)
    author = _subject(actor)
    row = find_row(session, actor.community_id, conversation_id)
    _check_open(row)
    if not row.takes_viewpoints:
        raise NoViewpointsTaken
    others = list(
        session.scalars(select(Viewpoint).where(Viewpoint.conversation_id == conversation_id))
    )
    if sum(one.author_id == author for one in others) >= MOST_OWN_VIEWPOINTS:
        raise OwnViewpointsUsedUp(most=MOST_OWN_VIEWPOINTS)
    if len(others) >= MOST_VIEWPOINTS:
        raise ConversationFull(most=MOST_VIEWPOINTS)
    alive = (ViewpointState.SHOWN, ViewpointState.WAITING)
    _check_words(text, {same_words(one.text) for one in others if one.state in alive})
    said = Viewpoint(
        community_id=actor.community_id,
        conversation_id=conversation_id,
        number=max((one.number for one in others), default=0) + 1,
        text=text,
        author_id=author,
        state=ViewpointState.WAITING,
        said_at=clock.now(),
    )
    session.add(said)
    session.flush()
    return said.id


def decide_viewpoint(
    session: Session, actor: Actor, viewpoint_id: int, state: ViewpointState, reason: str = ""
) -> None:
    """Show an opinion, refuse it or withdraw it; the last two with a reason that is public.

    Raises: ViewpointNotFound, ViewpointDecided, ReasonWanted, ConversationClosed.
    """
    actor.check(permissions.MODERATE.code)
    row = viewpoint_row(session, actor.community_id, viewpoint_id)
    _check_open(find_row(session, actor.community_id, row.conversation_id))
    if state not in VIEWPOINT_STEPS[row.state]:
        raise ViewpointDecided
    if state is not ViewpointState.SHOWN and not reason:
        raise ReasonWanted
    done = session.execute(
        update(Viewpoint)
        .where(
            Viewpoint.community_id == actor.community_id,
            Viewpoint.id == viewpoint_id,
            Viewpoint.state == row.state,
        )
        .values(state=state, reason=reason, decided_by=actor.person_id, decided_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    if done.rowcount != 1:
        raise ViewpointDecided
    if row.author_id is not None:
        _tell_author(session, actor, row, state, reason)


def _tell_author(
    session: Session, actor: Actor, row: Viewpoint, state: ViewpointState, reason: str
) -> None:
    shown = state is ViewpointState.SHOWN
    words = (
        say(N_("您提的看法“{text}”已经上墙，大家可以回答了。"), text=row.text)
        if shown
        else say(N_("您提的看法“{text}”没有采用。理由：{reason}"), text=row.text, reason=reason)
    )
    title = say(N_("您的看法上墙了")) if shown else say(N_("您的看法没有采用"))
    assert row.author_id is not None
    notices.send(
        session, actor, row.author_id, title, words, f"opinions/{row.conversation_id}/mine"
    )


def answer_viewpoint(session: Session, actor: Actor, viewpoint_id: int, stance: Stance) -> int:
    """Agree, disagree or pass; a second answer takes the first one's place. Gives the conversation.

    Raises: ViewpointNotFound, ConversationClosed.
    """
    actor.check(permissions.VOTE.code)
    person_id = _subject(actor)
    row = viewpoint_row(session, actor.community_id, viewpoint_id)
    if row.state is not ViewpointState.SHOWN:
        raise ViewpointNotFound
    _check_open(find_row(session, actor.community_id, row.conversation_id))
    # One statement: of two at once the later one's answer stands, on both databases.
    db.statements(session).run(
        "INSERT INTO viewpoint_answer (community_id, conversation_id, viewpoint_id, person_id,"
        " stance, answered_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (community_id, conversation_id, person_id, viewpoint_id) DO UPDATE"
        " SET stance = excluded.stance, answered_at = excluded.answered_at"
        " WHERE viewpoint_answer.stance <> excluded.stance",
        (
            actor.community_id,
            row.conversation_id,
            viewpoint_id,
            person_id,
            STANCE_NUMBERS[stance],
            clock.micros(clock.now()),
        ),
    )
    return row.conversation_id


def change_closing(
    session: Session, actor: Actor, conversation_id: int, closes_at: datetime
) -> None:
    """Let a conversation run longer or shorter.

    Raises: ConversationClosed, ClosesInPast.
    """
    actor.check(permissions.CONVENE.code)
    row = find_row(session, actor.community_id, conversation_id)
    _check_open(row)
    if closes_at <= clock.now():
        raise ClosesInPast
    row.closes_at = closes_at


def erase_opinions(session: Session, actor: Actor, person_id: int) -> None:
    """Take the author off what was said and delete the answers that are still somebody's."""
    session.execute(
        update(Viewpoint)
        .where(Viewpoint.community_id == actor.community_id, Viewpoint.author_id == person_id)
        .values(author_id=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(ViewpointAnswer)
        .where(
            ViewpointAnswer.community_id == actor.community_id,
            ViewpointAnswer.person_id == person_id,
        )
        .execution_options(synchronize_session=False)
    )


def merge_opinions(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let a merged row's opinions be the kept person's; of two answers the kept one's stands."""
    twice = select(ViewpointAnswer.viewpoint_id).where(
        ViewpointAnswer.community_id == actor.community_id, ViewpointAnswer.person_id == kept_id
    )
    merged = (
        ViewpointAnswer.community_id == actor.community_id,
        ViewpointAnswer.person_id == merged_id,
    )
    session.execute(
        delete(ViewpointAnswer)
        .where(*merged, ViewpointAnswer.viewpoint_id.in_(twice))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(ViewpointAnswer)
        .where(*merged)
        .values(person_id=kept_id)
        .execution_options(synchronize_session=False)
    )
    for column in (Viewpoint.author_id, Viewpoint.decided_by, Conversation.opened_by):
        table = column.class_
        session.execute(
            update(table)
            .where(table.community_id == actor.community_id, column == merged_id)
            .values({column.key: kept_id})
            .execution_options(synchronize_session=False)
        )


def _subject(actor: Actor) -> int:
    if actor.subject_id is None:
        raise NotAllowed
    return actor.subject_id


def _check_open(row: Conversation) -> None:
    if not is_open(row.state, row.closes_at, clock.now()):
        raise ConversationClosed


def _check_words(text: str, known: set[str]) -> None:
    if len(text) > LONGEST_VIEWPOINT:
        raise ViewpointTooLong(longest=LONGEST_VIEWPOINT, text=f"{text[:20]}…")
    if same_words(text) in known:
        raise ViewpointKnown(text=text)
