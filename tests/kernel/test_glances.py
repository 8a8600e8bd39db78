"""Glances: connections handed on between requests; each statement sees what stands by then."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database, Statements
from community.kernel.tables import Community

SLUGS = "SELECT slug FROM community ORDER BY id"


def add_community(session: Session, actor: Actor, slug: str) -> None:
    session.add(Community(slug=slug, name=slug, opened_at=clock.now()))


def see(at: Statements) -> list[str]:
    return [slug for (slug,) in at.all(SLUGS)]


def glimpse() -> list[str]:
    with db.glance() as at:
        return see(at)


def test_a_glance_sees_what_was_written_since_the_last(database: Database) -> None:
    assert glimpse() == []
    db.write(add_community, Actor.system(0), "a")
    assert glimpse() == ["a"]


def test_two_glances_at_once_have_a_connection_each(database: Database) -> None:
    with db.glance() as one, db.glance() as other:
        assert one is not other
        assert see(one) == see(other) == []


def test_a_glance_cannot_write_and_goes_on_after_a_failure(database: Database) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only"), db.glance() as at:
        at.run("DELETE FROM community")
    db.write(add_community, Actor.system(0), "a")
    assert glimpse() == ["a"]


def test_what_was_out_while_all_was_closed_is_not_handed_on(database: Database) -> None:
    with db.glance() as at:
        database.close()
    with db.glance() as other:
        assert other is not at
        assert see(other) == []
