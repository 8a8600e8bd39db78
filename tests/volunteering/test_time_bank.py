"""The time bank: who may ask, who pays, what proves a visit, and where coins go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from community import notices
from community.kernel import clock, db
from community.kernel.db import Database
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.permissions import Role
from community.volunteering.errors.time_bank import (
    CoinsShort,
    MoreThanServed,
    NeedTaken,
    NothingServed,
    NotOldEnough,
    OwnNeed,
    PoolShort,
    StartsInThePast,
    TooEarlyToStart,
    TooLong,
    WrongCard,
    WrongStep,
    WrongVisitCode,
)
from community.volunteering.queries import figures
from community.volunteering.queries import time_bank as queries
from community.volunteering.rules.kinds import ServiceKind
from community.volunteering.rules.points import POOL, Book
from community.volunteering.rules.rule_sets import Payer, TimeBankRule
from community.volunteering.rules.time_bank import (
    Proof,
    Purse,
    ServiceState,
    Split,
    choose_purse,
    coins_for,
    split_by_cap,
)
from community.volunteering.service import coins, needs, time_bank
from tests import builders
from tests.volunteering.neighbours import (
    Neighbours,
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


def ask(street: Neighbours, minutes: int = 60, who: int | None = None) -> int:
    receiver = who or street.granny
    draft = needs.NeedDraft(
        receiver, ServiceKind.MEAL, "中午送饭上门", "3 号楼 301", clock.now() + SOON, minutes
    )
    made: int = db.write(needs.open_need, street.actor(receiver), draft)
    return made


def agree(street: Neighbours, minutes: int = 60) -> int:
    need = ask(street, minutes)
    made: int = db.write(
        time_bank.accept_need, street.actor(street.volunteer), need, street.volunteer
    )
    return made


def code_for_receiver(street: Neighbours, acceptance: int) -> str:
    with db.read() as session:
        return queries.get_service(session, street.actor(street.granny), acceptance).visit_code


def state_of(street: Neighbours, acceptance: int) -> queries.ServiceView:
    with db.read() as session:
        return queries.get_service(session, street.actor(street.chief), acceptance)


def test_who_pays() -> None:
    rule = TimeBankRule()
    assert choose_purse(rule, 59) is Purse.RECEIVER
    assert choose_purse(rule, 60) is Purse.POOL
    assert choose_purse(rule, None) is Purse.RECEIVER
    assert choose_purse(replace(rule, payer=Payer.RECEIVER), 90) is Purse.RECEIVER
    assert choose_purse(replace(rule, payer=Payer.POOL), 20) is Purse.POOL


def test_what_passes_the_cap_is_donated() -> None:
    nanjing = preset_rules("nanjing").time_bank
    assert split_by_cap(nanjing, 60, 89_970) == Split(30, 30)
    assert split_by_cap(nanjing, 60, 90_000) == Split(0, 60)
    assert split_by_cap(nanjing, 60, 90_500) == Split(0, 60)
    assert split_by_cap(nanjing, 60, 0, is_group=True) == Split(0, 60)
    assert split_by_cap(TimeBankRule(), 60, 10**9) == Split(60, 0)
    assert coins_for(TimeBankRule(coin_bp=5_000), 61) == 30


def test_codes_of_the_receivers_phone_move_the_coins_at_once(street: Neighbours) -> None:
    give_coins_to(street, street.granny)
    acceptance = agree(street)
    assert street.coins(street.granny) == 240  # 60 are set aside
    giver = street.actor(street.volunteer)
    with later(hours=3):
        arrival = code_for_receiver(street, acceptance)
        db.write(time_bank.arrive, giver, acceptance, Proof.PHONE_CODE, arrival.lower())
        leaving = code_for_receiver(street, acceptance)
        assert leaving != arrival
    with later(hours=3, minutes=45):
        with pytest.raises(WrongVisitCode):
            db.write(time_bank.leave, giver, acceptance, Proof.PHONE_CODE, arrival)
        db.write(time_bank.leave, giver, acceptance, Proof.PHONE_CODE, leaving)
    assert (street.coins(street.granny), street.coins(street.volunteer)) == (255, 45)
    assert state_of(street, acceptance).state is ServiceState.CONFIRMED


def test_a_card_waits_for_the_receiver(street: Neighbours) -> None:
    give_coins_to(street, street.granny)
    acceptance = agree(street)
    giver, card = street.actor(street.volunteer), street.card(street.granny_home)
    with later(hours=3):
        with pytest.raises(WrongCard):
            db.write(
                time_bank.arrive, giver, acceptance, Proof.CARD, street.card(street.volunteer_home)
            )
        db.write(time_bank.arrive, giver, acceptance, Proof.CARD, card)
    with later(hours=4):
        db.write(time_bank.leave, giver, acceptance, Proof.CARD, card)
        assert street.coins(street.volunteer) == 0
        with pytest.raises(NotAllowed):
            db.write(time_bank.confirm_service, giver, acceptance, 60)
        with pytest.raises(MoreThanServed):
            db.write(time_bank.confirm_service, street.actor(street.granny), acceptance, 61)
        db.write(time_bank.confirm_service, street.actor(street.granny), acceptance, 50)
        with pytest.raises(WrongStep):
            db.write(time_bank.confirm_service, street.actor(street.granny), acceptance, 50)
    assert (street.coins(street.granny), street.coins(street.volunteer)) == (250, 50)


def test_the_desk_confirms_for_somebody_without_a_phone_but_not_for_family(
    street: Neighbours,
) -> None:
    give_coins_to(street, street.granny)
    acceptance = agree(street)
    cousin = builders.make_person(
        street.community_id, "孙浩", household_id=street.granny_home, roles=(Role.STAFF,)
    )
    with later(hours=5):
        start = clock.now() - timedelta(hours=2)
        desk = street.actor(street.clerk)
        db.write(time_bank.enter_visit, desk, acceptance, start, start + timedelta(minutes=60))
        with pytest.raises(OwnNeed):
            db.write(time_bank.confirm_service, street.actor(cousin), acceptance, 60)
        db.write(time_bank.confirm_service, desk, acceptance, 60)
    assert street.coins(street.volunteer) == 60


def test_served_time_is_at_most_what_was_agreed(street: Neighbours) -> None:
    give_coins_to(street, street.granny)
    acceptance = agree(street)
    giver, card = street.actor(street.volunteer), street.card(street.granny_home)
    with later(hours=3):
        db.write(time_bank.arrive, giver, acceptance, Proof.CARD, card)
        with pytest.raises(NothingServed):
            db.write(time_bank.leave, giver, acceptance, Proof.CARD, card)
    with later(hours=9):
        db.write(time_bank.leave, giver, acceptance, Proof.CARD, card)
    assert state_of(street, acceptance).served_minutes == 60


def test_an_outsider_sees_and_changes_nothing(street: Neighbours) -> None:
    give_coins_to(street, street.granny)
    acceptance = agree(street)
    outsider = street.actor(street.daughter)
    with db.read() as session, pytest.raises(NotAllowed):
        queries.get_service(session, outsider, acceptance)
    with pytest.raises(NotAllowed):
        db.write(time_bank.cancel_service, outsider, acceptance, "无关")
    with pytest.raises(NotAllowed):
        db.write(time_bank.dispute_service, outsider, acceptance, "无关")
    other = builders.make_community("lanting", "兰亭社区")
    stranger = builders.make_person(other, "外人", roles=(Role.STAFF,))
    with pytest.raises(NotFound):
        db.write(time_bank.cancel_service, builders.actor(other, stranger), acceptance, "越界")
    # The giver does not see the code that only the receiver may show.
    with db.read() as session:
        shown = queries.get_service(session, street.actor(street.volunteer), acceptance)
    assert shown.visit_code == ""


def test_needs_are_checked(street: Neighbours) -> None:
    granny = street.actor(street.granny)
    past = needs.NeedDraft(street.granny, ServiceKind.MEAL, "送饭", "301", clock.now() - SOON, 60)
    with pytest.raises(StartsInThePast):
        db.write(needs.open_need, granny, past)
    long = replace(past, starts_at=clock.now() + SOON, minutes=481)
    with pytest.raises(TooLong):
        db.write(needs.open_need, granny, long)
    young = replace(past, receiver_id=street.volunteer, starts_at=clock.now() + SOON)
    with pytest.raises(NotOldEnough):
        db.write(needs.open_need, street.actor(street.volunteer), young)
    with pytest.raises(NotAllowed):
        db.write(needs.open_need, street.actor(street.volunteer), replace(long, minutes=60))


def test_only_one_giver_takes_a_need(street: Neighbours) -> None:
    give_coins_to(street, street.granny)
    need = ask(street)
    db.write(time_bank.accept_need, street.actor(street.volunteer), need, street.volunteer)
    with pytest.raises(NeedTaken):
        db.write(time_bank.accept_need, street.actor(street.daughter), need, street.daughter)


def test_a_need_without_coins_is_not_accepted_and_stays_open(street: Neighbours) -> None:
    need = ask(street)
    giver = street.actor(street.volunteer)
    with pytest.raises(CoinsShort):
        db.write(time_bank.accept_need, giver, need, street.volunteer)
    with db.read() as session:
        assert [each.id for each in queries.open_needs(session, giver)] == [need]


def test_family_is_not_served_for_coins(street: Neighbours) -> None:
    give_coins_to(street, street.granny)
    grandson = builders.make_person(street.community_id, "孙浩", household_id=street.granny_home)
    with pytest.raises(OwnNeed):
        db.write(time_bank.accept_need, street.actor(grandson), ask(street), grandson)


def test_stepping_back_frees_coins_and_need(street: Neighbours) -> None:
    give_coins_to(street, street.granny)
    acceptance = agree(street)
    db.write(time_bank.cancel_service, street.actor(street.volunteer), acceptance, "临时有事")
    assert street.coins(street.granny) == 300
    with db.read() as session:
        open_now = queries.open_needs(session, street.actor(street.daughter))
    db.write(time_bank.accept_need, street.actor(street.daughter), open_now[0].id, street.daughter)
    assert street.coins(street.granny) == 240


def test_nobody_arrives_hours_early(street: Neighbours) -> None:
    give_coins_to(street, street.granny)
    acceptance = agree(street)
    with pytest.raises(TooEarlyToStart):
        db.write(time_bank.arrive, street.actor(street.volunteer), acceptance, Proof.GIVER, "")


def _disputed(street: Neighbours) -> int:
    give_coins_to(street, street.granny)
    acceptance = agree(street)
    giver = street.actor(street.volunteer)
    with later(hours=3):
        db.write(time_bank.arrive, giver, acceptance, Proof.GIVER, "")
    with later(hours=4):
        db.write(time_bank.leave, giver, acceptance, Proof.GIVER, "")
        granny = street.actor(street.granny)
        db.write(time_bank.dispute_service, granny, acceptance, "只来了二十分钟")
    return acceptance


def test_a_dispute_is_answered_with_the_minutes_that_count(street: Neighbours) -> None:
    acceptance = _disputed(street)
    assert street.coins(street.granny) == 240
    with pytest.raises(NotAllowed):
        db.write(
            time_bank.answer_service_dispute, street.actor(street.volunteer), acceptance, 60, "x"
        )
    clerk = street.actor(street.clerk)
    db.write(time_bank.answer_service_dispute, clerk, acceptance, 20, "双方确认二十分钟")
    assert (street.coins(street.granny), street.coins(street.volunteer)) == (280, 20)
    shown = state_of(street, acceptance)
    assert shown.answered_at is not None
    assert shown.state is ServiceState.CONFIRMED


def test_a_dispute_may_end_with_nothing(street: Neighbours) -> None:
    acceptance = _disputed(street)
    clerk = street.actor(street.clerk)
    db.write(time_bank.answer_service_dispute, clerk, acceptance, 0, "没有来过")
    assert (street.coins(street.granny), street.coins(street.volunteer)) == (300, 0)
    assert state_of(street, acceptance).state is ServiceState.CANCELLED


def test_the_pool_pays_for_older_residents(database: Database) -> None:
    street = make_neighbours("plain")
    need = ask(street)
    giver = street.actor(street.volunteer)
    with pytest.raises(PoolShort):
        db.write(time_bank.accept_need, giver, need, street.volunteer)
    fund_pool(street, 100)
    acceptance = db.write(time_bank.accept_need, giver, need, street.volunteer)
    with later(hours=3):
        db.write(
            time_bank.arrive, giver, acceptance, Proof.PHONE_CODE,
            code_for_receiver(street, acceptance),
        )  # fmt: skip
    with later(hours=4):
        db.write(
            time_bank.leave, giver, acceptance, Proof.PHONE_CODE,
            code_for_receiver(street, acceptance),
        )  # fmt: skip
    assert street.balance(Book.TIME, POOL) == 40
    assert street.coins(street.volunteer) == 60
    with db.read() as session:
        pool = figures.pool_figures(session, street.community_id)
    assert (pool.balance, pool.issued, pool.paid, pool.held) == (40, 100, 60, 0)


def test_nearest_building_first(street: Neighbours) -> None:
    give_coins_to(street, street.granny)
    for number in (9, 4, 1):
        home = builders.make_household(street.community_id, f"{number} 号楼", f"{number}99")
        older = builders.make_person(
            street.community_id, f"老人{number}", birth_year=1940, household_id=home
        )
        ask(street, who=older)
    with db.read() as session:
        found = queries.open_needs(session, street.actor(street.volunteer))
    assert [need.building for need in found] == ["4 号楼", "1 号楼", "9 号楼"]
    assert [need.is_near for need in found] == [True, False, False]


def test_both_sides_hear_of_every_step(street: Neighbours) -> None:
    _disputed(street)
    with db.read() as session:
        granny = notices.inbox(session, street.community_id, street.granny)
        giver = notices.inbox(session, street.community_id, street.volunteer)
    assert [each.title for each in granny.messages] == [
        "请确认一次服务", "服务已开始", "有人接了您的需求",
    ]  # fmt: skip
    assert [each.title for each in giver.messages] == ["一次服务有争议"]
