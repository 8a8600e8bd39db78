"""Commands of the speaking queue: wait for a side, give the floor in turn, end a speech."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.deliberation.errors.motions import (
    AlreadyWaiting,
    NobodySpeaks,
    NobodyWaits,
    SomebodySpeaks,
    SpokeEnough,
)
from community.deliberation.models import Meeting, Speech
from community.deliberation.permissions import ATTEND
from community.deliberation.queries.bodies import get_rule
from community.deliberation.queries.motions import load_motion, queue_of
from community.deliberation.rules.meetings import SpeechSide
from community.deliberation.service.motions import check_debated
from community.deliberation.service.seats import present_in, sitting
from community.kernel import clock
from community.kernel.actor import Actor


def ask_to_speak(session: Session, actor: Actor, motion_id: int, side: SpeechSide) -> int:
    """Wait to speak for or against a motion; gives the place's id.

    Raises: MotionNotFound, MeetingNotOpen, NotAMemberHere, NotPresent, NotSeconded, VoteRunning,
    MotionDecided, AlreadyWaiting, SpokeEnough.
    """
    motion = load_motion(session, actor.community_id, motion_id)
    person_id = present_in(session, actor, motion.meeting_id)
    return _wait(session, actor, motion_id, person_id, side)


def note_speaker(
    session: Session, actor: Actor, motion_id: int, person_id: int, side: SpeechSide
) -> int:
    """Let somebody without a phone, who raised a hand, wait to speak; gives the place's id.

    Raises: MotionNotFound, NotTheChair, MeetingNotOpen, NotAMemberHere, NotPresent, NotSeconded,
    VoteRunning, MotionDecided, AlreadyWaiting, SpokeEnough.
    """
    motion = load_motion(session, actor.community_id, motion_id)
    sitting(session, actor, motion.meeting_id)
    spoken_for = Actor(
        community_id=actor.community_id, person_id=person_id, grants=frozenset({ATTEND.code})
    )
    return _wait(
        session, actor, motion_id, present_in(session, spoken_for, motion.meeting_id), side
    )


def leave_queue(session: Session, actor: Actor, motion_id: int) -> None:
    """Give up one's own place in the queue; without one, nothing changes.

    Raises: MotionNotFound, MeetingNotOpen, NotAMemberHere, NotPresent.
    """
    motion = load_motion(session, actor.community_id, motion_id)
    person_id = present_in(session, actor, motion.meeting_id)
    row = _waiting(session, actor, motion_id, person_id)
    if row is not None:
        row.ended_at = clock.now()


def give_floor(session: Session, actor: Actor, motion_id: int) -> int:
    """Give the floor to who is next: sides alternate; gives the person's id.

    Raises: MotionNotFound, NotTheChair, MeetingNotOpen, NotSeconded, VoteRunning, MotionDecided,
    SomebodySpeaks, NobodyWaits.
    """
    motion = load_motion(session, actor.community_id, motion_id)
    sitting(session, actor, motion.meeting_id)
    check_debated(motion)
    running = select(Speech.id).where(
        Speech.community_id == actor.community_id,
        Speech.meeting_id == motion.meeting_id,
        Speech.started_at.is_not(None),
        Speech.ended_at.is_(None),
    )
    if session.scalar(running) is not None:
        raise SomebodySpeaks
    queue = queue_of(session, actor.community_id, motion_id)
    if not queue:
        raise NobodyWaits
    row = session.get_one(Speech, queue[0].id)
    row.started_at = clock.now()
    session.flush()
    return row.person_id


def end_speech(session: Session, actor: Actor, motion_id: int) -> None:
    """End the speech that runs.

    Raises: MotionNotFound, NotTheChair, MeetingNotOpen, NobodySpeaks.
    """
    motion = load_motion(session, actor.community_id, motion_id)
    sitting(session, actor, motion.meeting_id)
    if not end_running(session, motion.community_id, motion.meeting_id):
        raise NobodySpeaks


def end_running(session: Session, community_id: int, meeting_id: int) -> bool:
    """End the speech that runs in a meeting; False when nobody spoke."""
    row = session.scalar(
        select(Speech).where(
            Speech.community_id == community_id,
            Speech.meeting_id == meeting_id,
            Speech.started_at.is_not(None),
            Speech.ended_at.is_(None),
        )
    )
    if row is not None:
        row.ended_at = clock.now()
        session.flush()
    return row is not None


def _wait(session: Session, actor: Actor, motion_id: int, person_id: int, side: SpeechSide) -> int:
    motion = load_motion(session, actor.community_id, motion_id)
    check_debated(motion)
    if _waiting(session, actor, motion_id, person_id) is not None:
        raise AlreadyWaiting
    meeting = session.get_one(Meeting, motion.meeting_id)
    assert meeting.body_rule_id is not None
    figures = get_rule(session, actor.community_id, meeting.body_rule_id).figures
    spoken = session.scalar(
        select(func.count()).where(
            Speech.community_id == actor.community_id,
            Speech.motion_id == motion_id,
            Speech.person_id == person_id,
            Speech.started_at.is_not(None),
        )
    )
    if int(spoken or 0) >= figures.speeches_each:
        raise SpokeEnough(times=figures.speeches_each)
    row = Speech(
        community_id=actor.community_id,
        meeting_id=motion.meeting_id,
        motion_id=motion_id,
        person_id=person_id,
        side=side,
        seconds=figures.speech_seconds,
        asked_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def _waiting(session: Session, actor: Actor, motion_id: int, person_id: int) -> Speech | None:
    found: Speech | None = session.scalar(
        select(Speech).where(
            Speech.community_id == actor.community_id,
            Speech.motion_id == motion_id,
            Speech.person_id == person_id,
            Speech.started_at.is_(None),
            Speech.ended_at.is_(None),
        )
    )
    return found
