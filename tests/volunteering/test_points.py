"""Points are earned by confirmed hours under a rule, capped, ended and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from community import ledger
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.volunteering.checks import problems
from community.volunteering.models import Earning, HoursRecord
from community.volunteering.queries.points import earned_before, owed_units
from community.volunteering.queries.statements import MyStatement, my_statement
from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.rules.points import (
    Book,
    EarnedBefore,
    cap_points,
    minutes_to_next_star,
    person_owner,
    points_for,
    star_level,
)
from community.volunteering.rules.rule_sets import (
    Expiry,
    PointRule,
    Rounding,
    points_expire_on,
)
from community.volunteering.rules.states import HoursState
from community.volunteering.service import books
from community.volunteering.service.hours import correct_record
from community.volunteering.service.points import expire_points
from tests.volunteering.neighbours import (
    Neighbours,
    change_rules,
    confirm_hours,
    make_neighbours,
    preset_rules,
)


@pytest.fixture
def street(database: Database) -> Neighbours:
    return make_neighbours()


def test_rate_coefficient_and_rounding() -> None:
    rule = PointRule(coefficients_bp=((ServiceKind.MEAL, 15_000),))
    assert points_for(rule, ServiceKind.MEAL, HoursClass.VERIFIED, 90) == 22
    half_up = replace(rule, rounding=Rounding.HALF_UP)
    assert points_for(half_up, ServiceKind.MEAL, HoursClass.VERIFIED, 90) == 23
    assert points_for(rule, ServiceKind.PATROL, HoursClass.VERIFIED, 90) == 15
    assert points_for(rule, ServiceKind.PATROL, HoursClass.VERIFIED, 0) == 0


@pytest.mark.parametrize(
    ("hours_class", "expected"),
    [
        (HoursClass.VERIFIED, 10),
        (HoursClass.PAPER, 0),
        (HoursClass.BACK_FILLED, 0),
        (HoursClass.PENDING, 0),
        (HoursClass.IMPORTED, 0),
    ],
)
def test_only_the_classes_of_the_rule_earn(hours_class: HoursClass, expected: int) -> None:
    assert points_for(PointRule(), ServiceKind.PATROL, hours_class, 60) == expected


def test_the_narrowest_cap_decides() -> None:
    rule = PointRule(cap_an_activity=30, cap_a_day=40, cap_a_month=100)
    assert cap_points(rule, 25, EarnedBefore()) == 25
    assert cap_points(rule, 25, EarnedBefore(from_activity=20)) == 10
    assert cap_points(rule, 25, EarnedBefore(on_day=40)) == 0
    assert cap_points(rule, 25, EarnedBefore(in_month=95)) == 5
    assert cap_points(rule, 25, EarnedBefore(in_month=120)) == 0
    assert cap_points(PointRule(), 10_000, EarnedBefore()) == 10_000


def test_last_days() -> None:
    assert points_expire_on(PointRule(), date(2026, 5, 5)) == date(2026, 12, 31)
    assert points_expire_on(PointRule(expiry=Expiry.NEVER), date(2026, 5, 5)) is None
    three = PointRule(expiry=Expiry.YEARS, expiry_years=3)
    assert points_expire_on(three, date(2026, 5, 5)) == date(2029, 5, 31)
    assert points_expire_on(three, date(2028, 2, 29)) == date(2031, 2, 28)
    assert points_expire_on(three, date(2026, 12, 1)) == date(2029, 12, 31)


def test_stars_by_verified_hours() -> None:
    stars = (100, 300, 600, 1000, 1500)
    assert [star_level(stars, hours * 60) for hours in (0, 99, 100, 999, 1000, 1500, 9000)] == [
        0, 0, 1, 3, 4, 5, 5,
    ]  # fmt: skip
    assert star_level(stars, 100 * 60 - 1) == 0
    assert minutes_to_next_star(stars, 100 * 60) == 200 * 60
    assert minutes_to_next_star(stars, 1500 * 60) is None


def test_confirmed_hours_earn_once(street: Neighbours) -> None:
    actor = street.actor(street.chief)
    db.write(confirm_hours, actor, street.volunteer, 120)
    assert street.points(street.volunteer) == 20
    assert street.points(street.granny) == 0
    with db.read() as session:
        owner = person_owner(street.volunteer)
        lots = ledger.lots_of(session, street.community_id, ledger.BookKind.POINTS, owner)
    assert [(lot.available, lot.expires_on) for lot in lots] == [(20, date(2026, 12, 31))]


def test_caps_of_a_day_hold_over_several_records(street: Neighbours) -> None:
    actor = street.actor(street.chief)
    for _ in range(3):
        db.write(confirm_hours, actor, street.volunteer, 300)
    # The plain preset: 10 an hour, 80 a day at most.
    assert street.points(street.volunteer) == 80
    with db.read() as session:
        owner = person_owner(street.volunteer)
        before = earned_before(session, street.community_id, owner, None, clock.today())
    assert before.on_day == before.in_month == 80


def test_back_filled_hours_give_nothing(street: Neighbours) -> None:
    actor = street.actor(street.chief)
    db.write(confirm_hours, actor, street.volunteer, 60, ServiceKind.PATROL, HoursClass.BACK_FILLED)
    assert street.points(street.volunteer) == 0


def test_paper_earns_where_the_rule_says_so(database: Database) -> None:
    world = make_neighbours("huangshi")
    actor = world.actor(world.chief)
    db.write(confirm_hours, actor, world.volunteer, 60, ServiceKind.PATROL, HoursClass.PAPER)
    assert world.points(world.volunteer) == 1


def _fall(session: Session, actor: Actor, hours_id: int, person_id: int) -> None:
    correct_record(session, actor, session.get_one(HoursRecord, hours_id), 0, "名册有误")


def _spend(session: Session, actor: Actor, person_id: int, units: int, key: str) -> None:
    book_id = books.open_book(session, actor, Book.POINTS)
    ledger.spend_lots(
        session, actor, book_id, person_owner(person_id), units, "redeemed", "兑换", "test:1", key
    )


def test_fallen_hours_give_their_points_back(street: Neighbours) -> None:
    actor = street.actor(street.chief)
    hours_id = db.write(confirm_hours, actor, street.volunteer, 120)
    db.write(_fall, actor, hours_id, street.volunteer)
    assert street.points(street.volunteer) == 0
    db.write(_fall, actor, hours_id, street.volunteer)
    assert street.points(street.volunteer) == 0


def test_what_was_spent_is_noted_and_no_balance_falls_below_zero(street: Neighbours) -> None:
    actor = street.actor(street.chief)
    hours_id = db.write(confirm_hours, actor, street.volunteer, 120)
    db.write(_spend, actor, street.volunteer, 15, "first")
    db.write(_fall, actor, hours_id, street.volunteer)
    assert street.points(street.volunteer) == 0
    with db.read() as session:
        earning = session.query(Earning).one()
        assert earning.unrecovered_units == 15


def owed(street: Neighbours) -> int:
    with db.read() as session:
        owner = person_owner(street.volunteer)
        return owed_units(session, street.community_id, Book.POINTS, owner)


def test_the_next_earnings_first_pay_what_was_spent_and_taken_back(street: Neighbours) -> None:
    actor = street.actor(street.chief)
    first = db.write(confirm_hours, actor, street.volunteer, 120)
    db.write(_spend, actor, street.volunteer, 15, "first")
    db.write(_fall, actor, first, street.volunteer)
    assert owed(street) == 15
    second = db.write(confirm_hours, actor, street.volunteer, 60)
    assert (street.points(street.volunteer), owed(street)) == (0, 5)
    db.write(confirm_hours, actor, street.volunteer, 120)
    assert (street.points(street.volunteer), owed(street)) == (15, 0)
    # What paid is owed again when it falls too, and nothing is lost or made on the way.
    db.write(_fall, actor, second, street.volunteer)
    assert (street.points(street.volunteer), owed(street)) == (5, 0)
    words = [line.words for line in statement_of(street).lines]
    assert words.count("抵扣先前多发、已用掉的积分") == 2


def test_hours_corrected_after_spending_do_not_earn_twice(street: Neighbours) -> None:
    actor = street.actor(street.chief)
    wrong = db.write(confirm_hours, actor, street.volunteer, 120)
    db.write(_spend, actor, street.volunteer, 20, "all")
    db.write(_fall, actor, wrong, street.volunteer)
    db.write(confirm_hours, actor, street.volunteer, 120)
    assert (street.points(street.volunteer), owed(street)) == (0, 0)


def statement_of(street: Neighbours) -> MyStatement:
    with db.read() as session:
        owner = person_owner(street.volunteer)
        return my_statement(session, street.community_id, Book.POINTS, owner, None, None)


def test_earned_100_spent_80_expiry_takes_20_and_never_later_points(street: Neighbours) -> None:
    actor = street.actor(street.chief)
    db.write(confirm_hours, actor, street.volunteer, 480)
    assert street.points(street.volunteer) == 80
    with clock.fixed(clock.at(date(2026, 11, 25), 9)):
        db.write(confirm_hours, actor, street.volunteer, 120)
        assert street.points(street.volunteer) == 100
        db.write(_spend, actor, street.volunteer, 80, "eighty")
    with clock.fixed(clock.at(date(2027, 1, 2), 9)):
        # By the clock, before any job has run.
        assert street.points(street.volunteer) == 0
        db.write(confirm_hours, actor, street.volunteer, 60)
        assert street.points(street.volunteer) == 10
        assert db.write(expire_points, Actor.system(street.community_id)) == 1
        assert db.write(expire_points, Actor.system(street.community_id)) == 0
        assert street.points(street.volunteer) == 10
        with db.read() as session:
            page = ledger.statement(
                session, street.community_id, ledger.BookKind.POINTS,
                person_owner(street.volunteer), date(2027, 1, 1), date(2027, 12, 31),
            )  # fmt: skip
        assert sorted(entry.amount for entry in page.entries) == [-20, 10]


def test_december_hours_confirmed_in_january_do_not_arrive_ended(street: Neighbours) -> None:
    actor = street.actor(street.chief)
    with clock.fixed(clock.at(date(2027, 1, 4), 9)):
        served = date(2026, 12, 30)
        db.write(
            confirm_hours, actor, street.volunteer, 60, ServiceKind.PATROL, HoursClass.VERIFIED,
            served,
        )  # fmt: skip
        assert street.points(street.volunteer) == 10


def test_a_changed_rule_leaves_earlier_days_alone(street: Neighbours) -> None:
    rules = preset_rules("plain")
    doubled = replace(rules, points=replace(rules.points, points_an_hour=20))
    tomorrow = clock.today() + timedelta(days=1)
    change_rules(street, doubled, tomorrow)
    actor = street.actor(street.chief)
    today = clock.today()
    with clock.fixed(clock.at(tomorrow, 12)):
        db.write(
            confirm_hours, actor, street.volunteer, 60, ServiceKind.PATROL, HoursClass.VERIFIED,
            today,
        )  # fmt: skip
        assert street.points(street.volunteer) == 10
        db.write(confirm_hours, actor, street.granny, 60)
        assert street.points(street.granny) == 20


def test_points_without_a_reason_are_found(street: Neighbours) -> None:
    actor = street.actor(street.chief)
    hours_id = db.write(confirm_hours, actor, street.volunteer, 60)

    def set_state(session: Session, _actor: Actor, state: HoursState, posted: int | None) -> None:
        session.execute(
            update(HoursRecord)
            .where(HoursRecord.id == hours_id)
            .values(state=state, posted_version=posted)
        )

    db.write(set_state, actor, HoursState.REFUSED, None)
    with db.read() as session:
        assert any("stands without its hours" in line for line in problems(session))
    db.write(set_state, actor, HoursState.CONFIRMED, 1)
