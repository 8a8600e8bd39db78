"""Awards for good deeds and sorted rubbish: limits, second persons, own households, turns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.permissions import Role
from community.volunteering.errors.bin_station import (
    AlreadyToday,
    StationClosed,
    StationNameTaken,
    UnknownHouseholdCard,
)
from community.volunteering.errors.points import (
    AlreadyDecided,
    DeedNotYet,
    DeedTooOld,
    OwnHousehold,
    SecondPersonNeeded,
)
from community.volunteering.queries import bin_station as queries
from community.volunteering.queries.balances import household_points
from community.volunteering.rules.bin_station import accuracy_of, bin_points
from community.volunteering.rules.kinds import DeedKind
from community.volunteering.rules.points import Book, household_owner
from community.volunteering.rules.rule_sets import PointRule
from community.volunteering.service import awards, bin_station
from tests import builders
from tests.volunteering.neighbours import Neighbours, make_neighbours
from tests.volunteering.test_time_pages import browser, post


@pytest.fixture
def street(database: Database) -> Neighbours:
    return make_neighbours()


def propose(street: Neighbours, points: int, proposer: int | None = None) -> int:
    found: int = db.write(
        awards.propose_deed, street.actor(proposer or street.clerk), street.volunteer,
        DeedKind.MEDIATION, clock.today(), points, "调解邻里停车纠纷",
    )  # fmt: skip
    return found


def test_within_the_limit_points_arrive_at_once(street: Neighbours) -> None:
    propose(street, 50)
    assert street.points(street.volunteer) == 50


def test_above_the_limit_a_second_person_decides(street: Neighbours) -> None:
    deed = propose(street, 51)
    assert street.points(street.volunteer) == 0
    with pytest.raises(SecondPersonNeeded):
        db.write(awards.approve_deed, street.actor(street.clerk), deed)
    db.write(awards.approve_deed, street.actor(street.chief), deed)
    assert street.points(street.volunteer) == 51
    with pytest.raises(AlreadyDecided):
        db.write(awards.approve_deed, street.actor(street.chief), deed)


def test_splitting_does_not_get_round_the_limit(street: Neighbours) -> None:
    propose(street, 30)
    propose(street, 30)
    assert street.points(street.volunteer) == 30
    with clock.fixed(clock.now() + timedelta(days=31)):
        propose(street, 30)
        assert street.points(street.volunteer) == 60


def test_nobody_favours_the_own_household(street: Neighbours) -> None:
    son = builders.make_person(
        street.community_id, "王浩", household_id=street.volunteer_home, roles=(Role.STAFF,)
    )
    with pytest.raises(OwnHousehold):
        propose(street, 10, son)
    deed = propose(street, 60)
    with pytest.raises(OwnHousehold):
        db.write(awards.approve_deed, street.actor(son), deed)
    with pytest.raises(NotAllowed):
        propose(street, 10, street.granny)


def test_days_of_a_deed(street: Neighbours) -> None:
    clerk = street.actor(street.clerk)
    for day, refusal in (
        (clock.today() + timedelta(days=1), DeedNotYet),
        (clock.today() - timedelta(days=61), DeedTooOld),
    ):
        with pytest.raises(refusal):
            db.write(
                awards.propose_deed, clerk, street.volunteer, DeedKind.CIVILITY, day, 5, "清理楼道"
            )


def test_refusing_and_reversing(street: Neighbours) -> None:
    refused = propose(street, 60)
    db.write(awards.refuse_deed, street.actor(street.chief), refused, "情况不实")
    granted = propose(street, 40)
    assert street.points(street.volunteer) == 40
    chief = street.actor(street.chief)
    db.write(awards.reverse_deed, chief, granted, "记错了人")
    assert street.points(street.volunteer) == 0
    with pytest.raises(AlreadyDecided):
        db.write(awards.reverse_deed, chief, granted, "再来一次")
    with pytest.raises(NotFound):
        db.write(awards.reverse_deed, chief, 999, "没有这一笔")


def station(street: Neighbours) -> int:
    found: int = db.write(
        bin_station.open_bin_station, street.actor(street.clerk), "东门投放点", "东门"
    )
    return found


def drop(street: Neighbours, place: int, card: str, *, right: bool = True) -> int:
    found: bin_station.Dropped = db.write(
        bin_station.record_drop, street.actor(street.chief), place, card, right
    )
    return found.points


def test_a_bag_a_day_gives_the_household_points(street: Neighbours) -> None:
    place, card = station(street), street.card(street.granny_home)
    assert drop(street, place, card) == 1
    with pytest.raises(AlreadyToday):
        drop(street, place, card)
    with clock.fixed(clock.now() + timedelta(days=1)):
        assert drop(street, place, card, right=False) == 0
        with pytest.raises(AlreadyToday):
            drop(street, place, card)
    owner = household_owner(street.granny_home)
    assert street.balance(Book.POINTS, owner) == 1
    with db.read() as session:
        assert household_points(session, street.community_id, street.granny_home) == 1


def test_refusals_at_the_bin(street: Neighbours) -> None:
    place = station(street)
    with pytest.raises(UnknownHouseholdCard):
        drop(street, place, "NOSUCHCARD00")
    clerk = street.actor(street.clerk)
    with db.read() as session:
        home = queries.stations(session, street.community_id, clock.today())
    assert [each.name for each in home] == ["东门投放点"]
    with pytest.raises(StationNameTaken):
        station(street)
    with pytest.raises(NotAllowed):
        db.write(
            bin_station.record_drop, street.actor(street.granny), place,
            street.card(street.volunteer_home), True,
        )  # fmt: skip
    db.write(bin_station.close_bin_station, clerk, place)
    with pytest.raises(StationClosed):
        drop(street, place, street.card(street.granny_home))


def test_who_watches_does_not_judge_the_own_bag(street: Neighbours) -> None:
    place = station(street)
    leader = builders.make_person(
        street.community_id, "孙浩", household_id=street.granny_home, roles=(Role.LEADER,)
    )
    with pytest.raises(OwnHousehold):
        db.write(
            bin_station.record_drop, street.actor(leader), place,
            street.card(street.granny_home), True,
        )  # fmt: skip


def test_the_cap_of_the_month() -> None:
    rule = PointRule(bin_points=2, bin_cap_a_month=5)
    assert [bin_points(rule, is_right=True, in_month=each) for each in (0, 4, 5, 9)] == [2, 1, 0, 0]
    assert bin_points(rule, is_right=False, in_month=0) == 0


def test_few_households_are_not_shown() -> None:
    assert accuracy_of("1 号楼", 4, 40, 39, 5).right_bp is None
    shown = accuracy_of("1 号楼", 5, 3, 2, 5)
    assert (shown.households, shown.right_bp) == (5, 6_666)
    assert accuracy_of("1 号楼", 0, 0, 0, 5).right_bp is None


def test_pages_of_awards_and_bins(app: Flask, street: Neighbours) -> None:
    desk = browser(app, street.clerk)
    assert "好人好事" in desk.get("/c/guihua/desk/awards?q=王").text
    today = clock.today().isoformat()
    done = post(
        desk, "/desk/awards?q=王", "/desk/awards", person_id=street.volunteer, kind="meeting",
        happened_on=today, points="20", reason="参加楼栋议事会",
    )  # fmt: skip
    assert done.status_code == 303, done.text[-400:]
    assert street.points(street.volunteer) == 20
    made = post(desk, "/bin-stations", "/bin-stations", name="西门投放点", place="西门")
    assert made.status_code == 303
    card = street.card(street.granny_home)
    scanned = post(
        desk, "/bin-stations/1", "/bin-stations/1/drops",
        card_code=f"https://example.org/q/{card}", is_right="1",
    )  # fmt: skip
    assert "分对了" in scanned.text
    assert "3 号楼" in scanned.text
    again = post(desk, "/bin-stations/1", "/bin-stations/1/drops", card_code=card, is_right="1")
    assert again.status_code == 409
    assert "户数太少" in app.test_client().get("/c/guihua/bin-stations/accuracy").text
    assert "垃圾分类" in browser(app, street.granny).get("/c/guihua/my/household").text
