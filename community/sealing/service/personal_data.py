"""What this room holds about a person: export, erasure, merging of duplicates."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.sealing.models import Box, Opener, OpenerKey


def export_person(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give everything this room holds about a person, as plain values."""
    keys = session.scalars(
        select(OpenerKey)
        .where(OpenerKey.community_id == community_id, OpenerKey.person_id == person_id)
        .order_by(OpenerKey.id)
    )
    boxes = session.scalars(
        select(Box.subject)
        .join(Opener, Opener.box_id == Box.id)
        .where(Box.community_id == community_id, Opener.person_id == person_id)
        .order_by(Box.id)
    )
    return {
        "opener_keys": [
            {
                "fingerprint": row.fingerprint,
                "registered_at": row.registered_at.isoformat(),
                "replaced_at": row.replaced_at and row.replaced_at.isoformat(),
            }
            for row in keys
        ],
        "opener_of": list(boxes),
    }


def erase_person(session: Session, actor: Actor, person_id: int) -> None:
    """End a person's key; the rows hold numbers only, and boxes keep their openers' places."""
    db.change(
        session,
        update(OpenerKey)
        .where(
            OpenerKey.community_id == actor.community_id,
            OpenerKey.person_id == person_id,
            OpenerKey.replaced_at.is_(None),
        )
        .values(replaced_at=clock.now()),
    )


def merge_person(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Give a duplicate's place as an opener, and keys, to the person who is kept."""
    community_id = actor.community_id
    has_key = session.scalar(
        select(OpenerKey.id).where(
            OpenerKey.community_id == community_id,
            OpenerKey.person_id == kept_id,
            OpenerKey.replaced_at.is_(None),
        )
    )
    if has_key is not None:
        erase_person(session, actor, merged_id)
    for table in (OpenerKey, Opener):
        db.change(
            session,
            update(table)
            .where(table.community_id == community_id, table.person_id == merged_id)
            .values(person_id=kept_id),
        )
