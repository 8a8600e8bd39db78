"""Hours: counted, reviewed, corrected, disputed, from paper and filled in later."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock, db, files
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from community.volunteering.errors import hours as refusals
from community.volunteering.errors.scanning import NoAttendance, OutsideShift, RecordedAlready
from community.volunteering.models import (
    Attendance,
    BackFill,
    Earning,
    HoursDispute,
    HoursRecord,
    HoursVersion,
    PaperSheet,
)
from community.volunteering.queries.rule_sets import get_preset
from community.volunteering.rules.drafts import BackFillDraft, HoursDraft, SheetLine
from community.volunteering.rules.hours import (
    count_attended,
    decide_state,
    needs_second_review,
    shown_class,
)
from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.rules.states import (
    BackFillState,
    DisputeState,
    HoursSource,
    HoursState,
    PaperState,
)
from community.volunteering.service import (
    attended_hours,
    back_fills,
    disputes,
    hours,
    paper,
    scanning,
    shifts,
)
from community.volunteering.service.rule_sets import adopt_rule_set
from community.web import qr
from tests.volunteering.scene import ENDS, STARTS, Scene, at, make_scene, rows, run_sql, shift_draft

CONFIRMED, PENDING = HoursState.CONFIRMED, HoursState.PENDING


@pytest.fixture
def scene(database: Database) -> Scene:
    made = make_scene()
    made.sign_up(made.wang)
    return made


def serve(scene: Scene, minutes: int = 120) -> HoursRecord:
    with at():
        scene.come(scene.wang)
    with at(minutes=minutes):
        scene.go(scene.wang)
    found: HoursRecord = rows(HoursRecord)[0]
    return found


def booked(scene: Scene) -> int:
    with db.read() as session:
        owner = f"person:{scene.wang}"
        kind = ledger.BookKind.HOURS
        return ledger.balance_of(session, scene.community, kind, owner).total


def test_only_time_inside_the_shift_counts_and_begun_minutes_are_cut() -> None:
    nine, eleven = STARTS, ENDS
    early, late = nine - timedelta(minutes=20), eleven + timedelta(minutes=20)
    assert count_attended(early, late, nine, eleven).minutes == 120
    cut = count_attended(nine + timedelta(seconds=1), eleven, nine, eleven)
    assert (cut.minutes, cut.basis_points) == (119, 9_916)
    assert count_attended(late, late, nine, eleven).minutes == 0


def test_attended_59_percent_gives_nothing_under_the_yunnan_preset() -> None:
    rule = get_preset("yunnan").rules.hours
    assert decide_state(rule, 59, 5_900, 0) is HoursState.NOT_COUNTED
    assert decide_state(rule, 60, 6_000, 0) is CONFIRMED
    assert decide_state(get_preset("plain").rules.hours, 59, 5_900, 0) is CONFIRMED


def test_nine_hours_wait_for_review_under_guangdongs() -> None:
    rule = get_preset("guangdong").rules.hours
    assert decide_state(rule, 480, 10_000, 0) is CONFIRMED
    assert decide_state(rule, 540, 10_000, 0) is HoursState.IN_REVIEW
    assert decide_state(rule, 60, 10_000, 480) is HoursState.IN_REVIEW
    assert not needs_second_review(rule, 720, 0)
    assert needs_second_review(rule, 721, 0)


def test_classes_shown() -> None:
    assert shown_class(HoursClass.VERIFIED, PENDING) is HoursClass.PENDING
    assert shown_class(HoursClass.PAPER, CONFIRMED) is HoursClass.PAPER
    assert shown_class(HoursClass.BACK_FILLED, PENDING) is HoursClass.BACK_FILLED


def test_yunnan_through_the_gate(scene: Scene) -> None:
    scene.do(scene.staff, adopt_rule_set, "yunnan", STARTS.date())
    record = serve(scene, minutes=70)
    assert (record.minutes, record.attended_bp, record.state) == (70, 5_833, HoursState.NOT_COUNTED)
    assert booked(scene) == 0
    assert not rows(Earning)


def test_guangdong_needs_one_review_then_two(database: Database) -> None:
    scene = make_scene()
    scene.do(scene.staff, adopt_rule_set, "guangdong", STARTS.date())
    long = scene.do(scene.leader, shifts.add_shift, scene.activity, shift_draft(STARTS, hours=9))
    scene.sign_up(scene.wang, shift=long)
    with at():
        scene.scan(scanning.check_in, scene.leader, scene.personal_code(scene.wang), shift=long)
    with at(hours=9):
        scene.scan(scanning.check_out, scene.leader, scene.personal_code(scene.wang), shift=long)
        (record,) = rows(HoursRecord)
        assert (record.minutes, record.state) == (540, HoursState.IN_REVIEW)
        assert booked(scene) == 0
        with pytest.raises(NotAllowed):
            scene.do(scene.leader, hours.review_hours, record.id, True, "")
        assert scene.do(scene.staff, hours.review_hours, record.id, True, "") is CONFIRMED
        with pytest.raises(refusals.NotWaiting):
            scene.do(scene.staff, hours.review_hours, record.id, True, "")
    assert booked(scene) == 540


def test_above_twelve_hours_two_different_people_review(database: Database) -> None:
    scene = make_scene()
    scene.do(scene.staff, adopt_rule_set, "guangdong", STARTS.date())
    draft = HoursDraft(
        person_id=scene.wang,
        source=HoursSource.NEED,
        source_key="test:1",
        kind=ServiceKind.PATROL,
        title="防汛值守",
        organising_unit="桂花里社区",
        served_on=STARTS.date(),
        minutes=13 * 60,
        hours_class=HoursClass.VERIFIED,
    )
    with at(hours=20):
        record_id = scene.do(scene.second_staff, write_down, draft)
        review = hours.review_hours
        state = scene.do(scene.staff, review, record_id, True, "")
        assert state is HoursState.IN_SECOND_REVIEW
        with pytest.raises(refusals.SamePerson):
            scene.do(scene.staff, review, record_id, True, "")
        with pytest.raises(refusals.SamePerson):
            scene.do(scene.second_staff, review, record_id, True, "")
    assert booked(scene) == 0


def write_down(session: Session, actor: Actor, draft: HoursDraft) -> int:
    return hours.record_hours(session, actor, draft, is_vouched=True).id


def test_hours_are_due_within_ten_working_days(scene: Scene) -> None:
    # Monday 23 November; ten working days later is Monday 7 December.
    assert serve(scene).record_by == date(2026, 12, 7)


def test_a_correction_keeps_both_versions_and_moves_the_book(scene: Scene) -> None:
    record = serve(scene)
    assert booked(scene) == 120
    with at(hours=5):
        with pytest.raises(NotAllowed):
            scene.do(scene.leader, hours.correct_hours, record.id, 90, "早退")
        assert scene.do(scene.staff, hours.correct_hours, record.id, 90, "早退") == 2
        with pytest.raises(refusals.NothingChanged):
            scene.do(scene.staff, hours.correct_hours, record.id, 90, "再次")
        with pytest.raises(refusals.ImpossibleMinutes):
            scene.do(scene.staff, hours.correct_hours, record.id, 1_441, "过多")
        assert booked(scene) == 90
        scene.do(scene.staff, hours.correct_hours, record.id, 0, "没来")
    assert booked(scene) == 0
    assert [(row.version, row.minutes) for row in rows(HoursVersion)] == [(1, 120), (2, 90), (3, 0)]
    assert rows(HoursRecord)[0].state is HoursState.REFUSED


def test_versions_and_records_resist_going_around(scene: Scene) -> None:
    serve(scene)
    for sql in (
        "UPDATE hours_version SET minutes = 1",
        "DELETE FROM hours_version",
        "DELETE FROM hours_record",
        "UPDATE hours_record SET hours_class = 'paper'",
        "UPDATE hours_record SET posted_version = NULL",
    ):
        with pytest.raises(IntegrityError):
            db.write(run_sql, scene.actor(scene.staff), sql)


def test_a_dispute_has_a_dated_answer(scene: Scene) -> None:
    record = serve(scene, minutes=100)
    with at(hours=5):
        for stranger in (scene.li, scene.leader):
            with pytest.raises(NotFound):
                scene.do(stranger, disputes.dispute_hours, record.id, "我的", 120)
        dispute = scene.do(scene.wang, disputes.dispute_hours, record.id, "我待到十一点", 120)
        with pytest.raises(refusals.DisputeIsOpen):
            scene.do(scene.wang, disputes.dispute_hours, record.id, "再问", None)
        assert rows(HoursDispute)[0].answer_by == date(2026, 12, 7)
        with pytest.raises(NotAllowed):
            scene.do(scene.leader, disputes.answer_dispute, dispute, "不行", None)
        state = scene.do(scene.staff, disputes.answer_dispute, dispute, "已核对监控", 120)
        assert state is DisputeState.CORRECTED
        with pytest.raises(refusals.DisputeIsClosed):
            scene.do(scene.staff, disputes.answer_dispute, dispute, "再答", None)
    assert booked(scene) == 120
    assert [row.minutes for row in rows(HoursVersion)] == [100, 120]


def test_times_are_corrected_before_confirming_only(scene: Scene) -> None:
    correct = attended_hours.correct_times
    with at(minutes=30):
        with pytest.raises(NoAttendance):
            scene.do(scene.leader, correct, scene.shift, scene.wang, STARTS, ENDS, "忘扫")
        scene.scan(
            scanning.check_in_here, scene.wang, scene.rotating_code(STARTS + timedelta(minutes=30))
        )
    with at(hours=2):
        scene.do(scene.leader, correct, scene.shift, scene.wang, STARTS, ENDS, "早到忘扫")
        late = ENDS + timedelta(minutes=1)
        with pytest.raises(OutsideShift):
            scene.do(scene.leader, correct, scene.shift, scene.wang, STARTS, late, "多算")
        assert [row.minutes for row in rows(HoursVersion)] == [90, 120]
        scene.do(scene.leader, attended_hours.confirm_attendance, scene.shift)
        with pytest.raises(RecordedAlready):
            scene.do(scene.leader, correct, scene.shift, scene.wang, STARTS, ENDS, "再改")
    assert booked(scene) == 120


def test_who_is_inside_waits_until_the_end(scene: Scene) -> None:
    confirm = attended_hours.confirm_attendance
    with pytest.raises(NoAttendance):
        scene.do(scene.leader, confirm, scene.shift)
    with at():
        scene.come(scene.wang)
    with at(hours=1):
        assert scene.do(scene.leader, confirm, scene.shift).still_inside == 1
    with at(hours=2):
        assert scene.do(scene.leader, confirm, scene.shift, (scene.wang,)).counted == 1
    assert rows(Attendance)[0].out_at == ENDS


def test_hours_may_be_refused_with_a_reason(scene: Scene) -> None:
    with at():
        scene.scan(scanning.check_in_here, scene.wang, scene.rotating_code(STARTS))
    with at(hours=3):
        scene.do(
            scene.leader, attended_hours.refuse_attendance, scene.shift, scene.wang, "人不在现场"
        )
        assert rows(HoursRecord)[0].state is HoursState.REFUSED
        assert scene.do(scene.staff, hours.correct_hours, rows(HoursRecord)[0].id, 60, "查实") == 2
    assert booked(scene) == 60


def picture() -> files.Ready:
    return files.take_in(files.Upload("a.png", qr.qr_png("https://a.example")), files.IMAGES)


def sheet_line(person_id: int) -> SheetLine:
    return SheetLine(person_id, STARTS, ENDS)


def test_paper_needs_a_second_person_within_two_days(scene: Scene) -> None:
    upload = paper.upload_sheet
    with at(hours=1), pytest.raises(refusals.ShiftNotOver):
        scene.do(scene.leader, upload, scene.shift, picture(), (sheet_line(scene.wang),))
    with at(hours=3):
        with pytest.raises(refusals.EmptySheet):
            scene.do(scene.leader, upload, scene.shift, picture(), ())
        with pytest.raises(refusals.OwnHousehold):
            scene.do(scene.leader, upload, scene.shift, picture(), (sheet_line(scene.relative),))
        lines = (sheet_line(scene.wang), sheet_line(scene.li))
        sheet = scene.do(scene.leader, upload, scene.shift, picture(), lines)
        with pytest.raises(refusals.SamePerson):
            scene.do(scene.leader, paper.confirm_sheet, sheet)
        with pytest.raises(NotAllowed):
            scene.do(scene.li, paper.confirm_sheet, sheet)
    with clock.fixed(STARTS + timedelta(hours=51)):
        assert scene.do(scene.second_leader, paper.confirm_sheet, sheet) == 2
        with pytest.raises(refusals.SheetDecided):
            scene.do(scene.staff, paper.confirm_sheet, sheet)
    assert {row.hours_class for row in rows(HoursRecord)} == {HoursClass.PAPER}
    assert booked(scene) == 120


def test_paper_lapses_after_two_days(scene: Scene) -> None:
    with at(hours=3):
        sheet = scene.do(
            scene.leader, paper.upload_sheet, scene.shift, picture(), (sheet_line(scene.wang),)
        )
    with clock.fixed(STARTS + timedelta(hours=51, seconds=1)):
        with pytest.raises(refusals.SheetTooLate):
            scene.do(scene.staff, paper.confirm_sheet, sheet)
        assert db.write(paper.lapse_sheets, scene.actor(scene.staff)) == 1
    assert rows(PaperSheet)[0].state is PaperState.LAPSED


def test_paper_never_doubles_what_was_scanned(scene: Scene) -> None:
    serve(scene)
    with at(hours=3), pytest.raises(refusals.RecordedForShift, match="王秀英"):
        scene.do(
            scene.leader, paper.upload_sheet, scene.shift, picture(), (sheet_line(scene.wang),)
        )


def back_fill(scene: Scene, **changes: object) -> BackFillDraft:
    values: dict[str, object] = {
        "person_id": scene.wang,
        "kind": ServiceKind.ELDER_CARE,
        "title": "照看独居老人",
        "place": "2 号楼",
        "served_on": date(2026, 11, 20),
        "minutes": 60,
        "reason": "没法扫码",
        **changes,
    }
    return BackFillDraft(**values)  # type: ignore[arg-type]  # the values of one draft


def test_back_filling_needs_a_second_person_and_earns_nothing(scene: Scene) -> None:
    asked = scene.do(scene.wang, back_fills.ask_back_fill, back_fill(scene), picture())
    with pytest.raises(NotAllowed):
        scene.do(scene.leader, back_fills.decide_back_fill, asked, True, "")
    record = scene.do(scene.staff, back_fills.decide_back_fill, asked, True, "属实")
    (row,) = rows(HoursRecord)
    assert (row.id, row.hours_class, row.state) == (record, HoursClass.BACK_FILLED, CONFIRMED)
    assert booked(scene) == 60
    assert not rows(Earning)
    with pytest.raises(refusals.BackFillDecided):
        scene.do(scene.second_staff, back_fills.decide_back_fill, asked, False, "")


def test_staff_never_approve_their_own_back_fill(scene: Scene) -> None:
    own = back_fill(scene, person_id=scene.staff)
    asked = scene.do(scene.staff, back_fills.ask_back_fill, own, picture())
    with pytest.raises(refusals.SamePerson):
        scene.do(scene.staff, back_fills.decide_back_fill, asked, True, "")
    assert scene.do(scene.second_staff, back_fills.decide_back_fill, asked, False, "不实") is None
    assert rows(BackFill)[0].state is BackFillState.REFUSED
    assert not rows(HoursRecord)


def test_back_filling_has_a_quota_and_a_span(scene: Scene) -> None:
    ask = back_fills.ask_back_fill
    with pytest.raises(refusals.BackFillInFuture):
        scene.do(scene.wang, ask, back_fill(scene, served_on=date(2026, 11, 23)), picture())
    with pytest.raises(refusals.BackFillTooOld):
        scene.do(scene.wang, ask, back_fill(scene, served_on=date(2026, 10, 22)), picture())
    for day in (18, 19):
        scene.do(scene.wang, ask, back_fill(scene, served_on=date(2026, 11, day)), picture())
    with pytest.raises(refusals.BackFillQuota):
        scene.do(scene.wang, ask, back_fill(scene), picture())
    with clock.fixed(datetime(2026, 12, 1, 2, tzinfo=UTC)):
        scene.do(scene.wang, ask, back_fill(scene), picture())


def test_a_neighbour_is_not_filled_in_by_just_anybody(scene: Scene) -> None:
    with pytest.raises(NotAllowed):
        scene.do(scene.li, back_fills.ask_back_fill, back_fill(scene), picture())
