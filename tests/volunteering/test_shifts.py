"""Planning: series, and rain: shorten, move, cancel, with everybody told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from community import notices
from community.kernel import db
from community.kernel.db import Database
from community.volunteering.errors import activities as refusals
from community.volunteering.errors.signing_up import NotLeader
from community.volunteering.models import Shift, SignUp
from community.volunteering.rules.drafts import ShiftDraft
from community.volunteering.rules.series import Rhythm, days_of
from community.volunteering.rules.states import ShiftState, SignUpState
from community.volunteering.service import activities, shifts
from tests.volunteering.scene import ENDS, STARTS, Scene, at, make_scene, rows, shift_draft


@pytest.fixture
def scene(database: Database) -> Scene:
    return make_scene()


def messages(scene: Scene, person_id: int) -> list[str]:
    with db.read() as session:
        found = notices.inbox(session, scene.community, person_id)
    return [each.title for each in found.messages]


def test_days_of_a_series() -> None:
    weekly = days_of(Rhythm.WEEKLY, date(2026, 12, 1), date(2026, 12, 29))
    assert [day.day for day in weekly] == [1, 8, 15, 22, 29]
    fortnightly = days_of(Rhythm.FORTNIGHTLY, date(2026, 12, 1), date(2026, 12, 28))
    assert [day.day for day in fortnightly] == [1, 15]
    monthly = days_of(Rhythm.MONTHLY, date(2026, 12, 31), date(2027, 3, 31))
    assert [(day.month, day.day) for day in monthly] == [(12, 31), (1, 31), (2, 28), (3, 31)]
    assert days_of(Rhythm.WEEKLY, date(2026, 12, 2), date(2026, 12, 1)) == ()
    assert len(days_of(Rhythm.WEEKLY, date(2026, 1, 1), date(2099, 1, 1))) == 60


def test_a_series_keeps_its_hour(scene: Scene) -> None:
    until = (STARTS + timedelta(days=21)).date()
    made = scene.do(
        scene.leader, shifts.add_series, scene.activity, shift_draft(), Rhythm.WEEKLY, until
    )
    assert made == 4
    added = rows(Shift)[1:]
    assert [each.starts_at for each in added] == [STARTS + timedelta(days=7 * n) for n in range(4)]
    with pytest.raises(refusals.SeriesTooShort):
        scene.do(
            scene.leader,
            shifts.add_series,
            scene.activity,
            shift_draft(),
            Rhythm.MONTHLY,
            STARTS.date(),
        )


def test_cancelling_a_series_leaves_earlier_shifts(scene: Scene) -> None:
    until = (STARTS + timedelta(days=21)).date()
    scene.do(scene.leader, shifts.add_series, scene.activity, shift_draft(), Rhythm.WEEKLY, until)
    third = rows(Shift)[3]
    scene.do(scene.leader, shifts.cancel_series, third.id, "冬歇")
    states = [each.state for each in rows(Shift)]
    assert states == [ShiftState.OPEN] * 3 + [ShiftState.CANCELLED] * 2


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (timedelta(0), refusals.TimesInDisorder),
        (timedelta(hours=-1), refusals.TimesInDisorder),
        (timedelta(hours=25), refusals.ShiftTooLong),
    ],
)
def test_impossible_times(scene: Scene, change: timedelta, refusal: type[Exception]) -> None:
    draft = ShiftDraft(STARTS, STARTS + change, 5)
    with pytest.raises(refusal):
        scene.do(scene.leader, shifts.add_shift, scene.activity, draft)


def test_nothing_is_planned_for_the_past(scene: Scene) -> None:
    with at(hours=3), pytest.raises(refusals.StartsInThePast):
        scene.do(scene.leader, shifts.add_shift, scene.activity, shift_draft())


def test_a_cancelled_shift_tells_everybody_and_frees_places(scene: Scene) -> None:
    scene.sign_up(scene.wang, scene.li)
    assert scene.do(scene.leader, shifts.cancel_shift, scene.shift, "暴雨") == 2
    assert messages(scene, scene.wang) == ["周六社区清洁：已取消"]
    assert {row.state for row in rows(SignUp)} == {SignUpState.CANCELLED}
    with pytest.raises(refusals.ShiftIsCancelled):
        scene.do(scene.leader, shifts.cancel_shift, scene.shift, "再次")


def test_a_shift_is_shortened_while_it_runs(scene: Scene) -> None:
    scene.sign_up(scene.wang)
    with at(hours=1):
        for wrong in (STARTS, ENDS, ENDS + timedelta(hours=1)):
            with pytest.raises(refusals.NotShorter):
                scene.do(scene.leader, shifts.shorten_shift, scene.shift, wrong, "")
        early = STARTS + timedelta(minutes=90)
        assert scene.do(scene.leader, shifts.shorten_shift, scene.shift, early, "雨") == 1
    (row,) = rows(Shift)
    assert (row.ends_at, row.planned_ends_at) == (early, ENDS)


def test_a_shift_is_moved_before_it_begins(scene: Scene) -> None:
    scene.sign_up(scene.wang)
    moved = shift_draft(STARTS + timedelta(days=1))
    assert scene.do(scene.leader, shifts.move_shift, scene.shift, moved, "") == 1
    assert rows(Shift)[0].starts_at == STARTS + timedelta(days=1)
    assert rows(SignUp)[0].reminded_at is None
    with at(hours=25), pytest.raises(refusals.ShiftIsOver):
        scene.do(scene.leader, shifts.move_shift, scene.shift, moved, "")


def test_only_who_leads_it_changes_a_shift(scene: Scene) -> None:
    for person in (scene.wang, scene.relative):
        with pytest.raises(NotLeader):
            scene.do(person, shifts.cancel_shift, scene.shift, "")
    assert scene.do(scene.second_leader, shifts.cancel_shift, scene.shift, "") == 0


def test_a_cancelled_activity_takes_no_more(scene: Scene) -> None:
    scene.sign_up(scene.wang)
    assert scene.do(scene.leader, activities.cancel_activity, scene.activity, "停办") == 1
    with pytest.raises(refusals.ActivityIsOver):
        scene.do(scene.leader, shifts.add_shift, scene.activity, shift_draft())
    with pytest.raises(refusals.ActivityIsOver):
        scene.do(scene.leader, activities.reopen_activity, scene.activity)
