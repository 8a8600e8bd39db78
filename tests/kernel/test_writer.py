"""The one way to write: what a command may do, and what stands after it failed."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.kernel.errors import KeyReused, RuleBroken
from community.kernel.tables import Community

SYSTEM = Actor.system(1)


class SlugTaken(RuleBroken):
    message = "{slug} 已被使用"


def add_community(session: Session, actor: Actor, slug: str) -> int:
    row = Community(slug=slug, name=slug, opened_at=clock.now())
    session.add(row)
    session.flush()
    return row.id


def add_then_refuse(session: Session, actor: Actor, slug: str) -> int:
    add_community(session, actor, slug)
    raise SlugTaken(slug=slug)


def slugs(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Community.slug).order_by(Community.id)))


def test_an_answered_write_is_there(database: Database) -> None:
    db.write(add_community, SYSTEM, "a")
    assert slugs(database) == ["a"]


def test_a_raised_refusal_undoes_its_writes(database: Database) -> None:
    with pytest.raises(SlugTaken, match="b 已被使用"):
        db.write(add_then_refuse, SYSTEM, "b")
    assert slugs(database) == []


def test_the_same_key_answers_the_first_result(database: Database) -> None:
    first = db.write(add_community, SYSTEM, "a", request_key="key-00001")
    assert db.write(add_community, SYSTEM, "a", request_key="key-00001") == first
    with pytest.raises(KeyReused):
        db.write(add_community, SYSTEM, "c", request_key="key-00001")
    assert slugs(database) == ["a"]
