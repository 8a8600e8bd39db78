"""The rotating code: pending, once a person and slot, by the server's clock only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community.kernel import db
from community.kernel.db import Database
from community.volunteering.errors.scanning import TooManyTries
from community.volunteering.models import Attendance, CheckInAttempt, HoursRecord
from community.volunteering.queries.screens import screen_of
from community.volunteering.rules.scanning import Reason
from community.volunteering.rules.states import HoursState
from community.volunteering.service import keys, scanning, shifts
from community.volunteering.service.attended_hours import confirm_attendance
from tests.volunteering.scene import STARTS, Scene, at, make_scene, rows, run_sql, shift_draft
from tests.volunteering.test_check_in import reason_of


@pytest.fixture
def scene(database: Database) -> Scene:
    made = make_scene()
    made.sign_up(made.wang, made.li)
    return made


def test_a_rotating_code_waits_for_the_leader(scene: Scene) -> None:
    now = STARTS + timedelta(seconds=5)
    with at(seconds=5):
        result = scene.scan(scanning.check_in_here, scene.wang, scene.rotating_code(now))
        assert result.reason is Reason.NEEDS_CONFIRMATION
        assert result.person_id == scene.wang
    with at(hours=2):
        code = scene.rotating_code(STARTS + timedelta(hours=2))
        scene.scan(scanning.check_out_here, scene.wang, code)
        (record,) = rows(HoursRecord)
        assert record.state is HoursState.PENDING
        done = scene.do(scene.leader, confirm_attendance, scene.shift)
        assert done.counted == 1
    assert rows(HoursRecord)[0].state is HoursState.CONFIRMED


def test_one_slot_serves_two_volunteers_once_each(scene: Scene) -> None:
    code = scene.rotating_code(STARTS)
    with at(seconds=1):
        for person in (scene.wang, scene.li):
            assert scene.scan(scanning.check_in_here, person, code).is_accepted
        for person in (scene.wang, scene.li):
            assert not scene.scan(scanning.check_in_here, person, code).is_accepted


def test_a_used_slot_is_refused_even_when_the_attendance_is_gone(scene: Scene) -> None:
    code = scene.rotating_code(STARTS)
    with at(seconds=1):
        scene.scan(scanning.check_in_here, scene.wang, code)
        db.write(run_sql, scene.actor(scene.leader), "DELETE FROM attendance")
        again = scene.scan(scanning.check_in_here, scene.wang, code)
        assert again.reason is Reason.EXPIRED_CODE
        db.write(run_sql, scene.actor(scene.leader), RESTORE)


RESTORE = (
    "INSERT INTO attendance (community_id, shift_id, person_id, in_at, in_means, in_gate,"
    " needs_confirmation) SELECT community_id, shift_id, person_id, received_at, means, gate, TRUE"
    " FROM check_in_attempt WHERE is_accepted"
)


def test_a_slot_works_until_the_next_one_ends(scene: Scene) -> None:
    code = scene.rotating_code(STARTS)
    with at(seconds=59):
        assert scene.scan(scanning.check_in_here, scene.wang, code).is_accepted
    with at(seconds=60):
        late = scene.scan(scanning.check_in_here, scene.li, code)
        assert late.reason is Reason.EXPIRED_CODE


def test_a_slot_to_come_is_refused(scene: Scene) -> None:
    code = scene.rotating_code(STARTS + timedelta(seconds=30))
    with at():
        early = scene.scan(scanning.check_in_here, scene.wang, code)
        assert early.reason is Reason.EXPIRED_CODE


def test_forged_and_foreign_rotating_codes_are_refused(scene: Scene) -> None:
    other = scene.do(
        scene.leader, shifts.add_shift, scene.activity, shift_draft(STARTS + timedelta(days=1))
    )
    good = scene.rotating_code(STARTS)
    flipped = good[:-2] + ("AA" if not good.endswith("AA") else "BA")
    with at():
        here = scanning.check_in_here
        assert scene.scan(here, scene.wang, flipped).reason is Reason.FORGED_CODE
        foreign = scene.rotating_code(STARTS, shift=other)
        assert scene.scan(here, scene.wang, foreign).reason is Reason.WRONG_ACTIVITY
        assert scene.scan(here, scene.wang, "ABCDEF1").reason is Reason.UNKNOWN_CODE
        # A personal code is no rotating code, and a rotating code is no person.
        mine = scene.personal_code(scene.wang)
        assert scene.scan(here, scene.wang, mine).reason is Reason.UNKNOWN_CODE
        assert reason_of(scene, good) is Reason.UNKNOWN_CODE


def test_a_device_time_does_not_revive_a_rotating_code(scene: Scene) -> None:
    code = scene.rotating_code(STARTS)
    with at(minutes=10):
        stale = scene.scan(
            scanning.check_in_here, scene.wang, code, device_time=STARTS, is_late=True
        )
        assert stale.reason is Reason.EXPIRED_CODE


def test_the_old_key_verifies_for_a_minute_after_rotation(scene: Scene) -> None:
    code = scene.rotating_code(STARTS)
    with at(seconds=20):
        db.write(keys.rotate_scan_keys, scene.actor(scene.staff))
        assert scene.scan(scanning.check_in_here, scene.wang, code).is_accepted
    assert rows(CheckInAttempt)[0].slot is not None


def test_guessing_typed_codes_is_stopped(scene: Scene) -> None:
    with at():
        for number in range(10):
            guess = f"AAAAA{number}"
            assert not scene.scan(scanning.check_in_here, scene.wang, guess).is_accepted
        with pytest.raises(TooManyTries):
            scene.scan(scanning.check_in_here, scene.wang, "AAAAAA")


def test_the_screens_typed_characters_work(scene: Scene) -> None:
    with at(seconds=3):
        with db.read() as session:
            shown = screen_of(session, scene.actor(scene.leader), scene.shift, 0)
        result = scene.scan(scanning.check_in_here, scene.wang, shown.typed)
        assert result.reason is Reason.NEEDS_CONFIRMATION
    assert rows(Attendance)[0].in_gate == "东门"
