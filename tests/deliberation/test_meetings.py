"""Meetings: called in time, attended, counted, and closed; who may do what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from community import notices
from community.deliberation.errors.meetings import (
    AgendaEmpty,
    AgendaPosted,
    CodeExpired,
    MeetingNotCalled,
    MeetingNotFound,
    MeetingNotOpen,
    MeetingNotPlanned,
    MotionsPending,
    NotAMemberHere,
    NoticeTooLate,
    NotTheChair,
    TooEarlyToOpen,
)
from community.deliberation.models import AgendaItem
from community.deliberation.queries.meetings import get_door_code, get_meeting, seats
from community.deliberation.rules.meetings import MeetingState
from community.deliberation.service import (
    attendance,
    counting,
    meetings,
)
from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from tests import builders
from tests.conftest import NOON
from tests.deliberation.bodies import make_council
from tests.deliberation.sittings import DAY, call, move, plan, present, sitting


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
