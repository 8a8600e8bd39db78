"""A community with a public log, and short names for the tests."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from community import transparency
from community.kernel import db
from community.kernel.actor import Actor
from tests import builders
from tests.scenes import kept


def publish(
    session: Session, actor: Actor, kind: str, fields: Mapping[str, object], times: int = 1
) -> int:
    """Publish a record so many times; gives the last one's id."""
    record_id = 0
    for _ in range(times):
        record_id = transparency.publish(session, actor.community_id, kind, fields)
    return record_id


@kept
def make_log(records: int = 0, slug: str = "guihua") -> Actor:
    """Open a community and publish and seal so many records."""
    actor = Actor.system(builders.make_community(slug))
    fill(actor, records)
    return actor


def fill(actor: Actor, records: int) -> None:
    """Publish and seal so many records."""
    if records:
        db.write(publish, actor, "t.note", {"note": 1}, records)
        db.write(transparency.checkpoint_now, actor)


def latest(actor: Actor) -> transparency.Checkpoint:
    with db.read() as session:
        found = transparency.latest_checkpoint(session, actor.community_id)
    assert found is not None
    return found


def proof(actor: Actor, record_id: int) -> transparency.Proof:
    with db.read() as session:
        found = transparency.proof_of(session, actor.community_id, record_id)
    assert found is not None
    return found
