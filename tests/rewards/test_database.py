"""What the database refuses by itself, going around the application."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from community import rewards
from community.kernel import db
from community.kernel.actor import Actor
from community.rewards.rules.redemptions import Purse
from community.rewards.service.collecting import collect_code
from community.rewards.service.redemptions import redeem
from tests.rewards.scene import Scene, make_scene

SECOND_MERCHANT = """
INSERT INTO merchant (community_id, organization_id, name, address, opening, phone, is_paused,
 made_at)
SELECT community_id, organization_id, 'x', 'y', '', '', is_paused, 0 FROM merchant
"""
SECOND_CLAIM = """
INSERT INTO stock_change (community_id, item_id, quantity, reason, redemption_id, note, changed_at)
SELECT community_id, item_id, -1, 'claimed', id, '', 0 FROM redemption
"""


@pytest.fixture
def scene(app: Flask) -> Scene:
    made = make_scene()
    first = db.write(redeem, made.resident, made.item_id, Purse.OWN)
    db.write(redeem, made.resident, made.item_id, Purse.OWN)
    db.write(collect_code, made.seller, first.code)
    return made


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reward_item SET stock = -1",
        "UPDATE reward_item SET points = 0",
        "UPDATE reward_item SET limit_count = 3",
        "UPDATE redemption SET points = 1",
        "UPDATE redemption SET code = 'X'",
        "UPDATE redemption SET state = 'open', collected_at = NULL WHERE state = 'collected'",
        "UPDATE redemption SET state = 'collected' WHERE state = 'open'",
        "UPDATE redemption SET state = 'cancelled' WHERE state = 'open'",
        "UPDATE redemption SET budget_hold_id = NULL",
        "DELETE FROM redemption",
        "UPDATE stock_change SET quantity = 9",
        "DELETE FROM stock_change",
        SECOND_MERCHANT,
        SECOND_CLAIM,
        "UPDATE redemption SET merchant_id = merchant_id + 1000",
    ],
)
def test_the_database_refuses(scene: Scene, statement: str) -> None:
    def go_around(session: Session, actor: Actor) -> None:
        session.execute(text(statement))

    with pytest.raises(DBAPIError):
        db.write(go_around, Actor.system(0))


def test_checks_find_a_hold_that_went_its_own_way(scene: Scene) -> None:
    """Seen inside a command that is then undone, so that the database stays sound."""
    found: list[str] = []

    class Undo(Exception):
        pass

    def go_around(session: Session, actor: Actor) -> None:
        closed = "state = 'expired', closed_at = 0"
        session.execute(text(f"UPDATE redemption SET {closed} WHERE state = 'open'"))
        session.execute(text("UPDATE reward_item SET stock = stock + 1"))
        found.extend(rewards.problems(session))
        raise Undo

    with pytest.raises(Undo):
        db.write(go_around, Actor.system(0))
    assert any("its hold is open" in line for line in found)
    assert any("its changes say" in line for line in found)
