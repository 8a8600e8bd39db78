"""The jury of a call: mixed, without ties, hidden until all have signed; and what it chooses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from community.kernel import clock, db
from community.kernel.errors import NotAllowed
from community.micro_projects.errors import panels as panel_refusals
from community.micro_projects.errors import venture as refusals
from community.micro_projects.models import Project, VentureCall
from community.micro_projects.queries import panels as panel_queries
from community.micro_projects.queries import venture_jury as jury_queries
from community.micro_projects.rules.panels import SeatKind, SeatState
from community.micro_projects.rules.projects import Funding
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.rules.venture_applications import ApplicationState
from community.micro_projects.rules.venture_calls import CallState, call_subject
from community.micro_projects.rules.venture_choice import Choice
from community.micro_projects.service import marking, panels, venture_choice, venture_jury
from community.micro_projects.service.marking import Mark
from community.micro_projects.service.suspensions import declare_conflict
from community.notices import Outcome, answer_objection, find_notice_for, raise_objection
from tests import builders
from tests.micro_projects.calling import (
    KINDS,
    PURSE,
    Calling,
    after_notice,
    apply,
    apply_as_group,
    make_call,
    make_judged,
    make_projects,
)
from tests.micro_projects.test_venture_calls import touch

pytestmark = pytest.mark.usefixtures("database")


def add_to_pool(found: Calling, person_id: int, kind: SeatKind = SeatKind.RESIDENT) -> int:
    made: int = db.write(panels.add_evaluator, found.officer, person_id, kind)
    return made


def seat(found: Calling, person_id: int) -> int:
    made: int = db.write(venture_jury.seat_juror, found.officer, found.call_id, person_id)
    return made


def test_a_jury_takes_so_many_of_each_kind_and_nobody_with_a_tie() -> None:
    found = make_call()
    one = apply(found)
    apply_as_group(found)
    here = found.scene.community_id
    housemate = builders.make_person(here, "周先生", household_id=found.home, birth_year=1960)
    declared = found.scene.neighbour
    barred = [
        found.staff[0].person_id or 0,
        found.lead.person_id or 0,
        housemate,
        declared.person_id or 0,
        found.officer.person_id or 0,
    ]
    for person in barred:
        add_to_pool(found, person)
    db.write(declare_conflict, declared, found.firms[0], "曾在那里工作")
    with found.judging():
        found.begin()
        found.screen(one)
        for person in barred:
            with pytest.raises(refusals.JurorBarred):
                seat(found, person)
        with pytest.raises(refusals.JurorUnknown):
            seat(found, found.scene.author.person_id or 0)
        found.seat()
        with pytest.raises(refusals.JurorSits):
            seat(found, found.pool[0])
        with pytest.raises(refusals.KindFull):
            seat(found, found.pool[len(KINDS)])
        for other in (found.scene.street, found.scene.neighbour):
            with pytest.raises(NotAllowed):
                db.write(venture_jury.seat_juror, other, found.call_id, found.pool[5])


def test_no_official_is_drawn_for_a_tender() -> None:
    found = make_call()
    with pytest.raises(IntegrityError):
        touch(
            "INSERT INTO panel_seat (community_id, tender_id, person_id, kind, number, round,"
            " state, seated_at, left_words) VALUES"
            f" ({found.scene.community_id}, 1, {found.pool[4]}, 'official', 1, 1, 'seated', 1, '')"
        )


def test_marks_wait_for_screening_the_whole_jury_and_the_pitch() -> None:
    found = make_call()
    one, other = apply(found), apply_as_group(found)
    with clock.fixed(found.row().closes_at):
        found.begin()
        found.screen(one)
        for person in found.pool[:4]:
            seat(found, person)
        first = found.seats()[0]
        with pytest.raises(refusals.ScreeningOpen):
            found.mark(first, {one: 1_000})
        found.screen(other)
        with pytest.raises(refusals.JuryIncomplete):
            found.mark(first, {one: 1_000})
        seat(found, found.pool[4])
        with pytest.raises(refusals.PitchNotYet):
            found.mark(first, {one: 1_000})
    with clock.fixed(found.row().pitch_at):
        found.mark(first, {one: 4_000})
        with pytest.raises(panel_refusals.MarkOutOfRange):
            found.mark(first, {one: 4_001})
        with pytest.raises(panel_refusals.SheetIncomplete):
            db.write(marking.sign_sheet, found.juror(first), first.id)


def test_no_eye_but_ones_own_sees_a_mark_before_all_have_signed() -> None:
    found = make_call()
    one, other = apply(found), apply_as_group(found)
    here = found.scene.community_id
    with found.judging():
        found.begin()
        found.screen(one, other)
        found.seat()
        *first, last = found.seats()
        for each in first:
            found.mark(each, {one: 3_000, other: 3_100})
            db.write(marking.sign_sheet, found.juror(each), each.id)
        assert found.ranking() is None
        with pytest.raises(refusals.JuryOpen):
            found.choose(Choice(one, 30_000_00))
        with db.read() as session:
            assert jury_queries.jury_sheets(session, here, found.call_id) == ()
            for eye in (found.officer, found.scene.street, found.scene.auditor, found.juror(last)):
                with pytest.raises(panel_refusals.SeatNotFound):
                    panel_queries.own_sheet(session, eye, first[0].id)
            records = session.execute(text("SELECT content FROM transparency_record")).scalars()
            assert not any(b'"marks"' in bytes(each) for each in records)
        marks = (Mark(one, found.criteria()[0], 10),)
        with pytest.raises(panel_refusals.SeatNotFound):
            db.write(marking.keep_marks, found.juror(first[0]), last.id, marks)
        with pytest.raises(panel_refusals.SeatLeft):
            found.mark(first[0], {one: 1})
        found.mark(last, {one: 3_000, other: 3_100})
        db.write(marking.sign_sheet, found.juror(last), last.id)
        ranking = found.ranking()
    assert ranking is not None
    assert [line.application_id for line in ranking.lines] == [other, one]
    with pytest.raises(IntegrityError):
        touch(f"UPDATE score_mark SET hundredths = 1 WHERE application_id = {one}")


def test_a_mark_goes_around_nothing() -> None:
    found = make_call()
    one = apply(found)
    with found.judging():
        found.begin()
        found.screen(one)
        found.seat()
        seat_id, criterion = found.seats()[0].id, found.criteria()[0]
    insert = (
        "INSERT INTO score_mark (community_id, seat_id, application_id, call_criterion_id,"
        " hundredths) VALUES ({0}, {1}, {2}, {3}, {4})"
    )
    with pytest.raises(IntegrityError):
        touch(insert.format(1, seat_id, one, criterion, 4_001))
    touch(f"UPDATE panel_seat SET state = 'signed' WHERE id = {seat_id}")
    with pytest.raises(IntegrityError):
        touch(insert.format(1, seat_id, one, criterion, 10))
    touch(f"DELETE FROM score_mark WHERE seat_id = {seat_id}")


def test_recusal_before_signing_opens_the_seat_and_afterwards_voids_the_sheet() -> None:
    found = make_call()
    one, other = apply(found), apply_as_group(found)
    with found.judging():
        found.begin()
        found.screen(one, other)
        found.seat()
        leaver = found.seats()[0]
        db.write(panels.recuse, found.juror(leaver), leaver.id, "和申报单位有往来")
        with pytest.raises(refusals.JurorSits):
            seat(found, leaver.person_id)
        seat(found, found.pool[5])
        biased, *fair = found.seats()
        found.mark(biased, {one: 0, other: 4_000})
        db.write(marking.sign_sheet, found.juror(biased), biased.id)
        for each in fair:
            found.mark(each, {one: 3_500, other: 3_000})
            db.write(marking.sign_sheet, found.juror(each), each.id)
        db.write(panels.recuse, found.officer, biased.id, "有亲属关系")
        ranking = found.ranking()
    assert ranking is not None
    assert [line.total for line in ranking.lines] == [6_500, 6_000]
    assert ranking.is_quorate
    with db.read() as session:
        seats = jury_queries.jury_seats(session, found.scene.community_id, found.call_id)
        assert sum(each.state is SeatState.VOID for each in seats) == 1
        assert all(each.name == "" for each in seats)


def test_the_choice_reserves_the_purse_once_and_is_posted() -> None:
    made = make_judged()
    found = made.calling
    with found.judging():
        with pytest.raises(refusals.ChoiceFaulty):
            found.choose(Choice(made.second, 30_000_00))
        with pytest.raises(refusals.ChoiceFaulty):
            found.choose(Choice(made.first, 20_000_00), Choice(made.second, 30_000_00))
        assert found.row().reserved_fen == 0
        notice = found.choose(Choice(made.first, 30_000_00), Choice(made.second, 2_00, "先试一期"))
        with pytest.raises(refusals.CallStateWrong):
            found.choose(Choice(made.first, 30_000_00))
    row = found.row()
    assert (row.state, row.reserved_fen) == (CallState.NOTICE, 30_002_00)
    assert found.application(made.second).granted_fen == 2_00
    with db.read() as session:
        told = find_notice_for(session, row.community_id, call_subject(row.id))
        assert told is not None
        assert told.id == notice
    for statement in (
        f"UPDATE venture_call SET reserved_fen = {PURSE + 1} WHERE id = {row.id}",
        f"UPDATE venture_application SET granted_fen = asked_fen + 1 WHERE id = {made.first}",
    ):
        with pytest.raises(IntegrityError):
            touch(statement)


def test_two_choices_at_once_reserve_the_purse_once() -> None:
    made = make_judged()
    found = made.calling
    choices = (Choice(made.first, 30_000_00), Choice(made.second, 30_000_00))

    def choose(_: int) -> bool:
        try:
            found.choose(*choices)
        except refusals.CallStateWrong:
            return False
        return True

    with found.judging(), ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(choose, range(4))) == [False, False, False, True]
    assert found.row().reserved_fen == 60_000_00


def test_a_choice_waits_for_its_notice_and_an_upheld_objection_opens_it_again() -> None:
    made = make_judged()
    found = made.calling
    with found.judging():
        notice = found.choose(Choice(made.first, 30_000_00), Choice(made.second, 30_000_00))
        with pytest.raises(refusals.ChoiceNoticeRuns):
            db.write(venture_choice.confirm_choice, found.officer, found.call_id)
        with pytest.raises(refusals.ChoiceStands):
            db.write(venture_choice.reopen_choice, found.officer, found.call_id, "想改")
        objection = db.write(raise_objection, found.scene.neighbour, notice, "和去年的项目重复")
    with clock.fixed(after_notice(found)):
        with pytest.raises(refusals.ChoiceObjections):
            db.write(venture_choice.confirm_choice, found.officer, found.call_id)
        db.write(answer_objection, found.officer, objection, Outcome.UPHELD, "情况属实")
        with pytest.raises(refusals.ChoiceUpheld):
            db.write(venture_choice.confirm_choice, found.officer, found.call_id)
        db.write(venture_choice.reopen_choice, found.officer, found.call_id, "异议成立")
        row = found.row()
        assert (row.state, row.reserved_fen) == (CallState.JUDGING, 0)
        found.choose(Choice(made.first, 0, "和去年重复"), Choice(made.second, 30_000_00))
    assert found.application(made.first).state is ApplicationState.PASSED


def test_what_was_chosen_comes_before_the_street_as_a_venture_project() -> None:
    made, projects = make_projects()
    found = made.calling
    assert len(projects) == 2
    with db.read() as session:
        rows = [session.get_one(Project, each) for each in projects]
        assert [row.funding for row in rows] == [Funding.VENTURE] * 2
        assert [row.state for row in rows] == [ProjectState.REVIEW] * 2
        assert [row.budget_fen for row in rows] == [30_000_00] * 2
        assert session.get_one(VentureCall, found.call_id).state is CallState.CHOSEN
    with pytest.raises(refusals.CallStateWrong):
        db.write(venture_choice.confirm_choice, found.officer, found.call_id)


def test_a_jury_that_lost_a_kind_decides_nothing() -> None:
    made = make_judged()
    found = made.calling
    with found.judging():
        official = next(each for each in found.seats() if each.kind is SeatKind.OFFICIAL)
        db.write(panels.recuse, found.officer, official.id, "有利益关系")
        with pytest.raises(refusals.JuryNotQuorate):
            found.choose(Choice(made.first, 30_000_00), Choice(made.second, 30_000_00))
        assert found.row().pitch_at + timedelta(hours=1) == clock.now()


def test_screening_is_over_once_a_juror_has_signed() -> None:
    made = make_judged()
    found = made.calling
    with found.judging(), pytest.raises(refusals.MarksGiven):
        db.write(venture_jury.screen_application, found.officer, made.first, False, "超出服务范围")
