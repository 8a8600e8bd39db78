"""Arrears: instalments to the fen, reminders that leave people in peace, refunds by both keys."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from community import notices
from community.identity import models as homes_models
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import NotAllowed
from community.trust_property.errors.overdue import (
    NobodyToRemind,
    NothingOwed,
    PlanMissing,
    PlanRunning,
    PlanUnclear,
    PrepaymentShort,
)
from community.trust_property.queries.overdue import overdue_units, plans_of_units
from community.trust_property.rules.bills import Channel
from community.trust_property.rules.overdue import PlanStanding, instalments, plan_standing
from community.trust_property.service.overdue import (
    agree_plan,
    end_plan,
    propose_refund,
    send_reminders,
)
from community.trust_property.service.receipts import Payment, take_payment
from tests import builders
from tests.trust_property.acts import agree, published
from tests.trust_property.opening_day import fill, homes, open_fund, opening_scene
from tests.trust_property.scene import Scene
from tests.trust_property.test_opening import balance

OWED = 2 * 25_365
FIRST = date(2026, 11, 30)


def opened() -> Scene:
    scene = opening_scene()
    fill(scene)
    open_fund(scene)
    home, next_home = homes(scene)
    for unit_id, owner in ((home, scene.owner), (next_home, scene.neighbour)):
        builders.add(
            homes_models.Ownership,
            community_id=scene.community_id,
            unit_id=unit_id,
            person_id=owner.person_id,
            numerator=1,
            denominator=1,
            from_on=date(2020, 1, 1),
        )
    return scene


def plan(scene: Scene) -> int:
    home, _ = homes(scene)
    made: int = db.write(agree_plan, scene.firm, scene.fund_id, home, 3, FIRST, "协议 1")
    return made


def standing(scene: Scene) -> PlanStanding | None:
    with db.read() as session:
        (found,) = overdue_units(session, scene.firm, scene.fund_id)
    return found.plan


def pay(scene: Scene, fen: int) -> None:
    home, _ = homes(scene)
    payment = Payment((home,), fen, Channel.TRANSFER, clock.today(), scene.bank_account_id)
    db.write(take_payment, scene.firm, scene.fund_id, payment)


def inbox(scene: Scene, person: Actor) -> list[str]:
    with db.read() as session:
        found = notices.inbox(session, scene.community_id, person.person_id or 0)
    return [each.body for each in found.messages if "缴费提醒" in each.title]


def test_instalments_lose_nothing_and_end_with_short_months() -> None:
    assert instalments(10_000, 3, date(2026, 12, 31)) == (
        (date(2026, 12, 31), 3_334),
        (date(2027, 1, 31), 3_333),
        (date(2027, 2, 28), 3_333),
    )


@pytest.mark.parametrize(
    ("paid", "today", "expected"),
    [
        (0, FIRST, PlanStanding.KEPT),
        (0, date(2026, 12, 1), PlanStanding.BROKEN),
        (100, date(2026, 12, 1), PlanStanding.KEPT),
        (100, date(2026, 12, 31), PlanStanding.BROKEN),
        (200, date(2026, 12, 31), PlanStanding.PAID),
    ],
)
def test_a_plan_is_kept_until_an_instalment_is_late(
    paid: int, today: date, expected: PlanStanding
) -> None:
    due = ((FIRST, 100), (date(2026, 12, 30), 100))
    assert plan_standing(due, paid, today) is expected


def test_an_owner_is_told_of_the_own_unit_alone_and_not_twice(database: Database) -> None:
    scene = opened()
    with clock.fixed(clock.now()):
        assert db.write(send_reminders, scene.firm, scene.fund_id) == 1
    (told,) = inbox(scene, scene.owner)
    assert "253.65" in told or "507.30" in told
    assert inbox(scene, scene.neighbour) == []
    with pytest.raises(NobodyToRemind):
        db.write(send_reminders, scene.firm, scene.fund_id)
    with clock.fixed(clock.now() + timedelta(days=7)):
        db.write(send_reminders, scene.firm, scene.fund_id)
    with pytest.raises(NotAllowed):
        db.write(send_reminders, scene.committee, scene.fund_id)


def test_reminders_pause_while_a_plan_is_kept_and_a_broken_one_shows(database: Database) -> None:
    scene = opened()
    plan(scene)
    assert standing(scene) is PlanStanding.KEPT
    with pytest.raises(NobodyToRemind):
        db.write(send_reminders, scene.firm, scene.fund_id)
    with clock.fixed(clock.at(date(2026, 12, 1), 10)):
        assert standing(scene) is PlanStanding.BROKEN
        assert db.write(send_reminders, scene.firm, scene.fund_id) == 1
        pay(scene, OWED // 3)
        assert standing(scene) is PlanStanding.KEPT


def test_a_plan_is_agreed_once_over_what_is_owed(database: Database) -> None:
    scene = opened()
    home, next_home = homes(scene)
    where = (scene.fund_id, home)
    with pytest.raises(PlanMissing):
        db.write(end_plan, scene.firm, *where)
    with pytest.raises(PlanUnclear):
        db.write(agree_plan, scene.firm, *where, 1, FIRST)
    with pytest.raises(PlanUnclear):
        db.write(agree_plan, scene.firm, *where, 3, date(2026, 11, 21))
    with pytest.raises(NothingOwed):
        db.write(agree_plan, scene.firm, scene.fund_id, next_home, 3, FIRST)
    plan(scene)
    with pytest.raises(PlanRunning):
        plan(scene)
    db.write(end_plan, scene.firm, *where)
    plan(scene)


def test_a_prepayment_is_refunded_by_both_keys_and_no_more_than_it(database: Database) -> None:
    scene = opened()
    _, unit = homes(scene)
    where = (scene.fund_id, unit)
    with pytest.raises(PrepaymentShort):
        db.write(propose_refund, scene.firm, *where, 100_001, scene.bank_account_id, "房屋已售")
    asked = db.write(propose_refund, scene.firm, *where, 100_000, scene.bank_account_id, "房屋已售")
    assert balance(scene, f"prepaid/unit/{unit}") == 100_000
    agree(scene, asked)
    assert balance(scene, f"prepaid/unit/{unit}") == 0
    assert balance(scene, f"bank/{scene.bank_account_id}") == 12_500_000 - 100_000


def test_the_counter_shows_a_units_plan_step_by_step(
    database: Database, client: FlaskClient
) -> None:
    scene = opened()
    plan(scene)
    home, next_home = homes(scene)
    pay(scene, OWED // 3)
    with db.read() as session:
        (found,) = plans_of_units(session, scene.firm, scene.fund_id, (home, next_home))
    assert found.steps[0][2] == 0
    assert sum(left for _, _, left in found.steps) == OWED - OWED // 3
    assert scene.firm.person_id is not None
    builders.sign_in(client, scene.firm.person_id)
    counter = f"/c/guihua/desk/fund/{scene.fund_id}/counter"
    page = client.get(f"{counter}?unit={home}").text
    assert "分期约定" in page
    assert "协议 1" in page
    assert "分期约定" not in client.get(f"{counter}?unit={next_home}").text


def test_two_payments_of_a_unit_cannot_be_linked_in_the_log(database: Database) -> None:
    scene = opened()
    pay(scene, 100)
    pay(scene, 100)
    told = published(scene, "trust.receipt")
    assert len({each["payer"] for each in told}) == len(told) == 2
