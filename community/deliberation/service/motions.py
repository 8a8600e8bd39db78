"""Commands of motions and amendments: move, second, withdraw."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.deliberation.errors.meetings import AgendaItemNotFound
from community.deliberation.errors.motions import (
    AlreadySeconded,
    MotionDecided,
    NothingChanged,
    NotSeconded,
    OwnMotion,
    VoteRunning,
)
from community.deliberation.models import AgendaItem, Amendment, Meeting, Motion
from community.deliberation.queries.motions import load_amendment, load_motion
from community.deliberation.rules.motions import MotionState, amend, words_hash
from community.deliberation.service.meeting_log import hidden_person, publish
from community.deliberation.service.seats import may_run, present_in
from community.deliberation.service.topic_steps import check_words
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed


def move_motion(
    session: Session, actor: Actor, meeting_id: int, agenda_item_id: int, title: str, words: str
) -> int:
    """Move that something be decided, on an item of the posted agenda; gives the motion's id.

    Raises: MeetingNotFound, MeetingNotOpen, NotAMemberHere, NotPresent, AgendaItemNotFound,
    WordsPersonal.
    """
    mover_id = present_in(session, actor, meeting_id)
    item = session.get(AgendaItem, agenda_item_id)
    if item is None or (item.community_id, item.meeting_id) != (actor.community_id, meeting_id):
        raise AgendaItemNotFound
    check_words(session, actor, f"{title}\n{words}")
    last = session.scalar(
        select(func.max(Motion.number)).where(
            Motion.community_id == actor.community_id, Motion.meeting_id == meeting_id
        )
    )
    row = Motion(
        community_id=actor.community_id,
        meeting_id=meeting_id,
        agenda_item_id=agenda_item_id,
        number=int(last or 0) + 1,
        title=title,
        words=words,
        words_sha256=words_hash(words),
        final_words=words,
        state=MotionState.MOVED,
        mover_id=mover_id,
        moved_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def second_motion(session: Session, actor: Actor, motion_id: int) -> str:
    """Second a motion: its words stand from now on; gives their hash.

    Raises: MotionNotFound, MeetingNotOpen, NotAMemberHere, NotPresent, OwnMotion,
    AlreadySeconded, MotionDecided.
    """
    row = load_motion(session, actor.community_id, motion_id)
    person_id = present_in(session, actor, row.meeting_id)
    if person_id == row.mover_id:
        raise OwnMotion
    _check_waits_for_second(row.state)
    row.seconder_id, row.seconded_at = person_id, clock.now()
    row.state = MotionState.SECONDED
    session.flush()
    told = {
        "motion": row.id,
        "meeting": row.meeting_id,
        "number": row.number,
        "title": row.title,
        "text_sha256": row.words_sha256,
        "mover": hidden_person(session, actor, row.mover_id),
        "seconder": hidden_person(session, actor, person_id),
    }
    publish(session, actor, "meeting.motion", row.id, told)
    return row.words_sha256


def withdraw_motion(session: Session, actor: Actor, motion_id: int) -> None:
    """Take a motion back before it is voted: its mover, or whoever runs the meeting.

    Raises: MotionNotFound, MotionDecided, VoteRunning, NotAllowed.
    """
    row = load_motion(session, actor.community_id, motion_id)
    _check_may_withdraw(session, actor, row.meeting_id, row.mover_id)
    if row.state is MotionState.VOTING:
        raise VoteRunning
    if row.state not in {MotionState.MOVED, MotionState.SECONDED}:
        raise MotionDecided
    row.state = MotionState.WITHDRAWN


def move_amendment(
    session: Session, actor: Actor, motion_id: int, from_words: str, to_words: str
) -> int:
    """Move that words of a motion become others; empty `from_words` adds at the end.

    Raises: MotionNotFound, MeetingNotOpen, NotAMemberHere, NotPresent, NotSeconded, VoteRunning,
    MotionDecided, WordsNotOnce, NothingChanged, WordsPersonal.
    """
    motion = load_motion(session, actor.community_id, motion_id)
    mover_id = present_in(session, actor, motion.meeting_id)
    check_debated(motion)
    check_words(session, actor, to_words)
    if amend(motion.final_words, from_words, to_words) == motion.final_words:
        raise NothingChanged
    last = session.scalar(
        select(func.max(Amendment.number)).where(
            Amendment.community_id == actor.community_id, Amendment.motion_id == motion_id
        )
    )
    row = Amendment(
        community_id=actor.community_id,
        motion_id=motion_id,
        number=int(last or 0) + 1,
        from_words=from_words,
        to_words=to_words,
        state=MotionState.MOVED,
        mover_id=mover_id,
        moved_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def second_amendment(session: Session, actor: Actor, motion_id: int, amendment_id: int) -> None:
    """Second an amendment.

    Raises: MotionNotFound, AmendmentNotFound, MeetingNotOpen, NotAMemberHere, NotPresent,
    OwnMotion, AlreadySeconded, MotionDecided.
    """
    motion = load_motion(session, actor.community_id, motion_id)
    row = load_amendment(session, motion, amendment_id)
    person_id = present_in(session, actor, motion.meeting_id)
    if person_id == row.mover_id:
        raise OwnMotion
    _check_waits_for_second(row.state)
    row.seconder_id = person_id
    row.state = MotionState.SECONDED


def withdraw_amendment(session: Session, actor: Actor, motion_id: int, amendment_id: int) -> None:
    """Take an amendment back before it is voted: its mover, or whoever runs the meeting.

    Raises: MotionNotFound, AmendmentNotFound, MotionDecided, NotAllowed.
    """
    motion = load_motion(session, actor.community_id, motion_id)
    row = load_amendment(session, motion, amendment_id)
    _check_may_withdraw(session, actor, motion.meeting_id, row.mover_id)
    if row.state not in {MotionState.MOVED, MotionState.SECONDED}:
        raise MotionDecided
    row.state = MotionState.WITHDRAWN


def check_debated(motion: Motion) -> None:
    """Refuse what is done only while a seconded motion is discussed.

    Raises: NotSeconded, VoteRunning, MotionDecided.
    """
    if motion.state is MotionState.MOVED:
        raise NotSeconded
    if motion.state is MotionState.VOTING:
        raise VoteRunning
    if motion.state is not MotionState.SECONDED:
        raise MotionDecided


def _check_waits_for_second(state: MotionState) -> None:
    if state in {MotionState.SECONDED, MotionState.VOTING}:
        raise AlreadySeconded
    if state is not MotionState.MOVED:
        raise MotionDecided


def _check_may_withdraw(session: Session, actor: Actor, meeting_id: int, mover_id: int) -> None:
    meeting = session.get_one(Meeting, meeting_id)
    is_own = actor.person_id == mover_id and actor.on_behalf_of is None
    if not is_own and not may_run(actor, meeting):
        raise NotAllowed
