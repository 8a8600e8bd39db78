"""Meetings: called in time, attended, counted, and closed; who may do what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community import notices
from community.deliberation.errors.meetings import (
    AgendaEmpty,
    AgendaPosted,
    CodeExpired,
    CountBeyondPresent,
    MeetingNotCalled,
    MeetingNotFound,
    MeetingNotOpen,
    MeetingNotPlanned,
    MotionsPending,
    NoQuorum,
    NotAMemberHere,
    NoticeTooLate,
    NotPresent,
    NotTheChair,
    TooEarlyToOpen,
)
from community.deliberation.errors.motions import (
    AlreadySeconded,
    AlreadyWaiting,
    AmendmentsFirst,
    MotionDecided,
    NotSeconded,
    NoVoteRunning,
    OwnMotion,
    SomebodySpeaks,
    SpokeEnough,
    VoteRunning,
    WordsNotOnce,
)
from community.deliberation.errors.polls import NotClosedYet
from community.deliberation.models import AgendaItem, Motion, VoteCount
from community.deliberation.queries.meetings import get_door_code, get_meeting, seats
from community.deliberation.queries.motions import floor_of, get_motion
from community.deliberation.rules.meetings import MeetingState, SpeechSide
from community.deliberation.rules.motions import MotionState, words_hash
from community.deliberation.service import (
    attendance,
    counting,
    meetings,
    motions,
    phone_votes,
    speeches,
)
from community.deliberation.service.ballots import cast_ballot
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from tests import builders
from tests.conftest import NOON
from tests.deliberation.bodies import make_council
from tests.deliberation.sittings import DAY, TITLE, WORDS, call, move, plan, present, sitting

FOR, AGAINST = SpeechSide.FOR, SpeechSide.AGAINST


def test_a_meeting_is_called_in_time_and_everybody_is_told(database: Database) -> None:
    council = make_council()
    meeting, _ = plan(council)
    notice = db.write(meetings.call_meeting, council.staff, meeting)
    with db.read() as session:
        found = get_meeting(session, council.neighbour, meeting)
        posted = notices.get_notice(session, council.community_id, notice)
        told = notices.inbox(session, council.community_id, council.members[4].person_id or 0)
    assert found.state is MeetingState.CALLED
    assert (found.chair, found.secretary) == ("王秀英", "李建国")
    assert "1. 加装路灯" in posted.body
    assert told.messages[0].title == "居民议事会开会通知"
    with pytest.raises(MeetingNotPlanned):
        db.write(meetings.call_meeting, council.staff, meeting)


def test_a_late_notice_is_refused_with_the_day_it_may_be(database: Database) -> None:
    council = make_council()
    meeting, _ = plan(council, NOON + timedelta(days=2))
    with pytest.raises(NoticeTooLate, match=r"至少提前 3 天.*2026-11-25"):
        db.write(meetings.call_meeting, council.staff, meeting)
    db.write(
        meetings.arrange_meeting, council.staff, meeting, "第 3 次会议", "活动室",
        NOON + timedelta(days=3),
    )  # fmt: skip
    db.write(meetings.call_meeting, council.staff, meeting)


def test_an_empty_agenda_calls_nobody_and_a_posted_one_stands(database: Database) -> None:
    council = make_council()
    meeting, item = plan(council)
    db.write(meetings.drop_agenda_item, council.staff, meeting, item)
    with pytest.raises(AgendaEmpty):
        db.write(meetings.call_meeting, council.staff, meeting)
    other, item = call(council)
    with pytest.raises(AgendaPosted):
        db.write(meetings.add_agenda_item, council.staff, other, "临时加一项", "")
    with pytest.raises(AgendaPosted):
        db.write(meetings.drop_agenda_item, council.staff, other, item)
    row = {"community_id": council.community_id, "meeting_id": other, "position": 9}
    with pytest.raises(IntegrityError):
        builders.add(AgendaItem, **row, title="临时", words="")


def test_who_may_plan_call_and_open(database: Database) -> None:
    council = make_council()
    args = (council.body_id, "会", "室", DAY)
    with pytest.raises(NotAllowed):
        db.write(meetings.plan_meeting, council.neighbour, *args)
    meeting, _ = plan(council)
    with pytest.raises(NotAllowed):
        db.write(meetings.call_meeting, council.chair, meeting)
    with pytest.raises(MeetingNotFound):
        db.write(meetings.call_meeting, council.outsider, meeting)
    with pytest.raises(MeetingNotCalled):
        db.write(meetings.open_meeting, council.chair, meeting)
    db.write(meetings.call_meeting, council.committee, meeting)
    with pytest.raises(TooEarlyToOpen):
        db.write(meetings.open_meeting, council.chair, meeting)
    with clock.fixed(DAY):
        with pytest.raises(NotTheChair):
            db.write(meetings.open_meeting, council.members[5], meeting)
        assert db.write(meetings.open_meeting, council.chair, meeting) == 9


def test_members_check_in_by_the_code_of_the_room(database: Database) -> None:
    with sitting(present=0) as held:
        with db.read() as session:
            code = get_door_code(session, held.chair, held.meeting_id).code
        member = held.members[6]
        with pytest.raises(CodeExpired):
            db.write(attendance.check_in_to_meeting, member, held.meeting_id, "000000")
        for _ in range(2):
            db.write(attendance.check_in_to_meeting, member, held.meeting_id, code)
        assert present(held) == 1
        with pytest.raises(NotAMemberHere):
            db.write(attendance.check_in_to_meeting, held.council.neighbour, held.meeting_id, code)
        with clock.fixed(DAY + timedelta(minutes=3)), pytest.raises(CodeExpired):
            db.write(attendance.check_in_to_meeting, held.members[7], held.meeting_id, code)


def test_the_desk_ticks_scans_cards_and_lets_people_go(database: Database) -> None:
    with sitting(present=2) as held:
        card = "ABCD2345EFGH"
        person = held.members[4].person_id or 0
        builders.make_card(held.council.community_id, person, card)
        assert db.write(attendance.scan_into_meeting, held.chair, held.meeting_id, card) == person
        assert present(held) == 3
        with pytest.raises(NotAMemberHere):
            db.write(attendance.scan_into_meeting, held.chair, held.meeting_id, "ZZZZ")
        with pytest.raises(NotTheChair):
            db.write(attendance.tick_into_meeting, held.members[4], held.meeting_id, person)
        db.write(attendance.tick_out_of_meeting, held.chair, held.meeting_id, person)
        assert present(held) == 2
        db.write(attendance.tick_into_meeting, held.chair, held.meeting_id, person)
        assert present(held) == 3


def test_nobody_joins_the_roll_of_a_meeting_that_sits(database: Database) -> None:
    with sitting() as held:
        late = held.council.neighbour.person_id or 0
        with pytest.raises(NotAMemberHere):
            db.write(attendance.tick_into_meeting, held.chair, held.meeting_id, late)
        with db.read() as session:
            assert len(seats(session, held.chair, held.meeting_id)) == 9


def test_a_motion_is_frozen_when_it_is_seconded(database: Database) -> None:
    with sitting() as held:
        mover, other = held.members[2], held.members[3]
        args = (held.meeting_id, held.item_id, TITLE, WORDS)
        motion: int = db.write(motions.move_motion, mover, *args)
        with pytest.raises(OwnMotion):
            db.write(motions.second_motion, mover, motion)
        with pytest.raises(NotPresent):
            db.write(motions.second_motion, held.members[8], motion)
        with pytest.raises(NotAMemberHere):
            db.write(motions.second_motion, held.council.neighbour, motion)
        assert db.write(motions.second_motion, other, motion) == words_hash(WORDS)
        with pytest.raises(AlreadySeconded):
            db.write(motions.second_motion, held.members[4], motion)

        def rewrite(session: Session, actor: Actor) -> None:
            session.execute(update(Motion).where(Motion.id == motion).values(words="别的"))

        with pytest.raises(IntegrityError):
            db.write(rewrite, held.chair)
        db.write(motions.withdraw_motion, mover, motion)


def test_amendments_come_first_and_change_the_words(database: Database) -> None:
    with sitting() as held:
        motion = move(held)
        first: int = db.write(motions.move_amendment, held.members[4], motion, "两盏", "三盏")
        second: int = db.write(
            motions.move_amendment, held.members[5], motion, "两盏路灯", "两盏太阳能路灯"
        )
        with pytest.raises(AmendmentsFirst):
            db.write(counting.count_motion, held.chair, motion, 7, 0, 0)
        with pytest.raises(NotSeconded):
            db.write(counting.count_amendment, held.chair, motion, first, 7, 0, 0)
        db.write(motions.second_amendment, held.members[6], motion, first)
        db.write(motions.second_amendment, held.members[6], motion, second)
        assert db.write(counting.count_amendment, held.chair, motion, first, 5, 2, 0).passed
        # Its words are gone: it has no object any more.
        with pytest.raises(WordsNotOnce):
            db.write(counting.count_amendment, held.chair, motion, second, 7, 0, 0)
        db.write(motions.withdraw_amendment, held.chair, motion, second)
        assert db.write(counting.count_motion, held.chair, motion, 6, 1, 0).passed
        with db.read() as session:
            found = get_motion(session, held.chair, motion)
        assert found.final_words == WORDS.replace("两盏", "三盏")
        assert found.words == WORDS
        assert found.state is MotionState.CARRIED
        assert found.count is not None
        assert found.count.words_sha256 == words_hash(found.final_words)


def test_counts_within_those_present_a_tie_fails_and_it_stands(database: Database) -> None:
    with sitting(present=6) as held:
        motion = move(held)
        with pytest.raises(CountBeyondPresent):
            db.write(counting.count_motion, held.chair, motion, 4, 3, 0)
        with pytest.raises(NotTheChair):
            db.write(counting.count_motion, held.members[4], motion, 6, 0, 0)
        assert not db.write(counting.count_motion, held.chair, motion, 3, 3, 0).passed
        with pytest.raises(MotionDecided):
            db.write(counting.count_motion, held.chair, motion, 6, 0, 0)
        with db.read() as session:
            assert get_motion(session, held.chair, motion).state is MotionState.LOST


def test_nothing_is_decided_without_a_quorum(database: Database) -> None:
    with sitting(present=6) as held:
        motion = move(held)
        gone = held.members[5].person_id
        db.write(attendance.tick_out_of_meeting, held.chair, held.meeting_id, gone)
        with pytest.raises(NoQuorum, match="到会 5 人，不足法定的 6 人"):
            db.write(counting.count_motion, held.chair, motion, 5, 0, 0)
        db.write(motions.withdraw_motion, held.chair, motion)


def test_the_database_refuses_a_count_that_cannot_be(database: Database) -> None:
    with sitting(present=7) as held:
        motion = move(held)
        good = {
            "community_id": held.council.community_id, "motion_id": motion, "way": "hands",
            "words_sha256": words_hash(WORDS), "expected": 9, "present": 7, "yes": 4, "no": 3,
            "abstain": 0, "quorum_num": 2, "quorum_den": 3, "passing_num": 1, "passing_den": 2,
            "is_passing_inclusive": False, "passing_base": "present", "base": 7, "passed": True,
            "counted_at": clock.now(),
        }  # fmt: skip
        for wrong in (
            {"yes": 5}, {"present": 5, "base": 5, "no": 0}, {"yes": 3, "no": 3},
            {"present": 10, "base": 10}, {"base": 5}, {"yes": -1, "passed": False},
        ):  # fmt: skip
            with pytest.raises(IntegrityError):
                builders.add(VoteCount, **(good | wrong))

        def carry(session: Session, actor: Actor) -> None:
            changed = {"state": MotionState.CARRIED, "decided_at": clock.now()}
            session.execute(update(Motion).where(Motion.id == motion).values(changed))

        with pytest.raises(IntegrityError):
            db.write(carry, held.chair)
        db.write(counting.count_motion, held.chair, motion, 4, 3, 0)


def test_speakers_alternate_by_the_clock(database: Database) -> None:
    with sitting() as held:
        motion = move(held)
        for member, side in ((4, FOR), (5, FOR), (6, AGAINST)):
            db.write(speeches.ask_to_speak, held.members[member], motion, side)
        with pytest.raises(AlreadyWaiting):
            db.write(speeches.ask_to_speak, held.members[4], motion, AGAINST)
        assert db.write(speeches.give_floor, held.chair, motion) == held.members[4].person_id
        with pytest.raises(SomebodySpeaks):
            db.write(speeches.give_floor, held.chair, motion)
        with clock.fixed(DAY + timedelta(seconds=50)), db.read() as session:
            floor = floor_of(session, held.chair, motion)
        assert floor.speaking is not None
        assert floor.speaking.seconds_left == 70
        assert [each.side for each in floor.waiting] == [AGAINST, FOR]
        db.write(speeches.end_speech, held.chair, motion)
        assert db.write(speeches.give_floor, held.chair, motion) == held.members[6].person_id
        db.write(counting.count_motion, held.chair, motion, 7, 0, 0)
        with db.read() as session:
            assert floor_of(session, held.chair, motion).speaking is None


def test_each_speaks_twice_at_most(database: Database) -> None:
    with sitting() as held:
        motion = move(held)
        member = held.members[4]
        for _ in range(2):
            db.write(speeches.note_speaker, held.chair, motion, member.person_id, FOR)
            db.write(speeches.give_floor, held.chair, motion)
            db.write(speeches.end_speech, held.chair, motion)
        with pytest.raises(SpokeEnough):
            db.write(speeches.ask_to_speak, member, motion, FOR)
        db.write(speeches.ask_to_speak, held.members[5], motion, FOR)
        db.write(speeches.leave_queue, held.members[5], motion)
        with db.read() as session:
            assert floor_of(session, held.chair, motion).waiting == ()
        db.write(counting.count_motion, held.chair, motion, 0, 7, 0)


def test_a_meeting_closes_when_every_motion_has_its_end(database: Database) -> None:
    with sitting() as held:
        motion = move(held)
        with pytest.raises(MotionsPending):
            db.write(meetings.close_meeting, held.chair, held.meeting_id)
        db.write(counting.count_motion, held.chair, motion, 7, 0, 0)
        db.write(meetings.close_meeting, held.chair, held.meeting_id)
        with pytest.raises(MeetingNotOpen):
            db.write(meetings.close_meeting, held.chair, held.meeting_id)
        with pytest.raises(MeetingNotOpen):
            move(held)


def test_a_cancelled_meeting_says_why(database: Database) -> None:
    council = make_council()
    meeting, _ = call(council)
    db.write(meetings.cancel_meeting, council.staff, meeting, "主持人生病")
    with db.read() as session:
        found = get_meeting(session, council.neighbour, meeting)
        told = notices.inbox(session, council.community_id, council.members[4].person_id or 0)
    assert (found.state, found.cancelled_reason) == (MeetingState.CANCELLED, "主持人生病")
    assert told.messages[0].body == "主持人生病"
    with pytest.raises(MeetingNotPlanned):
        db.write(meetings.cancel_meeting, council.staff, meeting, "再一次")


def test_those_present_vote_by_phone(database: Database) -> None:
    with sitting(present=7) as held:
        motion = move(held)
        with pytest.raises(NotTheChair):
            db.write(phone_votes.begin_phone_vote, held.members[4], motion)
        poll: int = db.write(phone_votes.begin_phone_vote, held.chair, motion, 3)
        with pytest.raises(VoteRunning):
            db.write(counting.count_motion, held.chair, motion, 7, 0, 0)
        with clock.fixed(DAY + timedelta(seconds=30)):
            for member, voice in zip(held.members[:6], (1, 1, 1, 1, 2, 3), strict=True):
                db.write(cast_ballot, member, poll, ((voice, 1),))
            with pytest.raises(NotClosedYet):
                db.write(phone_votes.end_phone_vote, held.chair, motion)
        with clock.fixed(DAY + timedelta(minutes=5)):
            assert db.write(phone_votes.end_phone_vote, held.chair, motion)
            with pytest.raises(NoVoteRunning):
                db.write(phone_votes.end_phone_vote, held.chair, motion)
        with db.read() as session:
            found = get_motion(session, held.chair, motion)
        assert found.count is not None
        assert (found.count.yes, found.count.no, found.count.abstain) == (4, 1, 1)
        assert found.count.present == 7
        assert found.state is MotionState.CARRIED
