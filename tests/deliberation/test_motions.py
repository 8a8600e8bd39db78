"""Motions: frozen words, amendments first, turns to speak, and counts that cannot lie."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community.deliberation.checks.meetings import problems
from community.deliberation.errors.meetings import (
    CountBeyondPresent,
    NoQuorum,
    NotAMemberHere,
    NotPresent,
    NotTheChair,
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
from community.deliberation.models import Motion, VoteCount
from community.deliberation.queries.motions import floor_of, get_motion
from community.deliberation.rules.meetings import SpeechSide
from community.deliberation.rules.motions import MotionState, words_hash
from community.deliberation.service import (
    attendance,
    counting,
    motions,
    phone_votes,
    speeches,
)
from community.deliberation.service.ballots import cast_ballot
from community.kernel import clock, db, triggers
from community.kernel.actor import Actor
from community.kernel.db import Database
from tests import builders
from tests.deliberation.sittings import DAY, TITLE, WORDS, move, sitting

FOR, AGAINST = SpeechSide.FOR, SpeechSide.AGAINST


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


def test_two_counts_at_once_keep_one(database: Database) -> None:
    with sitting(present=7) as held:
        motion = move(held)

        def count(yes: int) -> bool:
            try:
                db.write(counting.count_motion, held.chair, motion, yes, 0, 0)
            except MotionDecided:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            kept = list(pool.map(count, (0, 7, 0, 7, 0, 7, 0, 7)))
        assert kept.count(True) == 1
        with db.read() as session:
            found = get_motion(session, held.chair, motion)
        assert found.count is not None
        assert found.count.passed == (found.state is MotionState.CARRIED)


def test_one_seconder_of_many_at_once(database: Database) -> None:
    with sitting(present=7) as held:
        words = (held.meeting_id, held.item_id, TITLE, WORDS)
        motion: int = db.write(motions.move_motion, held.members[0], *words)

        def second(member: Actor) -> bool:
            try:
                db.write(motions.second_motion, member, motion)
            except AlreadySeconded:
                return False
            return True

        with ThreadPoolExecutor(6) as pool:
            assert list(pool.map(second, held.members[1:7])).count(True) == 1
        db.write(motions.withdraw_motion, held.chair, motion)


def test_rewritten_words_are_named(database: Database) -> None:
    with sitting(present=7) as held:
        motion = move(held)
        db.write(counting.count_motion, held.chair, motion, 7, 0, 0)

        def rewrite(words: str) -> None:
            def act(session: Session, actor: Actor) -> None:
                at = session.connection()
                if at.dialect.name == "sqlite":
                    at.exec_driver_sql("DROP TRIGGER motion_words_stand")
                else:
                    at.exec_driver_sql("DROP TRIGGER motion_words_stand ON motion")
                session.execute(update(Motion).where(Motion.id == motion).values(words=words))
                triggers.install(at, "motion")

            db.write(act, held.chair)

        rewrite("改成别的文字")
        with db.read() as session:
            named = problems(session)
        assert f"deliberation: motion {motion} has other words than were moved" in named
        rewrite(WORDS)
