"""Two rows that are one person: hours, points, coins and redemptions become the kept one's."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from community.identity.models import Person
from community.identity.service.people import merge_people
from community.kernel import db
from community.kernel.actor import Actor
from community.ledger import BookKind, balance_of
from community.rewards.rules.redemptions import Purse, RedemptionState
from community.rewards.service.collecting import collect_code, refund_redemption
from community.rewards.service.redemptions import redeem
from community.volunteering import export_person
from tests.rewards import scene as rewards_scene
from tests.volunteering.neighbours import Neighbours, confirm_hours, make_neighbours


def merge(by: Actor, kept_id: int, merged_id: int) -> None:
    """Merge as the desk does; nobody wrote their years of birth down."""

    def forget(session: Session, actor: Actor) -> None:
        session.execute(
            update(Person).where(Person.id.in_((kept_id, merged_id))).values(birth_year=None)
        )

    db.write(forget, Actor.system(by.community_id))
    db.write(merge_people, by, kept_id, merged_id, "同一人登记了两次")


def hours_of(street: Neighbours, person_id: int) -> int:
    with db.read() as session:
        owner = f"person:{person_id}"
        return balance_of(session, street.community_id, BookKind.HOURS, owner).total


@pytest.mark.usefixtures("database")
def test_hours_points_and_coins_add_up_under_the_kept_one() -> None:
    street = make_neighbours("beijing")
    clerk = street.actor(street.clerk)
    db.write(confirm_hours, clerk, street.volunteer, 120)
    db.write(confirm_hours, clerk, street.daughter, 60)
    points = street.points(street.volunteer) + street.points(street.daughter)
    coins = street.coins(street.volunteer) + street.coins(street.daughter)
    merge(clerk, street.volunteer, street.daughter)
    assert hours_of(street, street.volunteer) == 180
    assert hours_of(street, street.daughter) == 0
    assert street.points(street.volunteer) == points
    assert street.coins(street.volunteer) == coins
    assert street.coins(street.daughter) == street.points(street.daughter) == 0
    with db.read() as session:
        held = export_person(session, street.community_id, street.volunteer)
    assert len(held["hours_record"]) == 2


@pytest.mark.usefixtures("database")
def test_a_refund_after_the_merge_reaches_the_kept_one() -> None:
    scene = rewards_scene.make_scene()
    kept, merged = scene.neighbour.person_id or 0, scene.resident.person_id or 0
    fetched = db.write(redeem, scene.resident, scene.item_id, Purse.OWN)
    waiting = db.write(redeem, scene.resident, scene.item_id, Purse.OWN)
    db.write(collect_code, scene.seller, fetched.code)
    merge(scene.staff, kept, merged)
    assert rewards_scene.redemption(waiting.redemption_id).state is RedemptionState.CANCELLED
    assert rewards_scene.points_of(scene, f"person:{kept}").available == 70
    db.write(refund_redemption, scene.staff, fetched.redemption_id, "坏了", False)
    assert rewards_scene.points_of(scene, f"person:{kept}").available == 100
    assert rewards_scene.points_of(scene, f"person:{merged}").total == 0
