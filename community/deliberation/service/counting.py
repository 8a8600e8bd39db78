"""Commands of counting: hands in the room; amendments before the motion, a quorum before both."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.deliberation.errors.meetings import NoQuorum
from community.deliberation.errors.motions import AmendmentsFirst, NotSeconded
from community.deliberation.events import MotionDecided as MotionDecidedEvent
from community.deliberation.models import AgendaItem, Amendment, Meeting, Motion, VoteCount
from community.deliberation.queries.bodies import get_rule
from community.deliberation.queries.meetings import present_count
from community.deliberation.queries.motions import load_amendment, load_motion
from community.deliberation.rules.bodies import BodyFigures
from community.deliberation.rules.meetings import (
    Count,
    CountWay,
    base_of,
    check_count,
    has_quorum,
    is_passed,
    quorum_of,
)
from community.deliberation.rules.motions import PENDING, MotionState, amend, words_hash
from community.deliberation.service.meeting_log import hidden_person, publish
from community.deliberation.service.motions import check_debated
from community.deliberation.service.seats import sitting
from community.deliberation.service.speeches import end_running
from community.deliberation.service.subjects import tell_subject
from community.kernel import clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say


@dataclass(frozen=True, slots=True)
class Counted:
    """What a count came to."""

    count_id: int
    passed: bool


@dataclass(frozen=True, slots=True)
class _Judged:
    """Which words were voted how, and by which figures."""

    words_sha256: str
    figures: BodyFigures
    count: Count
    way: CountWay
    poll_id: int | None = None


def count_motion(
    session: Session, actor: Actor, motion_id: int, yes: int, no: int, abstain: int
) -> Counted:
    """Count hands for a motion: those present now are the whole; a tie fails.

    Raises: MotionNotFound, NotTheChair, MeetingNotOpen, NotSeconded, VoteRunning, MotionDecided,
    AmendmentsFirst, NoQuorum, CountBeyondPresent.
    """
    motion = load_motion(session, actor.community_id, motion_id)
    meeting = sitting(session, actor, motion.meeting_id)
    check_votable(session, motion)
    count = _count(session, meeting, yes, no, abstain)
    return decide_motion(session, actor, meeting, motion, count, CountWay.HANDS)


def count_amendment(
    session: Session,
    actor: Actor,
    motion_id: int,
    amendment_id: int,
    yes: int,
    no: int,
    abstain: int,
) -> Counted:
    """Count hands for an amendment; carried, it changes the motion's words at once.

    Raises: MotionNotFound, AmendmentNotFound, NotTheChair, MeetingNotOpen, NotSeconded,
    VoteRunning, MotionDecided, NoQuorum, CountBeyondPresent, WordsNotOnce.
    """
    motion = load_motion(session, actor.community_id, motion_id)
    meeting = sitting(session, actor, motion.meeting_id)
    check_debated(motion)
    row = load_amendment(session, motion, amendment_id)
    if row.state is not MotionState.SECONDED:
        raise NotSeconded
    # An earlier amendment may have taken away the words this one names: then it has no object.
    words = amend(motion.final_words, row.from_words, row.to_words)
    count = _count(session, meeting, yes, no, abstain)
    figures = _figures(session, meeting)
    check_count(figures, count)
    passed = is_passed(figures, count)
    judged = _Judged(words_hash(words), figures, count, CountWay.HANDS)
    made = _keep(session, actor, motion, row.id, judged)
    row.state = MotionState.CARRIED if passed else MotionState.LOST
    row.decided_at = clock.now()
    if passed:
        motion.final_words = words
    session.flush()
    return Counted(made, passed)


def decide_motion(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    motion: Motion,
    count: Count,
    way: CountWay,
    poll_id: int | None = None,
) -> Counted:
    """Keep a motion's count and let it decide; the one place where a motion gets its end.

    Raises: NoQuorum, CountBeyondPresent.
    """
    figures = _figures(session, meeting)
    check_count(figures, count)
    passed = is_passed(figures, count)
    judged = _Judged(words_hash(motion.final_words), figures, count, way, poll_id)
    made = _keep(session, actor, motion, None, judged)
    motion.state = MotionState.CARRIED if passed else MotionState.LOST
    motion.decided_at = clock.now()
    session.flush()
    item = session.get_one(AgendaItem, motion.agenda_item_id)
    told = MotionDecidedEvent(actor.community_id, meeting.id, motion.id, item.subject, passed)
    events.tell(session, told)
    words = say(N_("通过：{title}") if passed else N_("没有通过：{title}"), title=motion.title)
    tell_subject(session, actor, item.subject, "vote", f"motion:{motion.id}", words)
    end_running(session, meeting.community_id, meeting.id)
    return Counted(made, passed)


def check_votable(session: Session, motion: Motion) -> None:
    """Refuse to vote a motion that is not seconded, decided, or has amendments pending.

    Raises: NotSeconded, VoteRunning, MotionDecided, AmendmentsFirst.
    """
    check_debated(motion)
    pending = session.scalar(
        select(func.count()).where(
            Amendment.community_id == motion.community_id,
            Amendment.motion_id == motion.id,
            Amendment.state.in_(PENDING),
        )
    )
    if pending:
        raise AmendmentsFirst(number=pending)


def check_quorum(session: Session, meeting: Meeting) -> None:
    """Refuse to begin a vote that could not decide.

    Raises: NoQuorum.
    """
    figures, present = _figures(session, meeting), present_count(session, meeting)
    assert meeting.expected_count is not None
    if not has_quorum(figures, meeting.expected_count, present):
        raise NoQuorum(present=present, needed=quorum_of(figures, meeting.expected_count))


def _count(session: Session, meeting: Meeting, yes: int, no: int, abstain: int) -> Count:
    assert meeting.expected_count is not None
    return Count(meeting.expected_count, present_count(session, meeting), yes, no, abstain)


def _figures(session: Session, meeting: Meeting) -> BodyFigures:
    assert meeting.body_rule_id is not None
    return get_rule(session, meeting.community_id, meeting.body_rule_id).figures


def _keep(
    session: Session, actor: Actor, motion: Motion, amendment_id: int | None, judged: _Judged
) -> int:
    figures, count = judged.figures, judged.count
    row = VoteCount(
        community_id=actor.community_id,
        motion_id=motion.id,
        amendment_id=amendment_id,
        way=judged.way,
        words_sha256=judged.words_sha256,
        expected=count.expected,
        present=count.present,
        yes=count.yes,
        no=count.no,
        abstain=count.abstain,
        quorum_num=figures.quorum_num,
        quorum_den=figures.quorum_den,
        passing_num=figures.passing_num,
        passing_den=figures.passing_den,
        is_passing_inclusive=figures.is_passing_inclusive,
        passing_base=figures.passing_base,
        base=base_of(figures, count),
        passed=is_passed(figures, count),
        poll_id=judged.poll_id,
        counted_by=actor.person_id,
        counted_at=clock.now(),
    )
    session.add(row)
    session.flush()
    told = {
        "count": row.id,
        "meeting": motion.meeting_id,
        "motion": motion.id,
        "amendment": amendment_id or 0,
        "text_sha256": judged.words_sha256,
        "way": judged.way.value,
        "votes": [count.expected, count.present, count.yes, count.no, count.abstain],
        "passed": row.passed,
        "counter": hidden_person(session, actor, actor.person_id),
    }
    publish(session, actor, "meeting.count", row.id, told)
    return row.id
