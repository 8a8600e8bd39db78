"""At the merchant: a code settles once, for its own merchant, and is taken back by reversal."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from flask import Flask

from community import ledger
from community.kernel import clock, db, events
from community.kernel.errors import NotAllowed
from community.rewards import RewardCollected, errors
from community.rewards.rules.redemptions import (
    MOST_WRONG_CODES,
    Purse,
    RedemptionState,
    ScanReason,
)
from community.rewards.service import collecting
from community.rewards.service.collecting import Collected, collect_code, refund_redemption
from community.rewards.service.redemptions import Redeemed, cancel_redemption, redeem
from community.rewards.service.settlements import make_sheet, pay_sheet, withdraw_sheet
from tests.conftest import NOON
from tests.rewards.scene import (
    Scene,
    add_seller,
    make_scene,
    money_of,
    points_of,
    redemption,
    stock_of,
)

DECEMBER = NOON + timedelta(days=12)


@pytest.fixture
def scene(app: Flask) -> Scene:
    return make_scene()


def redeem_one(scene: Scene) -> Redeemed:
    made: Redeemed = db.write(redeem, scene.resident, scene.item_id, Purse.OWN)
    return made


def collect(scene: Scene, scanned: str) -> Collected:
    found: Collected = db.write(collect_code, scene.seller, scanned)
    return found


@pytest.mark.parametrize("way", ["address", "code", "digits", "spaced"])
def test_every_way_of_reading_a_code_settles_it(scene: Scene, way: str) -> None:
    made = redeem_one(scene)
    scanned = {
        "address": f"https://example.org/q/r/guihua/{made.code}",
        "code": made.code.lower(),
        "digits": made.digits,
        "spaced": f"{made.digits[:3]} {made.digits[3:]}",
    }[way]
    assert collect(scene, scanned).is_accepted
    assert points_of(scene) == ledger.Balance(available=70, pending=0, total=70)
    assert money_of(scene) == ledger.Balance(available=88_00, pending=0, total=88_00)
    assert money_of(scene, f"merchant:{scene.merchant_id}").total == 12_00


def test_a_code_is_collected_once(scene: Scene) -> None:
    made = redeem_one(scene)
    collect(scene, made.digits)
    again = collect(scene, made.code)
    assert (again.is_accepted, again.reason) == (False, ScanReason.ALREADY_COLLECTED)
    assert again.collected_at == NOON
    assert money_of(scene, f"merchant:{scene.merchant_id}").total == 12_00


def test_two_tills_at_once_hand_out_once(app: Flask, scene: Scene) -> None:
    made = redeem_one(scene)
    ready, answers = threading.Barrier(4), []

    def scan() -> None:
        with app.app_context():
            ready.wait()
            answers.append(collect(scene, made.code).is_accepted)

    threads = [threading.Thread(target=scan) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False, False, False, True]


def test_the_same_key_answers_the_first_scan(scene: Scene) -> None:
    made = redeem_one(scene)
    first = db.write(collect_code, scene.seller, made.code, request_key="k" * 12)
    again = db.write(collect_code, scene.seller, made.code, request_key="k" * 12)
    assert first == again
    assert first.is_accepted


def test_each_reason_is_named(scene: Scene) -> None:
    cancelled, other = redeem_one(scene), redeem_one(scene)
    db.write(cancel_redemption, scene.resident, cancelled.redemption_id)
    foreign, _ = add_seller(scene.community_id)
    assert collect(scene, "000").reason is ScanReason.UNKNOWN
    assert collect(scene, cancelled.code).reason is ScanReason.CANCELLED
    assert db.write(collect_code, foreign, other.code).reason is ScanReason.OTHER_MERCHANT
    # Six digits of another merchant's customer say nothing here.
    assert db.write(collect_code, foreign, other.digits).reason is ScanReason.UNKNOWN
    address = f"https://example.org/q/r/haitang/{other.code}"
    assert collect(scene, address).reason is ScanReason.OTHER_COMMUNITY
    with clock.fixed(DECEMBER):
        assert collect(scene, other.code).reason is ScanReason.EXPIRED
    assert redemption(other.redemption_id).state is RedemptionState.OPEN


def test_another_communitys_code_is_unknown(scene: Scene) -> None:
    elsewhere = make_scene("haitang")
    made = redeem_one(elsewhere)
    assert collect(scene, made.code).reason is ScanReason.UNKNOWN


def test_guessing_is_slowed_and_the_hour_passes(scene: Scene) -> None:
    made = redeem_one(scene)
    for number in range(MOST_WRONG_CODES):
        collect(scene, f"{number:06d}" if f"{number:06d}" != made.digits else "999999")
    assert collect(scene, made.code).reason is ScanReason.TOO_MANY_TRIES
    with clock.fixed(NOON + timedelta(hours=1)):
        assert collect(scene, made.code).is_accepted


def test_only_a_merchants_staff_collect(scene: Scene) -> None:
    made = redeem_one(scene)
    for actor in (scene.resident, scene.neighbour, scene.staff):
        with pytest.raises(NotAllowed):
            db.write(collect_code, actor, made.code)


def test_a_failing_listener_undoes_the_whole_handing_out(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = redeem_one(scene)

    def refuse(*_: object) -> None:
        raise errors.SoldOut(item="")

    monkeypatch.setattr(events, "_handlers", {RewardCollected: [refuse]})
    with pytest.raises(errors.SoldOut):
        collect(scene, made.code)
    monkeypatch.undo()
    assert points_of(scene).pending == 30
    assert collect(scene, made.code).is_accepted


@pytest.mark.parametrize("is_restocked", [True, False])
def test_a_refund_reverses_points_and_claim(scene: Scene, is_restocked: bool) -> None:
    made = redeem_one(scene)
    collect(scene, made.code)
    db.write(refund_redemption, scene.staff, made.redemption_id, "包装破损", is_restocked)
    assert points_of(scene).available == 100
    assert money_of(scene).available == 100_00
    assert money_of(scene, f"merchant:{scene.merchant_id}").total == 0
    assert stock_of(scene.item_id) == (5 if is_restocked else 4)
    with pytest.raises(errors.NotRefundable):
        db.write(refund_redemption, scene.staff, made.redemption_id, "再来", False)


def test_only_collected_ones_are_refunded_and_only_by_the_desk(scene: Scene) -> None:
    made = redeem_one(scene)
    with pytest.raises(errors.NotRefundable):
        db.write(refund_redemption, scene.staff, made.redemption_id, "没领", True)
    collect(scene, made.code)
    for actor in (scene.resident, scene.seller):
        with pytest.raises(NotAllowed):
            db.write(refund_redemption, actor, made.redemption_id, "想退", True)
    staff = make_scene("haitang").staff
    with pytest.raises(errors.RedemptionNotFound):
        db.write(refund_redemption, staff, made.redemption_id, "别处", True)


def test_what_stands_on_a_sheet_is_not_refunded_until_withdrawn(scene: Scene) -> None:
    made = redeem_one(scene)
    collect(scene, made.code)
    with clock.fixed(DECEMBER):
        sheet = db.write(make_sheet, scene.staff, scene.merchant_id, date(2026, 11, 1))
        with pytest.raises(errors.OnSettlementSheet):
            db.write(refund_redemption, scene.staff, made.redemption_id, "坏了", True)
        db.write(withdraw_sheet, scene.staff, sheet)
        db.write(refund_redemption, scene.staff, made.redemption_id, "坏了", True)
        with pytest.raises(errors.NothingToSettle):
            db.write(make_sheet, scene.staff, scene.merchant_id, date(2026, 11, 1))


def test_a_paid_sheet_moves_owed_to_paid_once(scene: Scene) -> None:
    for _ in range(2):
        collect(scene, redeem_one(scene).code)
    with clock.fixed(DECEMBER):
        sheet = db.write(make_sheet, scene.staff, scene.merchant_id, date(2026, 11, 20))
        db.write(pay_sheet, scene.staff, sheet, "流水 1")
        assert money_of(scene, f"merchant:{scene.merchant_id}").total == 0
        assert money_of(scene, f"paid:{scene.merchant_id}").total == 24_00
        with pytest.raises(errors.SheetNotOpen):
            db.write(pay_sheet, scene.staff, sheet, "流水 2")
        with pytest.raises(errors.SheetNotOpen):
            db.write(withdraw_sheet, scene.staff, sheet)
        foreign = make_scene("haitang").staff
        with pytest.raises(errors.SheetNotFound):
            db.write(pay_sheet, foreign, sheet, "流水 3")


def test_a_month_is_settled_when_it_is_over(scene: Scene) -> None:
    collect(scene, redeem_one(scene).code)
    with pytest.raises(errors.MonthNotOver) as refusal:
        db.write(make_sheet, scene.staff, scene.merchant_id, date(2026, 11, 1))
    assert "2026-12-01" in str(refusal.value)
    with pytest.raises(NotAllowed):
        db.write(make_sheet, scene.seller, scene.merchant_id, date(2026, 10, 1))


def test_settling_half_way_leaves_everything_held(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = redeem_one(scene)
    monkeypatch.setattr(collecting, "claim_step", lambda *_, **__: False)
    with pytest.raises(errors.NotRefundable):
        collect(scene, made.code)
    monkeypatch.undo()
    assert (points_of(scene).pending, money_of(scene).pending) == (30, 12_00)
