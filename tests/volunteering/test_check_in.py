"""Checking in and out by codes: every reason, the retry, the queue without network."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from community.kernel import db
from community.kernel.db import Database
from community.kernel.errors import NotFound
from community.volunteering.errors.scanning import NonceReused
from community.volunteering.errors.signing_up import NotLeader
from community.volunteering.models import Attendance, CheckInAttempt, HoursRecord
from community.volunteering.queries.personal_codes import short_code_of
from community.volunteering.rules import codes
from community.volunteering.rules.codes import CodeKind
from community.volunteering.rules.kinds import HoursClass
from community.volunteering.rules.scanning import SIGNALS, Direction, Means, Reason
from community.volunteering.rules.states import HoursState
from community.volunteering.service import keys, roster, scanning, shifts, signing_up
from community.volunteering.service.attended_hours import close_forgotten, confirm_attendance
from tests import builders
from tests.volunteering.scene import ENDS, STARTS, Scene, at, make_scene, rows, run_sql, shift_draft


@pytest.fixture
def scene(database: Database) -> Scene:
    made = make_scene()
    made.sign_up(made.wang, made.li)
    return made


def test_every_reason_has_colour_sound_vibration_and_sentence() -> None:
    assert set(SIGNALS) == set(Reason)
    for signal in SIGNALS.values():
        assert signal.sentence
        assert signal.vibration


def test_a_leaders_two_scans_credit_verified_hours_at_once(scene: Scene) -> None:
    with at(minutes=-5):
        assert (
            scene.scan(scanning.check_in, scene.leader, scene.personal_code(scene.wang)).number == 1
        )
    with at(hours=1, minutes=30):
        scene.go(scene.wang)
    (record,) = rows(HoursRecord)
    assert (record.minutes, record.attended_bp) == (90, 7_500)
    assert (record.state, record.hours_class) == (HoursState.CONFIRMED, HoursClass.VERIFIED)
    assert record.confirmed_by == scene.leader


def test_only_a_leader_of_the_activity_scans(scene: Scene) -> None:
    outsider = builders.make_person(builders.make_community("other", "别处"), "外人")
    with at():
        for person in (scene.li, scene.wang):
            with pytest.raises(NotLeader):
                scene.scan(scanning.check_in, person, scene.personal_code(scene.wang))
        with db.read() as session:
            assert session.query(CheckInAttempt).count() == 0
        scene.scan(scanning.check_in, scene.staff, scene.personal_code(scene.wang))
        with pytest.raises(NotFound):
            scene.scan(scanning.check_in, scene.leader, "x", shift=scene.shift + 99)
    assert outsider


def reason_of(scene: Scene, code: str, command: object = scanning.check_in) -> Reason:
    return scene.scan(command, scene.leader, code).reason


def test_orders_and_repeats_are_told(scene: Scene) -> None:
    code = scene.personal_code(scene.wang)
    with at(minutes=10):
        assert reason_of(scene, code, scanning.check_out) is Reason.NOT_IN
        assert reason_of(scene, code) is Reason.OK
    with at(minutes=20):
        again = scene.scan(scanning.check_in, scene.leader, code)
        assert again.reason is Reason.ALREADY_IN
        assert again.earlier_at == STARTS + timedelta(minutes=10)
    with at(hours=2):
        assert reason_of(scene, code, scanning.check_out) is Reason.OK
        assert reason_of(scene, code, scanning.check_out) is Reason.ALREADY_OUT
        assert reason_of(scene, code) is Reason.ALREADY_OUT
    assert len(rows(CheckInAttempt)) == 6


def test_times_at_their_edges(scene: Scene) -> None:
    wang, li = scene.personal_code(scene.wang), scene.personal_code(scene.li)
    with at(minutes=-30, seconds=-1):
        assert reason_of(scene, wang) is Reason.TOO_EARLY
    with at(minutes=-30):
        assert reason_of(scene, wang) is Reason.OK
    with at(hours=2, seconds=1):
        assert reason_of(scene, li) is Reason.TOO_LATE
    with at(hours=2, minutes=30):
        assert reason_of(scene, wang, scanning.check_out) is Reason.OK
    assert rows(HoursRecord)[0].minutes == 120


def test_check_out_after_the_last_minute_is_too_late(scene: Scene) -> None:
    with at():
        scene.come(scene.wang)
    with at(hours=2, minutes=30, seconds=1):
        code = scene.personal_code(scene.wang)
        assert reason_of(scene, code, scanning.check_out) is Reason.TOO_LATE


def test_who_did_not_sign_up_is_told_so_or_where_they_belong(scene: Scene) -> None:
    other = scene.do(
        scene.leader, shifts.add_shift, scene.activity, shift_draft(STARTS + timedelta(minutes=30))
    )
    scene.sign_up(scene.relative, shift=other)
    with at(minutes=5):
        assert reason_of(scene, scene.personal_code(scene.staff)) is Reason.NOT_SIGNED_UP
        assert reason_of(scene, scene.personal_code(scene.relative)) is Reason.WRONG_ACTIVITY


def test_a_cancelled_shift_and_a_blocked_person_are_refused(scene: Scene) -> None:
    scene.do(scene.staff, roster.block_volunteer, scene.li, ENDS.date(), "多次代签")
    with at():
        assert reason_of(scene, scene.personal_code(scene.li)) is Reason.BLOCKED
    scene.do(scene.leader, shifts.cancel_shift, scene.shift, "下雨")
    with at():
        assert reason_of(scene, scene.personal_code(scene.wang)) is Reason.CANCELLED


def test_forged_unknown_and_renewed_codes_are_refused(scene: Scene) -> None:
    code = scene.personal_code(scene.wang)
    forged = code[:-3] + ("AAA" if not code.endswith("AAA") else "BBB")
    with at():
        assert reason_of(scene, forged) is Reason.FORGED_CODE
        assert reason_of(scene, "HTTPS://EVIL.EXAMPLE/?x=1") is Reason.UNKNOWN_CODE
        assert reason_of(scene, "") is Reason.UNKNOWN_CODE
        assert reason_of(scene, "二维码" * 300) is Reason.UNKNOWN_CODE
        scene.do(scene.wang, keys.renew_personal_code)
        assert reason_of(scene, code) is Reason.REVOKED
        assert reason_of(scene, scene.personal_code(scene.wang, issue=1)) is Reason.OK


def test_a_code_of_another_community_is_unknown_here(scene: Scene) -> None:
    there = builders.make_community("other", "别处")
    key = scene.key(CodeKind.PERSONAL)
    code = codes.PersonalCode(key.number, there, scene.wang, 0)
    with at():
        foreign = codes.write_personal(code, key.secret)
        assert reason_of(scene, foreign) is Reason.UNKNOWN_CODE


def test_six_typed_characters_find_who_is_on_the_roster(scene: Scene) -> None:
    with db.read() as session:
        typed = short_code_of(session, scene.community, scene.wang)
        stranger = short_code_of(session, scene.community, scene.staff)
    assert typed is not None
    assert stranger is not None
    with at():
        assert reason_of(scene, f" {typed[:3]}-{typed[3:].lower()} ") is Reason.OK
        assert reason_of(scene, stranger) is Reason.UNKNOWN_CODE


def test_a_retry_with_the_same_nonce_gets_the_first_answer(scene: Scene) -> None:
    code = scene.personal_code(scene.wang)
    with at(minutes=1):
        first = scene.scan(scanning.check_in, scene.leader, code, nonce="n-1")
    with at(minutes=2):
        second = scene.scan(scanning.check_in, scene.leader, code, nonce="n-1")
        assert second.is_repeat
        assert (second.reason, second.at) == (Reason.OK, first.at)
        with pytest.raises(NonceReused):
            scene.scan(scanning.check_out, scene.leader, code, nonce="n-1")
        with pytest.raises(NonceReused):
            scene.scan(scanning.check_in, scene.leader, scene.personal_code(scene.li), nonce="n-1")
    assert len(rows(CheckInAttempt)) == 1


def test_a_failed_attempt_does_not_use_the_nonce_up(scene: Scene) -> None:
    code = scene.personal_code(scene.wang)
    with at(minutes=-40):
        early = scene.scan(scanning.check_in, scene.leader, code, nonce="n-2")
    with at():
        assert early.reason is Reason.TOO_EARLY
        later = scene.scan(scanning.check_in, scene.leader, code, nonce="n-2")
        assert later.reason is Reason.OK
    assert [each.is_accepted for each in rows(CheckInAttempt)] == [False, True]


def test_a_queue_without_network_counts_by_device_time_and_waits(scene: Scene) -> None:
    code = scene.personal_code(scene.wang)
    with at(hours=5):
        came = scene.scan(
            scanning.check_in, scene.leader, code, nonce="q1", device_time=STARTS, is_late=True
        )
        went = scene.scan(
            scanning.check_out,
            scene.leader,
            code,
            nonce="q2",
            device_time=STARTS + timedelta(hours=1),
            is_late=True,
        )
        assert (came.reason, went.reason) == (Reason.NEEDS_CONFIRMATION,) * 2
        assert (came.at, went.at) == (STARTS, STARTS + timedelta(hours=1))
    (record,) = rows(HoursRecord)
    assert (record.minutes, record.state) == (60, HoursState.PENDING)
    assert all(each.is_late for each in rows(CheckInAttempt))


def test_a_device_clock_that_runs_ahead_is_held_at_ours(scene: Scene) -> None:
    with at(minutes=5):
        result = scene.scan(
            scanning.check_in,
            scene.leader,
            scene.personal_code(scene.wang),
            device_time=STARTS + timedelta(hours=9),
            is_late=True,
        )
        assert result.at == STARTS + timedelta(minutes=5)


def test_nobody_leaves_before_they_came(scene: Scene) -> None:
    with at(hours=1):
        scene.come(scene.wang)
        result = scene.scan(
            scanning.check_out,
            scene.leader,
            scene.personal_code(scene.wang),
            device_time=STARTS,
            is_late=True,
        )
        assert result.reason is Reason.TOO_EARLY


def test_a_leader_never_credits_the_own_household(scene: Scene) -> None:
    scene.sign_up(scene.relative)
    scene.do(scene.leader, signing_up.sign_up, scene.shift)
    with at():
        for person in (scene.relative, scene.leader):
            assert reason_of(scene, scene.personal_code(person)) is Reason.NEEDS_CONFIRMATION
    with at(hours=2):
        for person in (scene.relative, scene.leader):
            scene.scan(scanning.check_out, scene.leader, scene.personal_code(person))
        done = scene.do(scene.leader, confirm_attendance, scene.shift)
        assert (done.counted, done.own_household) == (0, 2)
        assert all(each.state is HoursState.PENDING for each in rows(HoursRecord))
        done = scene.do(scene.second_leader, confirm_attendance, scene.shift)
        assert done.counted == 2


def test_a_forgotten_check_out_ends_with_the_shift_and_waits(scene: Scene) -> None:
    with at(minutes=30):
        scene.come(scene.wang)
    system = scene.actor(scene.staff)
    with at(hours=2, minutes=30):
        assert db.write(close_forgotten, system) == 0
    with at(hours=2, minutes=31):
        assert db.write(close_forgotten, system) == 1
        assert db.write(close_forgotten, system) == 0
    (row,) = rows(Attendance)
    assert (row.out_at, row.out_means, row.needs_confirmation) == (ENDS, Means.CLOCK, True)
    (record,) = rows(HoursRecord)
    assert (record.minutes, record.state) == (90, HoursState.PENDING)


def test_a_late_upload_corrects_what_the_clock_closed(scene: Scene) -> None:
    with at(minutes=30):
        scene.come(scene.wang)
    with at(hours=3):
        db.write(close_forgotten, scene.actor(scene.staff))
        result = scene.scan(
            scanning.check_out,
            scene.leader,
            scene.personal_code(scene.wang),
            device_time=STARTS + timedelta(hours=1),
            is_late=True,
        )
        assert result.reason is Reason.NEEDS_CONFIRMATION
    (record,) = rows(HoursRecord)
    assert (record.minutes, record.version) == (30, 2)


def test_roster_ticks_during_the_shift_count_as_verified(scene: Scene) -> None:
    with at():
        assert scene.do(scene.leader, scanning.tick_in, scene.shift, scene.wang).reason is Reason.OK
        with pytest.raises(NotLeader):
            scene.do(scene.li, scanning.tick_in, scene.shift, scene.li)
    with at(hours=2):
        scene.do(scene.leader, scanning.tick_out, scene.shift, scene.wang)
        assert rows(HoursRecord)[0].state is HoursState.CONFIRMED
    with at(hours=3):
        late = scene.do(scene.leader, scanning.tick_in, scene.shift, scene.li)
        assert late.reason is Reason.TOO_LATE


def test_a_printed_card_scans_like_a_phone_until_revoked(scene: Scene) -> None:
    card = builders.make_card(scene.community, scene.wang, "7KQ2M4X9T0AB")
    with at():
        assert reason_of(scene, "7kq2-m4x9-t0ab") is Reason.OK
    builders.revoke_card(card)
    with at(hours=1):
        refused = reason_of(scene, "7KQ2M4X9T0AB", scanning.check_out)
        assert refused in {Reason.REVOKED, Reason.UNKNOWN_CODE}


def test_attempts_are_never_changed(scene: Scene) -> None:
    with at():
        scene.come(scene.wang)
    for sql in ("UPDATE check_in_attempt SET reason = 'ok'", "DELETE FROM check_in_attempt"):
        with pytest.raises(IntegrityError):
            db.write(run_sql, scene.actor(scene.leader), sql)


def test_a_nonce_is_accepted_once_in_the_database_itself(scene: Scene) -> None:
    with at():
        scene.scan(scanning.check_in, scene.leader, scene.personal_code(scene.wang), nonce="n")
        values = {
            "community_id": scene.community,
            "shift_id": scene.shift,
            "person_id": scene.li,
            "direction": Direction.IN,
            "means": Means.PERSONAL_CODE,
            "reason": Reason.OK,
            "is_accepted": True,
            "received_at": STARTS,
            "nonce": "n",
            "scanned_by": scene.leader,
        }
        with pytest.raises(IntegrityError):
            builders.add(CheckInAttempt, **values)
