"""Coins given, donated, granted and left behind; and a year of patrol that becomes meals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest

from community import identity
from community.identity import models as identity_models
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.volunteering import permissions
from community.volunteering.errors.points import (
    AlreadyDecided,
    OwnHousehold,
    SecondPersonNeeded,
)
from community.volunteering.errors.time_bank import (
    CapReached,
    CoinsShort,
    NotARelative,
    PoolShort,
)
from community.volunteering.models import ServiceRecord
from community.volunteering.queries import personal as personal_data
from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.rules.points import POOL, Book
from community.volunteering.rules.time_bank import (
    Proof,
)
from community.volunteering.service import coins, needs, personal, records, time_bank
from tests import builders
from tests.volunteering.neighbours import (
    Neighbours,
    change_rules,
    confirm_hours,
    make_neighbours,
    preset_rules,
)

SOON = timedelta(hours=3)


@pytest.fixture
def street(database: Database) -> Neighbours:
    """Give the neighbourhood under Beijing's preset, where the receiver pays."""
    return make_neighbours("beijing")


@contextmanager
def later(**span: int) -> Iterator[None]:
    with clock.fixed(clock.now() + timedelta(**span)):
        yield


def fund_pool(street: Neighbours, minutes: int = 6_000) -> None:
    grant = db.write(
        coins.propose_coin_grant, street.actor(street.clerk), None, minutes, "年初注入"
    )
    db.write(coins.approve_coin_grant, street.actor(street.chief), grant)


def give_coins_to(street: Neighbours, person_id: int, minutes: int = 300) -> None:
    db.write(confirm_hours, street.actor(street.chief), person_id, minutes)


def _bind(street: Neighbours) -> None:
    builders.add(
        identity_models.RelativeBond, community_id=street.community_id,
        person_id=street.granny, relative_id=street.daughter,
        relation=identity_models.Relation.CHILD, asked_at=clock.now(), asked_by=street.granny,
        confirmed_at=clock.now(), confirmed_by=street.daughter,
    )  # fmt: skip


def _let_help(street: Neighbours, helper: int, subject: int) -> None:
    """Put down at the desk that one may act for another in the time bank, for a month."""
    until = clock.today() + timedelta(days=30)
    scope = frozenset({permissions.TIME_BANK.code})
    clerk = street.actor(street.clerk)
    db.write(identity.record_access, clerk, helper, subject, scope, until, "表-2028-3")


def test_coins_go_to_bound_relatives_only(street: Neighbours) -> None:
    give_coins_to(street, street.granny)
    granny = street.actor(street.granny)
    with pytest.raises(NotARelative):
        db.write(coins.give_coins, granny, street.granny, street.daughter, 60)
    _bind(street)
    with pytest.raises(CoinsShort):
        db.write(coins.give_coins, granny, street.granny, street.daughter, 301)
    with pytest.raises(NotAllowed):
        db.write(
            coins.give_coins, street.actor(street.daughter), street.granny, street.daughter, 60
        )
    db.write(coins.give_coins, granny, street.granny, street.daughter, 100)
    assert (street.coins(street.granny), street.coins(street.daughter)) == (200, 100)


def test_a_gift_respects_the_relatives_cap(street: Neighbours) -> None:
    give_coins_to(street, street.granny)
    _bind(street)
    rules = preset_rules("beijing")
    tomorrow = clock.today() + timedelta(days=1)
    change_rules(
        street, replace(rules, time_bank=replace(rules.time_bank, cap_minutes=50)), tomorrow
    )
    with clock.fixed(clock.at(tomorrow, 9)):
        granny = street.actor(street.granny)
        with pytest.raises(CapReached):
            db.write(coins.give_coins, granny, street.granny, street.daughter, 51)
        db.write(coins.give_coins, granny, street.granny, street.daughter, 50)


def test_donations_and_grants_of_the_pool(street: Neighbours) -> None:
    give_coins_to(street, street.volunteer)
    db.write(coins.donate_coins, street.actor(street.volunteer), street.volunteer, 200)
    assert street.balance(Book.TIME, POOL) == 200
    clerk, chief = street.actor(street.clerk), street.actor(street.chief)
    grant = db.write(coins.propose_coin_grant, clerk, street.granny, 120, "独居，行动不便")
    with pytest.raises(SecondPersonNeeded):
        db.write(coins.approve_coin_grant, clerk, grant)
    db.write(coins.approve_coin_grant, chief, grant)
    with pytest.raises(AlreadyDecided):
        db.write(coins.approve_coin_grant, chief, grant)
    assert (street.coins(street.granny), street.balance(Book.TIME, POOL)) == (120, 80)
    too_much = db.write(coins.propose_coin_grant, clerk, street.granny, 120, "再一次")
    with pytest.raises(PoolShort):
        db.write(coins.approve_coin_grant, chief, too_much)
    refused = db.write(coins.propose_coin_grant, clerk, street.granny, 60, "再一次")
    db.write(coins.refuse_coin_grant, chief, refused, "已经发过")
    assert street.balance(Book.TIME, POOL) == 80
    with pytest.raises(OwnHousehold):
        db.write(coins.propose_coin_grant, clerk, street.clerk, 60, "自己")


def test_coins_of_the_dead_go_to_the_heir_or_the_pool(street: Neighbours) -> None:
    give_coins_to(street, street.granny)
    system = Actor.system(street.community_id)
    assert db.write(coins.pass_on_coins, system, street.granny, street.daughter) == 300
    assert (street.coins(street.granny), street.coins(street.daughter)) == (0, 300)
    assert db.write(coins.pass_on_coins, system, street.daughter, None) == 300
    assert street.balance(Book.TIME, POOL) == 300
    assert db.write(coins.pass_on_coins, system, street.daughter, None) == 0


def test_a_groups_hours_are_donated_in_nanjing(database: Database) -> None:
    street = make_neighbours("nanjing")
    firm = builders.make_organization(street.community_id, "青年志愿队")
    actor = street.actor(street.chief)
    verified, today = HoursClass.VERIFIED, clock.today()
    meal = ServiceKind.MEAL
    db.write(confirm_hours, actor, street.volunteer, 60, meal, verified, today, firm)
    assert (street.coins(street.volunteer), street.balance(Book.TIME, POOL)) == (0, 60)
    db.write(confirm_hours, actor, street.volunteer, 60, meal, verified, today)
    assert (street.coins(street.volunteer), street.balance(Book.TIME, POOL)) == (60, 60)


def test_a_years_patrol_becomes_meals_a_year_later(street: Neighbours) -> None:
    """Ten hours of patrol a month for a year; then the daughter exchanges them, helping."""
    actor = street.actor(street.chief)
    start = clock.now()
    for month in range(12):
        with clock.fixed(start + timedelta(days=30 * month)):
            for week in range(5):
                with later(days=week * 5):
                    db.write(confirm_hours, actor, street.granny, 120)
    assert street.coins(street.granny) == 12 * 10 * 60
    with clock.fixed(start + timedelta(days=730)):
        assert street.coins(street.granny) == 7_200
        _let_help(street, street.daughter, street.granny)
        helper = street.actor(street.daughter, on_behalf_of=street.granny)
        draft = needs.NeedDraft(
            street.granny, ServiceKind.MEAL, "每天中午送饭", "3 号楼 301", clock.now() + SOON, 60
        )
        need = db.write(needs.open_need, helper, draft)
        giver = street.actor(street.volunteer)
        acceptance = db.write(time_bank.accept_need, giver, need, street.volunteer)
        card = street.card(street.granny_home)
        with later(hours=3):
            db.write(time_bank.arrive, giver, acceptance, Proof.CARD, card)
        with later(hours=4):
            db.write(time_bank.leave, giver, acceptance, Proof.CARD, card)
            db.write(time_bank.confirm_service, helper, acceptance, 60)
        assert (street.coins(street.granny), street.coins(street.volunteer)) == (7_140, 60)


def test_everything_about_a_person_is_given(street: Neighbours) -> None:
    give_coins_to(street, street.granny)
    db.write(coins.donate_coins, street.actor(street.granny), street.granny, 60)
    with db.read() as session:
        mine = personal_data.export_person(session, street.community_id, street.granny)
        other = personal_data.export_person(session, street.community_id, street.daughter)
    assert {"hours_record", "earning", "coin_gift"} <= set(mine)
    assert "arrival_code" not in str(mine)
    assert other == {}


def test_erasure_blanks_words_and_leaves_the_books(street: Neighbours) -> None:
    give_coins_to(street, street.granny)
    granny = street.actor(street.granny)
    draft = needs.NeedDraft(
        street.granny, ServiceKind.MEAL, "我有糖尿病", "3 号楼 301", clock.now() + SOON, 60
    )
    db.write(needs.open_need, granny, draft)
    record = db.write(
        records.make_record, granny, street.granny, date(2026, 1, 1), date(2026, 12, 31), "", ""
    )
    db.write(personal.erase_person, street.actor(street.chief), street.granny)
    with db.read() as session:
        left = str(personal_data.export_person(session, street.community_id, street.granny))
        assert session.get_one(ServiceRecord, record).revoked_at is not None
    assert "糖尿病" not in left
    assert "301" not in left
    assert "孙玉兰" not in left
    assert street.balance(Book.TIME, POOL) == 300


def test_merged_rows_keep_points_and_coins(street: Neighbours) -> None:
    give_coins_to(street, street.granny)
    give_coins_to(street, street.daughter, 60)
    db.write(personal.merge_person, street.actor(street.chief), street.granny, street.daughter)
    assert street.coins(street.granny) == 360
    assert street.coins(street.daughter) == 0
    assert street.points(street.granny) == 60
