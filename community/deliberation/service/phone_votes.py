"""Commands of voting a motion by phone: those present are the roll."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation.errors.motions import NoVoteRunning
from community.deliberation.models import (
    Meeting,
    MeetingAttendance,
    Motion,
    Poll,
    PollKind,
    PollResult,
    RollEntry,
    VoteCount,
)
from community.deliberation.queries.motions import load_motion
from community.deliberation.rules.meetings import Count, CountWay
from community.deliberation.rules.motions import MotionState
from community.deliberation.rules.polls import PollState, RollKind, Secrecy, Turnout
from community.deliberation.service.closing import close_poll, decide_poll
from community.deliberation.service.counting import (
    check_quorum,
    check_votable,
    decide_motion,
)
from community.deliberation.service.polls import PollDraft, draft_poll, freeze_poll
from community.deliberation.service.rolls import post_roll
from community.deliberation.service.seats import sitting
from community.deliberation.service.subjects import MOTION, number_in
from community.deliberation.tallies import Voice
from community.kernel import clock
from community.kernel.actor import Actor

# A poll opens after it is frozen; the pages of those who vote load meanwhile.
_BEFORE = timedelta(seconds=3)


def begin_phone_vote(session: Session, actor: Actor, motion_id: int, minutes: int = 3) -> int:
    """Let those who are present vote a motion by phone for some minutes; gives the poll's id.

    Raises: MotionNotFound, NotTheChair, MeetingNotOpen, NotSeconded, VoteRunning, MotionDecided,
    AmendmentsFirst, NoQuorum.
    """
    motion = load_motion(session, actor.community_id, motion_id)
    meeting = sitting(session, actor, motion.meeting_id)
    check_votable(session, motion)
    check_quorum(session, meeting)
    people = session.scalars(
        select(MeetingAttendance.person_id)
        .where(
            MeetingAttendance.community_id == actor.community_id,
            MeetingAttendance.meeting_id == meeting.id,
            MeetingAttendance.arrived_at.is_not(None),
            MeetingAttendance.left_at.is_(None),
        )
        .order_by(MeetingAttendance.person_id)
    )
    opens_at = clock.now() + _BEFORE
    draft = PollDraft(
        kind=PollKind.YES_NO,
        title=f"动议 {motion.number}：{motion.title}"[:80],
        text=motion.final_words,
        options=(),
        roll_kind=RollKind.LIST,
        people=tuple(people),
        opens_at=opens_at,
        closes_at=opens_at + timedelta(minutes=minutes),
        settings={"base": "roll"},
        secrecy=Secrecy.NAMED,
        turnout=Turnout.SHOWN,
        subject=f"{MOTION}{motion.id}",
    )
    # The chair may be no convener: the meeting has decided to vote, so the product asks.
    product = Actor.system(actor.community_id)
    poll_id = draft_poll(session, product, draft)
    post_roll(session, product, poll_id)
    freeze_poll(session, product, poll_id)
    motion.poll_id, motion.state = poll_id, MotionState.VOTING
    session.flush()
    return poll_id


def end_phone_vote(session: Session, actor: Actor, motion_id: int) -> bool:
    """Close and count a motion's poll whose time is over; gives whether the motion is carried.

    Raises: MotionNotFound, NotTheChair, MeetingNotOpen, NoVoteRunning, NotClosedYet.
    """
    motion = load_motion(session, actor.community_id, motion_id)
    sitting(session, actor, motion.meeting_id)
    if motion.state is not MotionState.VOTING or motion.poll_id is None:
        raise NoVoteRunning
    product = Actor.system(actor.community_id)
    poll = session.get_one(Poll, motion.poll_id)
    if poll.state in {PollState.FROZEN, PollState.OPEN}:
        close_poll(session, product, motion.poll_id)
        session.refresh(poll)
    if poll.state is PollState.CLOSED:
        decide_poll(session, product, motion.poll_id)
    decided = session.scalar(
        select(VoteCount.passed).where(
            VoteCount.motion_id == motion_id, VoteCount.amendment_id.is_(None)
        )
    )
    return bool(decided)


def take_phone_vote(session: Session, actor: Actor, poll_id: int, subject: str) -> None:
    """Take a decided poll's count over into the motion it was about; others are left alone."""
    motion_id = number_in(subject, MOTION)
    motion = None if motion_id is None else session.get(Motion, motion_id)
    if motion is None or (motion.community_id, motion.poll_id) != (actor.community_id, poll_id):
        return
    if motion.state is not MotionState.VOTING:
        return
    outcome = session.scalars(select(PollResult.outcome).where(PollResult.poll_id == poll_id)).one()
    meeting = session.get_one(Meeting, motion.meeting_id)
    assert meeting.expected_count is not None
    votes = dict(outcome["totals"])
    heads = len(session.scalars(select(RollEntry.id).where(RollEntry.poll_id == poll_id)).all())
    count = Count(
        meeting.expected_count,
        heads,
        int(votes.get(Voice.YES, 0)),
        int(votes.get(Voice.NO, 0)),
        int(votes.get(Voice.ABSTAIN, 0)),
    )
    decide_motion(session, actor, meeting, motion, count, CountWay.PHONE, poll_id)


def release_motion(session: Session, actor: Actor, motion_id: int) -> None:
    """Let a motion be discussed again whose poll was withdrawn.

    Raises: MotionNotFound, NotTheChair, MeetingNotOpen, NoVoteRunning.
    """
    motion = load_motion(session, actor.community_id, motion_id)
    sitting(session, actor, motion.meeting_id)
    if motion.state is not MotionState.VOTING or motion.poll_id is None:
        raise NoVoteRunning
    if session.get_one(Poll, motion.poll_id).state is not PollState.WITHDRAWN:
        raise NoVoteRunning
    motion.poll_id, motion.state = None, MotionState.SECONDED
