"""Claiming rows: who changed how many."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.tables import Community
from tests import builders


def rename(session: Session, actor: Actor, old: str, new: str) -> int:
    """Rename the communities of a name."""
    return db.change(session, update(Community).where(Community.name == old).values(name=new))


def test_a_change_tells_how_many_rows_and_is_claimed_once(database: Database) -> None:
    builders.make_community("guihua", "桂花里社区")
    assert db.write(rename, Actor.system(1), "桂花里社区", "兰花里社区") == 1
    assert db.write(rename, Actor.system(1), "桂花里社区", "兰花里社区") == 0
