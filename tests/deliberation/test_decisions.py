"""What follows a carried motion: posting, objections, the work, and the look back."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community import notices
from community.deliberation.errors.decisions import (
    AlreadyDecision,
    DatesReversed,
    DecisionNotFound,
    NotCarried,
    NotTheirTask,
    ObjectionsOpen,
    PercentBackwards,
    PostingRuns,
    PostingWithdrawn,
    ReviewsOwnWork,
    ReviewTooEarly,
    WrongStep,
)
from community.deliberation.errors.meetings import (
    MeetingNotClosed,
    MinutesKept,
    MinutesMissing,
    NotTheChair,
    SignedPaperMissing,
)
from community.deliberation.models import Decision
from community.deliberation.queries.decisions import (
    count_overdue,
    decisions,
    get_decision,
    notes_of,
    rates,
)
from community.deliberation.queries.minutes import get_minutes
from community.deliberation.rules.decisions import DecisionState
from community.deliberation.service import counting, meetings, minutes
from community.deliberation.service import decisions as service
from community.kernel import clock, db, files
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from tests.deliberation.sittings import DAY, WORDS, Sitting, move, sitting

TODAY = clock.day_of(DAY)


def photo() -> files.Ready:
    picture = BytesIO()
    Image.new("RGB", (60, 40), "white").save(picture, "PNG")
    return files.take_in(files.Upload("签字.png", picture.getvalue(), "image/png"), files.IMAGES)


def carry(held: Sitting, yes: int = 7) -> int:
    motion = move(held)
    db.write(counting.count_motion, held.chair, motion, yes, 0, 0)
    return motion


def decide(held: Sitting, owner: int = 5, days: int = 10) -> int:
    due = TODAY + timedelta(days=days)
    made: int = db.write(
        service.make_decision,
        held.council.staff,
        carry(held),
        held.members[owner].person_id,
        due,
        due + timedelta(days=30),
    )
    return made


def finalize(held: Sitting, decision: int) -> None:
    db.write(service.post_decision, held.council.staff, decision)
    with clock.fixed(DAY + timedelta(days=5)):
        db.write(service.settle_decision, held.council.staff, decision)


def test_a_decision_follows_a_carried_motion_to_the_letter(database: Database) -> None:
    with sitting() as held:
        staff, owner = held.council.staff, held.members[5].person_id
        lost = move(held)
        db.write(counting.count_motion, held.chair, lost, 3, 4, 0)
        with pytest.raises(NotCarried):
            db.write(service.make_decision, staff, lost, owner, TODAY, TODAY)
        carried = carry(held)
        with pytest.raises(DatesReversed):
            db.write(service.make_decision, staff, carried, owner, TODAY, TODAY - timedelta(days=1))
        with pytest.raises(NotAllowed):
            db.write(service.make_decision, held.chair, carried, owner, TODAY, TODAY)
        made = db.write(service.make_decision, staff, carried, owner, TODAY, TODAY)
        with pytest.raises(AlreadyDecision):
            db.write(service.make_decision, staff, carried, owner, TODAY, TODAY)
        with db.read() as session:
            found = get_decision(session, held.chair, made)
            told = notices.inbox(session, held.council.community_id, owner or 0)
        assert (found.words, found.state) == (WORDS, DecisionState.MADE)
        assert told.messages[0].title == "请您负责办理：加装路灯"
        with pytest.raises(DecisionNotFound):
            db.write(service.post_decision, held.council.outsider, made)

        def rewrite(session: Session, actor: Actor) -> None:
            session.execute(update(Decision).where(Decision.id == made).values(words="别的"))

        with pytest.raises(IntegrityError):
            db.write(rewrite, staff)


def test_a_posting_runs_its_days_and_objections_are_answered_first(database: Database) -> None:
    with sitting() as held:
        staff, decision = held.council.staff, decide(held)
        notice = db.write(service.post_decision, staff, decision)
        with pytest.raises(WrongStep):
            db.write(service.post_decision, staff, decision)
        with pytest.raises(PostingRuns):
            db.write(service.settle_decision, staff, decision)
        objection = db.write(
            notices.raise_objection, held.council.neighbour, notice, "灯会照进卧室"
        )
        with clock.fixed(DAY + timedelta(days=5)):
            with pytest.raises(ObjectionsOpen):
                db.write(service.settle_decision, staff, decision)
            db.write(notices.answer_objection, staff, objection, notices.Outcome.REJECTED, "加灯罩")
            settled = db.write(service.settle_decision, staff, decision)
        assert settled is DecisionState.FINAL


def test_an_upheld_objection_returns_the_decision(database: Database) -> None:
    with sitting() as held:
        staff, decision = held.council.staff, decide(held)
        notice = db.write(service.post_decision, staff, decision)
        objection = db.write(notices.raise_objection, held.council.neighbour, notice, "位置不对")
        db.write(notices.answer_objection, staff, objection, notices.Outcome.UPHELD, "有理")
        with clock.fixed(DAY + timedelta(days=5)):
            settled = db.write(service.settle_decision, staff, decision)
            assert settled is DecisionState.RETURNED
            with pytest.raises(WrongStep):
                db.write(service.finish_decision, staff, decision, "办完")


def test_a_withdrawn_posting_makes_nothing_final(database: Database) -> None:
    with sitting() as held:
        staff, decision = held.council.staff, decide(held)
        notice = db.write(service.post_decision, staff, decision)
        db.write(notices.withdraw_notice, staff, notice, "写错日期")
        with clock.fixed(DAY + timedelta(days=5)), pytest.raises(PostingWithdrawn):
            db.write(service.settle_decision, staff, decision)
        db.write(service.post_decision, staff, decision)


def test_who_is_in_charge_reports_and_another_looks_again(database: Database) -> None:
    with sitting() as held:
        staff, owner, decision = held.council.staff, held.members[5], decide(held)
        with pytest.raises(WrongStep):
            db.write(service.note_progress, owner, decision, 10, "找了两家")
        finalize(held, decision)
        with clock.fixed(DAY + timedelta(days=6)):
            with pytest.raises(NotTheirTask):
                db.write(service.note_progress, held.members[6], decision, 10, "我来说")
            with pytest.raises(PercentBackwards):
                db.write(service.note_progress, owner, decision, 100, "好了")
            db.write(service.note_progress, owner, decision, 40, "灯已买", photo())
            db.write(service.finish_decision, owner, decision, "两盏灯已亮", photo())
            with pytest.raises(WrongStep):
                db.write(service.finish_decision, owner, decision, "再一次")
            with pytest.raises(ReviewTooEarly):
                db.write(service.review_decision, staff, decision, True, "亮")
        with clock.fixed(DAY + timedelta(days=40)):
            with db.read() as session:
                assert count_overdue(session, staff) == 1
            again = db.write(service.review_decision, staff, decision, False, "一盏坏了")
            assert again is DecisionState.FINAL
            db.write(service.finish_decision, owner, decision, "修好了")
            closed = db.write(service.review_decision, staff, decision, True, "都亮")
            assert closed is DecisionState.CLOSED
            with db.read() as session:
                assert len(notes_of(session, staff, decision)) == 5


def test_nobody_looks_again_at_their_own_work(database: Database) -> None:
    with sitting() as held:
        due = TODAY + timedelta(days=1)
        staff = held.council.staff
        args = (carry(held), staff.person_id, due, due)
        decision = db.write(service.make_decision, staff, *args)
        finalize(held, decision)
        with clock.fixed(DAY + timedelta(days=6)):
            db.write(service.finish_decision, staff, decision, "办完")
            with pytest.raises(ReviewsOwnWork):
                db.write(service.review_decision, staff, decision, True, "好")
            db.write(service.review_decision, held.council.committee, decision, True, "好")


def test_what_is_not_done_comes_first_and_lateness_is_told(database: Database) -> None:
    with sitting() as held:
        slow, quick = decide(held, days=20), decide(held, days=6)
        finalize(held, slow)
        finalize(held, quick)
        with clock.fixed(DAY + timedelta(days=7)), db.read() as session:
            found = decisions(session, held.council.neighbour)
            assert [each.id for each in found] == [quick, slow]
            assert [each.is_overdue for each in found] == [True, False]
        with clock.fixed(DAY + timedelta(days=8)):
            db.write(service.finish_decision, held.council.staff, quick, "办完")
            db.write(
                service.hand_on_decision, held.council.staff, slow,
                held.members[6].person_id, TODAY + timedelta(days=30),
                TODAY + timedelta(days=60), "换人",
            )  # fmt: skip
            with db.read() as session:
                told = rates(session, held.chair, TODAY, TODAY + timedelta(days=9))
                assert [each.id for each in decisions(session, held.chair)] == [slow, quick]
        assert (told.solution.part, told.solution.whole) == (1, 2)
        assert told.solution.basis_points == 5_000
        assert (told.in_time.part, told.in_time.whole) == (0, 1)


def test_minutes_stand_once_kept_and_are_signed_once(database: Database) -> None:
    with sitting() as held:
        motion = move(held)
        with pytest.raises(MeetingNotClosed):
            db.write(minutes.keep_minutes, held.chair, held.meeting_id)
        db.write(counting.count_motion, held.chair, motion, 6, 1, 0)
        secretary = held.council.secretary
        notes = (held.meeting_id, held.item_id, "大家讨论了位置。")
        db.write(minutes.write_notes, secretary, *notes)
        db.write(meetings.close_meeting, held.chair, held.meeting_id)
        with pytest.raises(MinutesMissing):
            db.write(minutes.sign_minutes, secretary, held.meeting_id, ("王秀英",), photo())
        with pytest.raises(NotTheChair):
            db.write(minutes.keep_minutes, held.members[6], held.meeting_id)
        digest = db.write(minutes.keep_minutes, secretary, held.meeting_id)
        for again in (minutes.keep_minutes, minutes.write_notes):
            args = (held.meeting_id,) if again is minutes.keep_minutes else notes
            with pytest.raises(MinutesKept):
                db.write(again, secretary, *args)
        with pytest.raises(SignedPaperMissing):
            db.write(minutes.sign_minutes, secretary, held.meeting_id, (), photo())
        db.write(minutes.sign_minutes, secretary, held.meeting_id, ("王秀英",), photo())
        with pytest.raises(MinutesKept):
            db.write(minutes.sign_minutes, secretary, held.meeting_id, ("王秀英",), photo())
        with db.read() as session:
            found = get_minutes(session, held.chair, held.meeting_id)
            visitor = get_minutes(
                session, Actor.visitor(held.council.community_id), held.meeting_id
            )
            told = rates(session, held.chair, TODAY, TODAY)
        assert found.content_sha256 == digest
        assert found.content["motions"][0]["count"] == [9, 7, 6, 1, 0]
        assert found.content["agenda"][0]["notes"] == "大家讨论了位置。"
        assert found.content["chair"] == "王秀英"
        assert visitor.content["chair"] == "王**"
        assert "张桂兰" not in str(visitor.content)
        assert (told.participation.part, told.participation.whole) == (7, 9)
