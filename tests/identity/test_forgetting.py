"""What protected a sign-in is forgotten in time, and not before."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from community.identity import models, service
from community.identity.service.forgetting import forget_old_proofs
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from tests.conftest import NOON

VISITOR = Actor.visitor(0)


def left(database: Database) -> tuple[int, int]:
    with database.read() as session:
        attempts = session.scalar(select(func.count(models.SignInAttempt.id)))
        codes = session.scalar(select(func.count(models.OneTimeCode.id)))
    return attempts or 0, codes or 0


def test_codes_go_after_a_week_and_attempts_after_a_month(database: Database) -> None:
    db.write(service.ask_for_code, VISITOR, "13800000001", "10.0.0.1")
    db.write(service.open_password_attempt, VISITOR, "13800000001", "10.0.0.1")
    for days, expected in ((6, (1, 1)), (8, (1, 0)), (29, (1, 0)), (31, (0, 0))):
        with clock.fixed(NOON + timedelta(days=days)):
            db.write(forget_old_proofs, Actor.system(1))
        assert left(database) == expected
