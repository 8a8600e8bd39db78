"""Places: one clear reason, the last one at once, the waiting list, swaps, on behalf of others."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from community.identity import models as identity_models
from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotFound
from community.kernel.permissions import Role
from community.volunteering.errors import signing_up as refusals
from community.volunteering.errors.activities import PlacesAreTaken
from community.volunteering.errors.scanning import HasAttended, NotDuringShift
from community.volunteering.models import Shift, SignUp
from community.volunteering.queries.activities import get_shift_view
from community.volunteering.rules.states import SignUpState
from community.volunteering.service import activities, roster, shifts, signing_up, swaps
from community.volunteering.service.rule_sets import adopt_rule_set
from community.volunteering.service.waiting_list import tidy_waiting_lists
from tests import builders
from tests.volunteering.scene import STARTS, Scene, at, draft, make_scene, rows, shift_draft

SIGNED_UP, WAITING, OFFERED = SignUpState.SIGNED_UP, SignUpState.WAITING, SignUpState.OFFERED


def state_of(person_id: int) -> SignUpState:
    found: SignUpState = rows(SignUp, person_id=person_id)[0].state
    return found


def another_shift(scene: Scene, later: timedelta, hours: int = 2, capacity: int = 10) -> int:
    made: int = scene.do(
        scene.leader, shifts.add_shift, scene.activity, shift_draft(STARTS + later, hours, capacity)
    )
    return made


def test_a_place_is_taken_and_given_back(database: Database) -> None:
    scene = make_scene()
    scene.sign_up(scene.wang)
    assert rows(Shift)[0].taken == 1
    with pytest.raises(refusals.AlreadySignedUp):
        scene.sign_up(scene.wang)
    scene.do(scene.wang, signing_up.cancel_sign_up, scene.shift)
    assert rows(Shift)[0].taken == 0
    with pytest.raises(refusals.NotSignedUp):
        scene.do(scene.wang, signing_up.cancel_sign_up, scene.shift)
    scene.sign_up(scene.wang)
    assert len(rows(SignUp)) == 1


def test_two_at_once_for_the_last_place(database: Database) -> None:
    scene = make_scene(capacity=1)
    people = [builders.make_person(scene.community, f"居民{number}") for number in range(8)]
    actors = [scene.actor(person) for person in people]
    outcomes: list[str] = []

    def run(number: int) -> None:
        try:
            db.write(signing_up.sign_up, actors[number], scene.shift)
            outcomes.append("in")
        except refusals.ShiftFull:
            outcomes.append("full")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["full"] * 7 + ["in"]
    assert rows(Shift)[0].taken == 1


def test_an_outsider_and_an_unknown_shift_are_not_found(database: Database) -> None:
    scene = make_scene()
    there = builders.make_community("other", "别处")
    outsider = builders.actor(there, builders.make_person(there, "外人"))
    with pytest.raises(NotFound):
        db.write(signing_up.sign_up, outsider, scene.shift)
    with pytest.raises(NotFound):
        scene.sign_up(scene.wang, shift=scene.shift + 99)


def test_age_is_asked_for_and_counted_by_the_year(database: Database) -> None:
    scene = make_scene(minimum_age=18)
    people = {
        year: builders.make_person(scene.community, f"学生{year}", birth_year=year)
        for year in (2009, 2008, None)
    }
    for year in (2009, None):
        with pytest.raises(refusals.TooYoung):
            scene.sign_up(people[year])
    scene.sign_up(people[2008])


def test_a_child_signs_up_through_the_guardian(database: Database) -> None:
    scene = make_scene()
    child = builders.make_person(scene.community, "小明", birth_year=2015)
    with pytest.raises(refusals.NeedsGuardian):
        scene.sign_up(child)
    with pytest.raises(refusals.NeedsGuardian):
        scene.do(scene.leader, signing_up.sign_up_for, scene.shift, child)
    builders.add(
        identity_models.Guardianship,
        community_id=scene.community,
        guardian_id=scene.wang,
        child_id=child,
        from_on=builders.MOVED_IN,
        recorded_by=scene.staff,
        recorded_at=clock.now(),
    )
    guardian = scene.actor(scene.wang, on_behalf_of=child)
    db.write(signing_up.sign_up, guardian, scene.shift)
    row = rows(SignUp, person_id=child)[0]
    assert (row.state, row.signed_up_by) == (SIGNED_UP, scene.wang)


def test_a_missing_skill_is_named(database: Database) -> None:
    scene = make_scene(skills=("急救", "骑车"))
    scene.do(scene.wang, roster.keep_skills, ("骑车",))
    with pytest.raises(refusals.MissingSkill, match="急救"):
        scene.sign_up(scene.wang)
    scene.do(scene.wang, roster.keep_skills, ("急救", "骑车"))
    scene.sign_up(scene.wang)


def test_overlap_is_refused_and_back_to_back_is_fine(database: Database) -> None:
    scene = make_scene()
    scene.sign_up(scene.wang)
    inside = another_shift(scene, timedelta(minutes=119))
    after = another_shift(scene, timedelta(hours=2))
    with pytest.raises(refusals.ShiftsOverlap, match="周六社区清洁"):
        scene.sign_up(scene.wang, shift=inside)
    scene.sign_up(scene.wang, shift=after)


def test_the_day_limit_of_the_rule_set_holds(database: Database) -> None:
    scene = make_scene()
    day = clock.day_of(STARTS)
    scene.do(scene.staff, adopt_rule_set, "guangdong", day)
    long = another_shift(scene, timedelta(hours=2), hours=10)
    longer = another_shift(scene, timedelta(hours=2), hours=11)
    scene.sign_up(scene.wang, scene.li)
    scene.sign_up(scene.wang, shift=long)
    with pytest.raises(refusals.DayLimitReached, match="12 小时"):
        scene.sign_up(scene.li, shift=longer)


def test_blocked_closed_cancelled_and_past(database: Database) -> None:
    scene = make_scene()
    scene.do(scene.staff, roster.block_volunteer, scene.wang, STARTS.date(), "代签")
    with pytest.raises(refusals.VolunteerBlocked):
        scene.sign_up(scene.wang)
    scene.do(scene.staff, roster.lift_block, scene.wang)
    scene.do(scene.leader, activities.close_activity, scene.activity)
    with pytest.raises(refusals.SignUpClosed):
        scene.sign_up(scene.wang)
    scene.do(scene.leader, activities.reopen_activity, scene.activity)
    with at(), pytest.raises(refusals.SignUpClosed):
        scene.sign_up(scene.wang)
    scene.do(scene.leader, shifts.cancel_shift, scene.shift, "雨")
    with pytest.raises(refusals.ShiftCancelled):
        scene.sign_up(scene.wang)


def test_a_leader_adds_who_just_came(database: Database) -> None:
    scene = make_scene()
    with at(minutes=5):
        scene.do(scene.leader, signing_up.sign_up_for, scene.shift, scene.wang)
        scene.come(scene.wang)
        with pytest.raises(refusals.NotLeader):
            scene.do(scene.li, signing_up.sign_up_for, scene.shift, scene.li)
        with pytest.raises(refusals.AlreadyAttended):
            scene.do(scene.leader, signing_up.cancel_sign_up_for, scene.shift, scene.wang)


def test_nobody_cancels_after_the_start(database: Database) -> None:
    scene = make_scene()
    scene.sign_up(scene.wang)
    with at(), pytest.raises(refusals.ShiftHasBegun):
        scene.do(scene.wang, signing_up.cancel_sign_up, scene.shift)


def full_with_two_waiting() -> Scene:
    scene = make_scene(capacity=1)
    scene.sign_up(scene.wang)
    with pytest.raises(refusals.ShiftFull):
        scene.sign_up(scene.li)
    scene.do(scene.li, signing_up.join_waiting_list, scene.shift)
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        scene.do(scene.relative, signing_up.join_waiting_list, scene.shift)
    return scene


def test_a_freed_place_is_offered_in_order_and_taken(database: Database) -> None:
    scene = full_with_two_waiting()
    with pytest.raises(refusals.AlreadyWaiting):
        scene.sign_up(scene.li)
    scene.do(scene.wang, signing_up.cancel_sign_up, scene.shift)
    assert (state_of(scene.li), state_of(scene.relative)) == (OFFERED, WAITING)
    assert rows(Shift)[0].taken == 1
    with pytest.raises(refusals.ShiftFull):
        scene.sign_up(scene.staff)
    with pytest.raises(refusals.OfferLapsed):
        scene.do(scene.relative, signing_up.accept_offer, scene.shift)
    scene.do(scene.li, signing_up.accept_offer, scene.shift)
    assert state_of(scene.li) is SIGNED_UP


def test_an_offer_lapses_by_the_clock_without_any_job(database: Database) -> None:
    scene = full_with_two_waiting()
    scene.do(scene.wang, signing_up.cancel_sign_up, scene.shift)
    (offer,) = rows(SignUp, person_id=scene.li)
    assert offer.offer_lapses_at == clock.now() + timedelta(hours=12)
    with clock.fixed(offer.offer_lapses_at):
        with db.read() as session:
            seen = get_shift_view(session, scene.community, scene.shift, scene.li)
        assert seen is not None
        assert seen.my_state is SignUpState.LAPSED
        with pytest.raises(refusals.OfferLapsed):
            scene.do(scene.li, signing_up.accept_offer, scene.shift)
        # Whoever touches the shift next passes the place on, even by a refused act elsewhere.
        assert db.write(tidy_waiting_lists, scene.actor(scene.staff)) == 1
    assert (state_of(scene.li), state_of(scene.relative)) == (SignUpState.LAPSED, OFFERED)


def test_an_offer_taken_by_signing_up_is_the_same_place(database: Database) -> None:
    scene = full_with_two_waiting()
    scene.do(scene.wang, signing_up.cancel_sign_up, scene.shift)
    scene.sign_up(scene.li)
    assert rows(Shift)[0].taken == 1


def test_nobody_waits_where_there_is_a_place(database: Database) -> None:
    scene = make_scene()
    with pytest.raises(refusals.ShiftNotFull):
        scene.do(scene.wang, signing_up.join_waiting_list, scene.shift)


def test_more_places_reach_those_who_wait(database: Database) -> None:
    scene = full_with_two_waiting()
    scene.do(scene.leader, shifts.resize_shift, scene.shift, 3)
    assert (state_of(scene.li), state_of(scene.relative)) == (OFFERED, OFFERED)
    with pytest.raises(PlacesAreTaken):
        scene.do(scene.leader, shifts.resize_shift, scene.shift, 2)


def test_a_place_is_handed_on_for_nothing(database: Database) -> None:
    scene = make_scene(capacity=1)
    scene.sign_up(scene.wang)
    swap = scene.do(scene.wang, swaps.offer_swap, scene.shift)
    assert scene.do(scene.wang, swaps.offer_swap, scene.shift) == swap
    with pytest.raises(refusals.OwnSwap):
        scene.do(scene.wang, swaps.take_swap, swap)
    scene.do(scene.li, swaps.take_swap, swap)
    assert (state_of(scene.wang), state_of(scene.li)) == (SignUpState.CANCELLED, SIGNED_UP)
    assert rows(Shift)[0].taken == 1
    with pytest.raises(refusals.SwapGone):
        scene.do(scene.relative, swaps.take_swap, swap)


def test_two_shifts_are_swapped_against_each_other(database: Database) -> None:
    scene = make_scene()
    other = another_shift(scene, timedelta(days=7))
    scene.sign_up(scene.wang)
    scene.sign_up(scene.li, shift=other)
    swap = scene.do(scene.wang, swaps.offer_swap, scene.shift, other)
    with pytest.raises(refusals.SwapWantsShift):
        scene.do(scene.relative, swaps.take_swap, swap)
    scene.do(scene.li, swaps.take_swap, swap)
    held = {(row.shift_id, row.person_id) for row in rows(SignUp, state=SIGNED_UP)}
    assert held == {(scene.shift, scene.li), (other, scene.wang)}
    assert [row.taken for row in rows(Shift)] == [1, 1]


def test_a_swap_is_withdrawn_only_by_its_maker(database: Database) -> None:
    scene = make_scene()
    scene.sign_up(scene.wang)
    swap = scene.do(scene.wang, swaps.offer_swap, scene.shift)
    with pytest.raises(NotFound):
        scene.do(scene.li, swaps.withdraw_swap, swap)
    scene.do(scene.wang, swaps.withdraw_swap, swap)
    with pytest.raises(refusals.SwapGone):
        scene.do(scene.li, swaps.take_swap, swap)


def test_reminders_go_out_once_a_day_before(database: Database) -> None:
    scene = make_scene()
    scene.sign_up(scene.wang)
    staff = scene.actor(scene.staff)
    with clock.fixed(STARTS - timedelta(hours=25)):
        assert db.write(roster.send_reminders, staff) == 0
    with clock.fixed(STARTS - timedelta(hours=24)):
        assert db.write(roster.send_reminders, staff) == 1
        assert db.write(roster.send_reminders, staff) == 0


def test_absence_is_noted_and_taken_back(database: Database) -> None:
    scene = make_scene(capacity=1)
    scene.sign_up(scene.wang)
    with pytest.raises(NotDuringShift):
        scene.do(scene.leader, roster.mark_absent, scene.shift, scene.wang)
    with at(hours=1):
        scene.do(scene.leader, roster.mark_absent, scene.shift, scene.wang)
        assert state_of(scene.wang) is SignUpState.NO_SHOW
        with pytest.raises(refusals.MarkedAbsent):
            scene.do(scene.leader, signing_up.sign_up_for, scene.shift, scene.wang)
        scene.do(scene.leader, roster.unmark_absent, scene.shift, scene.wang)
        scene.come(scene.wang)
        with pytest.raises(HasAttended):
            scene.do(scene.leader, roster.mark_absent, scene.shift, scene.wang)


def test_a_copied_activity_has_its_leaders_and_no_shifts(database: Database) -> None:
    scene = make_scene()
    copied = scene.do(scene.leader, activities.copy_activity, scene.activity)
    assert copied != scene.activity
    assert not rows(Shift, activity_id=copied)
    with pytest.raises(refusals.NotLeader):
        scene.do(
            builders.make_person(scene.community, "吴迪", roles=(Role.LEADER,)),
            activities.change_activity,
            copied,
            draft(),
        )
