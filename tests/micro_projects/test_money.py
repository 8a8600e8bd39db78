"""A project's money: by source, set aside whole, paid in parts once, freed; short means nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community.kernel import db
from community.kernel.actor import Actor
from community.micro_projects.errors.money import (
    AwardHeldAlready,
    AwardHoldClosed,
    AwardHoldNotFound,
    InstalmentDiffers,
    InstalmentTooLarge,
    PayeeRefused,
    ProjectMoneyShort,
)
from community.micro_projects.errors.projects import ProjectNotFound
from community.micro_projects.models import AwardHold, Payout
from community.micro_projects.queries.money import free_by_source
from community.micro_projects.rules.money import MoneySource, parts_of
from community.micro_projects.service import money
from tests.micro_projects.scene import Scene, free_money, give_money, make_project, make_scene

FIRM = "organization:7"


@pytest.fixture
def scene(database: object) -> Scene:
    return make_scene()


def hold(scene: Scene, project_id: int, amount_fen: int, award_id: int = 1) -> int:
    made: int = db.write(money.hold_award, scene.officer, project_id, award_id, amount_fen)
    return made


def pay(scene: Scene, hold_id: int, amount_fen: int, key: str, payee: str = FIRM) -> int:
    made: int = db.write(money.pay_instalment, scene.officer, hold_id, amount_fen, payee, key)
    return made


def test_the_sources_pay_in_their_order_and_residents_last() -> None:
    free = {MoneySource.COFUNDING: 50, MoneySource.FISCAL: 100, MoneySource.MATCHED: 30}
    assert parts_of(110, free) == {MoneySource.FISCAL: 100, MoneySource.MATCHED: 10}
    assert parts_of(180, free) == free
    assert parts_of(181, free) is None


def test_an_award_is_held_whole_paid_in_parts_and_the_rest_freed(scene: Scene) -> None:
    project_id = make_project(scene)
    give_money(scene, project_id, 6_000_00)
    give_money(scene, project_id, 3_000_00, MoneySource.COFUNDING)
    hold_id = hold(scene, project_id, 8_000_00)
    assert free_money(scene, project_id) == 1_000_00
    pay(scene, hold_id, 2_666_67, "first")
    assert free_money(scene, project_id) == 1_000_00
    pay(scene, hold_id, 4_000_00, "second")
    assert free_money(scene, project_id) == 1_000_00
    db.write(money.free_hold, scene.officer, hold_id)
    db.write(money.free_hold, scene.officer, hold_id)
    assert free_money(scene, project_id) == 2_333_33
    with db.read() as session:
        left = free_by_source(session, scene.community_id, project_id)
    # Fiscal money was paid out first; what is left over is the residents' own.
    assert left == {MoneySource.FISCAL: 0, MoneySource.COFUNDING: 2_333_33}


def test_the_last_instalment_leaves_nothing_held(scene: Scene) -> None:
    project_id = make_project(scene)
    give_money(scene, project_id, 100_00)
    hold_id = hold(scene, project_id, 100_00)
    for part, key in ((33_33, "1"), (33_33, "2"), (33_34, "3")):
        pay(scene, hold_id, part, key)
    with db.read() as session:
        row = session.get_one(AwardHold, hold_id)
        assert (row.paid_fen, row.ledger_hold_id) == (100_00, None)
    assert free_money(scene, project_id) == 0
    with pytest.raises(InstalmentTooLarge):
        pay(scene, hold_id, 1, "4")


def test_the_same_key_pays_once_and_other_contents_are_refused(scene: Scene) -> None:
    project_id = make_project(scene)
    give_money(scene, project_id, 100_00)
    hold_id = hold(scene, project_id, 100_00)
    assert pay(scene, hold_id, 40_00, "first") == pay(scene, hold_id, 40_00, "first")
    with pytest.raises(InstalmentDiffers):
        pay(scene, hold_id, 41_00, "first")
    with pytest.raises(InstalmentDiffers):
        pay(scene, hold_id, 40_00, "first", "organization:8")
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Payout)) == 1
        assert session.get_one(AwardHold, hold_id).paid_fen == 40_00


def test_a_short_fund_writes_nothing(scene: Scene) -> None:
    project_id = make_project(scene)
    give_money(scene, project_id, 99_99)
    with pytest.raises(ProjectMoneyShort):
        hold(scene, project_id, 100_00)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(AwardHold)) == 0
    assert free_money(scene, project_id) == 99_99
    first = hold(scene, project_id, 50_00, 1)
    with pytest.raises(ProjectMoneyShort):
        hold(scene, project_id, 50_00, 2)
    assert hold(scene, project_id, 50_00, 1) == first
    with pytest.raises(AwardHeldAlready):
        hold(scene, project_id, 49_00, 1)


def test_each_project_has_its_own_money(scene: Scene) -> None:
    rich, poor = make_project(scene), make_project(scene)
    give_money(scene, rich, 100_00)
    with pytest.raises(ProjectMoneyShort):
        hold(scene, poor, 1_00)


def test_never_beyond_the_award_and_never_after_freeing(scene: Scene) -> None:
    project_id = make_project(scene)
    give_money(scene, project_id, 200_00)
    hold_id = hold(scene, project_id, 100_00)
    pay(scene, hold_id, 60_00, "first")
    with pytest.raises(InstalmentTooLarge):
        pay(scene, hold_id, 40_01, "second")
    with pytest.raises(InstalmentTooLarge):
        pay(scene, hold_id, 0, "second")
    db.write(money.free_hold, scene.officer, hold_id)
    with pytest.raises(AwardHoldClosed):
        pay(scene, hold_id, 40_00, "second")


def test_money_is_never_paid_into_the_owners_fund(scene: Scene) -> None:
    project_id = make_project(scene)
    give_money(scene, project_id, 100_00)
    hold_id = hold(scene, project_id, 100_00)
    for payee in ("fund:1", "person:3", ""):
        with pytest.raises(PayeeRefused):
            pay(scene, hold_id, 10_00, "first", payee)

    def go_around(session: Session, actor: Actor) -> None:
        session.execute(
            text(
                "INSERT INTO project_payout (community_id, hold_id, key, amount_fen, payee,"
                " transaction_id, paid_at) VALUES (:c, :h, 'x', 1, 'fund:1', 1, 1)"
            ),
            {"c": scene.community_id, "h": hold_id},
        )

    with pytest.raises(IntegrityError):
        db.write(go_around, scene.system)


def test_another_communitys_project_and_hold_are_not_found(scene: Scene) -> None:
    project_id = make_project(scene)
    give_money(scene, project_id, 100_00)
    hold_id = hold(scene, project_id, 100_00)
    other = make_scene("haitang", "海棠社区")
    with pytest.raises(ProjectNotFound):
        hold(other, project_id, 1_00, 9)
    with pytest.raises(AwardHoldNotFound):
        pay(other, hold_id, 1_00, "first")
